"""PEs for a plan on the way: any who keep every limit, without a solver.

A group's counts say how many of its matches each pool takes. Within a pool everybody can do the same and takes equally
many at once, so matches in order of their start go to the first member with room: intervals are coloured with as many
colours as meet on a day, and never more meet than the pool takes (interval graphs are perfect).

Where some matches of a group may not have all of its pools (``other_educators``), these come first wherever they may be
taken, so that the others are left for the pools that they alone may have.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from allocator.formulation.matches import Formulation, Use
from allocator.formulation.pools import Pool
from allocator.formulation.program import Vector
from allocator.terms.calendar import Window


class _Taken(NamedTuple):
    """A match that a pool takes."""

    window: Window
    request: str
    educators: frozenset[str]


def any_educators(model: Formulation, solution: Vector) -> dict[str, str]:
    """PE, pool or ``PE needed`` by request of every match of a solution that is an ``x`` column.

    Parameters
    ----------
    model
        Columns, groups and pools.
    solution
        A plan: whole numbers that hold every row.
    """
    names: dict[str, str] = {}
    by_pool: defaultdict[str, list[_Taken]] = defaultdict(list)
    pools: dict[str, Pool] = {}
    waiting: dict[int, list[_Taken]] = {}
    for use in model.uses:
        if id(use.group) not in waiting:
            waiting[id(use.group)] = _matches(model, use, solution)
        left = waiting[id(use.group)]
        number = len(left) if use.columns is use.group.columns else round(float(solution[use.columns[0]]))
        taken = [match for match in left if use.candidate.pe in match.educators][:number]
        waiting[id(use.group)] = [match for match in left if match not in taken]
        if use.pool is None or not use.pool.listed:
            names |= {match.request: use.candidate.pe for match in taken}
        else:
            by_pool[use.pool.name] += taken
            pools[use.pool.name] = use.pool
    for name, matches in by_pool.items():
        names |= _coloured(pools[name], matches)
    return names


def _matches(model: Formulation, use: Use, solution: Vector) -> list[_Taken]:
    """The matches of a group, those first that fewer PEs may take."""
    found = []
    for column in use.group.columns[solution[use.group.columns] > 0.5].tolist():
        educators = frozenset(c.pe for c in model.slots[model.x.slot[column]].educators)
        found.append(_Taken(use.group.window, model.match(column).request.request, educators))
    return sorted(found, key=lambda match: len(match.educators))


def _coloured(pool: Pool, matches: list[_Taken]) -> dict[str, str]:
    names: dict[str, str] = {}
    ends: dict[str, list[date]] = {pe: [] for pe in pool.members}
    for (start, end), request in sorted(match[:2] for match in matches):
        ends = {pe: [last for last in taken if last >= start] for pe, taken in ends.items()}
        # nobody has room by this count in a pool of one whose load varies by day, and where L03 is off
        pe = next((pe for pe in pool.members if len(ends[pe]) < pool.load), pool.members[0])
        ends[pe].append(end)
        names[request] = pe
    return names
