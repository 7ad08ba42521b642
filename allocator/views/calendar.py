"""The sheet Calendar: key dates, how much is still open for each, what is overdue, and days that are closed."""

import re
from collections.abc import Sequence

from allocator.views.chase import Owed, open_things, standing
from allocator.views.facts import Facts, day_of_plan
from allocator.views.table import CellValue, Column, Table
from allocator.views.words import ASK, CALENDAR_STEP, MEETINGS_BY, OFFERS_DUE, RELEASE, counted, shortened
from models.base import natural_key
from models.entities import CalendarEntry, ClosedDay

SHOWN = 40
"""What is open for a step is named so often before "and n more"."""
_OF_MATCHES = frozenset(step.casefold() for step in CALENDAR_STEP.values())
_OF_PUBLISHED = (MEETINGS_BY, RELEASE)


def calendar_table(facts: Facts) -> Table:
    """Key dates, with what is overdue on the day of the plan, and days that are closed."""
    columns = (
        Column("Tranche", 12, "centred"),
        Column("Step", 28),
        Column("Date", 13, "date"),
        Column("Owner", 20),
        Column("State", 20),
        Column("Open", 7, "whole"),
        Column("Still open", 70),
    )
    things = open_things(facts)
    rows = [
        *(
            _step_row(facts, c, things)
            for c in sorted(facts.dataset.calendar, key=lambda c: (c.date, c.tranche, c.step))
        ),
        *(_closed_row(facts, c) for c in facts.dataset.closed_days),
    ]
    return Table(
        title="Calendar",
        note=f"State on {day_of_plan(facts)}. "
        "Open: how many things wait for the step, as far as the data say; the sheet Chase list has each.",
        columns=columns,
        rows=sorted(rows, key=lambda row: str(row[2])),
        empty="No key dates are listed.",
        tone_column="State",
        tones=(("overdue", "bad"), ("today", "warn"), ("date passed", "quiet")),
    )


def _step_row(facts: Facts, entry: CalendarEntry, things: Sequence[Owed]) -> list[CellValue]:
    still_open = _still_open(facts, entry, things)
    return [
        entry.tranche,
        re.sub(r"^pe\b", "PE", entry.step),
        entry.date,
        entry.owner,
        _state(facts, entry, still_open),
        None if still_open is None else len(still_open),
        shortened(sorted({t.which for t in still_open or ()}, key=natural_key), SHOWN),
    ]


def _closed_row(facts: Facts, closed: ClosedDay) -> list[CellValue]:
    who = facts.agency_name(closed.agency) if closed.agency else "all"
    return [None, "closed", closed.date, who, "no working day", None, None]


def _still_open(facts: Facts, entry: CalendarEntry, things: Sequence[Owed]) -> list[Owed] | None:
    """What is open for a step; None where the data cannot say."""
    tranche, step = facts.dataset.tranche_by_id.get(entry.tranche), entry.step.casefold()
    deciding = tranche is not None and tranche.status == "deciding"
    if tranche is None or tranche.status == "past":
        return None
    if step in _OF_PUBLISHED and not _is_published(facts, entry.tranche):
        return None
    if step in (ASK, OFFERS_DUE) and not (deciding and any(a.membership != "outside" for a in facts.dataset.agencies)):
        return None
    if step not in (*_OF_MATCHES, *_OF_PUBLISHED, ASK, OFFERS_DUE):
        return None
    # who was never asked has not offered either
    steps = (ASK, OFFERS_DUE) if step == OFFERS_DUE else (step,)
    return [t for t in things if t.tranche == entry.tranche and t.step in steps]


def _is_published(facts: Facts, tranche: str) -> bool:
    """Whether a match of a tranche is published and in force."""
    requests = facts.dataset.request_by_id
    return any(
        p.standing in ("kept", "in_force") and p.request in requests and requests[p.request].tranche == tranche
        for p in facts.dataset.published
    )


def _state(facts: Facts, entry: CalendarEntry, still_open: Sequence[Owed] | None) -> str:
    if facts.as_of is None or entry.date >= facts.as_of or still_open:
        return standing(facts.as_of, entry.date)
    return "done" if still_open is not None else f"date passed {counted((facts.as_of - entry.date).days, 'day')} ago"
