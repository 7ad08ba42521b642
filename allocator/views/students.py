"""The sheets about students: every request with its match, and the requests that are not placed."""

from collections.abc import Mapping

from allocator.views.compared import short_change
from allocator.views.facts import Facts
from allocator.views.table import CellValue, Column, Table, Tone
from allocator.views.words import (
    BASES,
    STATUTORY,
    SUPERVISORS,
    educator_name,
    educator_stage,
    listed,
    rule_words,
    shortened,
)
from models.base import natural_key
from models.catalogue import RULE_BY_ID
from models.comparison import RequestChange
from models.entities import History, Request, Student
from models.plan import Match
from models.reasons import Near

STUDENTS_SHEET, EARLIER_SHEET = "Students", "Earlier notes"
REQUEST_COLUMN, NOTES_COLUMN = "Request", "Notes"
"""Sheets and headings under which notes are kept from run to run."""
RESULT_TONES: tuple[tuple[str, Tone], ...] = (
    ("provisional", "warn"),
    ("not placed", "bad"),
    ("set aside", "bad"),
    ("no plan", "bad"),
    ("found by employer", "quiet"),
    ("ended", "quiet"),
    ("later", "quiet"),
)
HOLDERS = 8
"""Requests that hold what another could have, before "and n more"."""
_NAME = Column("Name", 20, group="Student")
_STUDENT = (
    Column("Programme", 11, group="Student"),
    Column("Stage", 7.5, "centred", "Student"),
    Column("Days", 6, "whole", "Student"),
    Column("Tranche", 12.5, "centred", "Student"),
    Column("Priority", 16, group="Student"),
    Column("Waiting since", 12, "date", "Student"),
    Column("District", 9, "centred", "Student"),
    Column("Mode", 8, "centred", "Student"),
    Column("Limit, minutes", 9, "whole", "Student"),
    Column("Locked to", 16, group="Student"),
)
_REST = (
    Column("Agency, team", 28, group="First placement"),
    Column("Areas", 17, group="First placement"),
    Column("Setting", 10, group="First placement"),
    Column("Statutory: regulator / partnership", 13, "centred", "First placement"),
    Column("Offer", 8, "centred", "This placement"),
    Column("Agency", 22, group="This placement"),
    Column("Team", 20, group="This placement"),
    Column("Base", 8, "centred", "This placement"),
    Column("Areas", 17, group="This placement"),
    Column("Setting", 10, group="This placement"),
    Column("Statutory: regulator / partnership", 13, "centred", "This placement"),
    Column("Contrast", 20, group="This placement"),
    Column("PE", 16, group="Practice educator (PE)"),
    Column("PE stage", 11, "centred", "Practice educator (PE)"),
    Column("Basis", 18, group="Practice educator (PE)"),
    Column("On-site supervisor", 11, "centred", "Practice educator (PE)"),
    Column("Practice assessor", 10, "centred", "Practice educator (PE)"),
    Column("Start", 12, "date", "Dates and travel"),
    Column("End", 12, "date", "Dates and travel"),
    Column("Days a week", 7, "whole", "Dates and travel"),
    Column("Minutes one way", 9, "whole", "Dates and travel"),
    Column("Minutes are", 10, "centred", "Dates and travel"),
    Column("Preference met", 18, group="Dates and travel"),
    Column("Status", 12, "centred", "What is open"),
    Column("Provisional because", 48, group="What is open"),
    Column("Changed since the last version", 34, group="What is open"),
    Column("Exception, by whom; kept despite", 26, group="What is open"),
    Column(NOTES_COLUMN, 36, group="Kept from run to run"),
)


