"""The fair share of partners in an academic year: what each is asked for, its range, what it has already (S5.8)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from allocator.terms.been import Been, placements_before
from allocator.terms.view import Terms
from models.base import natural_key
from models.entities import Agency, Commitment, Offer, Request, Tranche


class Share(NamedTuple):
    """What an agency is asked for in an academic year, and its range, in placements.

    ``before``: those that it has whatever the plan does.
    """

    agency: str
    year: int
    quota: int
    floor: int
    ceiling: int
    before: tuple[str, ...]


class FairShare:
    """The year's account of every partner with a weight.

    Parameters
    ----------
    terms
        Dataset, policy, who is live.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms, self._dataset, self._policy = terms, terms.dataset, terms.policy
        self._live = terms.horizon.live_by_id

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """The shares that bind or are aimed at: of the years in which a tranche being decided starts."""
        if not self._policy.on("L08"):
            return ()
        years = {self._year(t) for t in self._dataset.tranches if t.status == "deciding"}
        return tuple(share for year in sorted(years) for share in self.of_year(year))

    def year_of(self, request: Request) -> int | None:
        """The academic year that a live request counts in; None: in none, as an apprentice of an outside employer."""
        return self._year(self._dataset.tranche_by_id[request.tranche]) if self._counts(request) else None

    def _year(self, tranche: Tranche) -> int:
        return self._policy.academic_year(tranche.first_day)

    def _counts(self, request: Request | None) -> bool:
        student = None if request is None else self._terms.student(request)
        if student is None or student.scheme != "apprentice":
            return True
        employer = self._dataset.agency_by_id.get(student.employer_agency or "")
        return employer is not None and employer.membership != "outside"

    def of_year(self, year: int) -> Iterable[Share]:
        """Quota and range of every partner in a year: largest remainder, tolerance, allowance, what is in reach."""
        ahead = {t.tranche for t in self.rounds(year) if t.status != "past"}
        for agency, quota in _largest_remainder(self._partners, self._partners_part(year)).items():
            tolerance = max(1, self._policy.fair_share_tolerance_percent * quota // 100)
            before = self.before(agency, year)
            reach = len(before) + sum(_places(o) for o in self._offers[agency] if o.tranche in ahead)
            floor = max(0, min(quota - tolerance - int(self.taken(agency, year) / 2), reach))
            yield Share(agency, year, quota, floor, quota + tolerance, before)

    def rounds(self, year: int) -> list[Tranche]:
        """The tranches that begin in a year."""
        return [t for t in self._dataset.tranches if self._year(t) == year]

    def demand(self, year: int) -> int:
        """D: requests of a year: live, found by employers, and those of placements that have been."""
        live = sum(self.year_of(r) == year for r in self._live.values())
        return live + sum(in_year == year for in_year, _, _ in self._before)

    def before(self, agency: str, year: int) -> tuple[str, ...]:
        """Requests whose placements an agency has whatever the plan does."""
        return tuple(self._before_at[agency, year])

    def without_host(self) -> tuple[str, ...]:
        """Requests whose placements are shared out and that no agency has credit for: nobody has said where."""
        years = {share.year for share in self.shares}
        return tuple(request for year, agency, request in self._before if agency is None and year in years)

    def taken(self, agency: str, year: int) -> Decimal:
        """What other programmes take at an agency and its teams while the year's tranches run."""
        rounds = self.rounds(year)
        met = (c.number for c in self._dataset.commitments if c.agency == agency and _meets(c, rounds))
        return sum(met, Decimal(0))

    def _partners_part(self, year: int) -> int:
        return (2 * self._policy.partner_share_percent * self.demand(year) + 100) // 200

    @cached_property
    def _partners(self) -> list[Agency]:
        members = [a for a in self._dataset.agencies if a.membership != "outside"]
        return [a for a in members if a.social_workers_fte is not None and a.social_workers_fte > 0]

    @cached_property
    def _before_at(self) -> defaultdict[tuple[str, int], list[str]]:
        found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for year, agency, request in self._before:
            if agency is not None:
                found[agency, year].append(request)
        return found

    @cached_property
    def _offers(self) -> defaultdict[str, list[Offer]]:
        found: defaultdict[str, list[Offer]] = defaultdict(list)
        for offer in self._dataset.offers:
            found[offer.agency].append(offer)
        return found

    @cached_property
    def _before(self) -> list[tuple[int, str | None, str]]:
        """Placements outside the plan that count: year, agency (None: nobody has said which), request."""
        found: dict[str, tuple[int, str | None, str]] = {}
        for been in placements_before(self._terms):
            tranche = self._round(been)
            if tranche is not None and self._counts(been.request):
                agency = been.offer.agency if been.offer else None
                found[been.row.request] = (self._year(tranche), agency, been.row.request)
        for request in self._dataset.requests:
            if request.found_by == "employer" and not self._terms.student(request).withdrawn and self._counts(request):
                year = self._year(self._dataset.tranche_by_id[request.tranche])
                found.setdefault(request.request, (year, self._host(request), request.request))
        return list(found.values())

    def _round(self, been: Been) -> Tranche | None:
        name = been.request.tranche if been.request else been.offer.tranche if been.offer else None
        return self._dataset.tranche_by_id.get(name or "")

    def _host(self, request: Request) -> str | None:
        """Where an employer's own placement is: as published, else where it is locked to, else with the employer."""
        row = self._dataset.published_by_request.get(request.request)
        offer = self._dataset.offer_by_id.get(row.offer) if row is not None and row.standing != "freed" else None
        if offer is not None:
            return offer.agency
        if request.locked_agencies:
            return request.locked_agencies[0] if len(request.locked_agencies) == 1 else None
        return self._terms.student(request).employer_agency


def _places(offer: Offer) -> int:
    return 0 if offer.withdrawn else offer.capacity


def _meets(commitment: Commitment, rounds: Sequence[Tranche]) -> bool:
    """Whether a commitment takes a day between the beginning and the end of some rounds; from after to: none."""
    since, until = commitment.first_day or date.min, commitment.last_day or date.max
    first = min((t.first_day for t in rounds), default=date.max)
    last = max((t.last_end or date.max for t in rounds), default=date.min)
    return since <= until and since <= last and until >= first


def _largest_remainder(partners: Sequence[Agency], total: int) -> dict[str, int]:
    if not partners:
        return {}
    weights = {a.agency: Fraction(a.social_workers_fte or 0) for a in partners}
    whole = sum(weights.values())
    exact = {a: total * w / whole for a, w in weights.items()}
    quotas = {a: int(x) for a, x in exact.items()}
    order = sorted(exact, key=lambda a: (quotas[a] - exact[a], -weights[a], natural_key(a)))
    for agency in order[: total - sum(quotas.values())]:
        quotas[agency] += 1
    return quotas
