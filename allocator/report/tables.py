"""One table as a file: CSV, or a workbook set up for printing."""

from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import csv_bytes, save
from allocator.report.layout import write_table
from allocator.views.facts import Facts
from allocator.views.table import Table

CSV, WORKBOOK = ".csv", ".xlsx"


def table_file(table: Table, ending: str, facts: Facts) -> bytes:
    """A table as a file.

    Parameters
    ----------
    table
        What to write; in CSV its headings stand in the first row.
    ending
        ``.csv`` or ``.xlsx``.
    facts
        Of the plan that it is of, whose day stands in the properties.
    """
    if ending == CSV:
        return csv_bytes([[column.title for column in table.columns], *table.rows])
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = table.title[:31]
    write_table(sheet, table)
    with TemporaryDirectory(prefix="placements-") as folder:
        path = Path(folder) / "table.xlsx"
        save(workbook, path, table.title, facts.as_of)
        return path.read_bytes()
