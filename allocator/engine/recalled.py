"""What a run leaves for models near its own: prices, which are hints alone.

The prices of the rows at which a tier's relaxation ended give a bound of the same tier in another model, whatever
changed: for any prices y and d = cost - y x matrix no point of a face costs less than y and d at the bounds that they
point to (linear programming duality), and the columns and rows that may leave their bounds follow from the same sum.
Where a point in hand has what the bound allows, that proves the tier, and it needs no solver (``search``). The plan of
the run is a good beginning. Where several plans are the best, the beginning may tell which is found, so that what is
found is taken only where it is the only one.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from allocator.engine import highs
from allocator.engine.bounds import with_reduced_costs
from allocator.engine.budget import Budget
from allocator.engine.carried import Carried
from allocator.engine.counts import Counts
from allocator.engine.face import TOLERANCE, Face, Relaxed, inwards
from allocator.engine.holding import Basis
from allocator.engine.model import Tiers
from allocator.engine.objectives import SearchResult
from allocator.engine.plan_on import SEARCH_SHARE
from allocator.engine.relaxation import Working
from allocator.formulation.program import Indexes, Mask, Program, Vector

HALF = 0.5
NOWHERE = -1
SHARE = 20
"""A column is wanted at first where it costs less than so much of the dearest one of a tier more than it brings."""


class Memory(NamedTuple):
    """What a run of the tiers leaves for models near its own.

    ``rows`` are rule and subject of every row, ``columns`` the names of columns; ``prices`` of rows and ``bases``,
    where the relaxation ended, are by name of tier. ``carried`` is the model itself, where another may be made of it;
    ``worth`` is told by whoever first solves such another.
    """

    rows: tuple[tuple[str, str, int], ...]
    columns: tuple[str, ...]
    prices: Mapping[str, Vector]
    bases: Mapping[str, Basis]
    carried: Carried | None
    worth: "Worth"

    @classmethod
    def of(
        cls, program: Program, tiers: Tiers, found: SearchResult, carried: Carried | None = None,
        before: "Memory | None" = None,
    ) -> "Memory":  # fmt: skip
        """What a search leaves in which every tier was proved; ``before`` is what it began with, where it did."""
        names = [tier.name for tier, _ in tiers]
        prices = {name: duals for name, duals in zip(names, found.prices, strict=False) if duals is not None}
        bases = {name: basis for name, basis in zip(names, found.bases, strict=False) if basis is not None}
        if before is not None and before.is_of(program):
            rows = before.rows if len(before.rows) == program.rows else tuple(_numbered(program.origins))
            return cls(rows, before.columns, prices, bases, carried, before.worth)
        return cls(tuple(_numbered(program.origins)), program.names, prices, bases, carried, Worth())

    def is_of(self, program: Program) -> bool:
        """Whether a program is that of the run, but for bounds and perhaps for rows behind its own."""
        return self.carried is not None and program.goes_on_from(self.carried.model.program)

    def at(self, program: Program, counts: tuple[Counts, ...] = ()) -> "Recalled":
        """The same for the rows and columns of another program, and its groups of counts."""
        same = Before(np.arange(len(self.rows)), np.arange(len(self.columns)))
        if self.is_of(program):
            more = np.full(program.rows - len(self.rows), NOWHERE)
            prices = {name: np.append(duals, np.zeros(len(more))) for name, duals in self.prices.items()}
            return Recalled(prices, self.bases, same._replace(rows=np.append(same.rows, more)), counts, self.worth)
        rows, columns = tuple(_numbered(program.origins)), program.names
        if (rows, columns) == (self.rows, self.columns):
            return Recalled(self.prices, self.bases, same, counts)
        before = Before(_positions(rows, self.rows), _positions(columns, self.columns))
        prices = {name: np.append(duals, 0.0)[before.rows] for name, duals in self.prices.items()}
        return Recalled(prices, self.bases, before, counts)


class Worth:
    """The columns of a program that are worth their cost at the prices of a run, once they are told.

    Runs that carry on one program share them: they say where to begin, and whatever else is needed joins.
    """

    inside: Mask | None = None


class Before(NamedTuple):
    """Where the rows and the columns of a program were in another one, or ``NOWHERE``."""

    rows: Indexes
    columns: Indexes


class Recalled(NamedTuple):
    """What a run left, for a program near its own: prices of its rows, none where a row was not there before.

    ``counts`` are of the program; ``worth`` is what those prices say of its columns.
    """

    prices: Mapping[str, Vector]
    bases: Mapping[str, Basis]
    before: Before
    counts: tuple[Counts, ...] = ()
    worth: "Worth | None" = None

    def basis(self, name: str, face: Face) -> Basis | None:
        """Where the relaxation of a tier ended, for a face of the program."""
        basis = self.bases.get(name)
        return basis and basis.at(self.before.rows, self.before.columns, tuple(dense for dense, _, _ in face.extra))


def _positions(names: Sequence[Hashable], before: Sequence[Hashable]) -> Indexes:
    number = {name: i for i, name in enumerate(before)}
    return np.array([number.get(name, NOWHERE) for name in names], dtype=np.int64)


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
    return found.ending == "optimal" and inwards(found.bound) >= round(float(cost @ plan))


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
    reduced = cost - face.matrix.by_row.spread(prices)
    value = with_reduced_costs(face, reduced, prices)
    if not np.isfinite(value):
        return None
    most = inwards(value) + TOLERANCE
    point = next((p for p in points if p is not None and float(cost @ p) <= most and face.holds(p)), None)
    return None if point is None else Relaxed("optimal", value, point, reduced, prices)


def wanted(
    face: Face, costs: Iterable[Vector], prices: Sequence[Vector | None], plan: Vector, recalled: Recalled
) -> Working | None:
    """Columns that a relaxation of some tiers begins with, the others joining where they improve it.

    Parameters
    ----------
    face, costs
        What is solved.
    prices
        Of its rows, by tier, of a face near this one: what costs much at those of a tier is hardly used.
    plan
        A point, whose columns are wanted too.
    recalled
        Columns that join with the first match of their group; and what is told of columns once.

    Returns
    -------
    Working or None
        None where there are no prices.
    """
    if all(of_tier is None for of_tier in prices):
        return None
    worth = recalled.worth or Worth()
    if worth.inside is None:
        worth.inside = np.ones(len(plan), dtype=np.bool_)
        for cost, of_tier in zip(costs, prices, strict=True):
            if of_tier is not None:
                most = max(HALF, float(np.abs(cost).max(initial=0)) / SHARE)
                worth.inside &= cost - face.matrix.by_row.spread(_valid(face, of_tier)) <= most
    inside = worth.inside | (plan > 0)
    return Working(inside, np.full(len(plan), -1, dtype=np.int64), warm=True, counts=recalled.counts)


def _valid(face: Face, prices: Vector) -> Vector:
    """Prices without those of a side that a row does not have."""
    return np.where(np.isfinite(np.where(prices > 0, face.row_lower, face.row_upper)), prices, 0.0)
