"""The next version of an input: everything that it held, and what a step types into it. The input is never touched."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from allocator.reading.copies import (
    CsvTable,
    cells_of,
    copy_of_workbook,
    json_of,
    json_row,
    name_column,
    opened,
    remove,
    style_like,
    write_json,
)
from allocator.reading.editing import CellTyped, Edit, RowAdded, RowCleared
from allocator.reading.headings import is_blank
from allocator.reading.sheets_record import SHEETS
from allocator.reading.texts import csv_files
from allocator.reading.writer import add_sheet, cell_of, put
from allocator.reading.xlsx import MOST_ROWS
from models.errors import UsageError
from models.register import Origin, Register

LOST = {
    "xl/charts/": "charts", "xl/media/": "pictures", "xl/pivotTables/": "pivot tables", "xl/slicers/": "slicers",
    "xl/threadedComments/": "threads of comments", "xl/ctrlProps/": "form controls",
}  # fmt: skip
"""Parts of a workbook that the workbook library may not carry over, and what they are."""

_Put = Callable[[Origin, int, str, Any], None]


def write_next(source: Path, target: Path, register: Register, edits: Sequence[Edit]) -> tuple[str, ...]:
    """Write the next version of an input: a copy in the same form, with edits typed into it.

    A row that is added stands below everything that its sheet holds; a sheet or a column that the input lacks is made.
    In a workbook the sheets that are read keep their formulas as the values last computed, since no program has
    computed those of the copy.

    Parameters
    ----------
    source
        What was read: a workbook, a folder of CSV files or a JSON file.
    target
        The copy, a path at which nothing stands.
    register
        What was read from it.
    edits
        Rows and columns as the register names them.

    Returns
    -------
    tuple of str
        What the input holds and the copy does not, or holds in another form.

    Raises
    ------
    UsageError
        The workbook library cannot copy the workbook, or a sheet to type into holds something without headings or in
        its very last row.
    """
    if source.is_dir():
        return _next_folder(source, target, register, edits)
    if zipfile.is_zipfile(source):
        return _next_workbook(source, target, register, edits)
    return _next_json(source, target, register, edits)


def _origin(register: Register, sheet: str) -> Origin | None:
    page = register.pages.get(sheet)
    return page.origin if page else None


def _new_columns(register: Register, edits: Sequence[Edit]) -> dict[str, list[str]]:
    """The columns that edits need and the sheets lack, in our order, for every sheet that is edited."""
    needed: dict[str, set[str]] = {edit.sheet: set() for edit in edits}
    for edit in edits:
        if isinstance(edit, RowAdded):
            needed[edit.sheet] |= {column for column, cell in edit.cells.items() if cell is not None}
        elif isinstance(edit, CellTyped) and edit.cell is not None:
            needed[edit.sheet].add(edit.column)
    found: dict[str, list[str]] = {}
    for sheet, names in needed.items():
        origin = _origin(register, sheet)
        has = set(origin.headings) if origin else set()
        found[sheet] = [column for column in SHEETS[sheet].by_name if column in names - has]
    return found


def _places(origin: Origin, new: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Position from 0 and heading of every column, new ones behind the others."""
    return {**origin.headings, **{name: (origin.width + n, name) for n, name in enumerate(new)}}


def _rows_of_new_sheets(register: Register, edits: Sequence[Edit]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for edit in edits:
        if isinstance(edit, RowAdded) and _origin(register, edit.sheet) is None:
            found.setdefault(edit.sheet, []).append(edit.cells)
    return found


# -- Workbooks ---------------------------------------------------------------------------------------------------------


def _next_workbook(source: Path, target: Path, register: Register, edits: Sequence[Edit]) -> tuple[str, ...]:
    with copy_of_workbook(source, target) as (book, not_in_it):
        said = [*not_in_it]
        said += _formulas_as_values(source, book, register)
        for name, rows in _rows_of_new_sheets(register, edits).items():
            _make_room(book, name)
            add_sheet(book, name, rows)
        for name, new in _new_columns(register, edits).items():
            origin = _origin(register, name)
            if origin is not None:
                mine = [e for e in edits if e.sheet == name]
                _type_into(book[origin.sheet], origin, new, mine)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target) as after:
        had, has = (_parts(archive) for archive in (before, after))
    said += [f"{what}: {had[part] - has[part]}" for part, what in LOST.items() if had[part] > has[part]]
    return tuple(said)


def _parts(archive: zipfile.ZipFile) -> dict[str, int]:
    names = [name for name in archive.namelist() if name.endswith((".xml", ".png", ".jpeg", ".jpg", ".emf", ".gif"))]
    return {part: sum(name.startswith(part) and "/_rels/" not in name for name in names) for part in LOST}


def _formulas_as_values(source: Path, book: Workbook, register: Register) -> list[str]:
    """The sheets that are read hold what was read of them; the library would write their formulas without values."""
    formulas = [
        (page.title, cell.coordinate)
        for name in register.pages
        if (origin := _origin(register, name)) is not None
        for page in [book[origin.sheet]]
        for cell in cells_of(page).values()
        if cell.data_type == "f"
    ]
    if not formulas:
        return []
    values, _ = opened(source, computed=True)
    for title, where in formulas:
        cell, value = book[title][where], values[title][where].value
        if value is not None:
            put(cell, value)
    sheets = ", ".join(dict.fromkeys(title for title, _ in formulas))
    return [f"formulas, which became the values last computed: {len(formulas)} ({sheets})"]


