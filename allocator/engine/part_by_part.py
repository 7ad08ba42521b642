"""A large program part by part: each is decided in all tiers, with everything else as it is in the plan in hand.

A part is some hundred requests of students who live near each other; it is solved like a small program, tier by tier,
so that every plan is better than the one before in the order of the tiers. Parts are taken two at a time, far apart:
both are decided from the same plan, each with half of the room in rows that both use, so that two workers can do it;
one worker does the same, in the same order. Should the two break a row together, the second is decided once more.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat, zip_longest

import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.objectives import Objective
from allocator.engine.parts import fixed_but, halved
from allocator.engine.search import Search
from allocator.engine.section import Section
from allocator.engine.workers import side_by_side
from allocator.engine.working import Large
from allocator.formulation.program import Mask, Program, Vector
from models.policy import Tier

NEAR_ENOUGH = 0.1
"""Percent of its bound within which a tier of a part is not searched on: what is around it changes yet."""

KNOWN = 3
"""Of so many plans it is kept what they have in every tier: one in hand, and those that parts make of it."""


class PartByPart:
    """Better and better plans.

    Parameters
    ----------
    program, face
        What may be chosen.
    large
        Columns to begin with, and the parts.
    objectives
        All tiers in order.
    budget
        Ends the work, which is counted there.
    """

    def __init__(
        self, program: Program, face: Face, large: Large, objectives: Sequence[Objective], budget: Budget
    ) -> None:
        self._program = program
        self._face = face
        self._parts = large.parts
        self._working = large.working
        self._objectives = objectives
        self._budget = budget
        self._known: list[tuple[Vector, list[int]]] = []

    def values(self, plan: Vector) -> list[int]:
        """What a plan has in every tier, minimised; of the plans that were asked for last it is known."""
        for known, values in self._known:
            if known is plan:
                return values
        values = [objective.minimised(plan) for objective in self._objectives]
        self._known = [*self._known[1 - KNOWN :], (plan, values)]
        return values

    def plans(self, plan: Vector, division: int) -> Iterator[Vector]:
        """Better and better plans; every part of a division is decided once.

        Parameters
        ----------
        plan
            The plan in hand.
        division
            Which of the ways to divide the map.
        """
        parts = list(self._parts.each(division))
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
            if better is not None and self.values(better) < self.values(plan):
                plan = better
                yield plan

    def _together(self, base: Vector, plan: Vector, part: Mask, decided: Vector) -> Vector | None:
        """A part as it was decided beside ``base``, now beside another plan."""
        both = self._program.tidied(np.clip(plan + decided - base, self._face.lower, self._face.upper))
        return both if self._face.holds(both, plan) else self._decided(self._face, plan, part, self._budget)

    def _decided(self, face: Face, plan: Vector, part: Mask, budget: Budget) -> Vector | None:
        section = Section.of(self._program, fixed_but(face, plan, part))
        if not len(section.columns):
            return None
        tiers = tuple((o.tier, section.expression(o.expression)) for o in self._objectives)
        found = Search(
            section.program, tiers, budget, _unheard, gap_percent=NEAR_ENOUGH, start=plan[section.columns],
            working=section.working(self._working),
        ).run()  # fmt: skip
        return None if found.solution is None else self._program.tidied(section.filled(found.solution))


def _unheard(_number: int, _tier: Tier, _value: int | None, _bound: int | None, _solution: Vector | None) -> None:
    """What happens within a part is told when it is decided."""
