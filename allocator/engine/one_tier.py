"""The true optimum of one tier whose relaxed bound no plan was found to reach.

What is near the bound is searched first, then what is less near. The nearer, the fewer columns are left to decide, as
reduced costs fix the others (``face``), and the best is mostly near. No row holds the tier to what is near: it would
be one of costs, beside the same objective, and took two to three times as long. Where that takes too much work, all
that is no worse than the plan in hand is searched, by two solvers in turn.
"""

import math
from collections.abc import Callable

import numpy as np

from allocator.engine import cp_sat, highs
from allocator.engine.budget import Budget
from allocator.engine.face import Face, Relaxed, inwards
from allocator.engine.highs import Searched
from allocator.engine.objectives import Objective
from allocator.engine.plan_on import SEARCH_SHARE
from allocator.engine.propagation import FEW_PASSES
from allocator.formulation.program import Mask, Program, Vector
from models.errors import SolverFaultError

FIRST_DISTANCE = 40_000
"""The first distance from its bound within which a tier is searched: so many times smaller than the bound."""
HARDLY_MORE = 1.25
"""All that is better is searched at once where it leaves no more than so many times the columns open."""
FARTHER = 4
"""So many times farther each time that nothing is there, and so many times the work where a search needs more."""


class OneTier:
    """A tier of a program, and the best plan for it so far.

    Parameters
    ----------
    program, objective
        What is solved.
    best
        A plan.
    budget
        Limits and stop signal; work is counted there.
    gap_percent
        A bound within this gap is enough; 0: proved.
    told
        Told of the value and the bound, minimised, and the plan.
    """

    def __init__(
        self, program: Program, objective: Objective, best: Vector, budget: Budget, gap_percent: float,
        told: Callable[[int, int, Vector], None],
    ) -> None:  # fmt: skip
        self._program = program
        self._objective = objective
        self._cost = objective.cost()
        self._budget = budget
        self._gap_percent = gap_percent
        self._told = told
        self._known: tuple[int, Face] | None = None
        self.best = best

    @property
    def _value(self) -> int:
        return self._objective.minimised(self.best)

    def near_the_bound(self, face: Face, relaxed: Relaxed, among: Mask) -> int:
        """Search farther and farther from the bound, until something is there or it takes too much work.

        Parameters
        ----------
        face, relaxed
            The solutions in play, and the tier's relaxation on them.
        among
            Columns of which a plan is made first, which says how far the best can be at most.

        Returns
        -------
        int
            The bound that is proved, minimised. What a search that was stopped has proved counts: elsewhere is nothing
            that costs less.
        """
        bound = inwards(relaxed.value)
        distance = max(1, abs(bound) // FIRST_DISTANCE)
        self._take(highs.search(face, self._cost, self.best, self._budget, SEARCH_SHARE, among))
        searched: Face | None = None
        share = SEARCH_SHARE
        while not self.is_enough(bound):
            most, near = self._near(face, relaxed, bound + distance)
            if searched is None or not _is_equal(near, searched):  # else its best is known already
                found = highs.search(near, self._cost, self.best, self._budget, share)
                self._take(found)
                if found.ending == "stopped":
                    bound = max(bound, min(self._proved(found, bound), most + 1))
                    if share > SEARCH_SHARE:
                        break
                    share *= FARTHER  # what was found may leave less to search, and everywhere there is more of it
                    continue
            searched, bound = near, min(most + 1, self._value)
            distance *= FARTHER
        return bound

    def _near(self, face: Face, relaxed: Relaxed, most: int) -> tuple[int, Face]:
        """What costs at most so much, as far as reduced costs tell, or all that is better if that is hardly more."""
        better, every = self._better(face, relaxed)
        if most < better:
            near = face.reaching(self._cost, most, relaxed, proved=False, passes=FEW_PASSES)
            if np.count_nonzero(every.open) > HARDLY_MORE * np.count_nonzero(near.open):
                return most, near._replace(extra=face.extra)
        return better, every

    def _better(self, face: Face, relaxed: Relaxed) -> tuple[int, Face]:
        """What costs less than the best plan, as far as reduced costs tell; worked out once for each."""
        better = self._value - 1
        if self._known is None or self._known[0] != better:
            every = face.reaching(self._cost, better, relaxed, proved=False, passes=FEW_PASSES)
            self._known = better, every._replace(extra=face.extra)
        return self._known

    def everywhere(self, face: Face, bound: int) -> int:
        """Search a face that has the plan, until the bound is met or the budget ends; returns the bound."""
        share = SEARCH_SHARE
        while True:
            for solver in (highs, cp_sat):
                found = solver.search(face, self._cost, self.best, self._budget, share)
                self._take(found)
                if found.ending == "infeasible":
                    raise SolverFaultError(f"a solver lost the plan in hand on tier {self._objective.tier.name}")
                if found.ending == "optimal":
                    return self._value
                bound = self._proved(found, bound)
                if self.is_enough(bound):
                    return bound
            share *= FARTHER

    def _proved(self, found: Searched, bound: int) -> int:
        """The better of a bound and that of a search; it may have been stopped before it had any."""
        return max(bound, min(inwards(found.bound), self._value)) if math.isfinite(found.bound) else bound

    def is_enough(self, bound: int) -> bool:
        """Whether a bound is met, or near enough, or nothing more may be tried."""
        value = self._value
        self._told(value, bound, self.best)
        within = self._gap_percent > 0 and 100 * (value - bound) <= self._gap_percent * abs(value)
        return bound >= value or within or self._budget.stopped() is not None

    def _take(self, found: Searched) -> None:
        """Keep a better solution; the best is kept here, never in a solver."""
        if found.solution is not None:
            solution = self._program.tidied(found.solution)
            if self._objective.minimised(solution) < self._value:
                self.best = solution


def _is_equal(one: Face, other: Face) -> bool:
    """Whether two faces of one program, with the same dense rows, have the same bounds."""
    pairs = zip(one[1:5], other[1:5], strict=True)
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)