def _make_room(book: Workbook, name: str) -> None:
    """An empty sheet of that name makes room for one with headings."""
    if name not in book.sheetnames:
        return
    if any(not is_blank(cell.value) for cell in cells_of(book[name]).values()):
        raise UsageError(f"the sheet '{name}' holds something, but no headings; type them into its first row")
    del book[name]


def _type_into(page: Worksheet, origin: Origin, new: Sequence[str], edits: Sequence[Edit]) -> None:
    places = _places(origin, new)
    for name in new:
        position, heading = places[name]
        name_column(page, origin.header, position + 1, heading)
    filled = (row for (row, _), cell in cells_of(page).items() if not is_blank(cell.value))
    last = max(origin.header, *filled, *(merged.max_row or 0 for merged in page.merged_cells.ranges))
    if last + sum(isinstance(edit, RowAdded) for edit in edits) > MOST_ROWS:
        raise UsageError(
            f"the sheet '{page.title}' holds something in row {last}, and below it is no room for another row: "
            "delete that row, or move it up"
        )
    model, first = last, last + 1
    for edit in edits:
        if isinstance(edit, RowAdded):
            last += 1
            for position in range(origin.width + len(new)):
                if model > origin.header:
                    style_like(page, (model, position + 1), (last, position + 1))
            for column, cell in edit.cells.items():
                if cell is not None:
                    put(page.cell(last, places[column][0] + 1), cell_of(cell))
        elif isinstance(edit, CellTyped):
            if edit.column in places:
                _retype(page, edit.row, places[edit.column][0] + 1, cell_of(edit.cell))
        else:
            for place in range(1, (page.max_column or 0) + 1):
                _retype(page, edit.row, place, None)
    if last >= first:
        _stretch(page, origin, first, last)


def _retype(page: Worksheet, row: int, column: int, value: Any) -> None:
    cell = page.cell(row, column)
    if not isinstance(cell, MergedCell):
        put(cell, value)


def _stretch(page: Worksheet, origin: Origin, first: int, last: int) -> None:
    """Tables, filters and drop-downs that end where the new rows begin reach over them."""
    for table in page.tables.values():
        start, _, end = table.ref.partition(":")
        if not table.totalsRowCount and page[end].row == first - 1 and page[start].row == origin.header:
            table.ref = f"{start}:{page[end].column_letter}{last}"
            if table.autoFilter is not None:
                table.autoFilter.ref = table.ref
    start, _, end = (page.auto_filter.ref or "").partition(":")
    if end and page[end].row == first - 1:
        page.auto_filter.ref = f"{start}:{page[end].column_letter}{last}"
    for validation in page.data_validations.dataValidation:
        for area in list(validation.sqref.ranges):
            if area.max_row == first - 1 and area.min_row == origin.header + 1:
                area.expand(down=last - area.max_row)


# -- Folders of CSV files, and JSON ------------------------------------------------------------------------------------


def _next_folder(source: Path, target: Path, register: Register, edits: Sequence[Edit]) -> tuple[str, ...]:
    remove(target)
    target.mkdir()
    for path in csv_files(source):
        (target / path.name).write_bytes(path.read_bytes())
    for name, new in _new_columns(register, edits).items():
        origin = _origin(register, name)
        if origin is None:
            path, origin = target / f"{name}.csv", Origin(name, 1, {}, 0)
            path.write_bytes(b"\r\n")
        else:
            path = next(p for p in csv_files(target) if p.stem == origin.sheet)
        _type_into_csv(path, origin, new, [e for e in edits if e.sheet == name])
    others = sorted(p.name for p in source.iterdir() if not p.name.startswith(".") and p not in csv_files(source))
    return (f"files: {', '.join(others)}",) if others else ()


def _type_into_csv(path: Path, origin: Origin, new: Sequence[str], edits: Sequence[Edit]) -> None:
    table, places = CsvTable(path), _places(origin, new)
    for name in new:
        table.put(origin.header, *places[name])
    for edit in edits:
        if isinstance(edit, RowCleared):
            table.rows[edit.row - 1] = [""] * len(table.rows[edit.row - 1])
            continue
        row, cells = (len(table.rows) + 1, edit.cells) if isinstance(edit, RowAdded) else (edit.row, _one(edit))
        for column, cell in cells.items():
            if column in places:
                table.put(row, places[column][0], _text(cell))
    path.write_bytes(table.bytes)


def _one(edit: CellTyped) -> Mapping[str, Any]:
    return {edit.column: edit.cell}


def _text(cell: Any) -> str:
    value = cell_of(cell)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _next_json(source: Path, target: Path, register: Register, edits: Sequence[Edit]) -> tuple[str, ...]:
    data = json_of(source)
    for edit in edits:
        page = register.pages.get(edit.sheet)
        origin = page.origin if page else None
        name = origin.sheet if origin else edit.sheet
        places = _places(origin or Origin(name, 1, {}, 0), _new_columns(register, edits).get(edit.sheet, []))
        if isinstance(edit, RowAdded):
            rows = data.get(name) or []
            row = {places[c][1]: plain(cell) for c, cell in edit.cells.items() if cell is not None}
            data[name] = [*(rows if isinstance(rows, list) else [rows]), row]
        elif isinstance(edit, CellTyped):
            if edit.column in places:
                json_row(data, name, edit.row)[places[edit.column][1]] = plain(edit.cell)
        else:
            json_row(data, name, edit.row).clear()
    write_json(target, data)
    return ()


def plain(cell: Any) -> Any:
    """What JSON holds for a cell; read from there it is the same.

    Parameters
    ----------
    cell
        Text, a number, a date, yes or no as a boolean, or several of them.
    """
    value = cell_of(cell)
    return value.isoformat() if isinstance(value, date) else value
