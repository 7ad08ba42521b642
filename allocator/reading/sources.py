"""Files to plain sheets of cells: the one seam where errors of foreign libraries become issues."""

import csv
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.marks import Marks
from allocator.reading.texts import csv_files, csv_rows, decode, separator_of, whole
from allocator.reading.xlsx import (
    EMPTY_RUN,
    LARGEST_BYTES,
    MOST_ROWS,
    RowNumberError,
    WorkbookSheet,
    is_old_or_protected,
    read_workbook,
)  # fmt: skip
from models.errors import InputUnusableError, UsageError

_KEPT_WHILE_OPEN = "~$"
"""How the name of a file begins by which Excel keeps others out of a workbook that is open."""
_INPUTS = frozenset((".xlsx", ".xlsm", ".xls", ".xlsb", ".json", ".zip", ".ods", ".numbers"))
"""Endings of files that people put into a folder and then give the folder."""
_NAMED = 3
"""Files of a folder that a message names."""
CellValue = str | int | float | bool | date | datetime | None


class Unreadable(Enum):
    """Cells that hold no value that could be read."""

    UNCOMPUTED = "a formula without a computed value"
    NESTED = "a nested value"


@dataclass(slots=True)
class RawSheet:
    """A sheet as it stands in the file. ``rows`` holds the row's number and its cells, row by row.

    ``computed`` holds, by column from 0, the rows of formulas with a computed value; ``merged`` the merged ranges, such
    as ``B5:B7``; ``marks`` the rows and columns that a person sees otherwise than as plain ones (hidden, struck
    through). ``typed`` is False where every cell is text (CSV) or the file's
    own words (JSON), so that dates in ISO form and numbers as text are as they should be.
    """

    name: str
    rows: list[tuple[int, Sequence[Any]]]
    typed: bool = False
    hidden: bool = False
    merged: tuple[str, ...] = ()
    computed: Mapping[int, Sequence[int]] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)


def read_file(path: Path, collector: Collector) -> list[RawSheet]:
    """Read every sheet of a workbook, a folder of CSV files or a JSON file.

    Parameters
    ----------
    path
        The file or folder.
    collector
        Takes the problems.

    Returns
    -------
    list of RawSheet
        In the order of the file.

    Raises
    ------
    UsageError
        There is nothing at ``path``.
    InputUnusableError
        The file cannot be opened at all.
    """
    if not path.exists():
        raise UsageError(f"there is no file or folder '{path}'")
    try:
        return _read_folder(path, collector) if path.is_dir() else _read_one(path, collector)
    except MemoryError as error:
        collector.add("V135", file=path.name)
        raise InputUnusableError(collector.in_order()) from error


def _read_one(path: Path, collector: Collector) -> list[RawSheet]:
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        collector.add("V104", file=path.name, why=error.strerror or "it cannot be opened")
        raise InputUnusableError(collector.in_order()) from error
    if not start:
        collector.add("V132", file=path.name)
        raise InputUnusableError(collector.in_order())
    if zipfile.is_zipfile(path):
        return _read_workbook(path, collector)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        collector.add("V102" if is_old_or_protected(path) == "protected" else "V103", file=path.name)
    elif path.suffix.casefold() in {".xlsx", ".xlsm"} and start.startswith(b"PK"):
        collector.add("V104", file=path.name, why="the end of the file is missing")
    elif path.suffix.casefold() == ".json" or start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return _read_json(path, collector)
    elif path.suffix.casefold() == ".csv":
        return [_read_csv(path, collector)]
    elif path.name.startswith(_KEPT_WHILE_OPEN):
        collector.add("V146", file=path.name, meant=path.name.removeprefix(_KEPT_WHILE_OPEN))
    else:
        collector.add("V101", file=path.name)
    raise InputUnusableError(collector.in_order())


def from_records(sheets: Mapping[str, Any], collector: Collector) -> list[RawSheet]:
    """Sheets given as lists of rows, each an object of column to value (JSON, the API).

    Parameters
    ----------
    sheets
        Sheet name to a list of row objects.
    collector
        Takes the problems.

    Returns
    -------
    list of RawSheet
        The first row of each holds the headings; object n is row n + 1, as it would be in a workbook.
    """
    result: list[RawSheet] = []
    for name, records in sheets.items():
        headings: dict[str, None] = {}
        good: list[tuple[int, Mapping[str, Any]]] = []
        rows = records if isinstance(records, list | tuple) else [records]
        for number, record in enumerate(rows, start=2):
            if isinstance(record, Mapping):
                named = {whole(str(k)): v for k, v in record.items()}
                headings.update(dict.fromkeys(named))
                for column, value in named.items():
                    if isinstance(value, str) and whole(value) != value:
                        read = f"'{whole(value)}'"
                        collector.add("V144", sheet=whole(str(name)), row=number, column=column, meaning=read)
                good.append((number, named))
            else:
                collector.add("V129", sheet=whole(str(name)), row=number, found=type(record).__name__)
        cells = [(number, [_plain(record.get(h)) for h in headings]) for number, record in good]
        result.append(RawSheet(whole(str(name)), [(1, list(headings)), *cells] if headings else []))
    return result


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if value is None or isinstance(value, int | float | bool | date):
        return value
    if isinstance(value, list | tuple) and all(isinstance(v, str | int) and not isinstance(v, bool) for v in value):
        return ";".join(whole(str(v)) for v in value)
    return Unreadable.NESTED


