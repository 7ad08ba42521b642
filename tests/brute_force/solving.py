"""Writes down every plan of a tiny dataset, judges each, and keeps the best."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.base import PE_NEEDED, natural_key
from models.dataset import Dataset
from models.policy import Policy
from tests.brute_force import candidates, educators
from tests.brute_force.candidates import Candidate
from tests.brute_force.case import Case
from tests.brute_force.educators import NOBODY, Supervisor
from tests.brute_force.limits import Plan, changes_are_limited, count_moved, limits
from tests.brute_force.worth import counted, measures

Assignment = tuple[tuple[str, str, str], ...]
"""(request, offer, PE) of every match, in the natural order of the requests."""
Tiers = tuple[tuple[str, int], ...]
FARTHER = {"in_team": 0, "elsewhere": 1, "practice_consultant": 2, "independent": 3, "PE needed": 4}
"""S6.10: the nearest PE is named first, whatever the policy's weights are."""


@dataclass(frozen=True)
class BruteResult:
    """What enumeration found.

    ``best`` is the optimal plan whose PEs are named as the design says: in order of request id, each the least id.
    ``optimal`` holds every plan with the best tiers, ``legal_count`` of ``plan_count`` plans broke no limit,
    ``excluding`` are the E rules that kept a request from an offer or a PE, ``binding`` the limits that alone made a
    plan illegal. ``forced_changes`` is the fewest changes to the published plan, where they are limited.
    """

    status: Literal["optimal", "clash"]
    tiers: Tiers = ()
    best: Assignment = ()
    optimal: tuple[Assignment, ...] = ()
    legal_count: int = 0
    plan_count: int = 0
    excluding: frozenset[str] = frozenset()
    binding: frozenset[str] = frozenset()
    forced_changes: int | None = None

    @property
    def optimal_count(self) -> int:
        """Number of plans with the best tiers."""
        return len(self.optimal)


