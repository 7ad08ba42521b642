"""Bounds of the placed tiers of a large program, from prices."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from allocator.engine.alone import alone
from allocator.engine.ascent import improve
from allocator.engine.budget import Budget
from allocator.engine.face import Face, inwards
from allocator.engine.model import Model
from allocator.engine.prices import Priced, Prices
from allocator.engine.workers import side_by_side
from allocator.formulation.program import Vector

PRICE_WEIGHT = 4
"""How much more an earlier placed tier counts than the next, for prices. Any weight gives a bound; a small one loses
less of it where an earlier tier is short of its bound, as long as hardly any place costs so many in the next tier."""
SEARCH_WEIGHT = 10
"""The same where a plan is looked for: more than a place can cost in the next tier."""
STEPS = 250
"""Steps from no prices to good ones; more of them hardly change a bound."""
STEP = 1000
"""Work units of a step."""


class Bounds:
    """Bounds of placed tiers, found once each.

    Parameters
    ----------
    model, face
        What may be chosen.
    costs
        The placed tiers in order, each minimised.
    budget
        Ends the work, which is counted there.
    """

    def __init__(self, model: Model, face: Face, costs: Sequence[Vector], budget: Budget) -> None:
        self._face = face
        self._budget = budget
        own = alone(model, face.matrix)
        self._sums = weighted_sums(costs, PRICE_WEIGHT)
        self._prices = [Prices(own, face, cost) for cost in self._sums]
        self._found: list[Priced | None] = [None] * len(costs)

    def find(self, plan: Vector) -> None:
        """The bound of every tier; it need not be better than the value of the plan in hand."""
        budgets = self._budget.shared(len(self._sums))
        jobs = [partial(self._improve, plan, n, budget) for n, budget in enumerate(budgets)]
        side_by_side(jobs, self._budget.workers)
        self._budget.collect(budgets)

    def _improve(self, plan: Vector, number: int, budget: Budget) -> None:
        def spent() -> bool:
            budget.spend(STEP)
            return budget.stopped() is not None

        prices, cost = self._prices[number], self._sums[number]
        found = improve(prices, np.zeros(len(prices.face.row_lower)), float(cost @ plan), STEPS, spent)
        # what is stated rests on a few lines of arithmetic, not on how good prices are found
        self._found[number] = found._replace(bound=by_duality(self._face, cost, found.duals))

    def of(self, plan: Vector) -> list[int | None]:
        """A bound of every tier, if the tiers before it stay as they are in a plan.

        With weights w, no plan has a weighted sum of the first k tiers below the bound found for it; so much less
        what the tiers before have in this plan, times their weights, is left for tier k.
        """
        before = [0, *(PRICE_WEIGHT * round(float(cost @ plan)) for cost in self._sums[:-1])]
        return [
            None if found is None else inwards(found.bound) - v for found, v in zip(self._found, before, strict=True)
        ]


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
    reduced = cost - face.matrix.by_column.summed(duals)
    used = np.flatnonzero(duals)
    rows = float(duals[used] @ np.where(duals[used] > 0, face.row_lower[used], face.row_upper[used]))
    return rows + float(np.minimum(reduced * face.lower, reduced * face.upper).sum())
