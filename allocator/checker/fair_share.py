"""Fair-share ranges of the agencies (rules catalogue, L08; SEMANTICS S5.8), in exact arithmetic."""

from fractions import Fraction
from typing import NamedTuple

from allocator.checker.facts import Facts
from models.base import natural_key
from models.entities import Commitment


class Range(NamedTuple):
    """Placements that an agency is to have: at least ``floor``, at most ``ceiling``."""

    floor: int
    ceiling: int


def requests_to_share(facts: Facts) -> int:
    """D: live and employer-found requests in the horizon, less those of apprentices of employers outside."""
    total = 0
    for request in facts.dataset.requests:
        student = facts.dataset.student_by_id.get(request.student)
        if student is None or student.withdrawn or request.tranche not in facts.horizon:
            continue
        if request.request not in facts.live and request.found_by != "employer":
            continue
        if student.scheme == "apprentice" and not facts.is_partner(student.employer_agency or ""):
            continue
        total += 1
    return total


def quotas(total: int, weights: dict[str, Fraction]) -> dict[str, int]:
    """``total`` shared in proportion to positive weights by largest remainder, ties by greater weight, then id.

    Parameters
    ----------
    total
        Placements to share.
    weights
        Full-time-equivalent social workers by agency.

    Returns
    -------
    dict
        Placements by agency, adding up to ``total``.
    """
    whole = sum(weights.values(), Fraction(0))
    exact = {agency: total * weight / whole for agency, weight in weights.items()}
    shares = {agency: share.numerator // share.denominator for agency, share in exact.items()}
    by_remainder = sorted(weights, key=lambda a: (shares[a] - exact[a], -weights[a], natural_key(a)))
    for agency in by_remainder[: total - sum(shares.values())]:
        shares[agency] += 1
    return shares


def _overlaps_horizon(facts: Facts, commitment: Commitment) -> bool:
    tranches = [t for t in facts.dataset.tranches if t.tranche in facts.horizon]
    first = min(t.first_day for t in tranches)
    ends = [t.last_end for t in tranches]
    last = None if None in ends else max(e for e in ends if e is not None)
    starts_in_time = commitment.first_day is None or last is None or commitment.first_day <= last
    return starts_in_time and (commitment.last_day is None or commitment.last_day >= first)


def ranges(facts: Facts) -> dict[str, Range]:
    """Range of every primary or secondary agency with social workers; none with L08 off or an empty horizon."""
    weights = {
        a.agency: Fraction(a.social_workers_fte)
        for a in facts.dataset.agencies
        if a.social_workers_fte is not None and a.social_workers_fte > 0 and facts.is_partner(a.agency)
    }
    if not facts.policy.on("L08") or not weights or not facts.horizon:
        return {}
    # floor(percent x D / 100 + 1/2), in whole numbers.
    total = (2 * facts.policy.partner_share_percent * requests_to_share(facts) + 100) // 200
    offered: dict[str, int] = {}
    for offer in facts.dataset.offers:
        if offer.tranche in facts.horizon and not offer.withdrawn:
            offered[offer.agency] = offered.get(offer.agency, 0) + offer.capacity
    found: dict[str, Range] = {}
    for agency, quota in quotas(total, weights).items():
        commitments = facts.agency_commitments.get(agency, ())
        allowance = int(sum(c.number for c in commitments if _overlaps_horizon(facts, c)) / 2)
        tolerance = max(1, facts.policy.fair_share_tolerance_percent * quota // 100)
        floor = max(0, min(quota - tolerance - allowance, offered.get(agency, 0)))
        found[agency] = Range(floor, quota + tolerance)
    return found