def _read_workbook(path: Path, collector: Collector) -> list[RawSheet]:
    try:
        sheets = _open_workbook(path, collector)
    except InputUnusableError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # whatever the workbook library meets in a damaged file, it is one problem for the user
        collector.add("V104", file=path.name, why=_reason(error))
        raise InputUnusableError(collector.in_order()) from error
    result = []
    for sheet in sheets:
        rows = sheet.rows
        places = {number: n for n, (number, _) in enumerate(rows)} if sheet.formulas.uncomputed else {}
        for column, numbers in sheet.formulas.uncomputed.items():
            for row in numbers:
                if row in places:
                    cells = list(rows[places[row]][1])
                    cells += [None] * (column + 1 - len(cells))
                    cells[column] = Unreadable.UNCOMPUTED
                    rows[places[row]] = (row, cells)
        for row in sheet.after_gaps:
            collector.add("V120", sheet=sheet.name, row=row, count=EMPTY_RUN)
        result.append(
            RawSheet(sheet.name, rows, True, sheet.hidden, sheet.merged, sheet.formulas.computed, sheet.marks)
        )
    return result


def _open_workbook(path: Path, collector: Collector) -> list[WorkbookSheet]:
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        parts = set(archive.namelist())
    if size > LARGEST_BYTES:
        collector.add("V105", file=path.name, size=f"{size / 1e9:.1f} GB", limit=f"{LARGEST_BYTES / 1e9:.1f} GB")
    elif "xl/workbook.bin" in parts:
        collector.add("V103", file=path.name)
    elif not any(part.casefold().startswith("xl/") for part in parts):
        collector.add("V101", file=path.name)
    else:
        return list(read_workbook(path))
    raise InputUnusableError(collector.in_order())


def _reason(error: Exception) -> str:
    if isinstance(error, zipfile.BadZipFile | EOFError):
        return "its compressed contents cannot be unpacked"
    if isinstance(error, KeyError):
        return "a part of it is missing"
    if isinstance(error, RowNumberError):
        return f"a row has a number beyond {MOST_ROWS:,}, the last that a workbook has"
    return "its contents do not follow the workbook format"


def _read_folder(path: Path, collector: Collector) -> list[RawSheet]:
    try:
        files = csv_files(path)
    except OSError as error:
        collector.add("V104", file=path.name, why=error.strerror or "it cannot be opened")
        raise InputUnusableError(collector.in_order()) from error
    if not files:
        inside = sorted(p.name for p in path.iterdir() if p.suffix.casefold() in _INPUTS and p.name[0] not in ".~")
        if inside:
            shown = ", ".join(inside[:_NAMED]) + (f" and {len(inside) - _NAMED} more" if len(inside) > _NAMED else "")
            collector.add("V134", file=path.name, inside=shown, give=str(path / inside[0]))
        else:
            collector.add("V101", file=path.name)
        raise InputUnusableError(collector.in_order())
    sheets = [_read_csv(p, collector) for p in files]
    if collector.stopped:
        raise InputUnusableError(collector.in_order())
    return sheets


def _read_csv(path: Path, collector: Collector) -> RawSheet:
    try:
        text = decode(path.read_bytes(), path.name, path.stem, collector)
    except OSError as error:
        collector.add("V104", sheet=path.stem, file=path.name, why=error.strerror or "it cannot be opened")
        return RawSheet(path.stem, [])
    separator = separator_of(text)
    if separator != ",":
        word = "semicolons" if separator == ";" else "tabs"
        collector.add("V127", sheet=path.stem, file=path.name, found=word)
    words: dict[str, str] = {}  # the same words stand in many cells
    rows: list[tuple[int, Sequence[Any]]] = []
    try:
        for number, cells in enumerate(csv_rows(text, separator), start=1):
            rows.append((number, [words.setdefault(c, c) for c in cells]))
    except csv.Error as error:
        collector.add("V104", sheet=path.stem, file=path.name, why=str(error))
        rows = []
    return RawSheet(path.stem, rows)


def _read_json(path: Path, collector: Collector) -> list[RawSheet]:
    text = decode(path.read_bytes(), path.name, None, collector)
    try:
        data = json.loads(text, object_pairs_hook=_Objects().once)
    except (ValueError, RecursionError) as error:
        collector.add("V126", file=path.name, why=whole(re.sub(r" \(char \d+\)", "", str(error))))
        raise InputUnusableError(collector.in_order()) from error
    if not isinstance(data, Mapping):
        collector.add("V126", file=path.name, why="it is no object of sheets")
        raise InputUnusableError(collector.in_order())
    return from_records(data, collector)


class _Objects:
    """Objects of JSON: no key twice, and equal texts as one, since the same words stand in many cells."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    def once(self, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """An object of its keys and values."""
        result: dict[str, Any] = {}
        words = self._words
        for key, value in pairs:
            if key in result:
                raise ValueError(f"'{key}' stands twice in one object")
            result[key] = words.setdefault(value, value) if isinstance(value, str) else value
        return result
