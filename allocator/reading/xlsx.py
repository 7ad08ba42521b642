"""Workbooks: values by the streaming reader, formulas and merged cells straight from the sheets' own text.

The streaming reader keeps a sheet of 100,000 rows within a few hundred megabytes, but it knows neither merged cells
nor which values are computed; both are found by looking through the sheet's XML once.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import coordinate_to_tuple
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS

from allocator.reading.plain_parts import Formulas, PlainSheet, plain_texts

LARGEST_BYTES = 2_000_000_000
"""Most bytes of an unpacked workbook; beyond it, it is a fault or an attack, not a partnership."""
EMPTY_RUN = 10_000
"""Rows without a value after which a sheet is taken to have ended (formatted rows often go on for a million)."""

_FORMULA = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*?\br=\"([A-Z]+[0-9]+)\"[^>]*)>\s*"  # the cell
    rb"<(?:\w+:)?f\b(?:[^>]*/>|.*?</(?:\w+:)?f>)\s*"  # its formula
    rb"(<(?:\w+:)?v>[^<])?",  # its computed value, if there is one
    re.DOTALL,
)  # fmt: skip
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:]+)\"")


@dataclass(slots=True)
class WorkbookSheet:
    """One worksheet: rows with their numbers (blank ones at the end dropped), and what is special about its cells."""

    name: str
    rows: list[tuple[int, Sequence[Any]]]
    hidden: bool
    merged: tuple[str, ...] = ()
    formulas: Formulas = field(default_factory=Formulas)
    cut_after: int | None = None


def read_workbook(path: Path) -> Iterator[WorkbookSheet]:
    """Read the worksheets of a workbook (.xlsx, .xlsm).

    Parameters
    ----------
    path
        The workbook.

    Yields
    ------
    WorkbookSheet
        In the workbook's order; chart sheets are left out.

    Raises
    ------
    Exception
        Whatever the workbook library meets in a damaged file; the caller maps it.
    """
    with warnings.catch_warnings(), path.open("rb") as stream:
        # The library warns about drop-downs and styles that it drops; nothing of them is read here.
        warnings.simplefilter("ignore")
        book = _Book(stream, read_only=True, data_only=True)
        try:
            book.read()
            for page in book.pages:
                yield _read_plain(book, page) or _read_any(book, page)
        finally:
            book.archive.close()


class _Book(ExcelReader):
    """The library's reader of workbooks, less what takes it minutes for large ones; ``pages`` are the worksheets."""

    pages: list["_Page"]

    def read_strings(self) -> None:
        found: Any = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if found is None:
            return
        try:
            with self.archive.open(found.PartName[1:]) as stream:
                self.shared_strings = plain_texts(stream)
        except Exception:  # not plain, or damaged: the library tells
            super().read_strings()

    def read_worksheets(self) -> None:
        self.pages = []
        sheets: Any = self.parser.find_sheets()
        for sheet, relation in sheets:
            if relation.target not in self.valid_files:
                continue
            if "chartsheet" in relation.Type:
                self.read_chartsheet(sheet, relation)
                continue
            page = _Page(self.wb, sheet.name, relation.target, self.shared_strings)
            page.sheet_state = sheet.state
            self.pages.append(page)
            self.wb._sheets.append(page)  # type: ignore[attr-defined]

    def parser_of_cells(self) -> WorkSheetParser:
        """What reads single cells of this workbook."""
        book: Any = self.wb
        return WorkSheetParser(
            BytesIO(), self.shared_strings, True, book.epoch, book._date_formats, book._timedelta_formats
        )


class _Page(ReadOnlyWorksheet):
    """A worksheet of the library whose extent is not looked for: some writers state a wrong one, others none.

    Without an extent the rows come as they are.
    """

    _worksheet_path: str

    def _get_size(self) -> None:
        pass


def _read_plain(book: _Book, sheet: _Page) -> WorkbookSheet | None:
    """A sheet by the fast reader; None where its XML is not plain, or damaged."""
    try:
        with book.archive.open(sheet._worksheet_path) as stream:
            part = PlainSheet(stream, book.parser_of_cells(), _is_computed)
            rows, cut = _rows_until_end(_with_missing(part.rows()))
            text = part.around(judged=not cut)
    except Exception:  # whatever it is, the library meets it too, and tells
        return None
    return _sheet(sheet, rows, cut, text, part.formulas)


def _read_any(book: _Book, sheet: _Page) -> WorkbookSheet:
    cells: Iterator[Sequence[Any]] = sheet.iter_rows(values_only=True)  # type: ignore[misc]
    rows, cut = _rows_until_end(enumerate(cells, start=1))
    text = book.archive.read(sheet._worksheet_path)
    formulas = Formulas()
    if b"<f" in text or b":f" in text:
        for facts, cell, value in _FORMULA.findall(text):
            row, column = coordinate_to_tuple(cell.decode())
            formulas.add(row, column - 1, _has_value(facts, value))
    return _sheet(sheet, rows, cut, text, formulas)


def _sheet(
    sheet: _Page, rows: list[tuple[int, Sequence[Any]]], cut: bool, text: bytes, formulas: Formulas
) -> WorkbookSheet:
    merged = tuple(sorted({m.decode() for m in _MERGED.findall(text)})) if b"mergeCell" in text else ()
    return WorkbookSheet(
        sheet.title, rows, sheet.sheet_state != "visible", merged, formulas, EMPTY_RUN if cut else None
    )


def _with_missing(rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Rows, and a blank one wherever the part leaves one out."""
    last = 0
    for number, cells in rows:
        for missing in range(last + 1, number):
            yield missing, ()
        yield number, cells
        last = number


def _rows_until_end(rows: Iterable[tuple[int, Sequence[Any]]]) -> tuple[list[tuple[int, Sequence[Any]]], bool]:
    """Rows less blank ones at the end, and whether reading ended at a long run of blank ones."""
    read: list[tuple[int, Sequence[Any]]] = []
    empty = 0
    for number, cells in rows:
        empty = 0 if any(c is not None for c in cells) else empty + 1
        if empty > EMPTY_RUN:
            break
        read.append((number, cells))
    if empty:
        del read[len(read) - min(empty, EMPTY_RUN) :]
    return read, empty > EMPTY_RUN


def _is_computed(cell: bytes) -> bool:
    found = _FORMULA.match(cell)
    return found is not None and _has_value(found[1], found[3])


def _has_value(facts: bytes, value: bytes | None) -> bool:
    # A formula whose value is an empty text has a type and no value.
    return bool(value) or b't="str"' in facts


def is_old_or_protected(path: Path) -> Literal["old", "protected"]:
    """What a compound file is: an old workbook, or a new one behind a password.

    Parameters
    ----------
    path
        A file that starts with the compound-file signature.

    Returns
    -------
    {"old", "protected"}
        By the name of the stream that holds an encrypted package.
    """
    return "protected" if "EncryptedPackage".encode("utf-16-le") in path.read_bytes() else "old"
