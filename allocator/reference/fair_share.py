"""Each partner agency's range of placements (rule L08; SEMANTICS S5.8), in exact arithmetic."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from allocator.reference.facts import Facts
from models.base import natural_key
from models.entities import Request


class Range(NamedTuple):
    """How many placements of a year an agency is asked for: from ``floor`` to ``ceiling``.

    ``others`` are requests whose placements count and are not the plan's to decide.
    """

    floor: int
    ceiling: int
    others: tuple[str, ...]


def ranges(facts: Facts) -> dict[tuple[str, int], Range]:
    """Ranges by agency and academic year: partners with social workers; none where L08 is switched off.

    For every year in which a tranche being decided starts. With D requests of the year, T = floor(0.75 D + 1/2) is
    shared by largest remainder into quotas q. The tolerance is t = max(1, 15 q // 100); reach is what the agency's
    offers of the year still have, and the placements that it has had;
    floor = max(0, min(q - t - allowance, reach)), ceiling = q + t.
    """
    policy, found = facts.policy, dict[tuple[str, int], Range]()
    years = {policy.academic_year(t.first_day) for t in facts.dataset.tranches if t.status == "deciding"}
    for year in sorted(years) if policy.on("L08") else ():
        asked = (policy.partner_share_percent * demand(facts, year) * 2 + 100) // 200
        for agency, quota in quotas(facts, asked).items():
            others = tuple(name for name, (of, host) in _others(facts).items() if (of, host) == (year, agency))
            tolerance = max(1, policy.fair_share_tolerance_percent * quota // 100)
            reach = _offered(facts, agency, year) + len(others)
            floor = max(0, min(quota - tolerance - _allowance(facts, agency, year), reach))
            found[agency, year] = Range(floor, quota + tolerance, others)
    return found


def demand(facts: Facts, year: int) -> int:
    """D: the year's requests: live ones, and those whose placements others decided or that are over."""
    live = sum(1 for r in facts.live if shared_in(facts, r) == year)
    return live + sum(1 for of, _ in _others(facts).values() if of == year)


def shared_in(facts: Facts, request: Request) -> int | None:
    """The academic year that a request counts in: of its tranche; in none as an apprentice's of another employer."""
    student = facts.student(request)
    if student.scheme == "apprentice" and not facts.is_partner(student.employer_agency):
        return None
    return _year(facts, request.tranche)


def _year(facts: Facts, tranche: str) -> int:
    return facts.policy.academic_year(facts.dataset.tranche_by_id[tranche].first_day)


def _others(facts: Facts) -> dict[str, tuple[int, str | None]]:
    """By request: year and agency (None: nobody knows) of the placements that no plan decides."""
    data, found = facts.dataset, dict[str, tuple[int | None, str | None]]()
    rows = {row.request: data.offer_by_id.get(row.offer) for row, _ in facts.earlier}
    for name, offer in rows.items():
        if name in data.request_by_id:
            year = shared_in(facts, data.request_by_id[name])
        else:
            year = None if offer is None else _year(facts, offer.tranche)
        found[name] = (year, None if offer is None else offer.agency)
    for request in data.requests:
        if request.found_by == "employer" and request.request not in rows and not facts.student(request).withdrawn:
            found[request.request] = (shared_in(facts, request), _host(facts, request))
    return {name: (year, agency) for name, (year, agency) in found.items() if year is not None}


def _host(facts: Facts, request: Request) -> str | None:
    """Where an employer placed its student: the agency of the published offer, the only one locked, the employer."""
    published = [r.offer for r in facts.dataset.published if r.request == request.request and r.standing != "freed"]
    for offer in facts.dataset.offers:
        if offer.offer in published:
            return offer.agency
    locked = request.locked_agencies or (facts.student(request).employer_agency,)
    return locked[0] if len(locked) == 1 else None


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


def _allowance(facts: Facts, agency: str, year: int) -> int:
    """Half, rounded down, of the agency's and its teams' commitments that overlap the year's tranches."""
    tranches = [t for t in facts.dataset.tranches if _year(facts, t.tranche) == year]
    first = min(t.first_day for t in tranches)
    last = max(t.last_end or date.max for t in tranches)
    number = sum(
        c.number
        for c in facts.dataset.commitments
        if c.agency == agency
        and max(c.first_day or date.min, first) <= min(c.last_day or date.max, last)
        and (c.first_day or date.min) <= (c.last_day or date.max)
    )
    return int(Fraction(number) / 2)


def _offered(facts: Facts, agency: str, year: int) -> int:
    """Places of the agency's offers in the year's tranches that are not past."""
    here = [o for o in facts.offers if o.agency == agency and o.tranche in facts.horizon and not o.withdrawn]
    return sum(o.capacity for o in here if _year(facts, o.tranche) == year)
