"""The lexicographic search: level by level, each optimised, proved by a bound, fixed, and only then the next.

For each level: the linear relaxation (warm from the level before) gives a bound, rounded inwards; where the plan in
hand already equals it there is nothing to search. Otherwise an integer search on the columns that reduced costs leave
open. A proved level is fixed by an equality, and every column that its reduced costs exclude is fixed for good.
"""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from allocator.engine import cp_sat, highs
from allocator.engine.budget import Budget
from allocator.engine.highs import Relaxation, Relaxed, Searched
from allocator.engine.program import INFINITY, Linear, Program, Row, Vector
from models.errors import SolverFaultError
from models.plan import TierResult
from models.policy import Level
from models.run import Limits, TierRun

TOLERANCE = 1e-6
_NO_LIMITS = Limits()
SEARCH_SHARE = 60_000
"""Work units of one integer search before the second opinion is asked; both then grow."""
Stopped = Literal["time limit", "work limit", "interrupted"]
Listener = Callable[[int, Level, int | None, int | None, Vector | None], None]
"""Called with (number of the level, level, value, bound, solution)."""


class SearchResult(NamedTuple):
    """The best solution (None: the rules clash), every level's result and cost, and why the search ended early."""

    solution: Vector | None
    tiers: tuple[TierResult, ...]
    runs: tuple[TierRun, ...]
    stopped: Stopped | None


