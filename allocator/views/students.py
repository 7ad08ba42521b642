"""The sheet Students: every request with its match, in the order in which a meeting goes through them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from allocator.views.actions import Action, next_action
from allocator.views.compared import short_change
from allocator.views.facts import Facts, Result
from allocator.views.published import published_of
from allocator.views.spokes import have_spokes, spoke_words
from allocator.views.table import CellValue, Column, Table, Tone
from allocator.views.words import BASES, STATUTORY, SUPERVISORS, educator_name, educator_stage, listed
from models.base import natural_key
from models.comparison import RequestChange
from models.entities import History, Offer, Published, Request, Student
from models.plan import Match

STUDENTS_SHEET, EARLIER_SHEET = "Students", "Earlier notes"
REQUEST_COLUMN, NOTES_COLUMN = "Request", "Notes"
"""Sheets and headings under which notes are kept from run to run."""
MINUTES_COLUMN = "Minutes one way"
SPOKES_COLUMN = "Spokes"
"""There only where a student is in several teams."""
RESULT_TONES: tuple[tuple[str, Tone], ...] = (
    ("provisional", "warn"),
    ("not placed", "bad"),
    ("set aside", "bad"),
    ("found by employer", "quiet"),
    ("ended", "quiet"),
    ("later", "quiet"),
    ("withdrawn", "quiet"),
)
ORDER: tuple[Result, ...] = (
    "firm", "provisional", "not placed", "set aside", "later", "found by employer", "ended", "withdrawn",
)  # fmt: skip
"""Within a tranche: who has a place, who has one if something comes, who has none; then those who need none."""


class Kept(NamedTuple):
    """What the sheet shows beside the plan: changes by request id and what they are against, notes, names by id."""

    changed: Mapping[str, RequestChange]
    compared_with: str | None
    notes: Mapping[str, str]
    names: Mapping[str, str]


class _Row(NamedTuple):
    """One request, with what its cells are made of."""

    facts: Facts
    kept: Kept
    request: Request
    student: Student
    match: Match | None
    offer: Offer | None
    action: Action
    published: Published | None


_Cell = Callable[[_Row], CellValue]
_Field = tuple[Column, _Cell]


def students_table(facts: Facts, kept: Kept) -> Table:
    """The Students sheet: a row for every request of the horizon, placed or not; withdrawn students last.

    What a meeting reads stands on the left and is printed; the rest is for the screen.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    kept
        Changes, notes and names.
    """
    keys, printed = _keys(bool(kept.names)), _printed(bool(kept.names), have_spokes(facts, facts.matches))
    fields = (*keys, *printed, *_DETAILS)
    order = {t.tranche: n for n, t in enumerate(facts.horizon_tranches)}
    requests = sorted(
        (*facts.shown, *facts.withdrawn),
        key=lambda r: (facts.student(r).withdrawn, order[r.tranche], ORDER.index(facts.result(r))),
    )
    rows = [_row(facts, kept, r) for r in requests]
    amber = facts.policy.travel_amber
    return Table(
        title=STUDENTS_SHEET,
        note=(
            f"By tranche: firm, provisional, not placed. Type in the column {NOTES_COLUMN}: it is kept from run to "
            "run. "
            f"Changes are against {kept.compared_with or 'nothing: the first version'}. More than {amber} minutes are "
            f"marked. Columns right of {NOTES_COLUMN} are not printed."
        ),
        columns=[column for column, _ in fields],
        rows=[[cell(row) for _, cell in fields] for row in rows],
        keys=len(keys),
        tone_column="Result",
        tones=RESULT_TONES,
        above=((MINUTES_COLUMN, amber),),
        printed=len(keys) + len(printed),
        paper="A3",
        empty="No request in this tranche.",
    )


def _row(facts: Facts, kept: Kept, request: Request) -> _Row:
    match = facts.match_of.get(request.request)
    offer = facts.offers.get(match.offer) if match else None
    published = published_of(facts, match) if match else None
    return _Row(facts, kept, request, facts.student(request), match, offer, next_action(facts, request), published)


def _keys(named: bool) -> tuple[_Field, ...]:
    name: _Field = (Column("Name", 18, group="Student"), lambda r: r.kept.names.get(r.student.student, ""))
    return (
        (Column(REQUEST_COLUMN, 13, group="Student"), lambda r: r.request.request),
        (Column("Result", 11.5, "centred", "Student"), lambda r: r.facts.result(r.request)),
        *((name,) if named else ()),
    )


def _printed(named: bool, with_spokes: bool) -> tuple[_Field, ...]:
    pe_name: _Field = (Column("PE's name", 18, group="Practice educator (PE)"), _educator_name)
    spokes: _Field = (
        Column(SPOKES_COLUMN, 28, group="This placement"),
        lambda r: spoke_words(r.facts, r.offer) if r.offer else None,
    )
    return (
        (Column("Tranche", 9, "centred", "Student"), lambda r: r.request.tranche),
        (Column("Programme", 13, group="Student"), lambda r: r.student.programme),
        (Column("Stage", 6.5, "centred", "Student"), lambda r: r.request.stage),
        (Column("Offer", 7, "centred", "This placement"), lambda r: r.match.offer if r.match else ""),
        (
            Column("Agency", 22, group="This placement"),
            lambda r: r.facts.agency_name(r.offer.agency) if r.offer else None,
        ),
        (Column("Team", 22, group="This placement"), lambda r: r.offer.team if r.offer else None),
        *((spokes,) if with_spokes else ()),
        (Column("PE", 17, group="Practice educator (PE)"), _educator),
        *((pe_name,) if named else ()),
        (Column("PE stage", 11, "centred", "Practice educator (PE)"), _educator_stage),
        (Column("Start", 11.5, "date", "Dates and travel"), lambda r: r.match.start if r.match else None),
        (Column("End", 11.5, "date", "Dates and travel"), lambda r: r.match.end if r.match else None),
        (Column("Days a week", 6, "whole", "Dates and travel"), _days_a_week),
        (Column(MINUTES_COLUMN, 8, "whole", "Dates and travel"), _minutes),
        (Column("Provisional because, or why not placed", 48, group="What is open"), _open),
        (Column("Owner", 15, group="What is open"), lambda r: r.action.owner),
        (Column("Due", 11.5, "date", "What is open"), lambda r: r.action.due),
        (Column("Changed since the last version", 20, group="What is open"), _changed),
        (Column(NOTES_COLUMN, 26, group="Kept from run to run"), lambda r: r.kept.notes.get(r.request.request, "")),
    )


def _educator(row: _Row) -> CellValue:
    return educator_name(row.match.pe) if row.match and row.offer else None


def _educator_name(row: _Row) -> CellValue:
    return row.kept.names.get(row.match.pe or "", "") if row.match else None


def _educator_stage(row: _Row) -> CellValue:
    if row.match is None or row.offer is None:
        return None
    educator = row.facts.educator(row.match)
    return educator_stage(row.match.pe, row.facts.stage(educator, row.match.start) if educator else None)


def _days_a_week(row: _Row) -> CellValue:
    return row.facts.days_a_week(row.request, row.offer) if row.offer else None


def _minutes(row: _Row) -> CellValue:
    return row.facts.minutes(row.request, row.offer).minutes if row.offer else None


def _minutes_are(row: _Row) -> CellValue:
    """How the minutes are known, and whether they are many: a colour alone would be lost on paper."""
    if row.offer is None:
        return None
    travel = row.facts.minutes(row.request, row.offer)
    amber = row.facts.policy.travel_amber
    return travel.kind + (f", over {amber}" if travel.minutes is not None and travel.minutes > amber else "")


def _changed(row: _Row) -> CellValue:
    change = row.kept.changed.get(row.request.request)
    return short_change(change) if change else ""


def _open(row: _Row) -> str:
    """What is open for a request: what its match waits for, or why it has none."""
    facts, request = row.facts, row.request
    if row.match and row.offer:
        return facts.waiting(row.match)
    if request.set_aside:
        return request.set_aside
    if row.student.withdrawn:
        decision = next(
            (d for d in facts.dataset.decisions if d.decision == "withdraw" and d.student == request.student), None
        )
        return "The student has withdrawn" + (f" (decision {decision.id})." if decision else ".")
    unplaced = facts.unplaced_of.get(request.request)
    return unplaced.reason if unplaced else ""


def _first(row: _Row) -> Offer | History | None:
    return row.facts.first_of(row.request) if row.request.stage == "final" else None


def _first_where(row: _Row) -> CellValue:
    if row.request.stage != "final":
        return ""
    first = _first(row)
    planned = isinstance(row.facts.eligibility.first_of_final(row.request.request), Request)
    if first is None:
        return "not placed yet" if planned else "not recorded"
    where = ", ".join(part for part in (row.facts.agency_name(first.agency), first.team) if part)
    if isinstance(first, History):
        return where
    return f"{where} ({'in this plan' if planned else 'still runs'})"


def _statutory(place: Offer | History | None) -> CellValue:
    if place is None:
        return ""
    return f"{STATUTORY[place.statutory_regulator]} / {STATUTORY[place.statutory_dfe]}"


def _priority(row: _Row) -> CellValue:
    weight, why = row.facts.priority(row.request)
    return f"{weight}: {why}" if weight else ""


def _supervisor(row: _Row) -> CellValue:
    if row.match is None or row.offer is None:
        return None
    return "not needed" if row.match.basis in (None, "in_team") else SUPERVISORS[row.offer.on_site_supervisor]


def _status(row: _Row) -> CellValue:
    if row.match is None:
        return None
    status = row.published.status if row.published else row.match.status
    return status.replace("_", " ") + (" (kept)" if row.match.kept else "")


_DETAILS: tuple[_Field, ...] = (
    (Column("Exception, by whom; kept despite", 40, group="What is open"),
     lambda r: r.facts.exceptions(r.match) if r.match else ""),
    (Column("Next action", 40, group="What is open"), lambda r: r.action.what),
    (Column("Status", 13, "centred", "What is open"), _status),
    (Column("Told on", 11.5, "date", "What is open"), lambda r: r.published.student_told_on if r.published else None),
    (Column("Meeting on", 11.5, "date", "What is open"), lambda r: r.published.meeting_on if r.published else None),
    (Column("Note on Published", 30, group="What is open"), lambda r: r.published.note if r.published else None),
    (Column("Days", 6, "whole", "More about the student"), lambda r: r.request.days),
    (Column("Priority", 20, group="More about the student"), _priority),
    (Column("Waiting since", 12, "date", "More about the student"), lambda r: r.student.waiting_since),
    (Column("District", 9, "centred", "More about the student"), lambda r: r.student.home),
    (Column("Mode", 8, "centred", "More about the student"), lambda r: r.student.mode),
    (Column("Limit, minutes", 9, "whole", "More about the student"), lambda r: r.student.limit_minutes),
    (Column("Locked to", 40, group="More about the student"),
     lambda r: listed((*r.request.locked_agencies, *r.request.locked_authorities))),
    (Column("Agency, team", 46, group="First placement"), _first_where),
    (Column("Areas", 40, group="First placement"), lambda r: listed(f.areas) if (f := _first(r)) else ""),
    (Column("Setting", 11, group="First placement"), lambda r: (f.setting or "") if (f := _first(r)) else ""),
    (Column("Statutory: regulator / DfE", 18, "centred", "First placement"), lambda r: _statutory(_first(r))),
    (Column("Base", 9, "centred", "More about this placement"), lambda r: r.offer.place if r.offer else None),
    (Column("Areas", 40, group="More about this placement"), lambda r: listed(r.offer.areas) if r.offer else None),
    (Column("Setting", 11, group="More about this placement"), lambda r: r.offer.setting if r.offer else None),
    (Column("Statutory: regulator / DfE", 18, "centred", "More about this placement"),
     lambda r: _statutory(r.offer)),
    (Column("Contrast", 24, group="More about this placement"),
     lambda r: r.facts.contrast(r.request, r.offer) if r.offer else None),
    (Column("Basis", 20, group="More about this placement"),
     lambda r: BASES[r.match.basis] if r.match and r.match.basis else ""),
    (Column("On-site supervisor", 12, "centred", "More about this placement"), _supervisor),
    (Column("Practice assessor", 11, "centred", "More about this placement"),
     lambda r: r.facts.assessor(r.match) if r.match and r.offer else None),
    (Column("Minutes are", 18, "centred", "More about this placement"), _minutes_are),
    (Column("Preference met", 24, group="More about this placement"),
     lambda r: r.facts.preference(r.request, r.offer) if r.offer else None),
)  # fmt: skip


def earlier_notes_table(facts: Facts, notes: Mapping[str, str]) -> Table | None:
    """Notes about requests that are not in this run any more: nothing that was typed is lost."""
    shown = {r.request for r in (*facts.shown, *facts.withdrawn)}
    rows = [[request, notes[request]] for request in sorted(set(notes) - shown, key=natural_key)]
    if not rows:
        return None
    columns = (Column(REQUEST_COLUMN, 16), Column(NOTES_COLUMN, 100))
    note = "Notes typed in earlier runs about requests that are not in this one. They come back with their request."
    return Table(title=EARLIER_SHEET, note=note, columns=columns, rows=rows)
