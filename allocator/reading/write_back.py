"""Fills the ids that reading gave to rows without one into a copy of the user's file."""

import os
import zipfile
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

from openpyxl.cell.cell import MergedCell

from allocator.reading.copies import (
    CsvTable,
    copy_of_workbook,
    json_of,
    json_row,
    name_column,
    remove,
    write_json,
)
from allocator.reading.headings import is_blank
from allocator.reading.origins import NumberedId
from allocator.reading.texts import csv_files


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
    remove(partial)
    return None


def _fill_workbook(source: Path, target: Path, numbered: Iterable[NumberedId]) -> int:
    filled = 0
    with copy_of_workbook(source, target) as (book, _):
        for given in numbered:
            page, column = book[given.sheet], given.position + 1
            cell = page.cell(given.row, column)
            if isinstance(cell, MergedCell) or not is_blank(cell.value):
                continue
            name_column(page, given.header, column, given.heading)
            cell.value = given.id
            filled += 1
    return filled


def _fill_folder(source: Path, target: Path, numbered: Iterable[NumberedId]) -> int:
    filled = 0
    remove(target)
    target.mkdir()
    for path in csv_files(source):
        ids = [n for n in numbered if n.sheet == path.stem]
        if ids:
            table = CsvTable(path)
            filled += sum(_fill_row(table, given) for given in ids)
            (target / path.name).write_bytes(table.bytes)
        else:
            (target / path.name).write_bytes(path.read_bytes())
    return filled


def _fill_row(table: CsvTable, given: NumberedId) -> bool:
    if not is_blank(table.cell(given.row, given.position)):
        return False
    table.put(given.header, given.position, given.heading)
    table.put(given.row, given.position, given.id)
    return True


def _fill_json(source: Path, target: Path, numbered: Iterable[NumberedId]) -> int:
    data, filled = json_of(source), 0
    for given in numbered:
        record = json_row(data, given.sheet, given.row)
        if isinstance(record, dict) and is_blank(record.get(given.heading)):
            record[given.heading] = given.id
            filled += 1
    write_json(target, data)
    return filled


def _settled(partial: Path, wanted: Path) -> Path:
    """Give what was written its name: the wanted one, or the next that is free or holds the same already."""
    for number in count(1):
        target = wanted if number == 1 else wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")
        if not target.exists():
            os.replace(partial, target)
            return target
        if _contents(target) == _contents(partial):
            remove(partial)
            return target
    raise AssertionError("numbers never end")


def _contents(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.iterdir())
    return {"" if p == path else p.name: p.read_bytes() for p in files}
