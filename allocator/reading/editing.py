"""Changes of a register without a file: a row added or taken out, a cell typed anew; cells are read as those of files.

Each gives a new register, in which the other rows and what was said of them are the old ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from allocator.reading.cells import convert
from allocator.reading.collecting import Collector
from allocator.reading.columns import Column, Sheet
from allocator.reading.sheets_record import SHEETS
from allocator.reading.tables import check_filled, report_cell
from models.errors import UsageError
from models.register import Page, Register, Row


class RowAdded(NamedTuple):
    """A row behind the others of a sheet: our columns to what is typed."""

    sheet: str
    cells: Mapping[str, Any]


class CellTyped(NamedTuple):
    """A cell typed anew, by the row as the user sees it and our column; None clears it."""

    sheet: str
    row: int
    column: str
    cell: Any


class RowCleared(NamedTuple):
    """A row emptied, by its number as the user sees it; the rows below stay where they are."""

    sheet: str
    row: int


Edit = RowAdded | CellTyped | RowCleared
"""One thing that is typed into an input."""


def edited(register: Register, edits: Iterable[Edit]) -> Register:
    """A register after several edits, one after the other.

    Parameters
    ----------
    register
        As it is.
    edits
        Rows and columns by our names.

    Returns
    -------
    Register
        The changed one.

    Raises
    ------
    UsageError
        There is no such sheet, row or column.
    """
    for edit in edits:
        if isinstance(edit, RowAdded):
            register = add_row(register, edit.sheet, edit.cells)
        elif isinstance(edit, CellTyped):
            register = set_cell(register, edit.sheet, edit.row, edit.column, edit.cell)
        else:
            register = remove_row(register, edit.sheet, edit.row)
    return register


def add_row(register: Register, sheet: str, cells: Mapping[str, Any]) -> Register:
    """A register with one more row, behind the others of its sheet.

    Parameters
    ----------
    register
        As it is.
    sheet
        One of ours; it is made where the register has none.
    cells
        Our columns to what is typed: text, numbers, dates.

    Returns
    -------
    Register
        With the row, and with the problems of its cells.

    Raises
    ------
    UsageError
        There is no such sheet or column.
    """
    order = list(_sheet(sheet).by_name)
    columns = [_column(sheet, name) for name in cells]
    page = register.pages.get(sheet, Page(sheet))
    header = page.origin.header if page.origin else 1
    row = Row(max([header, *(r.number for r in page.rows)]) + 1)
    collector = Collector(register.issues)
    for column in columns:
        _read(row, sheet, column, cells[column.name], collector)
    new = sorted(set(cells) - set(page.columns), key=order.index)
    changed = replace(page, columns=(*page.columns, *new), rows=(*page.rows, row), there=True)
    for column in SHEETS[sheet].columns:
        if column.required and column.name in changed.columns:
            check_filled(SHEETS[sheet], row, column, collector)
    return Register({**register.pages, sheet: changed}, tuple(collector.issues))


def remove_row(register: Register, sheet: str, number: int) -> Register:
    """A register without a row, and without what was said of it.

    Parameters
    ----------
    register
        As it is.
    sheet, number
        The row, as the user sees it.

    Returns
    -------
    Register
        The numbers of the other rows stay.

    Raises
    ------
    UsageError
        There is no such row.
    """
    page, found = _row(register, sheet, number)
    rows = tuple(row for row in page.rows if row is not found)
    issues = tuple(i for i in register.issues if (i.sheet, i.row) != (sheet, number))
    return Register({**register.pages, sheet: replace(page, rows=rows)}, issues)


def set_cell(register: Register, sheet: str, number: int, name: str, cell: Any) -> Register:
    """A register in which one cell was typed anew.

    Parameters
    ----------
    register
        As it is.
    sheet, number
        The row, as the user sees it.
    name
        One of our columns.
    cell
        What is typed; None clears the cell.

    Returns
    -------
    Register
        What was said of the cell before is said no more.

    Raises
    ------
    UsageError
        There is no such row or column.
    """
    column = _column(sheet, name)
    page, found = _row(register, sheet, number)
    row = found.copy()
    row.values.pop(name, None)
    row.unreadable.pop(name, None)
    row.reasons = [reason for reason in row.reasons if not reason.startswith(f"{name} ")]
    collector = Collector(i for i in register.issues if (i.sheet, i.row, i.column) != (sheet, number, name))
    _read(row, sheet, column, cell, collector)
    if column.required:
        check_filled(SHEETS[sheet], row, column, collector)
    columns = page.columns if name in page.columns else (*page.columns, name)
    rows = tuple(row if other is found else other for other in page.rows)
    return Register({**register.pages, sheet: replace(page, columns=columns, rows=rows)}, tuple(collector.issues))


def _column(sheet: str, name: str) -> Column:
    column = _sheet(sheet).by_name.get(name)
    if column is None:
        raise UsageError(f"{sheet} has no column '{name}'; its columns are {', '.join(SHEETS[sheet].by_name)}")
    return column


def _sheet(name: str) -> Sheet:
    if name not in SHEETS:
        raise UsageError(f"there is no sheet '{name}'; the sheets are {', '.join(SHEETS)}")
    return SHEETS[name]


def _row(register: Register, sheet: str, number: int) -> tuple[Page, Row]:
    page = register.pages.get(sheet, Page(sheet))
    for row in page.rows:
        if row.number == number:
            return page, row
    raise UsageError(f"{sheet} has no row {number}")


def _read(row: Row, sheet: str, column: Column, cell: Any, collector: Collector) -> None:
    if cell is None:
        return
    outcome = convert(column, cell, False)
    if outcome.problem:
        report_cell(collector, SHEETS[sheet], row, column, outcome)
    elif outcome.value is not None:
        row.values[column.name] = outcome.value
    for code, example in outcome.remarks:
        collector.add(
            code, sheet=sheet, row=row.number, column=column.name, count=1, found=example, allowed=column.allowed_text
        )
