"""Bounds of the tiers of a large program, from prices.

Placed tiers are bounded by weighted sums of them. A later tier that a plan is to have much of is bounded by itself. One
that it is to have little of says nothing by itself, since nobody has to be placed: where a placement usually costs
something in it, it is bounded beside the placed tiers, and by what each student would take alone everywhere else.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from allocator.engine.alone import alone
from allocator.engine.ascent import improve
from allocator.engine.budget import Budget
from allocator.engine.face import Face, inwards
from allocator.engine.model import Model
from allocator.engine.objectives import Objective
from allocator.engine.prices import Prices
from allocator.engine.workers import side_by_side
from allocator.formulation.program import INFINITY, Vector

PRICE_WEIGHT = 4
"""How much more an earlier placed tier counts than the next, for prices. Any weight gives a bound; a small one loses
less of it where an earlier tier is short of its bound, as long as hardly any place costs so many in the next tier."""
SEARCH_WEIGHT = 10
"""The same where a plan is looked for: more than a place can cost in the next tier."""
STEPS, LATER_STEPS = 250, 100
"""Steps from no prices to good ones, for placed tiers and those after them; more hardly change a bound of the first,
and take too long of the run for the others."""
USUAL = 0.1
"""A placement usually costs something in a tier if the mean is such a share of the greatest cost."""
STEP = 1000
"""Work units of a step."""


class _Sum(NamedTuple):
    """No plan has a tier, and ``times`` the weighted placed tiers ``sum`` beside it, below this bound."""

    bound: float
    times: int
    sum: int

    def left(self, values: Sequence[int]) -> float:
        """What it says of the tier, given weighted sums of the placed tiers."""
        return self.bound - self.times * values[self.sum] if self.times else self.bound


class Bounds:
    """Bounds of all tiers, found once each.

    Parameters
    ----------
    model, face
        What may be chosen.
    objectives
        The tiers in order.
    placed
        How many of the first are placed tiers; at least one.
    budget
        Ends the work, which is counted there.
    """

    def __init__(self, model: Model, face: Face, objectives: Sequence[Objective], placed: int, budget: Budget) -> None:
        self._face = face
        self._budget = budget
        self._objectives = objectives
        self._alone = alone(model, face.matrix)
        self._sums = weighted_sums([objective.cost() for objective in objectives[:placed]], PRICE_WEIGHT)
        self._found: list[list[_Sum]] = [[] for _ in objectives]

    def find_placed(self, plan: Vector) -> None:
        """The bound of every placed tier; it need not be better than the value of the plan in hand."""
        self._find(plan, range(len(self._sums)))

    def find_later(self, plan: Vector) -> None:
        """The same of the tiers after them."""
        self._find(plan, range(len(self._sums), len(self._objectives)))

    def _find(self, plan: Vector, numbers: range) -> None:
        if numbers:
            budgets = self._budget.shared(len(numbers))
            jobs = [partial(self._bounded, plan, n, budget) for n, budget in zip(numbers, budgets, strict=True)]
            side_by_side(jobs, self._budget.workers)
            self._budget.collect(budgets)

    def _bounded(self, plan: Vector, number: int, budget: Budget) -> None:
        found, sums = self._found[number], self._sums
        if number < len(sums):
            times = PRICE_WEIGHT if number else 0
            found.append(_Sum(self._improved(plan, sums[number], STEPS, budget), times, number - 1))
            return
        objective = self._objectives[number]
        cost, value = objective.cost(), objective.minimised(plan)
        least = self._improved(plan, cost, 0, budget)
        found.append(_Sum(least, 0, 0))
        if inwards(least) >= value:
            return
        if cost.min() < 0:
            found.append(_Sum(self._improved(plan, cost, LATER_STEPS, budget), 0, 0))
            return
        last = len(sums) - 1
        usual = value / max(1.0, -float(sum(o.minimised(plan) for o in self._objectives[: len(sums)])))
        if usual >= USUAL * float(cost.max()):
            times = max(1, round(2 * usual))  # who is placed last costs more than most
            found.append(_Sum(self._improved(plan, cost + times * sums[last], LATER_STEPS, budget), times, last))

    def _improved(self, plan: Vector, cost: Vector, steps: int, budget: Budget) -> float:
        """A bound of a cost after so many steps from prices of 0."""

        def spent() -> bool:
            budget.spend(STEP)
            return budget.stopped() is not None

        prices, begin = Prices(self._alone, self._face, cost), np.zeros(len(self._face.row_lower))
        found = improve(prices, begin, float(cost @ plan), steps, spent) if steps else prices.at(begin)
        # what is stated rests on a few lines of arithmetic, not on how good prices are found
        return by_duality(self._face, cost, found.duals)

    def of(self, plan: Vector) -> list[int | None]:
        """A bound of every tier, minimised, if the tiers before it stay as they are in a plan.

        With weights w, no plan has a weighted sum of the first k tiers below the bound found for it; so much less
        what the tiers before have in this plan, times their weights, is left for tier k.
        """
        values = [round(float(cost @ plan)) for cost in self._sums]
        lefts = (max((found.left(values) for found in tier), default=-INFINITY) for tier in self._found)
        return [inwards(left) if left > -INFINITY else None for left in lefts]


def weighted_sums(costs: Sequence[Vector], weight: int) -> list[Vector]:
    """The first tier, the first two, and so on, weighted, the last of them once."""
    sums = [costs[0]]
    for cost in costs[1:]:
        sums.append(weight * sums[-1] + cost)
    return sums


def weighted(costs: Sequence[Vector]) -> Vector:
    """Placed tiers in order as one cost of a search for any good plan."""
    return weighted_sums(costs, SEARCH_WEIGHT)[-1]


def by_duality(face: Face, cost: Vector, duals: Vector) -> float:
    """What no solution of a face can be below, whatever the duals are (weak duality of linear programs).

    For d = cost - duals x matrix, the cost of a solution is duals x (its use of rows) + d x (solution): each row is
    used no less (no more) than its bound says, and each column is between its bounds.

    Parameters
    ----------
    face
        Bounds of rows and columns.
    cost
        By column, minimised.
    duals
        By row: at least 0 where the row's lower bound is meant, at most 0 for its upper one.
    """
    return with_reduced_costs(face, cost - face.matrix.by_column.summed(duals), duals)


def with_reduced_costs(face: Face, reduced: Vector, duals: Vector) -> float:
    """The same, where cost - duals x matrix is known."""
    used = np.flatnonzero(duals)
    rows = float(duals[used] @ np.where(duals[used] > 0, face.row_lower[used], face.row_upper[used]))
    return rows + float(np.minimum(reduced * face.lower, reduced * face.upper).sum())
