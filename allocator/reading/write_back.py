"""Fills the ids that reading gave to rows without one into a copy of the user's file."""

import copy
import csv
import io
import json
import os
import shutil
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell

from allocator.reading.collecting import Collector
from allocator.reading.extensions import keep_extensions
from allocator.reading.origins import NumberedId
from allocator.reading.strict import open_transitional
from allocator.reading.texts import csv_rows, decode, line_end, separator_of, whole
from allocator.reading.writer import save
from models.errors import UsageError


def write_back_ids(source: Path, out: Path, numbered: Sequence[NumberedId]) -> Path | None:
    """Write a copy of an input in which the ids that reading gave are filled in; the input itself is never touched.

    The copy is named after the input: ``partnership-with-ids.xlsx``; of a folder of CSV files it is a folder. Only
    blank cells are filled. A sheet without the id column gets one behind its others. A file of that name that holds
    something else may have been worked on: it stays, and the copy gets the next number that is free.

    Parameters
    ----------
    source
        What was read: a workbook, a folder of CSV files or a JSON file.
    out
        Folder of the copy; made if absent.
    numbered
        The ids that were given to rows of ``source``.

    Returns
    -------
    Path or None
        The copy; None where no blank id was numbered.

    Raises
    ------
    UsageError
        The workbook library cannot copy the workbook.
    """
    if not numbered:
        return None
    source = source.resolve()
    out.mkdir(parents=True, exist_ok=True)
    partial = out / f"{source.name}.part"
    if source.is_dir():
        filled, suffix = _fill_folder(source, partial, numbered), ""
    elif zipfile.is_zipfile(source):
        filled, suffix = _fill_workbook(source, partial, numbered), source.suffix
    else:
        filled, suffix = _fill_json(source, partial, numbered), source.suffix
    if filled:
        return _settled(partial, out / f"{source.name.removesuffix(suffix)}-with-ids{suffix}")
    _remove(partial)
    return None


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _fill_workbook(source: Path, target: Path, numbered: Iterable[NumberedId]) -> int:
    filled = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about drop-downs of newer programs, which are put back at the end
        try:
            with open_transitional(source) as stream:
                book = load_workbook(stream, keep_vba=source.suffix.casefold() == ".xlsm")
        except OSError:
            raise
        except Exception as error:  # whatever the library meets in a part that reading does not need
            raise UsageError(f"a copy of {source.name} with the ids cannot be made: {error}") from error
        for given in numbered:
            page, column = book[given.sheet], given.position + 1
            cell, heading = page.cell(given.row, column), page.cell(given.header, column)
            if isinstance(cell, MergedCell) or not _is_blank(cell.value):
                continue
            if _is_blank(heading.value) and not isinstance(heading, MergedCell):
                heading.value = given.heading
                _style_like(page.cell(given.header, max(1, column - 1)), heading)
            cell.value = given.id
            filled += 1
        save(book, target)
    keep_extensions(source, target)
    return filled


def _style_like(model: Cell | MergedCell, cell: Cell) -> None:
    for name in ("font", "fill", "border", "alignment"):
        setattr(cell, name, copy.copy(getattr(model, name)))


def _fill_folder(source: Path, target: Path, numbered: Iterable[NumberedId]) -> int:
    filled = 0
    _remove(target)
    target.mkdir()
    for path in sorted(p for p in source.iterdir() if p.suffix.casefold() == ".csv"):
        data = path.read_bytes()
        ids = [n for n in numbered if n.sheet == path.stem]
        if ids:
            data, number = _filled_csv(data, path, ids)
            filled += number
        (target / path.name).write_bytes(data)
    return filled


def _filled_csv(data: bytes, path: Path, numbered: Iterable[NumberedId]) -> tuple[bytes, int]:
    text = decode(data, path.name, path.stem, Collector())
    separator = separator_of(text)
    rows = list(csv_rows(text, separator))
    filled = 0
    for given in numbered:
        header, row = rows[given.header - 1], rows[given.row - 1]
        row.extend([""] * (given.position + 1 - len(row)))
        if _is_blank(row[given.position]):
            header.extend([""] * (given.position + 1 - len(header)))
            header[given.position], row[given.position] = given.heading, given.id
            filled += 1
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=line_end(text)).writerows(rows)
    return stream.getvalue().encode(_encoding(data)), filled


def _encoding(data: bytes) -> str:
    """That of the file; text of an older one becomes UTF-8 with the mark by which spreadsheet programs know it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8-sig"
    return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"


def _fill_json(source: Path, target: Path, numbered: Iterable[NumberedId]) -> int:
    data = json.loads(decode(source.read_bytes(), source.name, None, Collector()))
    filled = 0
    for given in numbered:
        rows = data[given.sheet]
        # The first object is row 2, as it would be in a workbook.
        record = (rows if isinstance(rows, list) else [rows])[given.row - 2]
        if isinstance(record, Mapping) and _is_blank(record.get(given.heading)):
            record[given.heading] = given.id  # type: ignore[index]
            filled += 1
    target.write_text(whole(json.dumps(data, ensure_ascii=False, indent=2)) + "\n", encoding="utf-8")
    return filled


def _settled(partial: Path, wanted: Path) -> Path:
    """Give what was written its name: the wanted one, or the next that is free or holds the same already."""
    for number in count(1):
        target = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        if not target.exists():
            os.replace(partial, target)
            return target
        if _contents(target) == _contents(partial):
            _remove(partial)
            return target
    raise AssertionError("numbers never end")


def _contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.iterdir())
    return {"" if p == path else p.name: p.read_bytes() for p in files}


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
