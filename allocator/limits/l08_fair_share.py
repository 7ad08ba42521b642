"""L08: fair share: each agency's placements in its range (rules.md, S5.8).

floor <= placements <= ceiling where the policy makes the range hard; else two tiers, the shortfall and the excess.
"""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Linear
from models.base import natural_key
from models.dataset import Dataset
from models.entities import Agency
from models.policy import Policy

RULE = "L08"


class Share(NamedTuple):
    """What an agency is asked for, and its range, in placements."""

    agency: str
    quota: int
    floor: int
    ceiling: int


def shares(dataset: Dataset, policy: Policy) -> tuple[Share, ...]:
    """Ranges of the partner agencies with a weight: largest remainder, tolerance, allowance, the offered."""
    agencies = dataset.agency_by_id
    partners = [a for a in dataset.agencies if a.membership != "outside" and a.social_workers_fte]
    partners = [a for a in partners if a.social_workers_fte is not None and a.social_workers_fte > 0]
    if not partners or not policy.on(RULE):
        return ()
    quotas = _largest_remainder(partners, (2 * policy.partner_share_percent * _demand(dataset, agencies) + 100) // 200)
    horizon = [t for t in dataset.tranches if t.status != "past"]
    first = min((t.first_day for t in horizon), default=date.min)
    ends = [t.last_end for t in horizon]
    last = max((e for e in ends if e is not None), default=date.max) if None not in ends else date.max
    in_horizon = {t.tranche for t in horizon}
    found = []
    for agency in partners:
        quota = quotas[agency.agency]
        tolerance = max(1, policy.fair_share_tolerance_percent * quota // 100)
        taken = sum(
            c.number
            for c in dataset.commitments
            if c.agency == agency.agency and (c.last_day or date.max) >= first and (c.first_day or date.min) <= last
        )
        offered = sum(
            o.capacity
            for o in dataset.offers
            if o.agency == agency.agency and not o.withdrawn and o.tranche in in_horizon
        )
        floor = max(0, min(quota - tolerance - int(taken / 2), offered))
        found.append(Share(agency.agency, quota, floor, quota + tolerance))
    return tuple(found)


def rows(model: Formulation) -> None:
    """Only where the policy makes the range hard."""
    if not model.policy.fair_share_hard:
        return
    for share in shares(model.dataset, model.policy):
        here = Linear.sum_of(model.columns_at_agency.get(share.agency, ()))
        kept = len(model.kept_at_agency(share.agency))
        model.program.add_row(here, rule=RULE, subject=share.agency, lower=share.floor - kept)
        model.program.add_row(here, rule=RULE, subject=share.agency, upper=max(0, share.ceiling - kept))


def _demand(dataset: Dataset, agencies: dict[str, Agency]) -> int:
    """Requests in the horizon, apprentices of non-partner employers left out."""

    def counts(request_id: str) -> bool:
        request = dataset.request_by_id[request_id]
        student = dataset.student_by_id[request.student]
        published = dataset.published_by_request.get(request_id)
        over = published is not None and published.standing == "over" and request.found_by == "partnership"
        if dataset.tranche_by_id[request.tranche].status == "past" or student.withdrawn or over:
            return False
        employer = agencies.get(student.employer_agency or "")
        return student.scheme != "apprentice" or (employer is not None and employer.membership != "outside")

    return sum(counts(r.request) for r in dataset.requests)


def _largest_remainder(partners: list[Agency], total: int) -> dict[str, int]:
    weights = {a.agency: Fraction(a.social_workers_fte or 0) for a in partners}
    whole = sum(weights.values())
    exact = {a: total * w / whole for a, w in weights.items()}
    quotas = {a: int(x) for a, x in exact.items()}
    order = sorted(exact, key=lambda a: (quotas[a] - exact[a], -weights[a], natural_key(a)))
    for agency in order[: total - sum(quotas.values())]:
        quotas[agency] += 1
    return quotas
