"""The placed tiers of a large program: plans by dives, part by part, and bounds from prices.

A dive decides one part with everything else as it is in the plan in hand. Parts are taken two at a time, far apart:
both are decided from the same plan, each with half of the room in rows that both use, so that two workers can do it;
one worker does the same, in the same order. Should the two break a row together, the second is decided once more.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat, zip_longest

import numpy as np

from allocator.engine.alone import alone
from allocator.engine.ascent import Improved, improve
from allocator.engine.budget import Budget
from allocator.engine.dive import Dive
from allocator.engine.face import Face, inwards
from allocator.engine.parts import fixed_but, halved
from allocator.engine.prices import Prices
from allocator.engine.program import Mask, Program, Vector
from allocator.engine.workers import side_by_side
from allocator.engine.working import Large

DIVE_WEIGHT = 10
"""How much more an earlier placed tier counts than the next, in a dive: more than a place can cost in the next."""
PRICE_WEIGHT = 4
"""The same for prices. Any weight gives a bound; a small one loses less of it where an earlier tier is short of its
bound, as long as hardly any place costs so many in the next tier."""
STEPS = 300
"""Steps from no prices to good ones; more of them hardly change a bound."""
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
        self._weighted = weighted(costs)

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
        faces = halved(self._face, base, parts)
        jobs = [partial(self._decided, *job) for job in zip(faces, repeat(base), parts, budgets, strict=False)]
        found = side_by_side(jobs, self._budget.workers)
        self._budget.collect(budgets)
        plan = base
        for part, decided in zip(parts, found, strict=True):
            better = None if decided is None else self._together(base, plan, part, decided)
            if better is not None and self._values(better) < self._values(plan):
                plan = better
                yield plan

    def _together(self, base: Vector, plan: Vector, part: Mask, decided: Vector) -> Vector | None:
        """A part as it was decided beside ``base``, now beside another plan."""
        both = self._program.tidied(np.clip(plan + decided - base, self._face.lower, self._face.upper))
        return both if self._face.holds(both) else self._decided(self._face, plan, part, self._budget)

    def _decided(self, face: Face, plan: Vector, part: Mask, budget: Budget) -> Vector | None:
        among = self._large.with_plan(plan).columns & part
        dive = Dive(fixed_but(face, plan, part), among, self._large.matches, budget)
        found = dive.plan(self._weighted, float(self._weighted @ plan))
        return None if found is None else self._program.tidied(found)

    def _values(self, plan: Vector) -> list[int]:
        return [round(float(cost @ plan)) for cost in self._costs]


class Bounds:
    """Bounds of placed tiers from prices, and the matches that students share at these prices.

    Parameters
    ----------
    large, face, costs, budget
        As of :class:`PartByPart`.
    """

    def __init__(self, large: Large, face: Face, costs: Sequence[Vector], budget: Budget) -> None:
        self._large = large
        self._budget = budget
        own = alone(large.model, face.matrix)
        self._sums = _sums(costs, PRICE_WEIGHT)
        self._prices = [Prices(own, face, cost) for cost in self._sums]
        self._found: list[Improved | None] = [None] * len(costs)
        self._drawn = 0

    def columns(self, plan: Vector) -> Large:
        """Columns to begin with: what students share at the prices of all tiers together, drawn anew each time."""
        found = self._found[-1] or self._improve(plan, len(self._sums) - 1, self._budget)
        self._drawn += 1
        return self._large.drawn(found.shares, self._drawn)

    def find(self, plan: Vector) -> None:
        """Bounds of the tiers that have none yet."""
        missing = [number for number, found in enumerate(self._found) if found is None]
        budgets = self._budget.shared(max(1, len(missing)))
        jobs = [partial(self._improve, plan, n, budget) for n, budget in zip(missing, budgets, strict=False)]
        side_by_side(jobs, self._budget.workers)
        self._budget.collect(budgets)

    def _improve(self, plan: Vector, number: int, budget: Budget) -> Improved:
        def spent() -> bool:
            budget.spend(STEP)
            return budget.stopped() is not None

        prices = self._prices[number]
        nothing = np.zeros(len(prices.face.row_lower))
        found = improve(prices, nothing, float(self._sums[number] @ plan), STEPS, spent)
        self._found[number] = found
        return found

    def of(self, plan: Vector) -> list[int | None]:
        """A bound of every tier, if the tiers before it stay as they are in a plan.

        With weights w, no plan has a weighted sum of the first k tiers below the bound found for it; so much less
        what the tiers before have in this plan, times their weights, is left for tier k.
        """
        before = [0, *(PRICE_WEIGHT * round(float(cost @ plan)) for cost in self._sums[:-1])]
        return [
            None if found is None else inwards(found.bound) - v for found, v in zip(self._found, before, strict=True)
        ]


def weighted(costs: Sequence[Vector]) -> Vector:
    """Placed tiers in order as one cost of a dive."""
    return _sums(costs, DIVE_WEIGHT)[-1]


def _sums(costs: Sequence[Vector], weight: int) -> list[Vector]:
    """The first tier, the first two, and so on, weighted, the last of them once."""
    sums = [costs[0]]
    for cost in costs[1:]:
        sums.append(weight * sums[-1] + cost)
    return sums
