"""The partnership of the worked story as a workbook, as somebody types it."""

import csv
from pathlib import Path

from openpyxl import Workbook, load_workbook

STORY = Path(__file__).parent.parent.parent / "docs" / "worked-story"
RESULTS = (STORY / "results.csv").read_text(encoding="utf-8")


def workbook(path: Path) -> Path:
    """A sheet for each file of the story."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for file in sorted((STORY / "partnership").glob("*.csv")):
        sheet = book.create_sheet(file.stem)
        with file.open(encoding="utf-8") as rows:
            for row in csv.reader(rows):
                sheet.append(row)
    book.save(path)
    return path


def retyped(before: Path, after: Path, sheet: str, **cells: str) -> Path:
    """A copy of a workbook in which the first row of a sheet has other cells."""
    book = load_workbook(before)
    rows = book[sheet]
    columns = {cell.value: cell.column or 0 for cell in rows[1]}
    for name, value in cells.items():
        rows.cell(2, columns[name]).value = value
    book.save(after)
    return after


def with_rows(before: Path, after: Path, **rows: dict[str, str]) -> Path:
    """A copy of a workbook with a row more on each sheet that is named."""
    book = load_workbook(before)
    for name, row in rows.items():
        sheet = book[name]
        sheet.append([row.get(str(cell.value)) for cell in sheet[1]])
    book.save(after)
    return after
