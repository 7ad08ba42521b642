"""Writes the letters: each table as CSV and as a workbook, with the headings in the first row, as mail merge wants."""

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from allocator.comparison import Result, compare, published_result
from allocator.report.cells import csv_bytes, put, save, write_bytes
from allocator.report.layout import FONTS, cell_at
from allocator.views.facts import Facts
from allocator.views.letters import Letters
from allocator.views.table import Table
from models.errors import UsageError

CSV, WORKBOOK = ".csv", ".xlsx"


def write_letters(out: Path, facts: Facts, names: Mapping[str, str]) -> dict[Path, int]:
    """Write the tables for mail merge into a folder: students, agencies, placements at agencies, and PEs.

    Equal input gives equal files. Nothing that is there is replaced, since letters that are being worked on may rest
    on it.

    Parameters
    ----------
    out
        Folder; made if it does not exist.
    facts
        Dataset, policy and plan, which has passed the check.
    names
        Names by id of student or PE, written here and nowhere else; empty for none.

    Returns
    -------
    dict
        How many rows each file has.

    Raises
    ------
    UsageError
        A file is there already, or one cannot be written.
    """
    tables = letters_of(facts, names)
    paths = {out / f"{name}{ending}": table for name, table in tables.items() for ending in (CSV, WORKBOOK)}
    if out.exists() and not out.is_dir():
        raise UsageError(f"'{out}' is a file, not a folder: name another folder with --out")
    there = [path.name for path in paths if path.exists()]
    if there:
        raise UsageError(f"{', '.join(there)} in '{out}' exist already: name another folder, nothing is overwritten")
    for path, table in paths.items():
        write_letter_table(path, table, facts)
    return {path: len(table.rows) for path, table in paths.items()}


def write_letter_table(path: Path, table: Table, facts: Facts) -> None:
    """Write one of the tables for mail merge, as the ending of the path says: CSV or a workbook.

    Parameters
    ----------
    path
        Where it goes.
    table
        Of :func:`letters_of`.
    facts
        Whose letters they are.
    """
    if path.suffix == CSV:
        headings = [column.title for column in table.columns]
        write_bytes(path, csv_bytes([headings, *table.rows]))
    else:
        save(_workbook(table), path, f"Letters: {table.title}", facts.as_of)


def letters_of(facts: Facts, names: Mapping[str, str]) -> dict[str, Table]:
    """The tables by the name of their files, each row with what is different from what is published."""
    before = published_result(facts)
    if before is None:
        return Letters(facts, names, None).tables()
    found = compare(before, Result("this plan", facts.plan, facts)).requests
    return Letters(facts, names, {change.request: change for change in found or ()}).tables()


def _workbook(table: Table) -> Workbook:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = table.title
    for position, column in enumerate(table.columns, start=1):
        heading = cell_at(sheet, 1, position)
        put(heading, column.title)
        heading.font = FONTS["bold"]
        sheet.column_dimensions[get_column_letter(position)].width = column.width
        for number, row in enumerate(table.rows, start=2):
            put(cell_at(sheet, number, position), row[position - 1])
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    return workbook
