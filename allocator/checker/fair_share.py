"""Fair-share ranges of the agencies (rules catalogue, L08; SEMANTICS S5.8), in exact arithmetic."""

from collections import Counter, defaultdict
from fractions import Fraction
from typing import NamedTuple

from allocator.checker.facts import Facts
from models.base import natural_key
from models.entities import Commitment, Request, Tranche


class Account(NamedTuple):
    """An agency in an academic year."""

    agency: str
    year: int


class Range(NamedTuple):
    """Placements that an agency is to have in a year: at least ``floor``, at most ``ceiling``.

    ``outside``: those of them that are no matches of the plan, by request; None where its row is not listed.
    """

    floor: int
    ceiling: int
    outside: tuple[tuple[str, Request | None], ...] = ()


def is_shared(facts: Facts, request: Request) -> bool:
    """Whether a request counts at all: not that of an apprentice of an employer who is no partner."""
    student = facts.dataset.student_by_id.get(request.student)
    return student is not None and (student.scheme != "apprentice" or facts.is_partner(student.employer_agency or ""))


def year_of(facts: Facts, request: Request) -> int:
    """The academic year of a request, by the first day of its tranche."""
    return facts.policy.academic_year(facts.dataset.tranche_by_id[request.tranche].first_day)


def counts_in(facts: Facts, request: Request, year: int) -> bool:
    """Whether a request counts in the account of a year."""
    return is_shared(facts, request) and year_of(facts, request) == year


def _outside_the_plan(facts: Facts) -> dict[str, tuple[int, str | None, Request | None]]:
    """Placements that are no matches: year, agency (None: not known) and request, by the request's id."""
    dataset = facts.dataset
    found: dict[str, tuple[int, str | None, Request | None]] = {}
    for request in dataset.requests:
        student = dataset.student_by_id.get(request.student)
        if request.found_by == "employer" and student is not None and not student.withdrawn:
            found[request.request] = (year_of(facts, request), _host(facts, request), request)
    for row, listed, offer, _ in facts.before:
        name = listed.tranche if listed is not None else offer.tranche if offer is not None else ""
        tranche = dataset.tranche_by_id.get(name)
        if tranche is not None:
            year, agency = facts.policy.academic_year(tranche.first_day), offer.agency if offer is not None else None
            found[row.request] = (year, agency, listed)
    return {name: f for name, f in found.items() if f[2] is None or is_shared(facts, f[2])}


def _host(facts: Facts, request: Request) -> str | None:
    """Who hosts what an employer found: the published place; else the one agency of the lock; else the employer."""
    row = facts.dataset.published_by_request.get(request.request)
    if row is not None and row.standing != "freed" and row.offer in facts.dataset.offer_by_id:
        return facts.dataset.offer_by_id[row.offer].agency
    if len(request.locked_agencies) == 1:
        return request.locked_agencies[0]
    return None if request.locked_agencies else facts.student(request).employer_agency


def requests_to_share(facts: Facts, year: int) -> int:
    """D: a year's requests: live, found by employers, and placements that have been."""
    live = sum(counts_in(facts, r, year) for r in facts.live.values())
    return live + sum(of_year == year for of_year, _, _ in _outside_the_plan(facts).values())


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


def _meets(commitment: Commitment, tranches: list[Tranche]) -> bool:
    """Whether a commitment takes a day from the first day of some tranches to their latest end."""
    since, until = commitment.first_day, commitment.last_day
    if since is not None and until is not None and until < since:
        return False  # no day at all
    ends = [t.last_end for t in tranches]
    last = None if None in ends else max(e for e in ends if e is not None)
    starts_in_time = since is None or last is None or since <= last
    return starts_in_time and (until is None or until >= min(t.first_day for t in tranches))


def ranges(facts: Facts) -> dict[Account, Range]:
    """Range of every primary or secondary agency with social workers, of every year of a tranche being decided."""
    weights = {
        a.agency: Fraction(a.social_workers_fte)
        for a in facts.dataset.agencies
        if a.social_workers_fte is not None and a.social_workers_fte > 0 and facts.is_partner(a.agency)
    }
    if not facts.policy.on("L08") or not weights:
        return {}
    by_year: defaultdict[int, list[Tranche]] = defaultdict(list)
    for tranche in facts.dataset.tranches:
        by_year[facts.policy.academic_year(tranche.first_day)].append(tranche)
    found: dict[Account, Range] = {}
    for year, tranches in sorted(by_year.items()):
        if any(t.status == "deciding" for t in tranches):
            found |= _ranges_of_year(facts, year, tranches, weights)
    return found


def _ranges_of_year(
    facts: Facts, year: int, tranches: list[Tranche], weights: dict[str, Fraction]
) -> dict[Account, Range]:
    # floor(percent x D / 100 + 1/2), in whole numbers.
    total = (2 * facts.policy.partner_share_percent * requests_to_share(facts, year) + 100) // 200
    ahead = {t.tranche for t in tranches if t.status != "past"}
    offered: Counter[str] = Counter()
    for offer in facts.dataset.offers:
        if offer.tranche in ahead and not offer.withdrawn:
            offered[offer.agency] += offer.capacity
    outside: defaultdict[str, list[tuple[str, Request | None]]] = defaultdict(list)
    for name, (of_year, agency, request) in _outside_the_plan(facts).items():
        if of_year == year and agency is not None:
            outside[agency].append((name, request))
    found: dict[Account, Range] = {}
    for agency, quota in quotas(total, weights).items():
        commitments = facts.agency_commitments.get(agency, ())
        allowance = int(sum(c.number for c in commitments if _meets(c, tranches)) / 2)
        tolerance = max(1, facts.policy.fair_share_tolerance_percent * quota // 100)
        floor = max(0, min(quota - tolerance - allowance, offered[agency] + len(outside[agency])))
        found[Account(agency, year)] = Range(floor, quota + tolerance, tuple(outside[agency]))
    return found
