"""The tiers of a model near one that was solved before: prices first, relaxations from where they ended, one plan.

What a run leaves are hints alone; every bound is proved anew on the model at hand. The prices of the rows at which a
tier's relaxation ended give a bound of the same tier here, whatever changed: for any prices y and d = cost - y x matrix
no point of the face costs less than y and d at the bounds that they point to (linear programming duality), and the
columns and rows that may leave their bounds follow from the same sum. Where a point in hand has what the bound allows,
the tier needs no solver. Where none has, a tier of few columns is taken to reach a bound that is its value of
before, and a later relaxation tells; the first that cannot be reached is then found by halving and relaxed for itself.
The plan that is found at the end reaches every bound, which proves all tiers at once. Where that does not come about,
or where the last face leaves another plan, nothing is told, and the whole is solved by ``search``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import highspy
import numpy as np

from allocator.engine import highs
from allocator.engine.budget import Budget
from allocator.engine.face import TOLERANCE, Face, Relaxed, inwards
from allocator.engine.model import Tiers
from allocator.engine.objectives import SearchResult, objective_of
from allocator.engine.plan_on import SEARCH_SHARE
from allocator.engine.relaxation import Basis, Relaxation
from allocator.formulation.program import Indexes, Program, Rows, Vector
from models.plan import TierResult
from models.run import TierRun

FEW_COLUMNS = 100
"""A tier of so few columns (of shortfalls, mostly) is taken to have its value again, where its bound allows that."""
HALF = 0.5


class Ended(NamedTuple):
    """A tier as it ended: its value, minimised, and where its relaxation ended."""

    value: int
    basis: Basis


class Memory(NamedTuple):
    """What a run of the tiers leaves for models near its own.

    ``rows`` are rule and subject of every row, ``ended`` is by name of tier.
    """

    columns: int
    rows: tuple[tuple[str, str, int], ...]
    ended: dict[str, Ended]

    @classmethod
    def of(cls, program: Program, tiers: Tiers, found: SearchResult) -> "Memory":
        """What a search leaves in which every tier was proved."""
        parts = zip(tiers, found.tiers, found.bases, strict=False)
        ended = {
            tier.name: Ended((-1 if tier.sense == "max" else 1) * (result.value - expression.constant), basis)
            for (tier, expression), result, basis in parts
            if basis is not None
        }
        return cls(program.columns, tuple(_numbered(program.origins)), ended)

    def at(self, program: Program) -> "Memory | None":
        """The same for the rows of another program; None where the columns are others."""
        if program.columns != self.columns:
            return None
        rows = tuple(_numbered(program.origins))
        if rows == self.rows:
            return self
        number = {row: i for i, row in enumerate(self.rows)}
        before = np.array([number.get(row, -1) for row in rows], dtype=np.int64)
        ended = {name: e._replace(basis=_moved(e.basis, before, len(self.rows))) for name, e in self.ended.items()}
        return Memory(self.columns, rows, ended)


def _numbered(origins: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, int]]:
    seen = Counter[tuple[str, str]]()
    for rule, subject in origins:
        yield rule, subject, seen[rule, subject]
        seen[rule, subject] += 1


def _moved(basis: Basis, before: Any, count: int) -> Basis:
    """A basis for other rows: those that were not there before have no price and are basic."""
    given = basis.known.row_status
    made = highspy.HighsBasis()
    made.col_status = basis.known.col_status
    made.row_status = [highspy.HighsBasisStatus.kBasic if i < 0 else given[i] for i in before.tolist()] + given[count:]
    return basis._replace(known=made, duals=np.append(basis.duals, 0.0)[before])


class Recalled:
    """A search of all tiers of a program with what another one left.

    Parameters
    ----------
    program, tiers
        What is solved.
    memory
        For the rows of this program.
    budget
        Limits and stop signal; work is counted there.
    """

    def __init__(self, program: Program, tiers: Tiers, memory: Memory, budget: Budget) -> None:
        self._program = program
        self._objectives = tuple(objective_of(program, tier, expression) for tier, expression in tiers)
        self._ended = [memory.ended.get(tier.name) for tier, _ in tiers]
        self._budget = budget
        self._faces = [Face.of(program)]
        self._bounds: list[int] = []
        self._methods: list[str] = []
        self._doubted = -1
        self._sure = 0  # the greatest number of a face that is known to have a relaxed point
        self._before: Basis | None = None
        self._relaxation: Relaxation | None = None

    def search(self, begin: Vector | None) -> SearchResult | None:
        """A best plan and what the tiers leave open; None where none is found here.

        Parameters
        ----------
        begin
            A solution, perhaps of no good.
        """
        point = None if begin is None else self._tidy(begin)
        while (number := len(self._bounds)) < len(self._objectives):
            cost = self._objectives[number].cost()
            relaxed, method = self._by_prices(number, cost, point), "prices"
            if relaxed is None:
                relaxed, method = self._relaxed(number, cost), "relaxation"
                if relaxed.ending == "infeasible" and self._back(number):
                    point = None
                    continue
                if relaxed.ending != "optimal":
                    return None
                self._sure, point = number, relaxed.solution
            bound = inwards(relaxed.value)
            if point is not None and abs(float(cost @ point) - bound) > TOLERANCE:
                point = None
            self._bounds.append(bound)
            self._methods.append(method)
            self._faces.append(self._faces[-1].reaching(cost, bound, relaxed))
        plan = self._plan(point)
        return None if plan is None else self._result(plan)

    def _tidy(self, begin: Vector) -> Vector | None:
        """A solution of the first columns with the others as they have to be; None where that does not hold."""
        face = self._faces[0]
        whole = self._program.tidied(face.lower)
        whole[: len(begin)] = begin
        whole = self._program.tidied(whole)
        return whole if face.holds(whole) else None

    def _by_prices(self, number: int, cost: Vector, point: Vector | None) -> Relaxed | None:
        """The bound of a tier by the prices at which it ended before; None where that may be less than is possible."""
        ended = self._ended[number]
        if ended is None or number == self._doubted:
            return None
        priced = _priced(self._faces[-1], cost, ended.basis.duals)
        bound = inwards(priced.value)
        reached = point is not None and float(cost @ point) <= bound + TOLERANCE
        few, last = np.count_nonzero(cost) <= FEW_COLUMNS, number == len(self._objectives) - 1
        likely = bound == ended.value and few and not last
        return priced if reached or likely else None

    def _relaxed(self, number: int, cost: Vector) -> Relaxed:
        if self._relaxation is None:
            self._relaxation = Relaxation(self._faces[0], self._budget)
            added = next((e.basis.added for e in self._ended[::-1] if e is not None), Rows.none())
            self._relaxation.hold(self._faces[0], added)
        ended = self._ended[number]
        known = None if ended is None else ended.basis
        relaxed = self._relaxation.ask(self._faces[number], cost, known, self._before, self._budget)
        self._before = self._relaxation.basis
        return relaxed

    def _back(self, failed: int) -> bool:
        """Go back to the tier whose bound cannot be reached, by halving; False where there is none to doubt.

        ``failed`` is the number of a face without a relaxed point.
        """
        while failed - self._sure > 1:
            middle = (self._sure + failed) // 2
            relaxed = self._relaxed(middle, self._objectives[middle].cost())
            if relaxed.ending == "stopped":
                return False
            if relaxed.ending == "infeasible":
                failed = middle
            else:
                self._sure = middle
        last = failed - 1
        if last < 0 or self._methods[last] != "prices":
            return False
        self._doubted = last
        del self._bounds[last:], self._methods[last:], self._faces[failed:]
        return True

    def _plan(self, point: Vector | None) -> Vector | None:
        face = self._faces[-1]
        if point is not None and face.whole(point):
            tidy = self._program.tidied(point)
            if face.holds(tidy):
                return tidy
        found = highs.search(face, np.zeros(self._program.columns), None, self._budget, SEARCH_SHARE).solution
        return None if found is None else self._program.tidied(found)

    def _result(self, plan: Vector) -> SearchResult | None:
        tiers, runs = list[TierResult](), list[TierRun]()
        for objective, bound, method in zip(self._objectives, self._bounds, self._methods, strict=True):
            tier, value = objective.tier, objective.stated(bound)
            if objective.expression.value(plan) != value:
                return None
            tiers.append(TierResult(tier=tier.name, sense=tier.sense, value=value, bound=value, proved=True))
            runs.append(TierRun(tier=tier.name, seconds=0.0, work=0, method=method))
        return SearchResult(plan, tuple(tiers), tuple(runs), None, self._faces[-1])


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


def _priced(face: Face, cost: Vector, prices: Vector) -> Relaxed:
    """What prices of rows say of a face: a bound, and what leaving the bounds costs at least."""
    prices = np.where(np.isfinite(np.where(prices > 0, face.row_lower, face.row_upper)), prices, 0.0)
    reduced = cost - face.matrix.by_row.spread(prices)
    at = np.where(reduced > 0, face.lower, face.upper)
    held = np.flatnonzero(prices)
    ends = np.where(prices > 0, face.row_lower, face.row_upper)[held]
    return Relaxed("optimal", float(reduced @ at) + float(prices[held] @ ends), at, reduced, prices)
