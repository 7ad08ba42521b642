"""Who may supervise: listed educators and pools, seen from one offer; slots; currency and absence (SEMANTICS S4)."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple, Self

from allocator.terms.calendar import WorkingCalendar
from models.base import Stage
from models.entities import INDEPENDENT, PARTNERSHIP, Educator, EducatorEntry, Offer, Qualification
from models.plan import Basis

TRAINEES: tuple[Qualification, ...] = ("trainee_1", "trainee_2")


class Slot(NamedTuple):
    """A stage at an offer in a window: what most PE rules look at."""

    offer: Offer
    stage: Stage
    start: date
    end: date


class Candidate(NamedTuple):
    """A listed educator, or a pool (``educator`` None), as seen from one offer."""

    pe: str
    qualification: Qualification
    basis: Basis
    educator: Educator | None
    people: int
    to_be_named: bool

    @property
    def is_trainee(self) -> bool:
        """Whether the qualification is one of a trainee."""
        return self.qualification in TRAINEES

    def on(self, day: date) -> Self:
        """The same with the qualification of a day."""
        if self.educator is None or self.educator.becomes is None:
            return self
        return self._replace(qualification=qualification_on(self.educator, day))


def qualification_on(educator: Educator, day: date) -> Qualification:
    """What a listed educator is on a day; of who qualifies nobody knows when: what that makes them (S4.10)."""
    if educator.becomes is None or (educator.qualifies_on is not None and day < educator.qualifies_on):
        return educator.qualification
    return educator.becomes


def known_qualification_on(educator: Educator, day: date) -> Qualification:
    """What a listed educator is on a day, as far as anybody knows: for figures."""
    return educator.qualification if educator.qualifies_on is None else qualification_on(educator, day)


def is_trainee_on(educator: Educator, day: date) -> bool:
    """Whether a listed educator is a trainee on a day."""
    return qualification_on(educator, day) in TRAINEES


def listed_candidate(educator: Educator, offer: Offer) -> Candidate:
    """A listed educator as their row says, whatever the day; ``people`` is what their load holds of whole students."""
    whole = int(educator.load)
    return Candidate(educator.pe, educator.qualification, basis_of(educator, offer), educator, whole, False)


def pool_candidate(entry: EducatorEntry, offer: Offer, people: int) -> Candidate:
    """A pool of the offer; ``people`` is how many students it takes at once."""
    return Candidate(
        entry.pool_id(offer.offer), entry.qualification or "PEPS2", "in_team", None, people, entry.kind == "tbc"
    )


def basis_of(educator: Educator, offer: Offer) -> Basis:
    """In the team, elsewhere, practice consultant or independent (S4.4)."""
    if educator.employed_by == PARTNERSHIP:
        return "practice_consultant"
    if educator.employed_by == INDEPENDENT:
        return "independent"
    return "in_team" if (educator.employed_by, educator.team) == (offer.agency, offer.team) else "elsewhere"


def is_current(educator: Educator, day: date, months: int) -> bool:
    """Current by refresher, last student or qualifying; trainees need not be, both dates blank counts so (S4.6)."""
    if is_trainee_on(educator, day):
        return True
    if educator.current_until is None and educator.last_student is None:
        return True
    by_refresher = educator.current_until is not None and educator.current_until >= day
    by_student = educator.last_student is not None and add_months(educator.last_student, months) >= day
    return by_refresher or by_student or qualified_within(educator, day, months)


def qualified_within(educator: Educator, day: date, months: int) -> bool:
    """Whether an educator qualified on a day or in so many months before it, or may have."""
    if educator.becomes is not None and educator.qualifies_on is None:
        return True
    return educator.qualifies_on is not None and educator.qualifies_on <= day <= add_months(
        educator.qualifies_on, months
    )


def add_months(day: date, months: int) -> date:
    """The same day of a later month, clipped to the month's end."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_away(educator: Educator, start: date, end: date, calendar: WorkingCalendar) -> bool:
    """Away on a working day of the window, or not there yet, or gone before its end (S4.5)."""
    if educator.available_from is not None and educator.available_from > start:
        return True
    if educator.leaves_on is not None and educator.leaves_on < end:
        return True
    if educator.withdrawn_from is not None and educator.withdrawn_from <= end:
        return True
    if educator.absent_from is None and educator.absent_to is None:
        return False
    first = max(start, educator.absent_from or start)
    last = min(end, educator.absent_to or end)
    return calendar.any_working_day(first, last)