@dataclass(frozen=True)
class Judgement:
    """Which rules a plan breaks (none: it is legal), and its value on every tier."""

    broken: frozenset[str]
    tiers: Tiers

    @property
    def legal(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


def _all_choices(case: Case) -> list[list[Candidate | None]]:
    return [candidates.choices(case, case.live[name]) for name in sorted(case.live, key=natural_key)]


def count_plans(dataset: Dataset, policy: Policy) -> int:
    """How many plans enumeration would write down."""
    return math.prod(len(options) for options in _all_choices(Case(dataset, policy)))


def _assignment(plan: Plan) -> Assignment:
    return tuple((m.request.request, m.offer.offer, m.pe) for m in plan)


def naming_key(dataset: Dataset, plan: Assignment) -> list[tuple[object, ...]]:
    """How the PEs of a plan are named (design 4.1, tier 16): the least key among plans that place alike.

    Requests in turn, rounds being decided first, then by first day and id; each has the nearest PE, then the least id.
    """

    def turn(request: str) -> tuple[object, ...]:
        tranche = dataset.tranche_by_id[dataset.request_by_id[request].tranche]
        return tranche.status == "later", tranche.first_day, natural_key(request)

    def nearness(offer: str, pe: str) -> int:
        educator = dataset.educator_by_id.get(pe)
        if educator is None:
            return FARTHER["PE needed" if pe == PE_NEEDED else "in_team"]
        return FARTHER[educators.as_seen_by(educator, dataset.offer_by_id[offer]).basis]

    in_turn = sorted(plan, key=lambda match: turn(match[0]))
    return [(nearness(offer, pe), natural_key(pe)) for _, offer, pe in in_turn]


def solve(dataset: Dataset, policy: Policy) -> BruteResult:
    """The best legal plan by enumeration.

    Parameters
    ----------
    dataset
        Tiny: the product of the requests' choices is enumerated.
    policy
        ``as_of`` must be filled.

    Returns
    -------
    BruteResult
        ``clash`` when no plan is legal.
    """
    case = Case(dataset, policy)
    rules = limits(case)
    order = measures(case)
    signs = [-1 if tier.sense == "max" else 1 for tier, _ in order]
    best: list[int] | None = None
    optimal: list[Plan] = []
    binding: set[str] = set()
    total = 0
    holding: list[list[Candidate]] = []  # every limit but max_changes
    for combination in itertools.product(*_all_choices(case)):
        total += 1
        plan = [m for m in combination if m is not None]
        broken: set[str] = set()
        for limit in rules:
            if limit.rule not in broken and not limit.holds(plan):
                broken.add(limit.rule)
                if len(broken) > 1:
                    break
        if not broken:
            holding.append(plan)
        elif len(broken) == 1:
            binding |= broken
    fewest: int | None = None
    legal_plans = holding
    if changes_are_limited(case) and holding:
        moved = count_moved(case)
        fewest = min(map(moved, holding))
        legal_plans = [p for p in holding if moved(p) <= fewest + (policy.max_changes or 0)]
        if len(legal_plans) < len(holding):
            binding.add("max_changes")
    for plan in legal_plans:
        placements = counted(plan)
        values: list[int] = []
        better = best is None
        for i, (tier, measure) in enumerate(order):
            value = signs[i] * measure(plan if tier.name == "left_out" else placements)
            values.append(value)
            if not better and best is not None and value != best[i]:
                if value > best[i]:
                    break
                better = True
        else:
            if better:
                best, optimal = values, []
            optimal.append(plan)
    plans = tuple(_assignment(p) for p in optimal)
    return BruteResult(
        status="clash" if best is None else "optimal",
        tiers=tuple((tier.name, sign * v) for (tier, _), sign, v in zip(order, signs, best or (), strict=False)),
        best=min(plans, key=lambda p: ([offer for _, offer, _ in p], naming_key(dataset, p)), default=()),
        optimal=plans,
        legal_count=len(legal_plans),
        plan_count=total,
        excluding=candidates.excluded_by(case),
        binding=frozenset(binding),
        forced_changes=fewest,
    )


def judge(
    dataset: Dataset, policy: Policy, plan: Mapping[str, tuple[str, str]], forced_changes: int | None = None
) -> Judgement:
    """Which rules a hand-made plan breaks, and its tiers.

    Parameters
    ----------
    dataset, policy
        As for :func:`solve`.
    plan
        Request -> (offer, PE), with ids that are listed or pools of the offer.
    forced_changes
        The fewest changes to the published plan; None: not known, so that max_changes is not judged.

    Returns
    -------
    Judgement
        ``E`` stands for whatever a request alone may not have.
    """
    case = Case(dataset, policy)
    matches = [
        candidates.candidate(
            case, dataset.request_by_id[name], dataset.offer_by_id[offer], _supervisor(case, offer, pe)
        )
        for name, (offer, pe) in sorted(plan.items(), key=lambda item: natural_key(item[0]))
    ]
    broken = {limit.rule for limit in limits(case) if not limit.holds(matches)}
    if forced_changes is not None and changes_are_limited(case):
        most = forced_changes + (policy.max_changes or 0)
        broken |= {"max_changes"} if count_moved(case)(matches) > most else set()
    for name, request in case.live.items():
        allowed = [None if c is None else (c.offer.offer, c.pe) for c in candidates.choices(case, request)]
        if plan.get(name) not in allowed:
            broken.add("E")
    if any(name not in case.live for name in plan):
        broken.add("E")
    every = [m for m in matches if m.request.request in case.live and m.request.set_aside is None]
    values = (
        (tier.name, measure(every if tier.name == "left_out" else counted(every))) for tier, measure in measures(case)
    )
    return Judgement(frozenset(broken), tuple(values))


def _supervisor(case: Case, offer: str, pe: str) -> Supervisor:
    if pe == PE_NEEDED:
        return NOBODY
    here = case.dataset.offer_by_id[offer]
    educator = case.listed(pe)
    if educator is not None:
        return educators.as_seen_by(educator, here)
    return next(s for s in educators.supervisors(case, here) if s.pe == pe)
