"""The academic year that the figures are about: its placements, and the students who are due a final in it."""

from functools import cached_property
from typing import NamedTuple

from allocator.views.facts import APART, Facts
from models.entities import History, Offer, Request
from models.plan import Match
from models.statuses import FACTS

MAIN = "BA, MSW and others"
"""The group of every programme that does not stand apart."""


class Due(NamedTuple):
    """A student who is due a final in the year, placed or not. ``match``: of the latest attempt."""

    request: Request
    group: str
    match: Match | None


def year_shown(facts: Facts) -> int | None:
    """The academic year that the figures are about: that of the first tranche being decided."""
    tranches = facts.deciding or facts.horizon_tranches
    return facts.policy.academic_year(tranches[0].first_day) if tranches else None


def year_words(year: int | None) -> str:
    """``2025-26``."""
    return "" if year is None else f"{year}-{(year + 1) % 100:02d}"


def main_group(group: str) -> str:
    """The group under which figures count a programme: itself where it stands apart, else with all others."""
    return group if group in APART else MAIN


class Year:
    """The academic year of a plan.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.year = year_shown(facts)

    @property
    def words(self) -> str:
        """``2025-26``."""
        return year_words(self.year)

    @cached_property
    def over(self) -> dict[str, Match]:
        """Published matches that are over and have been, by request, where the plan has none for it."""
        facts = self.facts
        return {
            p.request: Match(request=p.request, offer=p.offer, pe=p.pe, start=p.start, end=p.end, kept=True)
            for p in facts.dataset.published
            if p.standing == "over"
            and p.status in FACTS
            and p.request in facts.dataset.request_by_id
            and p.request not in facts.match_of
            and p.offer in facts.offers
        }

    @cached_property
    def placements(self) -> list[Match]:
        """The plan's matches that start in the year, and published ones of the year that are over."""
        policy = self.facts.policy
        rows = [*self.facts.matches, *(m for m in self.over.values() if m.start is not None)]
        return [m for m in rows if m.start is None or policy.academic_year(m.start) == self.year]

    def placements_of(self, group: str) -> list[Match]:
        """The placements of one group of programmes (:data:`MAIN`, or one that stands apart)."""
        return [m for m in self.placements if main_group(self.facts.group(self.facts.request(m))) == group]

    @cached_property
    def requests(self) -> list[Request]:
        """What the year asks for, by start of tranche: all requests of students who have not withdrawn."""
        facts = self.facts
        tranches = facts.dataset.tranche_by_id
        return [
            r
            for r in facts.dataset.requests
            if not facts.student(r).withdrawn and facts.policy.academic_year(tranches[r.tranche].first_day) == self.year
        ]

    @cached_property
    def finals_due(self) -> list[Due]:
        """Students due a final in the year, once each, whether placed or not; of several attempts the latest."""
        latest: dict[str, Request] = {}
        for request in self.requests:
            known = latest.get(request.student)
            if request.stage == "final" and (known is None or known.attempt < request.attempt):
                latest[request.student] = request
        return [Due(r, self.facts.group(r), self.match(r)) for r in latest.values()]

    def match(self, request: Request) -> Match | None:
        """Where a request is, or was, placed; None where it is not."""
        match = self.facts.match_of.get(request.request) or self.over.get(request.request)
        return match if match is not None and match.offer in self.facts.offers else None

    def first_of(self, final: Request) -> Offer | History | None:
        """The first placement of a final: this plan's, a published one that is over, or the latest that passed."""
        facts = self.facts
        if final.request in facts.live_ids:
            found = facts.first_of(final)
            if found is not None:
                return found
        firsts = [r for r in self._firsts.get(final.student, ()) if self.match(r) is not None]
        if firsts:
            match = self.match(max(firsts, key=lambda r: r.attempt))
            return facts.offers[match.offer] if match else None
        return facts.terms.recorded_first(final.student)

    def first_waits(self, final: Request) -> bool:
        """Whether the first placement of a final is this plan's, and provisional."""
        facts = self.facts
        first = facts.eligibility.first_of_final(final.request) if final.request in facts.live_ids else None
        match = facts.match_of.get(first.request) if isinstance(first, Request) else None
        return match is not None and facts.is_provisional(match)

    @cached_property
    def _firsts(self) -> dict[str, list[Request]]:
        found: dict[str, list[Request]] = {}
        for request in self.facts.dataset.requests:
            if request.stage == "first":
                found.setdefault(request.student, []).append(request)
        return found