def students_table(
    facts: Facts,
    changed: Mapping[str, RequestChange],
    compared_with: str | None,
    notes: Mapping[str, str],
    names: Mapping[str, str],
) -> Table:
    """The Students sheet: a row for every request of the horizon, placed or not.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    changed
        Changes by request id.
    compared_with
        What the changes are measured against.
    notes
        The team's notes by request id.
    names
        Names by student id; empty where none were given.
    """
    keys = (Column(REQUEST_COLUMN, 14, group="Student"), Column("Result", 12, "centred", "Student"))
    named = (_NAME,) if names else ()
    rows = [_row(facts, r, changed, notes, names) for r in facts.shown]
    return Table(
        title=STUDENTS_SHEET,
        note=(
            f"A row for each request. Type in the column {NOTES_COLUMN}: it is kept from run to run. "
            f"Changes are against {compared_with or 'nothing: the first version'}. "
            f"Statutory counts by the {facts.policy.statutory_test}'s test."
        ),
        columns=keys + named + _STUDENT + _REST,
        rows=rows,
        keys=len(keys) + len(named),
        tone_column="Result",
        tones=RESULT_TONES,
        pages_wide=2,
        paper="A3",
        empty="No request in this tranche.",
    )


def _row(
    facts: Facts,
    request: Request,
    changed: Mapping[str, RequestChange],
    notes: Mapping[str, str],
    names: Mapping[str, str],
) -> list[CellValue]:
    student, match = facts.student(request), facts.match_of.get(request.request)
    weight, why = facts.priority(request)
    row: list[CellValue] = [request.request, facts.result(request)]
    row += [names.get(student.student, "")] if names else []
    row += [
        student.programme,
        request.stage,
        request.days,
        request.tranche,
        f"{weight}: {why}" if weight else "",
        student.waiting_since,
        student.home,
        student.mode,
        student.limit_minutes,
        listed((*request.locked_agencies, *request.locked_authorities)),
    ]
    row += _first(facts, request)
    row += _placement(facts, request, match)
    change = changed.get(request.request)
    row += [
        short_change(change) if change else "",
        facts.exceptions(match) if match else "",
        notes.get(request.request, ""),
    ]
    return row


def _first(facts: Facts, request: Request) -> list[CellValue]:
    if request.stage != "final":
        return ["", "", "", ""]
    first = facts.first_of(request)
    if first is None:
        planned = isinstance(facts.eligibility.first_of_final(request.request), Request)
        return ["not placed yet" if planned else "not recorded", "", "", ""]
    where = ", ".join(part for part in (facts.agency_name(first.agency), first.team) if part)
    return [
        where + ("" if isinstance(first, History) else " (in this plan)"),
        listed(first.areas),
        first.setting or "",
        f"{STATUTORY[first.statutory_regulator]} / {STATUTORY[first.statutory_partnership]}",
    ]


def _placement(facts: Facts, request: Request, match: Match | None) -> list[CellValue]:
    if match is None or match.offer not in facts.offers:
        return [match.offer if match else "", *[None] * 19, _open(facts, request)]
    offer, educator = facts.offer(match), facts.educator(match)
    travel = facts.minutes(request, offer)
    off_site = match.basis not in (None, "in_team")
    return [
        offer.offer,
        facts.agency_name(offer.agency),
        offer.team,
        offer.place,
        listed(offer.areas),
        offer.setting,
        f"{STATUTORY[offer.statutory_regulator]} / {STATUTORY[offer.statutory_partnership]}",
        facts.contrast(request, offer),
        educator_name(match.pe),
        educator_stage(match.pe, educator),
        BASES[match.basis] if match.basis else "",
        SUPERVISORS[offer.on_site_supervisor] if off_site else "not needed",
        facts.assessor(match),
        match.start,
        match.end,
        facts.days_a_week(request, offer),
        travel.minutes,
        travel.kind,
        facts.preference(request, offer),
        match.status.replace("_", " ") + (" (kept)" if match.kept else ""),
        facts.waiting(match),
    ]


def _open(facts: Facts, request: Request) -> str:
    """What is open for a request without a match."""
    if request.set_aside:
        return request.set_aside
    unplaced = facts.unplaced_of.get(request.request)
    return unplaced.reason if unplaced else ""


