"""Individuals named after the counts: by round and request, each the nearest PE that keeps every tier and limit.

Once it is decided who goes where, the rows and tiers that look at PEs are written again with a group per request and a
pool per educator. Every tier is held at its value; then, request by request, the rank of the PE is minimised and fixed,
so that whoever comes later can still be named. Rounds being decided come first, the earliest first of all: a match that
is a forecast does not take the team's own PE from one that begins next month. Nearest is by basis, then by id.

That a naming exists: a pool's windows are intervals and its members have equal, constant loads, and interval graphs are
perfect.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Eligibility
from allocator.engine import highs
from allocator.engine.activity import Activity
from allocator.engine.budget import Budget
from allocator.engine.face import Face, inwards
from allocator.engine.model import formulate
from allocator.engine.objectives import Objective, objective_of
from allocator.engine.relaxation import Relaxation
from allocator.formulation.matches import Use
from allocator.formulation.program import Program, Vector
from models.base import natural_key
from models.errors import SolverFaultError
from models.plan import Basis, TierResult
from models.run import Limits

FARTHER: dict[Basis, int] = {
    "in_team": 0, "elsewhere": 1, "practice_consultant": 2, "independent": 3, "PE needed": 4,
}  # fmt: skip
"""The nearest PE is named first, whatever it counts in the tiers (SEMANTICS S6.10)."""

TIERS_ABOUT_EDUCATORS = frozenset({"changes.educators", "firm", "own_educators", "trainee_finals", "trainees"})
"""Tiers that look at PEs; the others have their values once it is decided who goes where."""
NOBODY = "no educators of the pools chosen can be named"
HALF = 0.5
EARLIER = 64
"""How many times more the first turn counts than the last, where it is guessed who is nearest."""


class Named(NamedTuple):
    """PE by request, and the value of every tier with these names."""

    names: dict[str, str]
    values: tuple[int, ...]


def name_educators(
    eligibility: Eligibility, chosen: dict[str, str], tiers: tuple[TierResult, ...], budget: Budget
) -> Named:
    """PE, pool or ``PE needed`` for every match whose PE is to be chosen.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs.
    chosen
        Offer by request.
    tiers
        Tiers and the values to keep.
    budget
        Work is counted there; naming itself is never cut short, as a plan needs its names.

    Returns
    -------
    Named
        PE by request, and each tier's value: that of ``tiers``, or better where a run was stopped before its proof.
    """
    model = formulate(eligibility, chosen)
    order = {tier.name: (tier, expression) for tier, expression in model.tiers(TIERS_ABOUT_EDUCATORS)}
    matches = model.matches
    options: defaultdict[str, list[Use]] = defaultdict(list)
    for use in matches.uses:
        options[matches.match(int(use.group.columns[0])).request.request].append(use)
    names = {r: uses[0].candidate.pe for r, uses in options.items() if len(uses) == 1}
    tranches, requests = eligibility.dataset.tranche_by_id, eligibility.horizon.live_by_id

    def turn(request: str) -> tuple[bool, date, object]:
        tranche = tranches[requests[request].tranche]
        return tranche.status != "deciding", tranche.first_day, natural_key(request)

    open_requests = sorted((r for r in options if r not in names), key=turn)
    namer = _Namer(model.program, budget)
    for result in tiers:
        if result.tier in order:
            namer.hold(objective_of(model.program, *order[result.tier]), result.value)
    named, solution = namer.name({r: options[r] for r in open_requests})
    values = (order[t.tier][1].value(solution) if t.tier in order else t.value for t in tiers)
    return Named(names | named, tuple(values))


class _Namer:
    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._unlimited = Budget(Limits(), None)
        self._program = program
        self._face = Face.of(program)
        self._relaxation = Relaxation(self._face, self._unlimited)

    def hold(self, objective: Objective, stated: int) -> None:
        """Keep a tier at a value, or better where that is not known to be the best.

        By its reduced costs where its relaxation is tight: a row of the tier's costs would leave halves behind.
        """
        cost, value = objective.cost(), objective.sign * (stated - objective.expression.constant)
        if float(cost @ np.where(cost > 0, self._face.upper, self._face.lower)) <= value:
            return  # whoever is named
        relaxed = self._relaxation.minimise(self._face, cost)
        if relaxed.ending != "optimal" or inwards(relaxed.value) > value:
            raise SolverFaultError(NOBODY)
        self._face = self._face.reaching(cost, value, relaxed, proved=inwards(relaxed.value) == value)

    def name(self, options: dict[str, list[Use]]) -> tuple[dict[str, str], Vector]:
        """Name each request in turn; the last solution names everybody."""
        names: dict[str, str] = {}
        ranked = {
            request: sorted(uses, key=lambda u: (FARTHER[u.candidate.basis], natural_key(u.candidate.pe)))
            for request, uses in options.items()
        }
        columns = {request: np.array([u.columns[0] for u in uses]) for request, uses in ranked.items()}
        cost, farthest = np.zeros(len(self._face.lower)), dict[str, int]()
        for turn, (request, here) in enumerate(columns.items()):
            # whoever has the turn sooner counts more, so that few of those who come later have to be asked for
            cost[here] = np.arange(len(here)) * (1 + EARLIER * (len(columns) - turn) // len(columns))
            farthest[request] = int(cost[here[-1]])
        later = sum(farthest.values())
        self._face = self._face._replace(lower=self._face.lower.copy(), upper=self._face.upper.copy())
        solution, activity = self._least(cost), Activity(self._face)
        for request, here in columns.items():
            later -= farthest[request]
            nearest = next(c for c in here.tolist() if solution[c] > HALF or activity.fits(c))
            if solution[nearest] < HALF:
                cost[here] = np.arange(len(here)) * (1 + later)  # a rank more than all that is later could be
                solution = self._least(cost)
                nearest = next(c for c in here.tolist() if solution[c] > HALF)
            names[request] = next(u for u in ranked[request] if u.columns[0] == nearest).candidate.pe
            cost[here] = 0
            activity.take(nearest, here[here != nearest])
        self._budget.spend(self._unlimited.work)
        return names, self._program.tidied(solution)

    def _least(self, cost: Vector) -> Vector:
        relaxed = self._relaxation.minimise(self._face, cost)
        if relaxed.ending == "optimal" and self._face.whole(relaxed.solution):
            return relaxed.solution
        found = highs.search(self._face, cost, None, self._unlimited, None)
        if found.solution is None:
            raise SolverFaultError(NOBODY)
        return found.solution
