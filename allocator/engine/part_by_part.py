"""The placed tiers of a large program: plans by dives, part by part; bounds from prices where the whole is too large.

A dive decides one part with everything else as it is in the plan in hand. Parts are taken two at a time, far apart:
both are decided from the same plan, so that two workers can do it, and the second is decided once more where the two
together break a row. One worker does the same, in the same order.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest

import numpy as np

from allocator.engine.alone import alone
from allocator.engine.ascent import Improved, improve
from allocator.engine.budget import Budget
from allocator.engine.dive import Dive
from allocator.engine.face import Face, inwards
from allocator.engine.parts import fixed_but
from allocator.engine.prices import Prices
from allocator.engine.program import Mask, Program, Vector
from allocator.engine.workers import side_by_side
from allocator.engine.working import Large

PLACED_WEIGHT = 4
"""How much more an earlier placed tier counts than the next: nobody's place is worth more than so many later ones."""
FIRST_STEPS = 200
"""Steps towards better prices before the first dive."""
MORE_STEPS = 50
"""Steps between two rounds of dives."""
STEP = 1000
"""Work units of a step."""


class PartByPart:
    """Plans near the best of the placed tiers.

    Parameters
    ----------
    program, face
        What may be chosen.
    large
        Columns to begin with, and the parts.
    costs
        The placed tiers in order, each minimised.
    budget
        Ends the work, which is counted there.
    """

    def __init__(self, program: Program, face: Face, large: Large, costs: Sequence[Vector], budget: Budget) -> None:
        self._program = program
        self._face = face
        self._large = large
        self._costs = costs
        self._budget = budget
        self._weighted = _sums(costs)[-1]

    def plans(self, plan: Vector) -> Iterator[Vector]:
        """Better and better plans; every part of every division is decided once.

        Parameters
        ----------
        plan
            The plan in hand.
        """
        for division in range(len(self._large.parts.divisions)):
            parts = list(self._large.parts.each(division))
            half = -(-len(parts) // 2)
            for pair in zip_longest(parts[:half], parts[half:]):
                for better in self._pair(plan, [part for part in pair if part is not None]):
                    plan = better
                    yield plan
                if self._budget.stopped():
                    return

    def _pair(self, base: Vector, parts: list[Mask]) -> Iterator[Vector]:
        """Plans in which these parts are decided, one after the other."""
        budgets = self._budget.shared(len(parts))
        jobs = [partial(self._decided, base, part, budget) for part, budget in zip(parts, budgets, strict=True)]
        plan = base
        found = side_by_side(jobs, self._budget.workers)
        self._budget.collect(budgets)
        for part, decided in zip(parts, found, strict=True):
            better = None if decided is None else self._together(base, plan, part, decided)
            if better is not None and self._values(better) < self._values(plan):
                plan = better
                yield plan

    def _together(self, base: Vector, plan: Vector, part: Mask, decided: Vector) -> Vector | None:
        """A part as it was decided beside ``base``, now beside another plan."""
        both = self._program.tidied(np.where(decided != base, decided, plan))
        return both if self._face.holds(both) else self._decided(plan, part, self._budget)

    def _decided(self, plan: Vector, part: Mask, budget: Budget) -> Vector | None:
        among = self._large.with_plan(plan).columns & part
        dive = Dive(fixed_but(self._face, plan, part), among, self._large.matches, budget)
        found = dive.plan(self._weighted, float(self._weighted @ plan))
        return None if found is None else self._program.tidied(found)

    def _values(self, plan: Vector) -> list[int]:
        return [round(float(cost @ plan)) for cost in self._costs]


class Bounds:
    """Bounds of placed tiers from prices, better with every round.

    Parameters
    ----------
    large, face, costs, budget
        As of :class:`PartByPart`.
    """

    def __init__(self, large: Large, face: Face, costs: Sequence[Vector], budget: Budget) -> None:
        self._large = large
        self._budget = budget
        own = alone(large.model, face.matrix)
        self._sums = _sums(costs)
        self._prices = [Prices(own, face, cost) for cost in self._sums]
        self._found: list[Improved | None] = [None] * len(costs)

    def improve(self, plan: Vector, steps: int) -> None:
        """Better prices for every sum of tiers, the last one's first, from which the others begin."""
        *others, last = range(len(self._sums))
        self._improve(plan, steps, last, self._budget)
        budgets = self._budget.shared(len(others) or 1)
        jobs = [partial(self._improve, plan, steps, n, b) for n, b in zip(others, budgets, strict=False)]
        side_by_side(jobs, self._budget.workers)
        self._budget.collect(budgets)

    def _improve(self, plan: Vector, steps: int, number: int, budget: Budget) -> None:
        def spent() -> bool:
            budget.spend(STEP)
            return budget.stopped() is not None

        prices, before = self._prices[number], self._found[number]
        known = before or self._found[-1]
        duals = np.zeros(len(prices.face.row_lower)) if known is None else known.duals
        found = improve(prices, duals, float(self._sums[number] @ plan), steps, spent)
        if before is None or found.bound > before.bound:
            self._found[number] = found

    def columns(self) -> Large:
        """Columns to begin with that are cheap at the prices of all tiers together."""
        best, prices = self._found[-1], self._prices[-1]
        if best is None:
            return self._large
        return self._large.cheapest(prices.seen(best.duals).matches, prices.alone.cells)

    def of(self, plan: Vector) -> list[int]:
        """A bound of every tier, if the tiers before it stay as they are in a plan.

        With weights w, no plan has a weighted sum of the first k tiers below the bound found for it; so much less
        what the tiers before have in this plan, times their weights, is left for tier k.
        """
        before = [0, *(PLACED_WEIGHT * round(float(cost @ plan)) for cost in self._sums[:-1])]
        return [inwards(found.bound) - v for found, v in zip(self._found, before, strict=True) if found is not None]


def _sums(costs: Sequence[Vector]) -> list[Vector]:
    """The first tier, the first two, and so on, weighted, the last of them once."""
    sums = [costs[0]]
    for cost in costs[1:]:
        sums.append(PLACED_WEIGHT * sums[-1] + cost)
    return sums
