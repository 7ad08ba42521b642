"""The placed tiers of a large program: plans by dives, part by part.

A dive decides one part with everything else as it is in the plan in hand. Parts are taken two at a time, far apart:
both are decided from the same plan, each with half of the room in rows that both use, so that two workers can do it;
one worker does the same, in the same order. Should the two break a row together, the second is decided once more.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat, zip_longest

import numpy as np

from allocator.engine.bounds import weighted_sums
from allocator.engine.budget import Budget
from allocator.engine.dive import Dive
from allocator.engine.face import Face
from allocator.engine.parts import fixed_but, halved
from allocator.engine.workers import side_by_side
from allocator.engine.working import Large
from allocator.formulation.program import Mask, Program, Vector

DIVE_WEIGHT = 10
"""How much more an earlier placed tier counts than the next, in a dive: more than a place can cost in the next."""


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
        among = self._large.working.with_plan(plan).columns & part
        dive = Dive(fixed_but(face, plan, part), among, self._large.matches, budget)
        found = dive.plan(self._weighted, float(self._weighted @ plan))
        return None if found is None else self._program.tidied(found)

    def _values(self, plan: Vector) -> list[int]:
        return [round(float(cost @ plan)) for cost in self._costs]


def weighted(costs: Sequence[Vector]) -> Vector:
    """Placed tiers in order as one cost of a dive."""
    return weighted_sums(costs, DIVE_WEIGHT)[-1]
