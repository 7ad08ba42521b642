"""Cells hold text as text; files are equal for equal input; names suit every operating system."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from allocator.report.cells import LONGEST_TEXT, file_stem, put, save, saved_by_us, write_bytes
from models.errors import UsageError


def cell() -> tuple[Workbook, Cell]:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    first = sheet["A1"]
    assert isinstance(first, Cell)
    return workbook, first


@pytest.mark.parametrize("text", ["=1+1", "+A", "-A", "@x", "#N/A", '=HYPERLINK("http://example.org")'])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    workbook, first = cell()
    put(first, text)
    save(workbook, tmp_path / "a.xlsx", "t", None)
    read = load_workbook(tmp_path / "a.xlsx").active
    assert isinstance(read, Worksheet)
    assert read["A1"].value == text
    assert read["A1"].data_type == "s"


def test_a_formula_like_text_is_marked_so_that_editing_keeps_it_text() -> None:
    _, first = cell()
    put(first, "=1+1")
    assert first.quotePrefix
    put(first, "plain")


def test_control_characters_are_replaced_and_long_text_is_cut() -> None:
    _, first = cell()
    put(first, "a\x00b")
    assert first.value == "a\ufffdb"
    put(first, "x" * (LONGEST_TEXT + 1))
    assert len(str(first.value)) == LONGEST_TEXT


def test_numbers_and_dates_stay_what_they_are() -> None:
    _, first = cell()
    put(first, 7)
    assert first.value == 7
    put(first, date(2026, 1, 5))
    assert first.value == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Croydon Adults", "Croydon Adults"),
        ("A/B: c?", "A-B- c"),
        ("../../etc", "etc"),
        ("CON", "_CON"),
        ("com1.x", "_com1.x"),
        ("...", "agency"),
        ("", "agency"),
        ("x" * 200, "x" * 80),
    ],
)
def test_file_names_suit_every_operating_system(name: str, stem: str) -> None:
    assert file_stem(name, set()) == stem


def test_two_agencies_never_share_a_file() -> None:
    taken: set[str] = set()
    assert [file_stem(name, taken) for name in ("A/B", "a-b", "A:B")] == ["A-B", "a-b (2)", "A-B (3)"]


def test_equal_workbooks_are_equal_files(tmp_path: Path) -> None:
    contents = []
    for name in ("a.xlsx", "b.xlsx"):
        workbook, first = cell()
        put(first, "x")
        save(workbook, tmp_path / name, "t", date(2026, 1, 5))
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_a_file_that_somebody_saved_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    save(cell()[0], path, "t", None)
    assert saved_by_us(path)
    workbook = load_workbook(path)
    workbook.properties.lastModifiedBy = "somebody"
    workbook.save(path)
    assert not saved_by_us(path)
    path.write_text("no workbook")
    assert not saved_by_us(path)


def test_a_file_that_cannot_be_replaced_says_so_and_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "report.xlsx").mkdir()
    with pytest.raises(UsageError, match=r"still as before: report\.xlsx"):
        write_bytes(tmp_path / "report.xlsx", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["report.xlsx"]