def earlier_notes_table(facts: Facts, notes: Mapping[str, str]) -> Table | None:
    """Notes about requests that are not in this run any more: nothing that was typed is lost."""
    shown = {r.request for r in facts.shown}
    rows = [[request, notes[request]] for request in sorted(set(notes) - shown, key=natural_key)]
    if not rows:
        return None
    columns = (Column(REQUEST_COLUMN, 16), Column(NOTES_COLUMN, 100))
    note = "Notes typed in earlier runs about requests that are not in this one. They come back with their request."
    return Table(title=EARLIER_SHEET, note=note, columns=columns, rows=rows)


def not_placed_table(facts: Facts, names: Mapping[str, str]) -> Table:
    """The Not placed sheet: the main reason in a sentence, the rules that removed offers, the three nearest places."""
    named = (_NAME._replace(group=""),) if names else ()
    columns = (
        Column(REQUEST_COLUMN, 14),
        *named,
        Column("Programme", 12),
        Column("Stage", 7, "centred"),
        Column("Tranche", 10, "centred"),
        Column("Priority", 15),
        Column("Waiting since", 12, "date"),
        Column("Lost out before", 12),
        Column("Main reason", 40),
        Column("Offers removed, by rule", 34),
        Column("Offers left", 8, "whole"),
        Column("Who has them", 20),
        Column("Nearest place", 34),
        Column("Second nearest", 34),
        Column("Third nearest", 34),
        Column("Smallest change, and who loses by a fix", 34),
    )
    return Table(
        title="Not placed",
        note="Requests without a placement, why, and the three nearest places: what blocks each, who can unblock it.",
        columns=columns,
        rows=[_not_placed_row(facts, r, names) for r in facts.unplaced],
        keys=2 if names else 1,
        paper="A3",
        empty="Every request is placed." if facts.plan.clash is None else "There is no plan: rules clash.",
    )


def _not_placed_row(facts: Facts, request: Request, names: Mapping[str, str]) -> list[CellValue]:
    student: Student = facts.student(request)
    unplaced = facts.unplaced_of.get(request.request)
    weight, why = facts.priority(request)
    removed = [f"{rule_words(b.rule)}: {b.offers}" for b in unplaced.removed] if unplaced else []
    nearest = [near_words(facts, n) for n in (unplaced.nearest if unplaced else ())[:3]]
    row: list[CellValue] = [request.request]
    row += [names.get(student.student, "")] if names else []
    row += [
        student.programme,
        request.stage,
        request.tranche,
        f"{weight}: {why}" if weight else "",
        student.waiting_since,
        student.lost_out_before,
        request.set_aside or (unplaced.reason if unplaced else "No reason was recorded."),
        "\n".join(removed),
        unplaced.eligible_offers if unplaced else None,
        shortened(unplaced.holders, HOLDERS) if unplaced else "",
    ]
    changes = [c.sentence for c in (unplaced.change, unplaced.instead) if c is not None] if unplaced else []
    return [*row, *nearest, *[""] * (3 - len(nearest)), "\n".join(changes)]


def near_words(facts: Facts, near: Near) -> str:
    """One of the nearest places: where, how far, what blocks it, who can unblock it."""
    offer = facts.offers.get(near.offer)
    where = f"{near.offer}: {facts.agency_name(offer.agency)}, {offer.team}" if offer else near.offer
    where += f", {near.minutes} minutes" if near.minutes is not None else ""
    blocks = near.sentence or ", ".join(RULE_BY_ID[r].blocks for r in near.rules if r in RULE_BY_ID)
    if offer is not None:  # the place stands in the first line already
        blocks = blocks.removeprefix(f"{offer.offer} ({offer.agency}, {offer.team}): ")
    return f"{where}\n{blocks[:1].upper()}{blocks[1:]}\nCan unblock it: {near.who}"
