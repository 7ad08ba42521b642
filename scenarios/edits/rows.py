"""Edits of rows as such: add, remove, scale, set."""

from collections.abc import Iterable

from allocator.reading.sheets_record import SHEETS
from models.register import Register, Row
from scenarios.edits.changing import Drawing, name_of, with_cells, with_more, with_rows
from scenarios.edits.teams import offers_of_teams
from scenarios.errors import EditError
from scenarios.model import Add, Percent, Remove, Scale, Set
from scenarios.selecting import selected, value_of

MENTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "Students": dict.fromkeys(("Requests", "History", "Outcomes"), ("student",)),
    "Agencies": {
        "Teams": ("agency",), "Offers": ("agency",), "Educators": ("employed_by",), "Commitments": ("agency",),
        "Calendar": ("agency",),
    },
    "Teams": {"Offers": ("agency", "team"), "Commitments": ("agency", "team")},
    "Educators": {"Commitments": ("pe",)},
}  # fmt: skip
"""Sheet to the sheets whose rows are about its rows, with the columns of the key there."""
COPY = "~"
"""Stands between the id of a row and the number of its copy."""
WHOLE = 100.0


def add(register: Register, edit: Add, drawing: Drawing) -> tuple[Register, str]:
    """Rows more; the id of each is numbered where the values give one and several are added."""
    del drawing
    if edit.each_team is not None:
        return offers_of_teams(register, edit, edit.each_team)
    sheet = SHEETS[edit.sheet]
    pattern: dict[str, object] = {}
    if edit.like:
        rows = selected(register, edit.sheet, edit.like)
        if not rows:
            raise EditError(f"add: no row of {edit.sheet} is like {edit.like}.")
        pattern = {name: value for name, value in rows[0].values.items() if sheet.by_name[name].kind != "id"}
    values = {name: value_of(sheet, name, typed) for name, typed in edit.values.items()}
    made = [dict(pattern) | values for _ in range(edit.number)]
    if edit.number > 1 and len(sheet.key) == 1 and values.get(sheet.key[0]) is not None:
        for number, row in enumerate(made, 1):
            row[sheet.key[0]] = f"{values[sheet.key[0]]}{COPY}{number}"
    return with_more(register, edit.sheet, made), f"{edit.number} more on {edit.sheet}"


def remove(register: Register, edit: Remove, drawing: Drawing) -> tuple[Register, str]:
    """Rows fewer, and the rows of other sheets that are about them."""
    del drawing
    rows = found(register, edit.sheet, edit)
    return without(register, edit.sheet, rows), f"{len(rows)} fewer on {edit.sheet}"


def scale(register: Register, edit: Scale, drawing: Drawing) -> tuple[Register, str]:
    """Some rows removed, or some copied, each as often as it takes."""
    rows, percent = found(register, edit.sheet, edit), number_of(edit.percent)
    if percent <= WHOLE:
        kept = {id(row) for row in drawing.chosen(rows, edit.sheet, percent)}
        gone = tuple(row for row in rows if id(row) not in kept)
        return without(register, edit.sheet, gone), f"{len(gone)} of {len(rows)} fewer on {edit.sheet}"
    copied = 0
    while percent > WHOLE:
        copied += 1
        more = drawing.chosen(rows, edit.sheet, min(WHOLE, percent - WHOLE))
        register = _with_copies(register, edit.sheet, more, copied)
        percent -= WHOLE
    added = round(len(rows) * (number_of(edit.percent) - WHOLE) / WHOLE)
    return register, f"{added} more on {edit.sheet}, copies of {len(rows)}"


def set_cells(register: Register, edit: Set, drawing: Drawing) -> tuple[Register, str]:
    """Cells typed anew."""
    rows = found(register, edit.sheet, edit)
    chosen = {id(row) for row in drawing.chosen(rows, edit.sheet, number_of(edit.part))}

    def change(row: Row) -> Row:
        return with_cells(row, edit.sheet, edit.values) if id(row) in chosen else row

    what = ", ".join(f"{name} = {value!r}" for name, value in edit.values.items())
    return with_rows(register, edit.sheet, change), f"{len(chosen)} of {len(rows)} on {edit.sheet}: {what}"


def number_of(percent: Percent | str) -> float:
    """A percentage; text is a parameter that was put in.

    Raises
    ------
    EditError
        It is no number.
    """
    try:
        return float(percent)
    except ValueError:
        raise EditError(
            f"'{percent}' is no percentage. Write a number, or the name of a parameter in braces."
        ) from None


def found(register: Register, sheet: str, edit: Remove | Scale | Set) -> tuple[Row, ...]:
    """The rows that an edit is about.

    Raises
    ------
    EditError
        There are none, and the edit does not say that there may be none.
    """
    rows = selected(register, sheet, edit.where)
    if not rows and not edit.may_be_empty:
        raise EditError(
            f"{edit.edit}: no row of {sheet} has {_said(edit.where)}. Mend the selection, or write may_be_empty = true."
        )
    return rows


def _said(where: object) -> str:
    return " and ".join(f"{k} {v!r}" for k, v in where.items()) if isinstance(where, dict) and where else "anything"


def without(register: Register, sheet: str, rows: Iterable[Row]) -> Register:
    """A register without rows, and without the rows of other sheets that are about them."""
    gone = list(rows)
    ids, key = {id(row) for row in gone}, SHEETS[sheet].key
    register = with_rows(register, sheet, lambda row: None if id(row) in ids else row)
    names = {tuple(row.get(column) for column in key) for row in gone}
    requests = _requests_of(names) if sheet == "Students" else set()
    for other, columns in MENTIONS.get(sheet, {}).items():
        about = tuple(row for row in _rows(register, other) if tuple(row.get(c) for c in columns) in names)
        if about and other in MENTIONS:
            register = without(register, other, about)
        elif about:
            left = {id(row) for row in about}
            register = with_rows(register, other, lambda row, left=left: None if id(row) in left else row)  # type: ignore[misc]
    if requests:
        for other in ("Published", "Decisions"):
            register = with_rows(register, other, lambda row: None if _about(row, requests) else row)
    return register


def _rows(register: Register, sheet: str) -> tuple[Row, ...]:
    page = register.pages.get(sheet)
    return page.rows if page else ()


def _requests_of(names: set[tuple[object, ...]]) -> set[str]:
    return {str(name[0]) for name in names}


def _about(row: Row, students: set[str]) -> bool:
    """Whether a row names a request of one of the students: ``S001 / first``, or ``S001`` alone."""
    request = row.get("request")
    return request is not None and str(request).partition("/")[0].strip() in students


def _with_copies(register: Register, sheet: str, rows: Iterable[Row], number: int) -> Register:
    """Copies of rows under new ids, with copies of the rows of other sheets that are about them."""
    key = SHEETS[sheet].key
    for row in rows:
        made = dict(row.values)
        if len(key) == 1 and key[0] in made:
            made[key[0]] = f"{row.values[key[0]]}{COPY}{number}"
        register = with_more(register, sheet, [made])
        if sheet == "Students":
            for other, columns in MENTIONS[sheet].items():
                about = [r for r in _rows(register, other) if r.get(columns[0]) == row.get(key[0])]
                copies = [dict(r.values) | {columns[0]: made[key[0]]} for r in about]
                register = with_more(register, other, copies)
    return register


def named(sheet: str, rows: Iterable[Row]) -> list[str]:
    """What rows are called, in order."""
    return [name_of(sheet, row) for row in rows]
