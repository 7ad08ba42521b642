"""Edits of rows as such: add, remove, scale, set."""

from collections.abc import Collection, Iterable
from typing import Any

from allocator.reading.sheets_record import SHEETS
from models.register import Register, Row
from scenarios.edits.changing import (
    WHOLE,
    At,
    multiplies,
    name_of,
    number_in,
    percent_of,
    row_of,
    share_of,
    with_cells,
    with_fresh_ids,
    with_more,
    with_rows,
)
from scenarios.edits.checks import added_values, found, listed_values
from scenarios.edits.copying import with_copies
from scenarios.edits.mentions import without
from scenarios.edits.teams import offers_of_teams
from scenarios.errors import EditError
from scenarios.model import Add, Remove, Scale, Set
from scenarios.selecting import Names, column_of

_MADE_UP = ("Offers", "Educators", "Students")
"""Sheets whose rows are numbered where they have no id."""


def add(register: Register, edit: Add, at: At) -> tuple[Register, str]:
    """Rows more, with ids that nobody has; where several are added the id that the values give is numbered."""
    if edit.each_team is not None:
        return offers_of_teams(register, edit, edit.each_team, at)
    sheet, names = SHEETS[edit.sheet], Names(register)
    pattern: dict[str, object] = {}
    if edit.like:
        rows = found(register, names, edit.sheet, edit.like, edit.may_be_empty)
        if not rows:
            return register, f"0 more on {edit.sheet}"
        first = min(rows, key=lambda row: (name_of(edit.sheet, row), row.content))
        pattern = {name: value for name, value in first.values.items() if sheet.by_name[name].kind != "id"}
    values = added_values(names, edit.sheet, edit.values)
    row = {name: value for name, value in (pattern | values).items() if value is not None}
    missing = [c.name for c in sheet.columns if c.required and c.name not in row]
    if edit.sheet in _MADE_UP:
        missing = [name for name in missing if name != sheet.key[0]]
    if missing:
        raise EditError(f"a row of {edit.sheet} needs {' and '.join(missing)}. Write them in values.")
    made = [row_of(row) for _ in range(edit.number)]
    own = sheet.key[-1] if sheet.key and sheet.by_name[sheet.key[-1]].kind == "id" else None
    if own is not None and (own not in row or edit.number > 1):
        made = with_fresh_ids(register, edit.sheet, made)
    elif sheet.key and edit.number > 1 and own is None:
        raise EditError(f"several equal rows of {edit.sheet} are one. Add students, or one row at a time.")
    there = {name_of(edit.sheet, one) for one in names.rows(edit.sheet)}
    if sheet.key and all(c in made[0].values or c == "attempt" for c in sheet.key):
        twice = [one for one in made if name_of(edit.sheet, one) in there]
        if twice:
            said = "/".join(str(twice[0].values.get(c, 1)) for c in sheet.key)
            raise EditError(f"there is a row {said} on {edit.sheet} already. Use set to change it, or give another id.")
    return with_more(register, edit.sheet, made), f"{edit.number} more on {edit.sheet}"


def remove(register: Register, edit: Remove, at: At) -> tuple[Register, str]:
    """Rows fewer, and the rows of other sheets that are about them."""
    rows = found(register, Names(register), edit.sheet, edit.where, edit.may_be_empty)
    return _without(register, edit.sheet, rows, f"{len(rows)} fewer on {edit.sheet}")


def scale(register: Register, edit: Scale, at: At) -> tuple[Register, str]:
    """Some rows removed, or some copied, each as often as it takes."""
    rows, percent = (
        found(register, Names(register), edit.sheet, edit.where, edit.may_be_empty),
        percent_of(edit.percent),
    )
    if percent <= WHOLE:
        kept = {id(row) for row in at.drawing.chosen(rows, edit.sheet, percent)}
        gone = [row for row in rows if id(row) not in kept]
        return _without(register, edit.sheet, gone, f"{len(gone)} of {len(rows)} fewer on {edit.sheet}")
    added = share_of(len(rows), percent) - len(rows)
    every, rest = divmod(added, len(rows)) if rows else (0, 0)
    for _ in range(every):
        register = with_copies(register, edit.sheet, rows)
    register = with_copies(register, edit.sheet, at.drawing.chosen(rows, edit.sheet, WHOLE)[:rest])
    return register, f"{added} more on {edit.sheet}, copies of {len(rows)}"


def set_cells(register: Register, edit: Set, at: At) -> tuple[Register, str]:
    """Cells typed anew."""
    sheet, names = SHEETS[edit.sheet], Names(register)
    rows = found(register, names, edit.sheet, edit.where, edit.may_be_empty)
    for name, value in edit.values.items():
        if column_of(sheet, name).kind == "id":
            raise EditError(f"{edit.sheet}.{name} is what a row is called: no edit sets it.")
        if value == "" and sheet.by_name[name].required:
            raise EditError(f"{edit.sheet}.{name} must be filled. Allowed: {sheet.by_name[name].allowed_text}.")
    listed_values(names, edit.sheet, edit.values)
    chosen = {id(row) for row in at.drawing.chosen(rows, edit.sheet, percent_of(edit.part))}
    register = with_rows(
        register, edit.sheet, lambda row: with_cells(row, edit.sheet, edit.values) if id(row) in chosen else row
    )
    what = ", ".join(f"{name} = {value!r}" if value != "" else f"{name} blank" for name, value in edit.values.items())
    return register, f"{len(chosen)} of {len(rows)} on {edit.sheet}: {what}{_without_number(edit, rows, chosen)}"


def _without_number(edit: Set, rows: Iterable[Row], chosen: Collection[int]) -> str:
    """Of cells that are multiplied, how many hold no number and so stay as they are; blank where all hold one."""
    said = ""
    for name in (name for name, value in edit.values.items() if multiplies(value)):
        stay = sum(id(row) in chosen and number_in(row, edit.sheet, name) is None for row in rows)
        said += f"; {stay} of them without a number in {name}, as before" if stay else ""
    return said


def _without(register: Register, sheet: str, rows: Any, said: str) -> tuple[Register, str]:
    register, stay = without(register, sheet, rows)
    held = f"; {stay} with agreed placements {'stays' if stay == 1 else 'stay'}, closed to others"
    return register, said + (held if stay else "")
