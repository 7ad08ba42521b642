"""The chase list: who owes what by when, from matches that wait, what is published, agencies, trainees, the Calendar.

Nothing stands in it that no sheet says: where a step has no date, nothing is due; where nobody noted who was at a
meeting, nobody was absent.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from allocator.reading.sheets_record import CALENDAR_OWNERS
from allocator.views.actions import TEAM, Action, as_noted, next_action, waits
from allocator.views.counts import silent
from allocator.views.facts import Facts, day, day_of_plan
from allocator.views.pipeline import Pipeline, Trainee
from allocator.views.published import published_of
from allocator.views.table import CellValue, Column, Table
from allocator.views.words import (
    ASK,
    CALENDAR_STEP,
    MEETING,
    MEETINGS_BY,
    OFFERS_DUE,
    RELEASE,
    STAGES,
    counted,
    listed,
)
from models.base import natural_key
from models.entities import Agency, CalendarEntry, Offer, Published, Request
from models.plan import Match, ProvisionalCode, Waiting
from models.statuses import PROPOSALS

About = Literal["request", "offer", "agency", "PE"]
NO_DATE = "no date"
_OF_OFFER = (ProvisionalCode.FORECAST, ProvisionalCode.STATUTORY)
_OF_EDUCATOR = (
    ProvisionalCode.QUALIFYING, ProvisionalCode.CURRENCY, ProvisionalCode.REGISTRATION, ProvisionalCode.ASSESSOR,
)  # fmt: skip
"""What is asked once of an offer or a PE, however many matches wait for it."""


class Owed(NamedTuple):
    """Something that somebody owes.

    ``which``: the request, offer, agency (by name) or PE that it is about; ``requests``: whose matches wait for it;
    ``where``: the agency and team that it is about. ``since``: the day from which the data know that it is open.
    ``step``: of the Calendar, by which it is to be done; blank where it has none.
    """

    what: str
    about: About
    which: str
    owner: str
    due: date | None = None
    since: date | None = None
    where: str = ""
    tranche: str = ""
    step: str = ""
    requests: tuple[str, ...] = ()

    def days_overdue(self, today: date | None) -> int | None:
        """Days since it was due; None where it is not overdue."""
        late = (today - self.due).days if today and self.due else 0
        return late if late > 0 else None


def owed(facts: Facts) -> list[Owed]:
    """What somebody owes: overdue first, then by the day on which it is due, last what has no date.

    Parameters
    ----------
    facts
        Dataset, policy and plan.

    Returns
    -------
    list of Owed
        A row for each thing. Students are told on the day of the release, not by it, and a later tranche has time: of
        both there is only what is due.
    """
    today, later = facts.as_of or date.min, {t.tranche for t in facts.horizon_tranches if t.status == "later"}

    def in_time(row: Owed) -> bool:
        waits_for_its_day = row.step == RELEASE or row.tranche in later
        return not waits_for_its_day or (row.due is not None and row.due <= today)

    return [row for row in open_things(facts) if in_time(row)]


def open_things(facts: Facts) -> list[Owed]:
    """Everything that is open, also what is not to be done before its day; in the order of :func:`owed`."""
    rows = [row for match in facts.matches for row in _of_match(facts, match)]
    rows += [row for request in facts.unplaced for row in _of_unplaced(facts, request)]
    rows += [row for agency in silent(facts) for row in _of_silent(facts, agency)]
    rows += _absent(facts)
    rows += [_of_trainee(facts, t) for t in Pipeline(facts).trainees() if t.in_time is False]
    return sorted(_once(rows), key=_order)


def _order(row: Owed) -> tuple[object, ...]:
    return row.due or date.max, row.due is None, row.owner.casefold(), row.about, natural_key(row.which), row.what


def _once(rows: list[Owed]) -> list[Owed]:
    """What is asked of an offer or a PE for several matches stands in one row."""
    found: dict[Owed, list[str]] = {}
    for row in rows:
        found.setdefault(row._replace(requests=()), []).extend(row.requests)
    return [row._replace(requests=tuple(requests)) for row, requests in found.items()]


# ---- matches ---------------------------------------------------------------------------------------------------
def _of_match(facts: Facts, match: Match) -> list[Owed]:
    """What a match waits for, then what is to be done since it is published.

    The owner and the date that the team set (Published) are those of the next step, whatever it is.
    """
    rows = [_of_waiting(facts, match, waiting, action) for waiting, action in waits(facts, match)]
    published = published_of(facts, match)
    if published is not None:
        rows += _meeting(facts, match, published)
        if not rows and (published.owner or published.due):
            rows = [_about(facts, match, "next step, as noted on Published", Action("", TEAM))]
    if rows:
        noted = as_noted(facts, facts.request(match), Action(rows[0].what, rows[0].owner, rows[0].due))
        rows[0] = rows[0]._replace(owner=noted.owner, due=noted.due)
    return [*rows, *(_to_tell(facts, match, published) if published else ())]


def _where(facts: Facts, offer: Offer) -> str:
    return f"{facts.agency_name(offer.agency)}, {offer.team}"


def _about(facts: Facts, match: Match, what: str, action: Action, step: str = "") -> Owed:
    """Something that is open about a match's request."""
    request = facts.request(match)
    where = _where(facts, facts.offer(match))
    return Owed(
        what, "request", request.request, action.owner, action.due, where=where, tranche=request.tranche, step=step
    )


