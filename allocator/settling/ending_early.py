"""Placements that ended early by a decision: the rows that it stands for, before they are read (SEMANTICS S9.13).

Somebody could type them: the published match has ended, History says what was credited, and Requests asks for the rest.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from allocator.reading.sheets_record import SHEETS
from allocator.reading.tables import Table
from allocator.settling.draft import Draft, Facts
from models.base import Stage
from models.decisions import Decision
from models.register import Row

KIND = "end_early"
MOST_DAYS = 400
"""Days that a placement can credit."""
_REQUEST = re.compile(r"(?P<student>.+?)\s*/\s*(?P<stage>first|final)\s*(/\s*0*(?P<attempt>\d+))?")
_OF_OFFER = ("agency", "team", "areas", "setting", "statutory_regulator", "statutory_dfe")
_OF_REQUEST = ("days_a_week", "locked_agencies", "locked_authorities", "graduation_due", "found_by")
"""What goes for the rest of a placement as it did for the whole."""


class _Begun(NamedTuple):
    """A published match that has begun."""

    row: Row
    student: str
    stage: Stage
    attempt: int


def end_early(draft: Draft, rows: list[Row]) -> None:
    """Carry out the rows that end a placement.

    Parameters
    ----------
    draft
        Students and offers have been read; History, Requests and Published not yet.
    rows
        The decisions that stand.
    """
    ended: dict[str, str] = {}
    mine = [row for row in rows if row.get("decision") == KIND]
    for row in sorted(mine, key=lambda r: r.get("on") or draft.as_of, reverse=True):
        _end(draft, row, ended)


def _end(draft: Draft, row: Row, ended: dict[str, str]) -> None:
    """Carry out a row; ``ended`` says which one has ended a request's match."""
    typed = row.get("request") or row.get("about")
    subject = " ".join(str(w) for w in (KIND, typed) if w is not None)
    subject = subject if row.get("id") is None else f"{row.get('id')} ({subject})"
    where: dict[str, Any] = {"sheet": "Decisions", "row": row.number, "subject": subject}
    on = row.get("on") or draft.as_of
    if on > draft.as_of:
        draft.collector.add(
            "V518", column="on", found=on, today=draft.as_of, consequence="it is not in force in this plan", **where
        )
        return
    begun = [] if typed is None else _begun(draft, str(typed))
    if len(begun) != 1:
        by = next(
            (other for name, other in ended.items() if fold(str(typed)) in (fold(name), fold(_student(name)))), ""
        )
        why = f"{'several matches' if begun else 'no match'} of {typed or '(blank)'} on Published has started"
        why = f"it was ended by {by}, which is of no earlier day" if by and not begun else why
        draft.collector.add("V513", why=why, consequence="", **where)
        draft.contradictions += [(row.number, draft.decided_at[by])] if by and not begun else []
        return
    [match] = begun
    last, days = row.get("effective") or on, _days(row)
    start = match.row.get("start")
    missing = [
        *([] if days is not None else [f"the days that are credited in value (0 to {MOST_DAYS})"]),
        *(["a last day in effective"] if "effective" in row.unreadable else []),
        *([] if start is None or last >= start else [f"a last day in effective from {start} on"]),
    ]
    if missing:
        draft.collector.add("V503", missing=" and ".join(missing), **where)
        return
    if row.get("by") is None:
        draft.collector.add(
            "V215", column="by", consequence=": nobody stands behind the decision", allowed="initials or role", **where
        )
    assert days is not None
    offer = draft.offers.get(draft.directory["offers"].find(match.row.get("offer") or "") or "", {})
    request = f"{match.student}/{match.stage}" + (f"/{match.attempt}" if match.attempt > 1 else "")
    ended[request] = subject
    draft.decided_at[subject] = row.number
    match.row.values |= {"status": "ended_early", "end": last}
    _sheet(draft, "History").rows.append(_history(match, offer, days))
    _ask_for_the_rest(draft, match)
    kept = {c: row.get(c) for c in ("reason_code", "by", "why", "party") if row.get(c) is not None}
    facts = {"student": match.student, "request": request, "offer": offer.get("offer"), "value": str(days)}
    decision = {"decision": KIND, "id": subject, "on": on, "effective": last} | facts | kept
    draft.decisions.append(Decision.model_validate(decision))


def _student(request: str) -> str:
    return request.partition("/")[0]


def _begun(draft: Draft, typed: str) -> list[_Begun]:
    """The published matches that have started, of a request, or of a student."""
    found = []
    for row in draft.usable("Published"):
        parts = _REQUEST.fullmatch(fold(str(row.get("request") or "")))
        student = draft.directory["students"].find(parts["student"]) if parts else None
        if parts is None or student is None or row.get("status") != "started":
            continue
        attempt = int(parts["attempt"] or 1)
        meant = {fold(student), f"{fold(student)}/{parts['stage']}" + (f"/{attempt}" if attempt > 1 else "")}
        if fold(typed) in meant:
            found.append(_Begun(row, student, "first" if parts["stage"] == "first" else "final", attempt))
    return found


def _days(row: Row) -> int | None:
    """The days that are credited; None where the cell says none that can be."""
    try:
        days = Decimal(str(row.get("value")).strip())
        return int(days) if days in range(MOST_DAYS + 1) else None  # 40.0 is 40; no fraction is in a range
    except InvalidOperation:  # no number, or one that compares with none
        return None


def _history(match: _Begun, offer: Facts, days: int) -> Row:
    """What the student has had of the placement."""
    facts = {c: offer[c] for c in _OF_OFFER if offer.get(c)}
    facts |= {c: match.row.values[c] for c in ("start", "pe") if match.row.get(c) is not None}
    facts |= {"student": match.student, "stage": match.stage, "outcome": "ended_early", "days_credited": days}
    return Row(match.row.number, facts)


def _sheet(draft: Draft, name: str) -> Table:
    """A sheet, which is made where the input has none."""
    return draft.tables.setdefault(name, Table(SHEETS[name]))


def _ask_for_the_rest(draft: Draft, match: _Begun) -> None:
    """The next attempt, unless somebody asks for it already."""
    table, find = _sheet(draft, "Requests"), draft.directory["students"].find
    same = [
        row for row in table.rows
        if find(str(row.get("student") or "")) == match.student and row.get("stage") == match.stage
    ]  # fmt: skip
    if any((row.get("attempt") or 1) > match.attempt for row in same):
        return
    own = next((row for row in same if (row.get("attempt") or 1) == match.attempt), None)
    facts = {"student": match.student, "stage": match.stage, "attempt": match.attempt + 1}
    facts |= {c: own.values[c] for c in _OF_REQUEST if own is not None and c in own.values}
    number = own.number if own is not None else draft.row_by_student[match.student].number
    table.rows.append(Row(number, facts))
