"""Fair-share ranges of the agencies (SEMANTICS S5.8 and the rule catalogue, L08)."""

from datetime import date
from fractions import Fraction

from models.entities import Agency
from tests.brute_force.case import Case


def _partners(case: Case) -> set[str]:
    return {a.agency for a in case.dataset.agencies if a.membership in ("primary", "secondary")}


def _demand(case: Case) -> int:
    """D: live requests and employer-found ones, less apprentices whose employer is no partner."""
    partners = _partners(case)
    number = 0
    for request in case.dataset.requests:
        student = case.student(request)
        found = request.found_by == "employer" and case.in_horizon(request.tranche) and not student.withdrawn
        if (request.request in case.live or found) and not (
            student.scheme == "apprentice" and student.employer_agency not in partners
        ):
            number += 1
    return number


def _allowance(case: Case, agency: str) -> int:
    """Half, rounded down, of the commitments of the agency and its teams that overlap the horizon."""
    tranches = [t for t in case.dataset.tranches if t.status != "past"]
    if not tranches:
        return 0
    first = min(t.first_day for t in tranches)
    last = max(t.last_end or date.max for t in tranches)
    taken = sum(
        c.number
        for c in case.dataset.commitments
        if c.agency == agency and (c.first_day or date.min) <= last and (c.last_day or date.max) >= first
    )
    return int(Fraction(taken) / 2)


def _weight(agency: Agency) -> Fraction:
    return Fraction(agency.social_workers_fte or 0)


def ranges(case: Case) -> dict[str, tuple[int, int]]:
    """Agency -> (floor, ceiling) in placements; empty while L08 is off."""
    partners = _partners(case)
    shared = [a for a in case.dataset.agencies if a.agency in partners and _weight(a) > 0]
    if not case.policy.on("L08") or not shared:
        return {}
    total = (2 * case.policy.partner_share_percent * _demand(case) + 100) // 200
    weight = sum(_weight(a) for a in shared)
    exact = {a.agency: total * _weight(a) / weight for a in shared}
    quota = {name: int(q) for name, q in exact.items()}
    by_remainder = sorted(shared, key=lambda a: (quota[a.agency] - exact[a.agency], -_weight(a), a.agency))
    for a in by_remainder[: total - sum(quota.values())]:
        quota[a.agency] += 1
    found = {}
    for a in shared:
        q = quota[a.agency]
        tolerance = max(1, case.policy.fair_share_tolerance_percent * q // 100)
        offered = sum(
            o.capacity
            for o in case.dataset.offers
            if o.agency == a.agency and not o.withdrawn and case.in_horizon(o.tranche)
        )
        floor = max(0, min(q - tolerance - _allowance(case, a.agency), offered))
        found[a.agency] = (floor, q + tolerance)
    return found
