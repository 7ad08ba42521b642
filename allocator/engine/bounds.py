"""Bounds of the placed tiers of a large program, from prices, and the matches that students share at these prices."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from allocator.engine.alone import alone
from allocator.engine.ascent import Improved, improve
from allocator.engine.budget import Budget
from allocator.engine.face import Face, inwards
from allocator.engine.prices import Prices
from allocator.engine.program import Vector
from allocator.engine.workers import side_by_side
from allocator.engine.working import Large

PRICE_WEIGHT = 4
"""How much more an earlier placed tier counts than the next, for prices. Any weight gives a bound; a small one loses
less of it where an earlier tier is short of its bound, as long as hardly any place costs so many in the next tier."""
STEPS = 300
"""Steps from no prices to good ones; more of them hardly change a bound."""
STEP = 1000
"""Work units of a step."""


class Bounds:
    """Bounds of placed tiers, found once each.

    Parameters
    ----------
    large, face, costs, budget
        As of :class:`allocator.engine.part_by_part.PartByPart`.
    """

    def __init__(self, large: Large, face: Face, costs: Sequence[Vector], budget: Budget) -> None:
        self._large = large
        self._budget = budget
        own = alone(large.model, face.matrix)
        self._sums = weighted_sums(costs, PRICE_WEIGHT)
        self._prices = [Prices(own, face, cost) for cost in self._sums]
        self._found: list[Improved | None] = [None] * len(costs)
        self._drawn = 0

    def prepare(self, plan: Vector, budget: Budget) -> None:
        """The bound of all tiers together, once; it need not be better than the value of the plan in hand."""
        if self._found[-1] is None:
            self._improve(plan, len(self._sums) - 1, budget)

    def reached(self, plan: Vector) -> bool:
        """Whether a plan has the best weighted sum of all tiers; not yet the best of each in their order."""
        found = self._found[-1]
        return found is not None and inwards(found.bound) >= round(float(self._sums[-1] @ plan))

    def columns(self) -> Large:
        """Columns to begin with: what students share at the prices of all tiers together, drawn anew each time."""
        found = self._found[-1]
        assert found is not None
        self._drawn += 1
        return self._large.drawn(found.shares, self._drawn)

    def find(self, plan: Vector) -> None:
        """Bounds of the tiers that have none yet."""
        missing = [number for number, found in enumerate(self._found) if found is None]
        budgets = self._budget.shared(max(1, len(missing)))
        jobs = [partial(self._improve, plan, n, budget) for n, budget in zip(missing, budgets, strict=False)]
        side_by_side(jobs, self._budget.workers)
        self._budget.collect(budgets)

    def _improve(self, plan: Vector, number: int, budget: Budget) -> None:
        def spent() -> bool:
            budget.spend(STEP)
            return budget.stopped() is not None

        prices = self._prices[number]
        nothing = np.zeros(len(prices.face.row_lower))
        self._found[number] = improve(prices, nothing, float(self._sums[number] @ plan), STEPS, spent)

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
