"""Figures of the academic year beside the shares: notice (M04), preferences and travel (M07), directorates and settings
(M08), preferred and contrasting placements (M09), front-line teams (M10).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from statistics import median
from typing import NamedTuple

from allocator.views.facts import PARTNERS, Facts
from allocator.views.share import Share
from allocator.views.words import RELEASE
from allocator.views.year import Year, main_group
from models.base import natural_key
from models.entities import History, Offer, Request, Team
from models.plan import Match

DAYS_OF_A_WEEK = 7
BOTH, NOT_STATED = "both", "not stated"


class Notice(NamedTuple):
    """M04: weeks from the day a student is told to the start. ``planned``: those who are not told yet.

    Who is not told yet is told on the tranche's release (Calendar), where that is to come, else today. ``not_known``:
    placements that have begun, and nobody noted when the student was told.
    """

    enough: Share
    least: float | None
    middle: float | None
    planned: int
    not_known: int


class Preference(NamedTuple):
    """M07: requests of a programme and university: due, placed, with the first choice, by band, minutes one way."""

    group: str
    university: str
    due: int
    placed: int
    first_choice: Share
    bands: tuple[int, ...]
    minutes: float | None
    over_amber: int
    minutes_not_known: int


class Kind(NamedTuple):
    """Placements of one kind (a setting, a directorate): all, statutory, by partners."""

    kind: str
    placements: int
    statutory: int
    partners: int


class Wishes(NamedTuple):
    """M09: students due a final who prefer some area, by their statutory placements in such an area.

    ``contrasting``: both, in contrast to each other; part of ``both``.
    """

    one: int
    both: int
    contrasting: int
    students: int


class Yearly:
    """The figures of a year.

    Parameters
    ----------
    year
        The academic year of a plan.
    """

    def __init__(self, year: Year) -> None:
        self.year, self.facts = year, year.facts

    def told_on(self, match: Match) -> date | None:
        """The day on which the student of a placement is told, noted or to come; None where it is not known."""
        facts = self.facts
        published = facts.dataset.published_by_request.get(match.request)
        if published is not None and published.student_told_on is not None:
            return published.student_told_on
        today = facts.as_of
        if today is None or match.start is None or match.start < today:
            return None
        release = facts.step_date(facts.request(match), RELEASE)
        return today if release is None else max(release, today)

    def notice(self, placements: list[Match]) -> Notice:
        """M04 of some placements."""
        told = [(m, self.told_on(m)) for m in placements]
        days = [(m.start - day).days for m, day in told if m.start is not None and day is not None]
        weeks = [d / DAYS_OF_A_WEEK for d in days]
        target = self.facts.policy.notice_weeks * DAYS_OF_A_WEEK
        today = self.facts.as_of
        return Notice(
            Share(sum(d >= target for d in days), len(days)),
            min(weeks, default=None),
            median(weeks) if weeks else None,
            sum(day is not None and today is not None and day >= today for _, day in told),
            sum(day is None for _, day in told),
        )

    def preferences(self) -> list[Preference]:
        """M07 by programme and university, those that stand apart last."""
        groups: dict[tuple[str, str], list[Request]] = {}
        for request in self.year.requests:
            key = (self.facts.group(request), self.facts.student(request).university or NOT_STATED)
            groups.setdefault(key, []).append(request)
        order = sorted(groups, key=lambda k: (main_group(k[0]) == k[0], natural_key(k[0]), natural_key(k[1])))
        return [self._preference(*key, groups[key]) for key in order]

    def _preference(self, group: str, university: str, requests: list[Request]) -> Preference:
        facts = self.facts
        placed = [(r, facts.offers[m.offer]) for r in requests if (m := self.year.match(r)) is not None]
        minutes = [facts.minutes(r, o).minutes for r, o in placed]
        known = [m for m in minutes if m is not None]
        bands = Counter(facts.eligibility.band(r.request, o.offer) for r, o in placed)
        choices = [first_choice(facts, r, o) for r, o in placed]
        stated = [r for r in requests if states_a_choice(facts, r)]
        return Preference(
            group,
            university,
            len(requests),
            len(placed),
            Share(sum(c is True for c in choices), len(stated)),
            tuple(bands[n] for n in range(1, facts.eligibility.bands + 1)),
            median(known) if known else None,
            sum(m > facts.policy.travel_amber for m in known),
            len(minutes) - len(known),
        )

    def directorates(self, placements: list[Match]) -> list[Kind]:
        """M08: placements in adults' and in children's services; both; not stated."""
        of_area = of_areas(self.facts)
        return self._kinds(placements, lambda o: directorate_of(self.facts, o, of_area), ("adults", "children", BOTH))

    def settings(self, placements: list[Match]) -> list[Kind]:
        """Placements by setting."""
        return self._kinds(placements, lambda o: o.setting or NOT_STATED, ())

    def _kinds(self, placements: list[Match], kind_of: Callable[[Offer], str], first: tuple[str, ...]) -> list[Kind]:
        facts = self.facts
        groups: dict[str, list[Offer]] = {}
        for match in placements:
            offer = facts.offer(match)
            groups.setdefault(kind_of(offer), []).append(offer)
        order = [*first, *sorted(groups.keys() - {*first, NOT_STATED}, key=natural_key), NOT_STATED]
        return [
            Kind(
                kind,
                len(groups[kind]),
                sum(map(facts.is_statutory, groups[kind])),
                sum(facts.is_partner(o.agency) for o in groups[kind]),
            )
            for kind in order
            if kind in groups
        ]

    def wishes(self, firm: bool = False) -> Wishes:
        """M09, over the students of the main group; ``firm``: placements that wait for something meet no wish yet."""
        counts: Counter[str] = Counter()
        for due in self.year.finals_due:
            student = self.facts.student(due.request)
            if main_group(due.group) == due.group or not student.preferred_areas:
                continue
            counts["students"] += 1
            waits = due.match is not None and self.facts.is_provisional(due.match)
            final = self.facts.offers[due.match.offer] if due.match and not (firm and waits) else None
            first = None if firm and self.year.first_waits(due.request) else self.year.first_of(due.request)
            met = sum(
                row is not None and self.facts.is_statutory(row) and bool({*row.areas} & {*student.preferred_areas})
                for row in (first, final)
            )
            counts["one"] += met == 1
            counts["both"] += met == 2
            counts["contrasting"] += met == 2 and first is not None and final is not None and in_contrast(first, final)
        return Wishes(counts["one"], counts["both"], counts["contrasting"], counts["students"])

    @cached_property
    def front_line(self) -> tuple[Share, list[Team]]:
        """M10: partners' front-line teams that have offered in the year, and those that have not."""
        facts, tranches = self.facts, self.facts.dataset.tranche_by_id
        offering = {
            (o.agency, o.team)
            for o in facts.dataset.offers
            if not o.withdrawn
            and o.capacity > 0
            and facts.policy.academic_year(tranches[o.tranche].first_day) == self.year.year
        }
        teams = [t for t in facts.dataset.teams if t.front_line and facts.is_partner(t.agency)]
        silent = [t for t in teams if (t.agency, t.team) not in offering]
        silent.sort(key=lambda t: (natural_key(facts.agency_name(t.agency)), natural_key(t.team)))
        return Share(len(teams) - len(silent), len(teams)), silent


