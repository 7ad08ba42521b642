"""Each agency's account of an academic year (rule L08): asked, range, offered, other programmes, used, unused, gap."""

from collections import defaultdict
from collections.abc import Container, Sequence
from decimal import Decimal
from typing import NamedTuple

from allocator.terms.fair_share import FairShare, Share
from allocator.views.facts import Facts
from allocator.views.year import year_shown
from models.base import natural_key
from models.entities import Offer
from models.plan import Match


class Account(NamedTuple):
    """One agency's account of a year, in placements. ``asked`` None: no weight, so nothing is asked.

    ``floor`` and ``ceiling`` are None in a year in which no tranche is being decided: it is shown, and no aim yet.
    ``before`` are the placements that the agency has whatever the plan does; they are offered, used and counted.
    ``counted`` are those used that count against the range. ``gap`` is what it was asked for and did not offer;
    ``allowance`` is half of what other programmes take.
    """

    agency: str
    year: int
    asked: int | None
    floor: int | None
    ceiling: int | None
    allowance: int
    other_programmes: Decimal | int
    offered: int
    used: int
    before: int
    counted: int
    firm: int
    gap: int | None

    @property
    def unused(self) -> int:
        """Places offered that nobody uses."""
        return max(0, self.offered - self.used)

    @property
    def standing(self) -> str:
        """The agency against its range, in words."""
        if self.floor is None or self.ceiling is None:
            return "no range" if self.asked is None else "no aim yet"
        if self.counted < self.floor:
            return f"{self.floor - self.counted} below its range"
        return f"{self.counted - self.ceiling} above its range" if self.counted > self.ceiling else "in its range"


def accounts(facts: Facts, year: int | None = None) -> dict[str, Account]:
    """The account of every agency that is listed or offers a place.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    year
        The academic year; None: that of the figures.

    Returns
    -------
    dict
        Accounts by agency, sorted by name.
    """
    if year is None:
        year = year_shown(facts)
    if year is None:
        year = facts.policy.academic_year(facts.terms.as_of)
    fair = FairShare(facts.terms)
    shares = {share.agency: share for share in fair.of_year(year)} if facts.policy.on("L08") else {}
    agencies = {a.agency for a in facts.dataset.agencies} | {o.agency for o in facts.horizon_offers}
    names = sorted(agencies, key=lambda a: (facts.agency_name(a).casefold(), natural_key(a)))
    matches, offers = defaultdict[str, list[Match]](list), defaultdict[str, list[Offer]](list)
    for match in facts.matches:
        matches[facts.offer(match).agency].append(match)
    for offer in facts.dataset.offers:
        offers[offer.agency].append(offer)
    published = {p.request for p in facts.dataset.published if p.offer in facts.offers}
    return {
        agency: _account(facts, fair, year, agency, shares.get(agency), matches[agency], offers[agency], published)
        for agency in names
    }


def years_of_accounts(facts: Facts) -> list[int]:
    """The academic years in which tranches that are not past begin; where all are, that of today."""
    years = {facts.policy.academic_year(t.first_day) for t in facts.horizon_tranches}
    return sorted(years) or [facts.policy.academic_year(facts.terms.as_of)]


def _account(
    facts: Facts, fair: FairShare, year: int, agency: str, share: Share | None, there: Sequence[Match],
    offers: Sequence[Offer], published: Container[str],
) -> Account:  # fmt: skip
    """The account of an agency from the matches and the offers there."""
    rounds = {t.tranche for t in fair.rounds(year)}
    is_aim = any(t.tranche in rounds for t in facts.deciding)
    matches = [m for m in there if facts.request(m).tranche in rounds]
    before = fair.before(agency, year)
    places = sum(o.capacity for o in offers if o.tranche in rounds and not o.withdrawn)
    offered = places + sum(name not in published for name in before)  # what an employer gave is on no offer
    taken = fair.taken(agency, year)
    return Account(
        agency=agency,
        year=year,
        asked=share.quota if share else None,
        floor=share.floor if share and is_aim else None,
        ceiling=share.ceiling if share and is_aim else None,
        allowance=int(taken / 2),
        other_programmes=taken,
        offered=offered,
        used=len(matches) + len(before),
        before=len(before),
        counted=sum(fair.year_of(facts.request(m)) == year for m in matches) + len(before),
        firm=sum(not facts.is_provisional(m) for m in matches) + len(before),
        gap=max(0, share.quota - offered) if share else None,
    )