def _of_waiting(facts: Facts, match: Match, waiting: Waiting, action: Action) -> Owed:
    row = _about(facts, match, action.what, action, CALENDAR_STEP.get(waiting.code, "").casefold())
    offer = facts.offers.get(waiting.detail or "")
    if waiting.code in _OF_OFFER and offer is not None:
        where = _where(facts, offer)
        return row._replace(
            about="offer", which=offer.offer, where=where, since=offer.received_on, requests=(match.request,)
        )
    educator = facts.educator(match)
    if waiting.code in _OF_EDUCATOR and educator is not None:
        where = facts.agency_name(educator.employed_by)
        return row._replace(about="PE", which=educator.pe, where=where, requests=(match.request,))
    return row


def _step_owner(facts: Facts, step: str, entry: CalendarEntry | None, agency: str) -> str:
    """Who has a step: as the Calendar says it, where it is the agency by name."""
    owner = entry.owner if entry and entry.owner else CALENDAR_OWNERS.get(step, TEAM)
    return facts.agency_name(agency) if owner == "agency" else owner


def _meeting(facts: Facts, match: Match, published: Published) -> Iterator[Owed]:
    """A pre-placement meeting that is not booked, or that has passed and nobody noted what came of it."""
    entry, today = facts.step(facts.request(match).tranche, MEETINGS_BY), facts.as_of
    owner = _step_owner(facts, MEETINGS_BY, entry, facts.offer(match).agency)
    booked, by = published.meeting_on, entry.date if entry else None
    if published.status not in (*PROPOSALS, "meeting_booked"):
        return
    if booked is not None:
        if today is not None and booked < today:
            what = "note what came of the pre-placement meeting"
            yield _about(facts, match, what, Action(what, owner, booked), MEETINGS_BY)._replace(since=booked)
    elif by is not None:
        met = published.status == "meeting_booked"
        what = "note what came of the pre-placement meeting" if met else "book the pre-placement meeting"
        yield _about(facts, match, what, Action(what, owner, by), MEETINGS_BY)


def _to_tell(facts: Facts, match: Match, published: Published) -> Iterator[Owed]:
    """A student who is not told yet, where the Calendar has a day on which students are told."""
    entry = facts.step(facts.request(match).tranche, RELEASE)
    if entry is not None and published.student_told_on is None and published.status != "started":
        what, owner = "tell the student", _step_owner(facts, RELEASE, entry, facts.offer(match).agency)
        yield _about(facts, match, what, Action(what, owner, entry.date), RELEASE)


# ---- requests without a match, agencies, trainees --------------------------------------------------------------
def _of_unplaced(facts: Facts, request: Request) -> Iterator[Owed]:
    action = next_action(facts, request)
    since = facts.student(request).waiting_since
    yield Owed(
        action.what, "request", request.request, action.owner, action.due, since, tranche=request.tranche
    )  # fmt: skip


