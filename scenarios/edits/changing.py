"""What edits do to a register: rows changed, left out, added; the register that was given stays as it is."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from allocator.reading.origins import NumberedId
from allocator.reading.sheets_record import SHEETS
from models.plan import Plan
from models.register import Page, Register, Row
from scenarios.errors import EditError
from scenarios.selecting import column_of, meant_by_a_blank, value_of

KEYS: Mapping[str, tuple[str, ...]] = {
    "Students": ("student",), "Agencies": ("agency",), "Teams": ("agency", "team"), "Educators": ("pe",),
    "Offers": ("offer",),
}  # fmt: skip
"""Sheet to the columns by which other sheets name its rows."""
Change = Callable[[Row], Row | None]
"""The row as it is to be, or None where it is left out; a row that stays is returned itself."""
Frozen = Callable[[str], Plan]
"""The plan that a name stands for: ``base``, or a plan file."""
COPY = "~c"
"""Stands between the id of a row and the number of its copy: with a letter, as ids are also compared without signs."""
NEW = "new"
"""What a row is called that nobody named, before its number."""
WHOLE = 100.0
_TIMES = re.compile(r"\s*\*\s*(\d+(?:\.\d+)?)\s*(whole)?\s*")
"""What multiplies the number that a cell holds: ``"* 1.2"``, or ``"* 1.2 whole"`` to the nearest whole."""


class Drawing(NamedTuple):
    """Chance of one draw: a number for every row and edit, whatever the order of rows and whatever else is edited.

    ``edit``: its kind and sheet, and how many like it come before: cases that differ in other edits draw alike.
    """

    scenario: str
    seed: int
    draw: int
    edit: str

    def chance(self, name: str) -> float:
        """A number from 0 up to 1, the same whenever the same draw asks for the same name."""
        text = "\0".join((self.scenario, str(self.seed), str(self.draw), self.edit, name))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) / 2**64

    def chosen(self, rows: Iterable[Row], sheet: str, percent: float) -> list[Row]:
        """So many percent of the rows, rounded half up; of a greater percentage those of a smaller one are part."""
        ordered = sorted(rows, key=lambda row: (self.chance(name_of(sheet, row)), name_of(sheet, row), row.content))
        return ordered[: share_of(len(ordered), percent)]


class At(NamedTuple):
    """What an edit may ask beside the register: chance, the day of the case, and the plans that may be held to."""

    drawing: Drawing
    as_of: date
    frozen: Frozen


def share_of(number: int, percent: float) -> int:
    """So many percent of a number, a half rounded up."""
    return int(number * percent / WHOLE + 0.5)


def percent_of(percent: float | str) -> float:
    """A percentage; text is a parameter that was put in.

    Raises
    ------
    EditError
        It is no number, or less than none.
    """
    try:
        number = float(percent)
    except ValueError:
        number = -1
    if not 0 <= number <= 10 * WHOLE:
        raise EditError(f"'{percent}' is no percentage from 0 to 1000.")
    return number


def name_of(sheet: str, row: Row) -> str:
    """What a row is called in a draw: its key, folded, else all that it holds."""
    values = [row.get(column) for column in SHEETS[sheet].key]
    if sheet == "Requests":
        values[2] = values[2] or 1
    return row.content if None in values or not values else "/".join(fold(str(value)) for value in values)


def with_rows(register: Register, sheet: str, change: Change) -> Register:
    """The register with every row of a sheet as the change makes it; what was said of rows and cells goes with them."""
    page = register.pages.get(sheet)
    if page is None:
        return register
    rows: list[Row] = []
    gone: set[int] = set()
    mended: set[tuple[int, str]] = set()
    for row in page.rows:
        made = change(row)
        if made is None:
            gone.add(row.number)
            continue
        rows.append(made)
        if made is not row:
            mended |= {(row.number, column) for column in row.unreadable if column not in made.unreadable}
    issues = tuple(
        i for i in register.issues
        if i.sheet != sheet or (i.row not in gone and (i.row or 0, i.column or "") not in mended)
    )  # fmt: skip
    new = [c for c in SHEETS[sheet].by_name if c not in page.columns and any(c in row.values for row in rows)]
    changed = replace(page, columns=(*page.columns, *new), rows=tuple(rows))
    return replace(register, pages={**register.pages, sheet: changed}, issues=issues)


def with_more(register: Register, sheet: str, added: Iterable[Row]) -> Register:
    """The register with rows more at the end of a sheet, numbered anew."""
    page = register.pages.get(sheet, Page(sheet))
    number = max([page.origin.header if page.origin else 1, *(r.number for r in page.rows)])
    rows = [replace(row, number=number + n) for n, row in enumerate(added, 1)]
    if not rows:
        return register
    new = [c for c in SHEETS[sheet].by_name if c not in page.columns and any(c in row.values for row in rows)]
    changed = replace(page, columns=(*page.columns, *new), rows=(*page.rows, *rows), there=True)
    return replace(register, pages={**register.pages, sheet: changed})


def row_of(values: Mapping[str, Any]) -> Row:
    """A row to be added, of values that columns hold."""
    return Row(0, {column: value for column, value in values.items() if value is not None})


def with_cells(row: Row, sheet: str, values: Mapping[str, Any]) -> Row:
    """The row with cells typed anew, or multiplied (``"* 1.2"``); what was said against the old ones is gone."""
    return with_values(row, {name: typed_into(row, sheet, name, typed) for name, typed in values.items()})


def typed_into(row: Row | None, sheet: str, name: str, typed: Any) -> Any:
    """What a cell holds after somebody types into it; a row of None only asks whether it may be typed.

    Raises
    ------
    EditError
        The column cannot hold it.
    """
    times = _TIMES.fullmatch(typed) if isinstance(typed, str) else None
    if times is None:
        return value_of(SHEETS[sheet], name, typed)
    column = column_of(SHEETS[sheet], name)
    if column.kind not in ("whole", "decimal"):
        raise EditError(f"{sheet}.{name} is no number, and cannot be multiplied.")
    if row is None:
        return None
    held = number_in(row, sheet, name)
    if held is None:
        return row.values.get(name)
    made = held * Decimal(times[1])
    if column.kind == "whole" or times[2]:
        made = made.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return value_of(SHEETS[sheet], name, format(made, "f"))


def multiplies(typed: Any) -> bool:
    """Whether something that is typed multiplies what a cell holds."""
    return isinstance(typed, str) and _TIMES.fullmatch(typed) is not None


def number_in(row: Row, sheet: str, name: str) -> Decimal | None:
    """The number that a cell holds, or that it means where it is blank; None: there is nothing to multiply."""
    held = row.get(name) if name in row.values else meant_by_a_blank(SHEETS[sheet].by_name[name])
    return Decimal(held) if isinstance(held, int | Decimal) and name not in row.unreadable else None


def with_values(row: Row, values: Mapping[str, Any]) -> Row:
    """The row with other values in some columns; None is a blank."""
    made = row.copy()
    for name, value in values.items():
        made.unreadable.pop(name, None)
        made.reasons = [reason for reason in made.reasons if not reason.startswith(f"{name} ")]
        if value is None:
            made.values.pop(name, None)
        else:
            made.values[name] = value
    return made


def with_ids(register: Register, numbered: Iterable[NumberedId]) -> Register:
    """The register with the ids that settling gave to its rows that had none.

    Without them a row fewer would give the rows behind it other ids than they have in the base.
    """
    given: dict[str, dict[int, str]] = {}
    for one in numbered:
        given.setdefault(one.sheet, {})[one.row] = one.id
    for name, page in register.pages.items():
        ids = given.get(page.origin.sheet if page.origin else name)
        if ids:
            column = SHEETS[name].key[0]
            register = with_rows(
                register, name, lambda row, ids=ids, column=column: (  # type: ignore[misc]
                    with_values(row, {column: ids[row.number]}) if row.number in ids else row
                ),
            )  # fmt: skip
    return register


def fresh(name: str, taken: set[str]) -> str:
    """The id of the next copy of a row, which nothing has; ``taken`` holds folded ids, and takes it."""
    number = 1
    while fold(f"{name}{COPY}{number}") in taken:
        number += 1
    taken.add(fold(f"{name}{COPY}{number}"))
    return f"{name}{COPY}{number}"


def with_fresh_ids(register: Register, sheet: str, rows: Iterable[Row]) -> list[Row]:
    """Rows to be added that have ids of their own: ``new~c1``, or what they are called with a number.

    Were they left to settling, one could get the id of a row that an edit before has left out.
    """
    column, taken = SHEETS[sheet].key[-1], ids_of(register, sheet)
    return [with_values(row, {column: fresh(str(row.get(column) or NEW), taken)}) for row in rows]


def ids_of(register: Register, sheet: str) -> set[str]:
    """The folded ids of a sheet."""
    page, column = register.pages.get(sheet), SHEETS[sheet].key[-1 if sheet == "Teams" else 0]
    return {fold(str(row.values[column])) for row in page.rows if column in row.values} if page else set()
