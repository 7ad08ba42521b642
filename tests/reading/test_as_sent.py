"""Rows as they stand in the file, to be shown beside what is said of them."""

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from allocator.reading.as_sent import LONGEST, rows_as_sent


def book(path: Path) -> Path:
    """A title above the headings; a column of the team's own between ours; headings in words of their own."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Students"
    for row in (
        ["Students of spring"],
        ["Student", "shoe size", "programme", "home", "drives", "waiting_since"],
        ["S1", 41, "MSW", "CR0", True, datetime(2026, 3, 1)],
        ["S2", 38, "x" * 300, 75.0, None, datetime(2026, 3, 1, 12, 30)],
    ):
        sheet.append(row)
    workbook.save(path)
    return path


def test_cells_stand_as_a_person_sees_them(tmp_path: Path) -> None:
    sheet = rows_as_sent(book(tmp_path / "w.xlsx"), {"Students": [3, 4]})["Students"]
    assert sheet.headings == ("Student", "programme", "home", "drives", "waiting_since")  # nobody's shoe size
    assert sheet.columns == ("student", "programme", "home", "drives", "waiting_since")
    assert sheet.rows[3] == ("S1", "MSW", "CR0", "TRUE", "2026-03-01")
    assert sheet.rows[4] == ("S2", "x" * LONGEST + "…", "75", "", "2026-03-01 12:30:00")


def test_what_is_no_row_of_the_table_is_not_there(tmp_path: Path) -> None:
    found = rows_as_sent(book(tmp_path / "w.xlsx"), {"Students": [1, 2, 3, 99], "Offers": [2]})
    assert {name: set(sheet.rows) for name, sheet in found.items()} == {"Students": {3}}


def test_a_file_that_cannot_be_opened_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(b"no workbook")
    assert rows_as_sent(path, {"Students": [2]}) == {}
