"""From a relaxation to a plan: fix what is whole, round up what nearly is, solve again, until everything is whole.

The relaxation of this model is nearly integral, so few rounds are needed, each a few dual simplex steps from the last
basis. Nothing is proved here: the plan is compared with the bounds that were proved elsewhere.
"""

from typing import Any

import highspy
import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.face import TOLERANCE, Face
from allocator.engine.highs import (
    INTERIOR_STEP,
    Ending,
    ending_of,
    finite,
    interior_point,
    relaxed_model,
    search,
    solver,
    watch,
)
from allocator.engine.part import Part
from allocator.formulation.program import INFINITY, Indexes, Mask, Vector

NEARLY = 0.9
"""A match with at least this share in the relaxation is made at once."""
WARM_WORK = 10_000_000
"""Rows times simplex iterations from the last basis before the interior point is asked."""
SHARE_EACH_ROUND = 6
"""At least one in so many of the undecided matches is made each round, the greatest shares first."""
FINISHING = 20_000
"""Work units of the search that names pools once it is decided who goes where."""


class Dive:
    """Plans near a relaxed optimum.

    Parameters
    ----------
    face
        What may be chosen.
    among
        Columns to choose from.
    matches
        The ``x`` columns, by index: what is rounded.
    budget
        Ends the dive; its work is counted there.
    """

    def __init__(self, face: Face, among: Mask, matches: Indexes, budget: Budget) -> None:
        self._face = face
        self._among = among
        self._budget = budget
        self._part = Part.of(face, among)
        self._is_match = np.isin(self._part.columns, matches)
        self._checked = 0

    def plan(self, cost: Vector, better_than: float = INFINITY) -> Vector | None:
        """A plan of small cost, or None where none was found.

        Parameters
        ----------
        cost
            What is minimised; whole numbers.
        better_than
            Cost of the plan in hand: where the relaxation shows that none is better, no more is tried.
        """
        if not self._part.possible:  # rows without an open column are not in the part
            return None
        used = solver()
        used.passModel(relaxed_model(self._part, cost[self._part.columns]))
        watch(used, self._is_to_stop)
        lower, upper = self._part.lower.copy(), self._part.upper.copy()
        tried = np.zeros(0, dtype=np.int64)
        while not self._budget.stopped():
            ending = self._run(used)
            if ending == "infeasible" and len(tried):
                lower[tried] = self._part.lower[tried]  # the last batch was too much: the greatest share goes without
                upper[tried[0]] = lower[tried[0]]
                self._change(used, tried, lower, upper)
                tried = tried[:0]
                continue
            if ending != "optimal":
                return None
            values = np.array(used.getSolution().col_value)
            if float(cost @ self._part.filled(values)) > better_than - 1 + TOLERANCE:
                return None
            if self._add_rows(used, values):
                continue
            tried = self._to_fix(values, lower, upper)
            if not len(tried):
                return self._finished(values, cost)
            lower[tried] = 1
            self._change(used, tried, lower, upper)
        return None

    def _to_fix(self, values: Vector, lower: Vector, upper: Vector) -> Indexes:
        """Matches to be made next, the greatest share last to be given up."""
        open_matches = np.flatnonzero(self._is_match & (lower < upper) & (values > TOLERANCE))
        fractional = open_matches[values[open_matches] < 1 - TOLERANCE]
        if not len(fractional):
            return fractional
        order = fractional[np.argsort(-values[fractional], kind="stable")]
        least = -(-len(order) // SHARE_EACH_ROUND)
        nearly = int((values[order] >= NEARLY).sum())
        whole = open_matches[values[open_matches] >= 1 - TOLERANCE]
        return np.concatenate([order[: max(least, nearly)][::-1], whole])

    def _finished(self, values: Vector, cost: Vector) -> Vector | None:
        """The matches are whole; the counts to pools may not be."""
        solution = self._part.filled(values)
        if self._face.whole(solution):
            return solution
        fixed = self._part.columns[self._is_match]
        lower, upper = self._face.lower.copy(), self._face.upper.copy()
        lower[fixed] = upper[fixed] = np.round(solution[fixed])
        found = search(self._face._replace(lower=lower, upper=upper), cost, None, self._budget, FINISHING, self._among)
        return found.solution

    # ---- the solver --------------------------------------------------------------------------------------------
    def _run(self, used: Any) -> Ending:
        """Dual simplex steps from the last basis, as bounds were tightened; where they are many, the interior point."""
        if used.getBasis().valid:
            used.setOptionValue("solver", "simplex")
            used.setOptionValue("simplex_strategy", 1)
            used.setOptionValue("simplex_iteration_limit", WARM_WORK // max(1, used.getNumRow()))
            self._solve(used)
        if not used.getBasis().valid or used.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            interior_point(used, lambda: self._solve(used), self._budget)
        return ending_of(used, self._budget)

    def _solve(self, used: Any) -> None:
        self._checked = 0
        used.run()
        info = used.getInfo()
        simplex = max(0, info.simplex_iteration_count) + max(0, info.crossover_iteration_count)
        self._budget.spend(simplex + max(0, info.ipm_iteration_count) * INTERIOR_STEP)

    @staticmethod
    def _change(used: Any, columns: Indexes, lower: Vector, upper: Vector) -> None:
        used.changeColsBounds(len(columns), columns.astype(np.int32), lower[columns], upper[columns])

    def _add_rows(self, used: Any, values: Vector) -> bool:
        """Lazy rows that the relaxed solution breaks; whether there are any."""
        broken = self._face.matrix.lazy.broken(self._part.filled(values))
        if not len(broken.lower):
            return False
        matrix = broken.matrix(len(self._part.rest))
        rest, new = matrix.summed(self._part.rest), matrix.turned().only(self._part.columns).turned()
        used.addRows(
            len(broken.lower), finite(broken.lower - rest), finite(broken.upper - rest), len(new.at),
            new.begins[:-1].astype(np.int32), new.at, new.values,
        )  # fmt: skip
        return True

    def _is_to_stop(self) -> bool:
        self._checked += 1
        return self._budget.stopped(self._checked) is not None
