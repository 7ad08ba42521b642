"""Each partner agency's range of placements (rule L08; SEMANTICS S5.8), in exact arithmetic."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from allocator.reference.facts import Facts
from models.base import natural_key
from models.entities import Request


class Range(NamedTuple):
    """How many placements an agency is asked for: from ``floor`` to ``ceiling``."""

    floor: int
    ceiling: int


def ranges(facts: Facts) -> dict[str, Range]:
    """Ranges by agency: partners with social workers; none where L08 is switched off.

    With D requests, T = floor(0.75 D + 1/2) is shared by largest remainder into quotas q. The tolerance is
    t = max(1, 15 q // 100); floor = max(0, min(q - t - allowance, offered)), ceiling = q + t.
    """
    policy = facts.policy
    if not policy.on("L08"):
        return {}
    asked = (policy.partner_share_percent * demand(facts) * 2 + 100) // 200
    found = {}
    for agency, quota in quotas(facts, asked).items():
        tolerance = max(1, policy.fair_share_tolerance_percent * quota // 100)
        floor = max(0, min(quota - tolerance - _allowance(facts, agency), _offered(facts, agency)))
        found[agency] = Range(floor, quota + tolerance)
    return found


def demand(facts: Facts) -> int:
    """D: live requests and employers' own, less those of apprentices whose employer is no partner."""
    return sum(1 for r in facts.dataset.requests if _is_demand(facts, r))


def _is_demand(facts: Facts, request: Request) -> bool:
    student = facts.student(request)
    if student.scheme == "apprentice" and not facts.is_partner(student.employer_agency):
        return False
    by_employer = request.found_by == "employer" and request.tranche in facts.horizon and not student.withdrawn
    return by_employer or request.request in facts.live_ids


def quotas(facts: Facts, asked: int) -> dict[str, int]:
    """Share ``asked`` in proportion to social workers: largest remainder, ties by greater weight, then id."""
    weights = {
        a.agency: Fraction(a.social_workers_fte)
        for a in facts.dataset.agencies
        if facts.is_partner(a.agency) and a.social_workers_fte is not None and a.social_workers_fte > 0
    }
    shares = {agency: asked * weight / sum(weights.values()) for agency, weight in weights.items()}
    quota = {agency: int(share) for agency, share in shares.items()}
    by_remainder = sorted(
        weights, key=lambda a: (-(shares[a] - quota[a]), -weights[a], natural_key(a))
    )  # fmt: skip
    for agency in by_remainder[: asked - sum(quota.values())]:
        quota[agency] += 1
    return quota


def _allowance(facts: Facts, agency: str) -> int:
    """Half, rounded down, of the agency's and its teams' commitments that overlap the horizon."""
    tranches = [t for t in facts.dataset.tranches if t.tranche in facts.horizon]
    if not tranches:
        return 0
    first = min(t.first_day for t in tranches)
    last = max(t.last_end or date.max for t in tranches)
    number = sum(
        c.number
        for c in facts.dataset.commitments
        if c.agency == agency and (c.first_day or date.min) <= last and (c.last_day or date.max) >= first
    )
    return int(Fraction(number) / 2)


def _offered(facts: Facts, agency: str) -> int:
    return sum(
        o.capacity for o in facts.offers if o.agency == agency and o.tranche in facts.horizon and not o.withdrawn
    )
