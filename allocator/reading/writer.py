"""Writes workbooks that read back: headings with notes, drop-downs, dates as dates, ids as text."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from allocator.reading.columns import Column, Sheet
from allocator.reading.dates import read_date
from allocator.reading.sheets_record import SHEETS
from allocator.reading.sources import Unreadable
from models.register import Page, Register, Row, Special

ROWS_WITH_DROP_DOWNS = 1000
"""Rows to which drop-downs reach where a sheet has fewer."""
LONGEST_LIST = 255
"""Most characters of a drop-down that is written into the workbook's validation."""
_HEADER = PatternFill("solid", fgColor="1F3A5F")
_REQUIRED = PatternFill("solid", fgColor="0B6E4F")
_PROTECTS = PatternFill("solid", fgColor="7A3B69")
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write sheets as a workbook that :func:`allocator.reading.read` reads back; equal sheets give equal files.

    Parameters
    ----------
    path
        The workbook to write (.xlsx).
    sheets
        Sheet name to rows; each row maps columns to values: text, numbers, dates, booleans (yes, no) or lists
        (separated by ``;``). A sheet without rows gets all its columns.
    """
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        add_sheet(book, name, rows)
    save(book, path)


def save(book: Workbook, path: Path) -> None:
    """Save a workbook so that equal workbooks are equal files, whenever they are written.

    Parameters
    ----------
    book
        The workbook.
    path
        Where to.
    """
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _TIME.sub(b"2020-01-01T00:00:00Z", content)
            fixed = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, content)


def add_sheet(book: Workbook, name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> Worksheet:
    """Add one sheet: styled headings with notes, drop-downs, the rows.

    Parameters
    ----------
    book
        Takes the sheet.
    name
        Its name; columns of a sheet that we know come in our order.
    rows
        Its rows.
    columns
        Its columns; by default those that the rows have, or all where there are no rows.

    Returns
    -------
    Worksheet
        The sheet.
    """
    sheet = SHEETS.get(name, Sheet(name, "a row", ()))
    filled = {c for row in rows for c in row}
    names = list(columns) or [c.name for c in sheet.columns if c.name in filled or not rows]
    names += [c for c in dict.fromkeys(c for row in rows for c in row) if c not in names]
    known = [sheet.by_name.get(c, Column(c, "text", "", "nothing")) for c in names]
    page: Worksheet = book.create_sheet(name)
    page.append(names)
    for row in rows:
        page.append([cell_of(row.get(c.name)) for c in known])
    last = max(len(rows) + 1, ROWS_WITH_DROP_DOWNS)
    for position, column in enumerate(known, start=1):
        letter = get_column_letter(position)
        page.column_dimensions[letter].width = max(column.width, len(column.name) + 2)
        _style_heading(page, f"{letter}1", column)
        if column.kind == "date" or column.kind in {"id", "reference", "references", "place", "days_a_week"}:
            number_format = "yyyy-mm-dd" if column.kind == "date" else "@"
            # The whole column, so that ids typed below the rows stay text and dates stay dates.
            page.column_dimensions[letter].number_format = number_format
            for line in range(2, len(rows) + 2):
                page.cell(line, position).number_format = number_format
        validation = _validation(column)
        if validation is not None:
            validation.add(f"{letter}2:{letter}{last}")
            page.add_data_validation(validation)
    page.freeze_panes = "B2"
    if names:
        page.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"
    return page


def write_register(path: Path, register: Register) -> tuple[str, ...]:
    """Write a register as a workbook that reads back as the same register, each row and column where it stood.

    Parameters
    ----------
    path
        The workbook to write (.xlsx).
    register
        The rows; a cell that could not be read is written as it was found, and so are the team's own columns.

    Returns
    -------
    tuple of str
        What the input holds and the workbook does not: sheets that are not ours, rows that are none of a table.
    """
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name in register.pages:
        page = register.pages[name]
        places = _places(page)
        columns = [place if isinstance(place, str) else page.own[place].heading for place in places]
        sheet = add_sheet(book, name, (), columns) if columns else book.create_sheet(name)
        for position, place in enumerate(places, start=1):
            if isinstance(place, str):
                column = SHEETS[name].by_name[place]
                cells = [(row.number, _as_typed(column, row)) for row in page.rows]
            else:
                sheet.cell(1, position).value = page.own[place].heading or None
                cells = [(row.number, row.own[place]) for row in page.rows if place < len(row.own)]
            for number, value in cells:
                if value is not None:
                    put(sheet.cell(number, position), value)
    save(book, path)
    return register.left_out


def _places(page: Page) -> list[str | int]:
    """Our columns by name and the team's own by number, from left to right."""
    places: list[str | int] = []
    for n in range(len(page.columns) + 1):
        places += [number for number, own in enumerate(page.own) if own.behind == n]
        places += page.columns[n : n + 1]
    return places


