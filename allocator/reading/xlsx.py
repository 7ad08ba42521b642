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

from allocator.reading.marks import Marks, as_shown, hidden_columns, marked_rows, shown_formats, struck_styles
from allocator.reading.plain_parts import Formulas, PlainSheet
from allocator.reading.shared_texts import plain_texts
from allocator.reading.strict import open_transitional

LARGEST_BYTES = 2_000_000_000
"""Most bytes of an unpacked workbook; beyond it, it is a fault or an attack, not a partnership."""
MOST_ROWS = 1_048_576
"""Rows that a sheet of a workbook may have; a row beyond is a fault or an attack, and would be waited for."""
EMPTY_RUN = 10_000
"""Rows without a value after which a sheet is taken to have ended (formatted rows often go on for a million), unless
values are found below them."""

_FORMULA = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*?\br=\"([A-Z]+[0-9]+)\"[^>]*)>\s*"  # the cell
    rb"<(?:\w+:)?f\b(?:[^>]*/>|.*?</(?:\w+:)?f>)\s*"  # its formula
    rb"(<(?:\w+:)?v>[^<])?",  # its computed value, if there is one
    re.DOTALL,
)  # fmt: skip
_ROW_NUMBER = re.compile(rb"\br=\"(\d+)\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:]+)\"")


@dataclass(slots=True)
class WorkbookSheet:
    """One worksheet: rows with their numbers, and what is special about its cells.

    Blank rows at the end and in gaps of more than :data:`EMPTY_RUN` are left out; ``after_gaps`` holds the rows that
    follow such gaps.
    """

    name: str
    rows: list[tuple[int, Sequence[Any]]]
    hidden: bool
    merged: tuple[str, ...] = ()
    formulas: Formulas = field(default_factory=Formulas)
    marks: Marks = field(default_factory=Marks)
    after_gaps: tuple[int, ...] = ()


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
    with warnings.catch_warnings(), open_transitional(path) as stream:
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
    struck_texts: frozenset[int] = frozenset()

    @property
    def struck(self) -> frozenset[int]:
        """The cell styles whose font is struck through."""
        book: Any = self.wb
        return struck_styles(book._fonts, book._cell_styles)

    @property
    def shown(self) -> dict[int, tuple[str, int]]:
        """The cell styles that show whole numbers with zeros or letters before them."""
        book: Any = self.wb
        return shown_formats(book._number_formats, book._cell_styles)

    def read_strings(self) -> None:
        found: Any = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if found is None:
            return
        try:
            with self.archive.open(found.PartName[1:]) as stream:
                self.shared_strings, self.struck_texts = plain_texts(stream)
        except MemoryError:
            raise
        except Exception:  # not plain, or damaged: the library tells
            super().read_strings()

    def read_worksheets(self) -> None:
        self.pages = []
        sheets: Any = self.parser.find_sheets()
        for sheet, relation in sheets:
            if "chartsheet" in relation.Type:
                if relation.target in self.valid_files:
                    self.read_chartsheet(sheet, relation)
                continue
            if relation.target not in self.valid_files:
                raise KeyError(relation.target)  # the library passes it over: the sheet would be gone without a word
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
        for most in (EMPTY_RUN, None):
            with book.archive.open(sheet._worksheet_path) as stream:
                part = PlainSheet(
                    stream, book.parser_of_cells(), _is_computed, book.struck, book.struck_texts, book.shown
                )
                rows = _Rows(part.rows(), most)
                text = part.around(judged=not rows.cut)
            if not part.has_more:
                break
    except MemoryError:
        raise
    except Exception:  # whatever it is, the library meets it too, and tells
        return None
    marks = Marks(frozenset(part.hidden), hidden_columns(text), frozenset(part.struck))
    return _sheet(sheet, rows, text, part.formulas, marks)


def _read_any(book: _Book, sheet: _Page) -> WorkbookSheet:
    text = book.archive.read(sheet._worksheet_path)
    for most in (EMPTY_RUN, None):
        library: Any = sheet
        cells: Iterator[Sequence[Any]] = library.iter_rows(values_only=True)
        if shown := book.shown:
            cells = (
                [as_shown(c.value, shown.get(getattr(c, "_style_id", 0))) for c in row] for row in library.iter_rows()
            )
        rows = _Rows(enumerate(cells, start=1), most)
        if not rows.cut or _last_value(text) <= rows.seen:
            break
    formulas = Formulas()
    if b"<f" in text or b":f" in text:
        for facts, cell, value in _FORMULA.findall(text):
            row, column = coordinate_to_tuple(cell.decode())
            formulas.add(row, column - 1, _has_value(facts, value))
    hidden, struck = marked_rows(text, book.struck)
    return _sheet(sheet, rows, text, formulas, Marks(hidden, hidden_columns(text), struck))


def _as_shown(rows: Iterable[Sequence[Any]], shown: dict[int, tuple[str, int]]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield [
            as_shown(cell.value, shown.get(getattr(cell, "_style_id", 0))) for cell in row
        ]  # a missing cell has none


def _last_value(text: bytes) -> int:
    """The row of the last value of a sheet; 0 where that cannot be told."""
    last = max(text.rfind(start) for start in (b"<v>", b"<is>", b":v>", b":is>"))
    begin = max(text.rfind(start, 0, max(last, 0)) for start in (b"<row", b":row"))
    number = _ROW_NUMBER.search(text, max(begin, 0)) if begin >= 0 else None
    return int(number[1]) if number else 0


def _sheet(sheet: _Page, rows: "_Rows", text: bytes, formulas: Formulas, marks: Marks) -> WorkbookSheet:
    merged = tuple(sorted({m.decode() for m in _MERGED.findall(text)})) if b"mergeCell" in text else ()
    hidden = sheet.sheet_state != "visible"
    return WorkbookSheet(sheet.title, rows.read, hidden, merged, formulas, marks, tuple(rows.after_gaps))


class RowNumberError(Exception):
    """A row has a number that no row of a workbook has."""


class _Rows:
    """Rows less blank ones at the end and in long gaps.

    ``cut`` says whether reading ended at a run of more than ``most`` blank rows (None: it goes on to the end);
    ``seen`` is the last row that was looked at.
    """

    def __init__(self, rows: Iterable[tuple[int, Sequence[Any]]], most: int | None) -> None:
        self.read: list[tuple[int, Sequence[Any]]] = []
        self.after_gaps: list[int] = []
        self.cut, self.seen = False, 0
        last = 0
        for number, cells in rows:
            if number > MOST_ROWS:
                raise RowNumberError
            self.seen = number
            if any(c is not None for c in cells):
                if number - last > EMPTY_RUN + 1:
                    self.after_gaps.append(number)
                else:
                    self.read.extend((missing, ()) for missing in range(last + 1, number))
                self.read.append((number, cells))
                last = number
            elif most is not None and number - last > most:
                self.cut = True
                break


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
