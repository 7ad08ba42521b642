"""What a run leaves for models near its own: prices, which are hints alone.

The prices of the rows at which a tier's relaxation ended give a bound of the same tier in another model, whatever
changed: for any prices y and d = cost - y x matrix no point of a face costs less than y and d at the bounds that they
point to (linear programming duality), and the columns and rows that may leave their bounds follow from the same sum.
Where a point in hand has what the bound allows, that proves the tier, and it needs no solver (``search``). The plan of
the run is a good beginning. Where several plans are the best, the beginning may tell which is found, so that what is
found is taken only where it is the only one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from allocator.engine import highs
from allocator.engine.bounds import by_duality
from allocator.engine.budget import Budget
from allocator.engine.face import TOLERANCE, Face, Relaxed, inwards
from allocator.engine.model import Tiers
from allocator.engine.objectives import SearchResult
from allocator.engine.plan_on import SEARCH_SHARE
from allocator.engine.relaxation import Working
from allocator.formulation.program import Indexes, Program, Vector

HALF = 0.5
SHARE = 20
"""A column is wanted at first where it costs less than so much of the dearest one of a tier more than it brings."""


class Memory(NamedTuple):
    """What a run of the tiers leaves for models near its own.

    ``rows`` are rule and subject of every row, ``prices`` are theirs by name of tier.
    """

    rows: tuple[tuple[str, str, int], ...]
    prices: Mapping[str, Vector]

    @classmethod
    def of(cls, program: Program, tiers: Tiers, found: SearchResult) -> "Memory":
        """What a search leaves in which every tier was proved."""
        parts = zip(tiers, found.prices, strict=False)
        prices = {tier.name: duals for (tier, _), duals in parts if duals is not None}
        return cls(tuple(_numbered(program.origins)), prices)

    def at(self, program: Program) -> Mapping[str, Vector]:
        """The prices of the rows of another program; rows that were not there before have none."""
        rows = tuple(_numbered(program.origins))
        if rows == self.rows:
            return self.prices
        number = {row: i for i, row in enumerate(self.rows)}
        before = np.array([number.get(row, -1) for row in rows], dtype=np.int64)
        return {name: np.append(duals, 0.0)[before] for name, duals in self.prices.items()}


def _numbered(origins: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    seen = Counter[tuple[str, str]]()
    for rule, subject in origins:
        yield rule, subject, seen[rule, subject]
        seen[rule, subject] += 1


def only_plan(face: Face, plan: Vector, columns: Indexes, budget: Budget) -> bool:
    """Whether no other whole point of a face differs from a plan in some columns, each 0 or 1.

    Parameters
    ----------
    face, plan
        What the tiers leave open, and a point of it.
    columns
        Those that are compared.
    budget
        Limits and stop signal; work is counted there.
    """
    cost = np.zeros(len(plan))
    cost[columns] = np.where(plan[columns] > HALF, 1.0, -1.0)  # every difference makes it less
    if not np.any(cost[face.open]):
        return True
    found = highs.search(face, cost, plan, budget, SEARCH_SHARE)
    return found.ending == "optimal" and found.bound > float(cost @ plan) - HALF


def told_by_prices(face: Face, cost: Vector, prices: Vector | None, points: Iterable[Vector | None]) -> Relaxed | None:
    """An objective on a face as prices of its rows tell it: a bound that one of some points has; None where none has.

    Parameters
    ----------
    face, cost
        What is asked, minimised.
    prices
        By row of the matrix, of a face near this one; None: there are none.
    points
        Perhaps points of the face.
    """
    if prices is None:
        return None
    prices = _valid(face, prices)
    value = by_duality(face, cost, prices)
    most = inwards(value) + TOLERANCE
    point = next((p for p in points if p is not None and float(cost @ p) <= most and face.holds(p)), None)
    return None if point is None else Relaxed("optimal", value, point, cost - face.matrix.by_row.spread(prices), prices)


def wanted(face: Face, costs: Iterable[Vector], prices: Sequence[Vector | None], plan: Vector) -> Working | None:
    """Columns that a relaxation of some tiers begins with, the others joining where they improve it.

    Parameters
    ----------
    face, costs
        What is solved.
    prices
        Of its rows, by tier, of a face near this one: what costs much at those of a tier is hardly used.
    plan
        A point, whose columns are wanted too.

    Returns
    -------
    Working or None
        None where there are no prices.
    """
    if all(of_tier is None for of_tier in prices):
        return None
    inside = np.ones(len(plan), dtype=np.bool_)
    for cost, of_tier in zip(costs, prices, strict=True):
        if of_tier is not None:
            most = max(HALF, float(np.abs(cost).max(initial=0)) / SHARE)
            inside &= cost - face.matrix.by_row.spread(_valid(face, of_tier)) <= most
    return Working(inside | (plan > 0), np.full(len(plan), -1, dtype=np.int64), warm=True)


def _valid(face: Face, prices: Vector) -> Vector:
    """Prices without those of a side that a row does not have."""
    return np.where(np.isfinite(np.where(prices > 0, face.row_lower, face.row_upper)), prices, 0.0)
