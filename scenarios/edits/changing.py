"""What edits do to a register: rows changed, left out, added; the register that was given stays as it is."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from allocator.reading.sheets_record import SHEETS
from models.register import Page, Register, Row
from scenarios.errors import EditError
from scenarios.selecting import value_of

_TIMES = re.compile(r"\s*\*\s*(\d+(?:\.\d+)?)\s*")
"""What multiplies the number that a cell holds: ``"* 1.2"``."""
Change = Callable[[Row], Row | None]
"""The row as it is to be, or None where it is left out; a row that stays is returned itself."""


class Drawing(NamedTuple):
    """Chance of one draw: a number for every row and edit, whatever the order of rows and whatever else is edited."""

    scenario: str
    seed: int
    draw: int
    edit: int

    def chance(self, name: str) -> float:
        """A number from 0 up to 1, the same whenever the same draw asks for the same name."""
        text = "\0".join((self.scenario, str(self.seed), str(self.draw), str(self.edit), name))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) / 2**64

    def chosen(self, rows: Iterable[Row], sheet: str, percent: float) -> list[Row]:
        """So many percent of the rows, rounded half up; of a greater percentage those of a smaller one are part."""
        ordered = sorted(rows, key=lambda row: (self.chance(name_of(sheet, row)), name_of(sheet, row)))
        return ordered[: int(len(ordered) * percent / 100 + 0.5)]


def name_of(sheet: str, row: Row) -> str:
    """What a row is called in a draw: its key, else all that it holds."""
    key = [str(row.get(column)) for column in SHEETS[sheet].key or (SHEETS[sheet].columns[0].name,)]
    return row.content if "None" in key else "/".join(key)


def with_rows(register: Register, sheet: str, change: Change) -> Register:
    """The register with every row of a sheet as the change makes it."""
    page = register.pages.get(sheet)
    if page is None:
        return register
    rows = tuple(made for row in page.rows if (made := change(row)) is not None)
    return Register({**register.pages, sheet: replace(page, rows=rows)}, register.issues)


def with_more(register: Register, sheet: str, added: Iterable[Mapping[str, Any]]) -> Register:
    """The register with rows more at the end of a sheet, of values that columns hold."""
    page = register.pages.get(sheet, Page(sheet))
    number = max([page.origin.header if page.origin else 1, *(r.number for r in page.rows)])
    rows = [Row(number + n, {c: v for c, v in values.items() if v is not None}) for n, values in enumerate(added, 1)]
    new = [c for c in SHEETS[sheet].by_name if c not in page.columns and any(c in row.values for row in rows)]
    changed = replace(page, columns=(*page.columns, *new), rows=(*page.rows, *rows), there=True)
    return Register({**register.pages, sheet: changed}, register.issues)


def with_cells(row: Row, sheet: str, values: Mapping[str, Any]) -> Row:
    """The row with cells typed anew; what was said against the old ones is gone."""
    made = row.copy()
    for name, typed in values.items():
        times = _TIMES.fullmatch(typed) if isinstance(typed, str) else None
        value = _multiplied(row, sheet, name, Decimal(times[1])) if times else value_of(SHEETS[sheet], name, typed)
        made.unreadable.pop(name, None)
        made.reasons = [reason for reason in made.reasons if not reason.startswith(f"{name} ")]
        if value is None:
            made.values.pop(name, None)
        else:
            made.values[name] = value
    return made


def _multiplied(row: Row, sheet: str, name: str, factor: Decimal) -> Any:
    """The number of a cell times a factor, to the nearest whole, halves up; a blank stays blank."""
    held = row.get(name)
    if held is None:
        return None
    if isinstance(held, bool) or not isinstance(held, (int, Decimal)):
        raise EditError(f"set: {sheet}.{name} holds {held!r}, which cannot be multiplied. Only numbers can.")
    return value_of(SHEETS[sheet], name, int((held * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP)))