class Search:
    """One run of the levels over a program."""

    def __init__(
        self,
        program: Program,
        levels: tuple[tuple[Level, Linear], ...],
        budget: Budget,
        listener: Listener,
        gap_percent: float = 0.0,
    ) -> None:
        self._program = program
        self._levels = levels
        self._budget = budget
        self._listener = listener
        self._gap_percent = gap_percent
        self._lower = np.array(program.lower, dtype=float)
        self._upper = np.array(program.upper, dtype=float)
        self._rows = Program()
        self._rows.lower, self._rows.upper, self._rows.integer = program.lower, program.upper, program.integer
        self._rows.rows = list(program.rows)
        self._best: Vector | None = None
        self._stopped: Stopped | None = None

    def run(self) -> SearchResult:
        """Solve all levels, or as many as the budget allows."""
        self._best = self._begin()
        if self._best is None:
            return SearchResult(None, (), (), None)
        relaxation = Relaxation(self._program, self._budget)
        tiers: list[TierResult] = []
        runs: list[TierRun] = []
        proved_so_far = True
        for number, (level, expression) in enumerate(self._levels):
            seconds, work = self._budget.seconds, self._budget.work
            self._stopped = self._stopped or self._budget.stopped()
            self._listener(number, level, expression.value(self._best), None, self._best)
            bound, method = (None, "none") if self._stopped else self._solve(number, level, expression, relaxation)
            value = expression.value(self._best)
            proved = bound is not None and bound == value and self._gap_percent == 0
            tiers.append(
                TierResult(
                    tier=level.name, sense=level.sense, value=value, bound=bound,
                    proved=proved and proved_so_far, conditional=not proved_so_far,
                )
            )  # fmt: skip
            proved_so_far = proved_so_far and proved
            self._listener(number, level, value, bound, self._best)
            runs.append(
                TierRun(
                    tier=level.name, seconds=round(self._budget.seconds - seconds, 3),
                    work=self._budget.work - work, method=method,
                )
            )  # fmt: skip
        return SearchResult(self._best, tuple(tiers), tuple(runs), self._stopped)

    def _begin(self) -> Vector | None:
        """A first feasible solution: nothing but kept matches, or what the demanding rows need; None is a clash."""
        nothing = self._lower.copy()
        if all(_holds(row, nothing) for row in self._program.rows):
            return nothing
        unlimited = Budget(limits=_NO_LIMITS, stop=None)
        zero = np.zeros(self._program.columns)
        found = highs.search(self._program, zero, self._lower, self._upper, None, unlimited, None)
        return None if found.solution is None else _rounded(found.solution, self._program.integer)

    # ---- one level ---------------------------------------------------------------------------------------------
    def _solve(self, number: int, level: Level, expression: Linear, relaxation: Relaxation) -> tuple[int | None, str]:
        assert self._best is not None
        sign = -1 if level.sense == "max" else 1
        cost = sign * expression.cost(self._program.columns)
        relaxed = relaxation.minimise(cost)
        if relaxed.ending == "stopped":
            self._stopped = self._budget.stopped()
            return None, "relaxation"
        if relaxed.ending == "infeasible":
            raise SolverFaultError(f"the relaxation of level {level.name} lost the plan in hand")
        method = "relaxation"
        bound: int | None = _inwards(relaxed.value)
        assert bound is not None
        value = sign * (expression.value(self._best) - expression.constant)
        if value > bound and self._is_whole(relaxed.solution):
            value = self._take(Searched("optimal", relaxed.solution, relaxed.value), cost, value)
        if value > bound:
            method = "search"
            bound = self._search(number, level, expression, cost, relaxed, value, bound)
            value = sign * (expression.value(self._best) - expression.constant)
        self._close(relaxation, cost, value, bound, relaxed)
        return (None if bound is None else sign * bound + expression.constant), method

    def _search(
        self,
        number: int,
        level: Level,
        expression: Linear,
        cost: Vector,
        relaxed: Relaxed,
        value: int,
        bound: int | None,
    ) -> int | None:
        """Search the open columns until the bound is met, or the budget ends; returns the best bound (minimised)."""
        share = SEARCH_SHARE
        while True:
            for solver in (highs, cp_sat):
                lower, upper = self._open(relaxed, value)
                found: Searched = solver.search(self._rows, cost, lower, upper, self._best, self._budget, share)
                value = self._take(found, cost, value)
                self._listener(number, level, expression.value(self._best), None, self._best)  # type: ignore[arg-type]
                if found.ending in ("optimal", "infeasible"):
                    return value
                if math.isfinite(found.bound):
                    bound = max(-(10**15) if bound is None else bound, min(_inwards(found.bound), value))
                self._stopped = self._budget.stopped()
                if self._stopped or bound == value or self._within_gap(value, bound):
                    return bound
            share *= 4

    def _is_whole(self, solution: Vector) -> bool:
        """Whether a solution of the relaxation happens to be integral."""
        whole = np.array(self._program.integer, dtype=bool)
        return bool(np.all(np.abs(solution[whole] - np.round(solution[whole])) < TOLERANCE))

    def _within_gap(self, value: int, bound: int | None) -> bool:
        return bound is not None and self._gap_percent > 0 and 100 * (value - bound) <= self._gap_percent * abs(value)

    def _take(self, found: Searched, cost: Vector, value: int) -> int:
        """Keep a better solution; the best is kept here, never in a solver."""
        if found.solution is None:
            return value
        solution = _rounded(found.solution, self._program.integer)
        reached = round(float(cost @ solution))
        if reached < value:
            self._best = solution
            return reached
        return value

    def _open(self, relaxed: Relaxed, value: int) -> tuple[Vector, Vector]:
        """Bounds of the columns that a solution at least as good as ``value`` can use, by reduced cost."""
        lower, upper = self._lower.copy(), self._upper.copy()
        _fix_by_reduced_cost(relaxed, value, lower, upper)
        return lower, upper

    def _close(self, relaxation: Relaxation, cost: Vector, value: int, bound: int | None, relaxed: Relaxed) -> None:
        """Fix the level: an equality if proved, else "no worse"; then fix what reduced costs exclude for good."""
        least = float(value) if bound == value else -INFINITY
        used = np.flatnonzero(cost).tolist()
        if used:
            terms = tuple((j, round(cost[j])) for j in used)
            self._rows.rows.append(Row(terms, least, float(value), "level", ""))
            relaxation.add_row(cost, least, float(value))
        _fix_by_reduced_cost(relaxed, value, self._lower, self._upper)
        relaxation.bound_columns(self._lower, self._upper)


def _fix_by_reduced_cost(relaxed: Relaxed, value: int, lower: Vector, upper: Vector) -> None:
    """Fix columns whose move by one from their bound would cost more than the best value allows.

    At a solution of the relaxation with value z and reduced costs d, any feasible point with a column one above its
    lower (below its upper) bound has value at least z + |d|. All columns are whole numbers in some best solution.
    """
    slack = value - relaxed.value + TOLERANCE * max(1.0, abs(value))
    at_lower = (relaxed.reduced_costs > slack) & (relaxed.solution <= lower + 1e-7)
    at_upper = (relaxed.reduced_costs < -slack) & (relaxed.solution >= upper - 1e-7)
    upper[at_lower] = lower[at_lower]
    lower[at_upper] = upper[at_upper]


def _inwards(value: float) -> int:
    """A bound of a minimised whole number, rounded up."""
    return math.ceil(value - TOLERANCE * max(1.0, abs(value) / 1000))


def _rounded(solution: Vector, integer: list[bool]) -> Vector:
    return np.where(np.array(integer, dtype=bool), np.round(solution), solution)


def _holds(row: Row, solution: Vector) -> bool:
    value = sum(k * float(solution[c]) for c, k in row.terms)
    return row.lower - TOLERANCE <= value <= row.upper + TOLERANCE