def states_a_choice(facts: Facts, request: Request) -> bool:
    """Whether a student ranks offers of this request, or areas."""
    return bool(facts.terms.as_ranking(request).ranked_offers or facts.student(request).preferred_areas)


def first_choice(facts: Facts, request: Request, offer: Offer) -> bool | None:
    """Whether a place is the student's first choice, an offer or an area; None where no choice is stated."""
    student = facts.student(request)
    ranked = facts.terms.as_ranking(request).ranked_offers
    if ranked:
        return offer.offer in ranked[0]
    return student.preferred_areas[0] in offer.areas if student.preferred_areas else None


def of_areas(facts: Facts) -> dict[str, str]:
    """The directorate of each area, as Lists says it."""
    return {w.word: w.meaning for w in facts.dataset.words if w.list == "areas" and w.meaning}


def directorate_of(facts: Facts, offer: Offer, of_area: Mapping[str, str]) -> str:
    """Adults, children or both, by the areas of an offer, else by the agency's directorate."""
    found = {of_area[area] for area in offer.areas if area in of_area}
    if len(found) == 1:
        return found.pop()
    if found:
        return BOTH
    agency = facts.dataset.agency_by_id.get(offer.agency)
    return agency.directorate if agency is not None and agency.directorate != BOTH else NOT_STATED


def in_contrast(first: Offer | History, final: Offer) -> bool:
    """Whether two placements contrast by area or setting (what the policy asks of a plan is rule L05's)."""
    new_area = bool(first.areas) and bool({*final.areas} - {*first.areas})
    return new_area or (first.setting is not None and final.setting is not None and first.setting != final.setting)


def silent_partner_count(facts: Facts) -> Share:
    """M10: partners that have answered or offered."""
    partners = [a for a in facts.dataset.agencies if a.membership in PARTNERS]
    offering = {o.agency for o in facts.horizon_offers}
    return Share(sum(a.heard_from is not None or a.agency in offering for a in partners), len(partners))
