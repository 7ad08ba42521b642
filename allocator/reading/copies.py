"""Copies of an input in each of its forms, in which cells are filled in; whatever else it holds is carried over."""

import copy
import csv
import io
import json
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from allocator.reading.blank_rows import without_far_blank_rows
from allocator.reading.collecting import Collector
from allocator.reading.extensions import keep_extensions
from allocator.reading.headings import is_blank
from allocator.reading.strict import open_transitional
from allocator.reading.texts import csv_rows, decode, line_end, separator_of, whole
from allocator.reading.writer import save
from allocator.reading.xlsx import EMPTY_RUN
from models.errors import UsageError


@contextmanager
def copy_of_workbook(source: Path, target: Path) -> Iterator[tuple[Workbook, tuple[str, ...]]]:
    """A workbook to change; it is written to ``target`` when the block ends.

    Parameters
    ----------
    source, target
        The workbook, which is not touched, and the copy.

    Yields
    ------
    tuple
        The workbook, with formulas as they stand; and what of the source is not in it.

    Raises
    ------
    UsageError
        The workbook library cannot copy the workbook.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about drop-downs of newer programs, which are put back at the end
        book, rows = opened(source)
        yield book, _not_in_it(rows)
        save(book, target)
    keep_extensions(source, target)


def _not_in_it(rows: Mapping[str, int]) -> tuple[str, ...]:
    if not rows:
        return ()
    what = f"formats of blank rows that stand more than {EMPTY_RUN:,} below a filled one"
    return (f"{what}: {sum(rows.values()):,} ({', '.join(rows)})",)


def opened(source: Path, *, computed: bool = False) -> tuple[Workbook, dict[str, int]]:
    """A workbook in the library that writes it, without blank rows far below what its sheets hold.

    Parameters
    ----------
    source
        The workbook.
    computed
        Whether formulas are read as the values last computed.

    Returns
    -------
    tuple
        The workbook, and how many blank rows are not in it, by sheet.

    Raises
    ------
    UsageError
        The workbook library cannot copy the workbook.
    """
    try:
        with warnings.catch_warnings(), open_transitional(source) as stream:
            warnings.simplefilter("ignore")
            near, rows = without_far_blank_rows(stream)
            return load_workbook(near, keep_vba=source.suffix.casefold() == ".xlsm", data_only=computed), rows
    except OSError:
        raise
    except Exception as error:  # whatever the library meets in a part that reading does not need
        raise UsageError(f"a copy of {source.name} cannot be made: {error}") from error


def name_column(page: Worksheet, header: int, column: int, heading: str) -> None:
    """Give a column a heading where it has none, which looks like the one before it.

    Parameters
    ----------
    page, header, column
        The sheet, the row of its headings, and the column from 1.
    heading
        Its heading.
    """
    cell = page.cell(header, column)
    if is_blank(cell.value) and not isinstance(cell, MergedCell):
        cell.value = heading
        style_like(page, (header, max(1, column - 1)), (header, column))


def cells_of(page: Worksheet) -> Mapping[tuple[int, int], Cell | MergedCell]:
    """The cells that a sheet has, by row and column; walking its rows would make one of every blank."""
    return page._cells


def style_like(page: Worksheet, model: tuple[int, int], at: tuple[int, int]) -> None:
    """Give a cell the looks of another (row and column from 1)."""
    for name in ("font", "fill", "border", "alignment", "number_format"):
        setattr(page.cell(*at), name, copy.copy(getattr(page.cell(*model), name)))


class CsvTable:
    """The cells of a CSV file, to be changed; its encoding, separator and line ends stay.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        text = decode(data, path.name, path.stem, Collector())
        self._encoding, self._separator, self._end = _encoding(data), separator_of(text), line_end(text)
        self.rows = list(csv_rows(text, self._separator))

    def cell(self, row: int, position: int) -> str:
        """What stands in a cell, by its row as the user sees it and its column from 0; blank beyond the last one."""
        cells = self.rows[row - 1]
        return cells[position] if position < len(cells) else ""

    def put(self, row: int, position: int, text: str) -> None:
        """Type a text into a cell; rows are added as far as they are needed."""
        self.rows += [[] for _ in range(row - len(self.rows))]
        cells = self.rows[row - 1]
        cells += [""] * (position + 1 - len(cells))
        cells[position] = text

    @property
    def bytes(self) -> bytes:
        """The file."""
        stream = io.StringIO()
        csv.writer(stream, delimiter=self._separator, lineterminator=self._end).writerows(self.rows)
        return stream.getvalue().encode(self._encoding)


def _encoding(data: bytes) -> str:
    """That of the file; text of an older one becomes UTF-8 with the mark by which spreadsheet programs know it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8-sig"
    return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"


def json_of(source: Path) -> dict[str, Any]:
    """The sheets of a JSON file, to be changed."""
    found: dict[str, Any] = json.loads(decode(source.read_bytes(), source.name, None, Collector()))
    return found


def json_row(data: dict[str, Any], sheet: str, row: int) -> Any:
    """A row of a sheet by its number: the first object is row 2, as it would be in a workbook."""
    rows = data[sheet]
    return (rows if isinstance(rows, list) else [rows])[row - 2]


def write_json(target: Path, data: dict[str, Any]) -> None:
    """Write the sheets of a JSON file."""
    target.write_text(whole(json.dumps(data, ensure_ascii=False, indent=2)) + "\n", encoding="utf-8")


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
