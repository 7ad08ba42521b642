"""PEs: trainees who qualify, and PEs who go."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from allocator.reading.dates import read_date, show
from allocator.views.words import counted
from models.register import Register, Row
from scenarios.edits.changing import At, percent_of, with_rows, with_values
from scenarios.edits.checks import found
from scenarios.errors import EditError
from scenarios.model import Qualify
from scenarios.selecting import Names

DAY = timedelta(days=1)
_NEXT = {"trainee_1": "PEPS1", "trainee_2": "PEPS2", "PEPS1": "PEPS2"}


def day_of(text: str, default: date) -> date:
    """The day that an edit names.

    Raises
    ------
    EditError
        It is none.
    """
    if not text:
        return default
    day, _, hint = read_date(text, False)
    if day is None:
        raise EditError(f"'{text}' is no day.{hint} Write it as 2027-01-31.")
    return day


def qualify(register: Register, edit: Qualify, at: At) -> tuple[Register, str]:
    """PEs of a stage qualify on a day: Educators.qualifies_on and becomes, as a person would type them.

    Of whom has qualified already by the day of the case what they have become counts; who is to qualify on that day or
    before as it is stays so.
    """
    day, names = day_of(edit.on, at.as_of), Names(register)
    rows = found(register, names, "Educators", edit.where, edit.may_be_empty)
    rows = tuple(row for row in rows if _is(row, at.as_of) == edit.stage)
    if not rows and not edit.may_be_empty:
        raise EditError(f"nobody of the selection is {edit.stage} on {show(at.as_of)}. Or write may_be_empty = true.")
    chosen = {id(row) for row in at.drawing.chosen(rows, "Educators", percent_of(edit.part))}

    def change(row: Row) -> Row:
        if id(row) not in chosen or (_is(row, at.as_of) == row.get("qualification") and _by(row, day)):
            return row
        values: dict[str, Any] = {"qualifies_on": day, "becomes": _NEXT[edit.stage]}
        if row.get("qualification") != edit.stage:  # qualified before: then the row says what they are, and since when
            had = [d for d in (row.get("last_student"), row.get("qualifies_on")) if d is not None]
            values |= {"qualification": edit.stage, "last_student": max(had)}
        return with_values(row, values)

    said = f"{len(chosen)} of {len(rows)} {edit.stage} become {_NEXT[edit.stage]} on {show(day)}"
    if edit.opens:
        register, opened = _opened(
            register, names, {names.key("Educators", "pe", r.get("pe")) for r in rows if id(r) in chosen}
        )
        said += f"; {counted(opened, 'offer')} for firsts now for either stage"
    return with_rows(register, "Educators", change), said


def _opened(register: Register, names: Names, chosen: set[str]) -> tuple[Register, int]:
    """Offers for firsts that name nobody but PEs who qualify are for either stage."""
    ids = {
        id(row) for row in names.rows("Offers")
        if row.get("stage") == "first" and row.get("educators")
        and {names.key("Offers", "educators", one) for one in row.values["educators"]} <= chosen
    }  # fmt: skip
    return with_rows(
        register, "Offers", lambda row: with_values(row, {"stage": "either"}) if id(row) in ids else row
    ), len(ids)


def _by(row: Row, day: date) -> bool:
    """Whether a PE qualifies on a day, or before it, as the row is."""
    on = row.get("qualifies_on")
    return on is not None and on <= day


def _is(row: Row, day: date) -> str | None:
    """What a PE is on a day."""
    before: str | None = row.get("qualification")
    if before is None or not _by(row, day):
        return before
    return str(row.get("becomes") or _NEXT.get(before, before))


def gone_from(register: Register, rows: Iterable[Row], day: date) -> Register:
    """The register with PEs whose last day is the day before, or earlier as it is."""
    ids = {id(row) for row in rows}

    def change(row: Row) -> Row:
        last = row.get("leaves_on")
        earlier = last is not None and last < day
        return row if id(row) not in ids or earlier else with_values(row, {"leaves_on": day - DAY})

    return with_rows(register, "Educators", change)