def put(cell: Any, value: Any) -> None:
    """Put a value into a cell, so that it reads back as it is: text stays text, and a date is shown as one."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # text that begins with = is no formula
        cell.number_format = "@"
    elif isinstance(value, date) and (not isinstance(value, datetime) or value.time() == time()):
        cell.number_format = "yyyy-mm-dd"


def _as_typed(column: Column, row: Row) -> Any:
    """A cell as it is typed; what could not be read stays as it was found, also where it counts as "not known"."""
    if column.name in row.unreadable:
        return _as_found(column, row.unreadable[column.name])
    value = row.values.get(column.name)
    return None if value is None else _typed(column, value)


def _typed(column: Column, value: Any) -> Any:
    """What is typed for a value of a register."""
    if value is Special.NOT_KNOWN:
        return value.value
    if column.kind == "days_a_week" and isinstance(value, tuple):
        return "-".join(str(days) for days in value)
    if column.kind == "ranking":
        return " > ".join(" = ".join(group) for group in value)
    if column.kind == "any":
        return value
    if isinstance(value, Decimal) and Decimal(f"{value:.16g}") != value:
        return str(value)  # more digits than the workbook keeps of a number
    return cell_of(value)


def _as_found(column: Column, found: str | None) -> Any:
    """A cell that could not be read, so that it cannot be read again: dates and numbers are no text."""
    if found in {mark.value for mark in Unreadable}:
        return "#N/A"
    if found and column.kind in {"id", "reference", "references", "place", "places", "educators", "ranking"}:
        day = read_date(found, False)[0]
        number = re.fullmatch(r"\d{15,}", found)
        return day or (int(found) if number else found)
    return found


def note_of(column: Column) -> str:
    """What a heading's note says: meaning, what is allowed, what a blank means.

    Parameters
    ----------
    column
        The column.

    Returns
    -------
    str
        A few lines.
    """
    lines = [column.note[:1].upper() + column.note[1:] + "."]
    lines.append(f"Allowed: {column.allowed_text}.")
    lines.append("Must be filled." if column.required else f"Blank: {column.blank}.")
    if column.protects:
        lines.append("Protects somebody: a row whose cell cannot be read is set aside.")
    return "\n".join(lines)


def _style_heading(page: Worksheet, where: str, column: Column) -> None:
    cell = page[where]
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = _REQUIRED if column.required or column.least else _PROTECTS if column.protects else _HEADER
    cell.alignment = Alignment(vertical="center")
    if column.note:
        comment = Comment(note_of(column), "placements")
        comment.width, comment.height = 320, 130
        cell.comment = comment


def cell_of(value: Any) -> Any:
    """What a cell of a workbook holds for a value.

    Parameters
    ----------
    value
        Text, a number, a date, yes or no as a boolean, or several of them.

    Returns
    -------
    Any
        None for a blank.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value) or None
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if value is None or isinstance(value, int | float | date):
        return value
    return str(value) or None


def _validation(column: Column) -> DataValidation | None:
    """A drop-down or a check that warns; it never refuses, since 'not known' may stand anywhere but in ids."""
    words = column.allowed or (("yes", "no") if column.kind == "yes_no" else ())
    if words and not column.many:
        text = ",".join([*words, *([] if column.required else ["not known"])])
        if len(text) > LONGEST_LIST:
            text = ",".join(words)
        if len(text) > LONGEST_LIST:
            return None
        check = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
    elif column.kind == "date":
        check = DataValidation(type="date", operator="greaterThan", formula1="32874", allow_blank=True)
    elif column.kind == "whole":
        low, high = column.low or 0, column.high or 1_000_000
        check = DataValidation(
            type="whole", operator="between", formula1=str(low), formula2=str(high), allow_blank=True
        )
    else:
        return None
    check.errorStyle = "warning"
    check.showErrorMessage = True
    check.errorTitle = column.name
    check.error = f"Allowed: {column.allowed_text}"[:LONGEST_LIST]
    return check