def _of_silent(facts: Facts, agency: Agency) -> Iterator[Owed]:
    """A partner who has neither answered nor offered: it owes an answer, or the team has still to ask."""
    asked = agency.asked_on is not None
    step, what = (OFFERS_DUE, "say what it offers") if asked else (ASK, "ask for offers")
    name = facts.agency_name(agency.agency)
    entries = [(t.tranche, facts.step(t.tranche, step)) for t in facts.deciding]
    for tranche, entry in [e for e in entries if e[1]] or entries[:1]:
        owner = _step_owner(facts, step, entry, agency.agency)
        due = entry.date if entry else None
        yield Owed(what, "agency", name, owner, due, agency.asked_on, tranche=tranche, step=step)


def _absent(facts: Facts) -> Iterator[Owed]:
    """Partners who were not at an allocation meeting of which somebody noted who was there."""
    for tranche in facts.deciding:
        held = facts.step(tranche.tranche, MEETING)
        agencies = facts.dataset.agencies
        if held is None or not any(held.date in a.attended for a in agencies):
            continue
        what = f"speak with it: it was not at the allocation meeting of {day(held.date)}"
        for a in agencies:
            if a.membership != "outside" and held.date not in a.attended:
                name = facts.agency_name(a.agency)
                yield Owed(what, "agency", name, TEAM, since=held.date, tranche=tranche.tranche)


def _of_trainee(facts: Facts, trainee: Trainee) -> Owed:
    educator = trainee.educator
    what = f"find a student who starts in time ({STAGES[educator.qualification]})"
    where = facts.agency_name(educator.employed_by)
    return Owed(what, "PE", educator.pe, TEAM, educator.needs_student_by, where=where)


# ---- the sheet -------------------------------------------------------------------------------------------------
def standing(today: date | None, due: date | None) -> str:
    """A day against today: ``overdue by 3 days``, ``today``, ``in 5 days``; blank where today is not known."""
    if due is None:
        return NO_DATE
    if today is None:
        return ""
    days = (due - today).days
    return "today" if days == 0 else f"in {counted(days, 'day')}" if days > 0 else f"overdue by {counted(-days, 'day')}"


def chase_table(facts: Facts, names: Mapping[str, str]) -> Table:
    """The sheet Chase list.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    names
        Names by id, for the team's own workbook alone; empty for none.
    """
    rows, today = owed(facts), facts.as_of
    late = sum(row.days_overdue(today) is not None for row in rows)
    columns = (
        Column("State", 18),
        Column("Owner", 24),
        Column("What", 46),
        Column("About", 9, "centred"),
        Column("Which", 18),
        *((Column("Name", 18),) if names else ()),
        Column("Where", 32),
        Column("Requests that wait", 20),
        Column("Due", 12, "date"),
        Column("Days overdue", 9, "whole"),
        Column("Open since", 12, "date"),
        Column("Tranche", 12, "centred"),
    )
    return Table(
        title="Chase list",
        note=(
            "Who owes what by when: overdue first, last what has no date. "
            f"{len(rows)} open, {late} overdue on {day_of_plan(facts)}. "
            "Dates are those of the sheets Calendar and Published."
        ),
        columns=columns,
        rows=[_row(facts, row, names) for row in rows],
        keys=2,
        paper="A3",
        tone_column="State",
        tones=(("overdue", "bad"), ("today", "warn"), (NO_DATE, "quiet")),
        empty="Nobody owes anything that the data know of.",
    )


def _row(facts: Facts, row: Owed, names: Mapping[str, str]) -> list[CellValue]:
    request = facts.dataset.request_by_id.get(row.which) if row.about == "request" else None
    person = request.student if request else row.which if row.about == "PE" else ""
    return [
        standing(facts.as_of, row.due),
        row.owner,
        row.what,
        row.about,
        row.which,
        *((names.get(person, ""),) if names else ()),
        row.where,
        listed(row.requests),
        row.due,
        row.days_overdue(facts.as_of),
        row.since,
        row.tranche,
    ]
