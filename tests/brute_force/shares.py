"""Fair-share ranges of the agencies (SEMANTICS S5.8 and the rule catalogue, L08)."""

from datetime import date
from fractions import Fraction

from models.entities import Agency, Request
from tests.brute_force.case import Case


def _partners(case: Case) -> set[str]:
    return {a.agency for a in case.dataset.agencies if a.membership in ("primary", "secondary")}


def year_of(case: Case, tranche: str) -> int:
    """The academic year in which a tranche begins."""
    return case.policy.academic_year(case.dataset.tranche_by_id[tranche].first_day)


def counts(case: Case, request: Request) -> bool:
    """Whether a request counts: no apprentice's whose employer is no partner."""
    student = case.student(request)
    return student.scheme != "apprentice" or student.employer_agency in _partners(case)


def besides(case: Case) -> dict[str, tuple[int, str | None]]:
    """Request -> year and host of what counts and is no match: what has been, and what employers found."""
    offers = case.dataset.offer_by_id
    found: dict[str, tuple[int, str | None]] = {}
    for request in case.dataset.requests:
        if request.found_by == "employer" and not case.student(request).withdrawn and counts(case, request):
            row = case.dataset.published_by_request.get(request.request)
            host: str | None
            if row is not None and row.standing != "freed" and row.offer in offers:
                host = offers[row.offer].agency
            elif len(request.locked_agencies) > 1:
                host = None
            else:
                host = request.locked_agencies[0] if request.locked_agencies else case.student(request).employer_agency
            found[request.request] = (year_of(case, request.tranche), host)
    for row, _ in case.past:
        listed, offer = case.dataset.request_by_id.get(row.request), offers.get(row.offer)
        if listed is not None and counts(case, listed):
            found[row.request] = (year_of(case, listed.tranche), offer.agency if offer else None)
        elif listed is None and offer is not None:
            found[row.request] = (year_of(case, offer.tranche), offer.agency)
    return found


def _demand(case: Case, year: int) -> int:
    """D: the year's live requests, and those that are besides them."""
    live = [r for r in case.live.values() if counts(case, r) and year_of(case, r.tranche) == year]
    return len(live) + sum(of == year for of, _ in besides(case).values())


def _allowance(case: Case, agency: str, year: int) -> int:
    """Half, rounded down, of the commitments of the agency and its teams that take a day of the year's tranches."""
    tranches = [t for t in case.dataset.tranches if year_of(case, t.tranche) == year]
    first = min(t.first_day for t in tranches)
    last = max(t.last_end or date.max for t in tranches)
    taken = Fraction(0)
    for c in case.dataset.commitments:
        since, until = c.first_day or date.min, c.last_day or date.max
        if c.agency == agency and since <= until and since <= last and until >= first:
            taken += Fraction(c.number)
    return int(taken / 2)


def _weight(agency: Agency) -> Fraction:
    return Fraction(agency.social_workers_fte or 0)


def ranges(case: Case) -> dict[tuple[str, int], tuple[int, int]]:
    """Agency and year -> (floor, ceiling) in placements; empty while L08 is off."""
    partners = _partners(case)
    shared = [a for a in case.dataset.agencies if a.agency in partners and _weight(a) > 0]
    if not case.policy.on("L08") or not shared:
        return {}
    found = {}
    for year in {year_of(case, t.tranche) for t in case.dataset.tranches if t.status == "deciding"}:
        total = (2 * case.policy.partner_share_percent * _demand(case, year) + 100) // 200
        weight = sum(_weight(a) for a in shared)
        exact = {a.agency: total * _weight(a) / weight for a in shared}
        quota = {name: int(q) for name, q in exact.items()}
        by_remainder = sorted(shared, key=lambda a: (quota[a.agency] - exact[a.agency], -_weight(a), a.agency))
        for a in by_remainder[: total - sum(quota.values())]:
            quota[a.agency] += 1
        for a in shared:
            q = quota[a.agency]
            tolerance = max(1, case.policy.fair_share_tolerance_percent * q // 100)
            reach = list(besides(case).values()).count((year, a.agency)) + sum(
                o.capacity
                for o in case.dataset.offers
                if o.agency == a.agency
                and not o.withdrawn
                and case.in_horizon(o.tranche)
                and year_of(case, o.tranche) == year
            )
            floor = max(0, min(q - tolerance - _allowance(case, a.agency, year), reach))
            found[a.agency, year] = (floor, q + tolerance)
    return found
