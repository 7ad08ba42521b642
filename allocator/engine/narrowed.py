"""A solved model asked again with some matches closed or taken: what was proved before needs no search again.

Closing and taking matches leaves some of the plans and adds none. So no tier can become better, and as long as there is
a plan on the face that the first k tiers left, these have their values again, proved. The greatest such k is found by
halving; behind it relaxations run ahead as in ``search``, each from where that tier's relaxation ended before, and one
search finds a plan that reaches all bounds. Where there is none, or where the tiers leave another plan beside it (two
draws tie, or a match is counted by no tier), the whole is solved anew, so that every way leads to the same plan.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from allocator.engine import highs
from allocator.engine.budget import Budget
from allocator.engine.face import Face, Relaxed, inwards
from allocator.engine.holding import Basis
from allocator.engine.model import Model, Tiers
from allocator.engine.objectives import SearchResult, objective_of
from allocator.engine.plan_on import SEARCH_SHARE
from allocator.engine.recalled import only_plan
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import Indexes, Vector
from models.plan import TierResult
from models.run import TierRun

NONE: Indexes = np.zeros(0, dtype=np.int64)
Fixes = Iterable[tuple[str, str, str | None]]
Forbidden = Iterable[tuple[str, str | None]]


class Narrowing(NamedTuple):
    """Columns that are to be 0, and columns that are to be at least 1."""

    closed: Indexes
    taken: Indexes

    @classmethod
    def of(cls, model: Model, fixed: Fixes, forbidden: Forbidden) -> "Narrowing | None":
        """What decisions about matches mean for the columns of a model that was made without them.

        Parameters
        ----------
        model
            Every offer decided on its own.
        fixed
            (request, offer, PE or None) to be taken.
        forbidden
            (request, offer or None) to be closed; None: all of the request's.

        Returns
        -------
        Narrowing or None
            None where the decisions change more than bounds: a match that is not eligible, a request that is kept,
            published (the decision frees it) or fixed already, or several PEs, who may be of one pool.
        """
        matches, closed, taken, named = model.matches, [NONE], [NONE], 0
        horizon, decided = matches.eligibility.horizon, matches.terms.decisions.fixes
        if matches.equal.members or not matches.policy.on("E16"):
            return None
        fixed, forbidden = tuple(fixed), tuple(forbidden)
        for request in {r for r, _, _ in fixed} | {r for r, _ in forbidden}:
            if request in decided or request in horizon.in_force or request in horizon.kept:
                return None
        for request, offer, pe in fixed:
            columns = matches.columns_of.get(request, NONE)
            here = columns[matches.x.offer[columns] == matches.offer_index.get(offer, -1)]
            count = cls._count(model, here, pe)
            named += pe is not None
            if count is None or named > 1:
                return None
            closed.append(np.setdiff1d(columns, here))
            taken += [here, count]
        for request, forbidden_offer in forbidden:
            columns = matches.columns_of.get(request, NONE)
            everywhere = forbidden_offer is None
            index = -1 if forbidden_offer is None else matches.offer_index.get(forbidden_offer, -1)
            closed.append(columns[(matches.x.offer[columns] == index) | everywhere])
        return cls(np.concatenate(closed), np.concatenate(taken))

    @staticmethod
    def _count(model: Model, here: Indexes, pe: str | None) -> Indexes | None:
        """The count of the pool of a PE beside a match; empty where there is no choice, None where it cannot be.

        People of a pool are equal in everything that a row or a tier looks at, so that any of them may be named.
        """
        if len(here) != 1 or pe is None:
            return NONE if len(here) == 1 else None
        matches = model.matches
        if all(c.pe != pe for c in matches.slots[matches.x.slot[here[0]]].educators):
            return None
        pool = matches.pools.by_pe.get(pe)
        own = [use for use in matches.uses if here[0] in use.group.columns]
        [use] = [u for u in own if (u.pool.name if u.pool else u.candidate.pe) == (pool.name if pool else pe)]
        return NONE if len(own) == 1 else use.columns

    def held_by(self, solution: Vector) -> bool:
        """Whether a solution is as asked."""
        return bool((solution[self.closed] < 0.5).all() and (solution[self.taken] > 0.5).all())

    def within(self, face: Face) -> Face | None:
        """The part of a face that is as asked; None where bounds alone leave nothing."""
        lower, upper = face.lower.copy(), face.upper.copy()
        upper[self.closed] = 0
        lower[self.taken] = np.maximum(lower[self.taken], 1)
        if (lower > upper).any():
            return None
        changed = face._replace(lower=lower, upper=upper)
        return changed.tightened()


class Settled:
    """A model of which every tier is proved, with a face before and behind each, and relaxations that stay warm.

    Parameters
    ----------
    model, tiers, found
        What was solved, and what came of it.
    """

    def __init__(self, model: Model, tiers: Tiers, found: SearchResult) -> None:
        self.model = model
        self._objectives = tuple(objective_of(model.program, tier, expression) for tier, expression in tiers)
        self._found = found
        self._relaxation: Relaxation | None = None

    def loses_at(self, request: str, offer: str) -> int:
        """The number of the first tier that is known to become worse where a request gets an offer.

        Parameters
        ----------
        request, offer
            A match that no other is merged with.

        Returns
        -------
        int
            The number of tiers where none is known to; 0 where the match is none of the model's.
        """
        matches = self.model.matches
        columns = matches.columns_of.get(request, NONE)
        here = columns[matches.x.offer[columns] == matches.offer_index.get(offer, -1)]
        open_until = [number for number, face in enumerate(self._found.faces) if (face.upper[here] > 0).any()]
        return open_until[-1] if open_until else 0

    def search(self, narrowing: Narrowing, budget: Budget) -> SearchResult | None:
        """The best plan as asked; None where it is not found here: none or several, relaxations do not tell, or a stop.

        Parameters
        ----------
        narrowing
            What columns are to be.
        budget
            Limits and stop signal; work is counted there.
        """
        found = self._found
        if found.solution is not None and narrowing.held_by(found.solution):
            face = narrowing.within(found.faces[-1])
            return found if face is not None and self._only(face, found.solution, budget) else None
        last = self._last_face(narrowing, budget)
        if last is None:
            return None
        kept, face, relaxed, before = last
        bounds, faces = [], [face]
        for number in range(kept, len(self._objectives)):
            cost = self._objectives[number].cost()
            if number > kept:
                relaxed, before = self._ask(faces[-1], number, budget, before)
            if relaxed.ending != "optimal":
                return None
            bounds.append(inwards(relaxed.value))
            faces.append(faces[-1].reaching(cost, bounds[-1], relaxed))
        plan = self._plan_on(faces[-1], relaxed, budget)
        if plan is None:
            return None
        tiers, runs = list(found.tiers[:kept]), list(found.runs[:kept])
        for objective, bound in zip(self._objectives[kept:], bounds, strict=True):
            tier, value = objective.tier, objective.stated(bound)
            tiers.append(TierResult(tier=tier.name, sense=tier.sense, value=value, bound=value, proved=True))
            runs.append(TierRun(tier=tier.name, seconds=0.0, work=0, method="relaxation"))
        reached = all(o.expression.value(plan) == t.value for o, t in zip(self._objectives, tiers, strict=True))
        told = reached and self._only(faces[-1], plan, budget)
        return SearchResult(plan, tuple(tiers), tuple(runs), None) if told else None

    def _only(self, face: Face, plan: Vector, budget: Budget) -> bool:
        """Whether a plan is the only one on a face, which any other way leads to."""
        return only_plan(face, plan, np.arange(len(self.model.matches.x.request)), budget)

    def _last_face(self, narrowing: Narrowing, budget: Budget) -> tuple[int, Face, Relaxed, Basis | None] | None:
        """How many tiers can have their values again, and the part of their face that is as asked, relaxed."""
        found: tuple[int, Face, Relaxed, Basis | None] | None = None
        kept, failed = -1, len(self._found.faces)
        number = failed - 1
        while kept < failed - 1:
            part = narrowing.within(self._found.faces[number])
            relaxed, basis = (None, None) if part is None else self._ask(part, number, budget)
            if relaxed is not None and relaxed.ending == "stopped":
                return None
            if part is None or relaxed is None or relaxed.ending == "infeasible":
                failed = number
            else:
                kept, found = number, (number, part, relaxed, basis)
            number = (kept + failed) // 2
        return found

    def _ask(
        self, face: Face, number: int, budget: Budget, before: Basis | None = None
    ) -> tuple[Relaxed, Basis | None]:
        """The relaxation of a tier on a face, from where that tier ended before; behind the last: any solution."""
        if self._relaxation is None:
            widest = self._found.faces[0]
            self._relaxation = Relaxation(widest, budget)
            self._relaxation.hold(widest, self._found.bases)
        at = min(number, len(self._objectives) - 1)
        cost = np.zeros(len(face.lower)) if at < number else self._objectives[number].cost()
        known = self._found.bases[at] if self._objectives else None
        return self._relaxation.ask(face, cost, known, before, budget), self._relaxation.basis

    def _plan_on(self, face: Face, relaxed: Relaxed, budget: Budget) -> Vector | None:
        program = self.model.program
        tidy = program.tidied(relaxed.solution)
        if face.whole(relaxed.solution) and face.holds(tidy):
            return tidy
        found = highs.search(face, np.zeros(program.columns), None, budget, SEARCH_SHARE).solution
        return None if found is None or budget.stopped() else program.tidied(found)
