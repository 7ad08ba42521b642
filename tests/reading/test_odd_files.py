"""Files as people have them: copies that broke off, folders of other things, exports of other programs, hidden rows."""

import json
import re
import zipfile
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from allocator.intake import read, read_sheets
from allocator.reading import sources as sources_module
from allocator.reading import xlsx as xlsx_module
from models.errors import InputUnusableError, Issue
from tests.reading.sheets import TODAY, of_code, reading, sheets, write_rows


def found_in(path: Path) -> tuple[Issue, ...]:
    try:
        return read(path, today=TODAY).issues
    except InputUnusableError as error:
        return error.issues


def as_csv(folder: Path, name: Callable[[str], str] = lambda sheet: f"{sheet}.csv", end: str = "\r\n") -> Path:
    folder.mkdir()
    for sheet, rows in sheets().items():
        columns = list(dict.fromkeys(c for row in rows for c in row))
        lines = [",".join(columns)] + [",".join(f'"{row.get(c, "")}"' for c in columns) for row in rows]
        (folder / name(sheet)).write_bytes((end.join(lines) + end).encode())
    return folder


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    book = write_rows(path, sheets())
    change(book)
    book.save(path)
    return path


def same_facts(path: Path) -> tuple[Issue, ...]:
    """The issues of an input whose facts must be those of the partnership."""
    found = read(path, today=TODAY)
    assert found.dataset.model_dump(exclude={"issues"}) == reading().dataset.model_dump(exclude={"issues"})
    return found.issues


def test_a_workbook_that_has_lost_the_part_of_a_sheet_is_damaged_and_not_one_without_that_sheet(tmp_path: Path) -> None:
    whole = changed(tmp_path / "whole.xlsx", lambda book: None)
    names = whole.parent / "lost.xlsx"
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(names, "w") as after:
        number = 1 + list(sheets()).index("Decisions")
        for entry in before.infolist():
            if entry.filename != f"xl/worksheets/sheet{number}.xml":
                after.writestr(entry, before.read(entry))
    found = of_code(found_in(names), "V104")
    assert found.message == "lost.xlsx is damaged and cannot be opened: a part of it is missing."


def test_the_folder_in_which_one_stands_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.csv").write_text("a,b\n")
    assert of_code(found_in(Path()), "V106").message == f"{tmp_path.name} holds no sheet with rows."


# ---- what is no input, and what to give instead ------------------------------------------------------------------
@pytest.mark.parametrize("name", ["partnership.xlsx", "partnership.csv", "partnership.json", "partnership"])
def test_an_empty_file_is_a_copy_that_broke_off(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    issue = of_code(found_in(tmp_path / name), "V132")
    assert issue.message.startswith(f"{name} is empty (0 bytes)")
    assert "download it again" in (issue.remedy or "")


def test_one_csv_file_is_one_sheet(tmp_path: Path) -> None:
    folder = as_csv(tmp_path / "csv")
    (alone := tmp_path / "Students.csv").write_bytes((folder / "Students.csv").read_bytes())
    issue = of_code(found_in(folder / "Students.csv"), "V133")
    assert issue.remedy == f"Give the folder that holds all the sheets: {folder}"
    assert "into one folder" in (of_code(found_in(alone), "V133").remedy or "")


def test_a_folder_that_holds_the_workbook(tmp_path: Path) -> None:
    write_rows(tmp_path / "partnership.xlsx", sheets())
    (tmp_path / "~$partnership.xlsx").write_bytes(b"lock")
    issue = of_code(found_in(tmp_path), "V134")
    assert "it holds partnership.xlsx." in issue.message
    assert issue.remedy == f"Give the file itself: {tmp_path / 'partnership.xlsx'}"


def test_a_full_memory_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise MemoryError

    path = changed(tmp_path / "partnership.xlsx", lambda book: None)
    monkeypatch.setattr(xlsx_module, "_Rows", full)
    assert "memory of this computer" in of_code(found_in(path), "V135").message


def test_a_full_memory_is_none_in_other_files_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise MemoryError

    folder = as_csv(tmp_path / "csv")
    (tmp_path / "a.json").write_text(json.dumps(sheets()))
    monkeypatch.setattr(sources_module, "decode", full)
    for path in (folder, tmp_path / "a.json"):
        assert [i.code for i in found_in(path)] == ["V135"]


# ---- other programs ----------------------------------------------------------------------------------------------
def test_line_ends_of_older_programs(tmp_path: Path) -> None:
    assert same_facts(as_csv(tmp_path / "csv", end="\r")) == ()


def test_numbers_names_its_exports_after_sheet_and_table(tmp_path: Path) -> None:
    found = same_facts(as_csv(tmp_path / "csv", name=lambda sheet: f"{sheet}-Table 1.csv"))
    assert {i.code for i in found} == {"V139"}
    assert "The sheet 'Students-Table 1' was read as 'Students'." in [i.message for i in found]


def test_two_tables_of_one_sheet_are_not_chosen_between(tmp_path: Path) -> None:
    folder = as_csv(tmp_path / "csv", name=lambda sheet: f"{sheet}-Table 1.csv")
    (folder / "Students-Table 2.csv").write_text("student\nS9\n")
    assert of_code(found_in(folder), "V128").level == "stop"


def strict(path: Path) -> Path:
    """A workbook as 'Strict Open XML Spreadsheet' saves it: other names of the same elements, dates as ISO texts."""
    book = write_rows(path, sheets())
    book.iso_dates = True
    book.save(path)
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    usual = re.compile(rb"http://schemas.openxmlformats.org/(spreadsheetml|officeDocument|drawingml)/2006/")
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, usual.sub(rb"http://purl.oclc.org/ooxml/\1/", content))
    return path


def test_strict_workbooks_are_read_like_others(tmp_path: Path) -> None:
    assert same_facts(strict(tmp_path / "strict.xlsx")) == ()


def test_half_a_character_in_json_is_no_fault(tmp_path: Path) -> None:
    given = sheets(Students={"note": "half \ud83d", "\udc00": "x", "excluded": ["\ud800"]}) | {"\ud800": [{"a": 1}]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(given))
    for found in (read(path, today=TODAY), read_sheets(given, today=TODAY)):
        assert len(found.dataset.digest) == 32
        "".join(i.model_dump_json() for i in found.issues).encode()


# ---- what a person does not see, or sees struck through ----------------------------------------------------------
def hide(book: Any) -> None:
    page = book["Students"]
    page.row_dimensions[3].hidden = True
    page.row_dimensions[4].hidden = True
    page.row_dimensions[50].hidden = True  # a blank one is nobody's
    page.column_dimensions["C"].hidden = True
    page.column_dimensions["Z"].hidden = True


def test_hidden_rows_and_columns_are_named(tmp_path: Path) -> None:
    found = same_facts(changed(tmp_path / "a.xlsx", hide))
    rows = of_code(found, "V136")
    assert (rows.sheet, rows.row, rows.rows) == ("Students", 3, (3, 4))
    assert (of_code(found, "V138").sheet, of_code(found, "V138").column) == ("Students", "home")


def flatten(book: Any) -> None:
    page = book["Students"]
    page.row_dimensions[3].height = 77
    page.row_dimensions[4].height = 0.1  # as thin as a line, and still there
    page.column_dimensions["C"].width = 77


@pytest.mark.parametrize("plain", [True, False])
def test_rows_and_columns_of_no_height_or_width_are_hidden_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: bool
) -> None:
    if not plain:
        monkeypatch.setattr(xlsx_module, "_read_plain", lambda book, page: None)
    path = changed(tmp_path / "a.xlsx", flatten)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b'ht="77"', b'ht="0"').replace(b'width="77"', b'width="0"'))
    found = same_facts(path)
    assert (of_code(found, "V136").row, of_code(found, "V136").rows) == (3, ())
    assert of_code(found, "V138").column == "home"


def strike(book: Any) -> None:
    page = book["Students"]
    font = copy(page["A3"].font)
    page["A3"].font = Font(name=font.name, strike=True)
    page["B9"].font = Font(name=font.name, strike=True)  # a blank one


def strike_in_part(book: Any) -> None:
    page = book["Students"]
    page["A3"].value = CellRichText(TextBlock(InlineFont(strike=True), "S"), "2")


@pytest.mark.parametrize("change", [strike, strike_in_part])
def test_rows_struck_through_are_named(tmp_path: Path, change: Callable[[Any], None]) -> None:
    issue = of_code(same_facts(changed(tmp_path / "a.xlsx", change)), "V137")
    assert (issue.sheet, issue.row) == ("Students", 3)


@pytest.mark.parametrize("plain", [True, False])
def test_whichever_way_the_sheet_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: bool) -> None:
    monkeypatch.setattr(xlsx_module, "EMPTY_RUN", 20)
    if not plain:
        monkeypatch.setattr(xlsx_module, "_read_plain", lambda book, page: None)

    def spoil(book: Any) -> None:
        hide(book)
        strike(book)
        page = book["Travel"]
        for row in range(3, 40):
            page.cell(row, 9).font = Font(bold=True)
        for column, value in enumerate(("SM1", "CR0", "public", 40), start=1):
            page.cell(40, column).value = value

    found = read(changed(tmp_path / "a.xlsx", spoil), today=TODAY)
    assert [(i.code, i.row, i.rows) for i in found.issues] == [
        ("V138", None, ()), ("V136", 3, (3, 4)), ("V137", 3, ()), ("V120", 40, ()),
    ]  # fmt: skip
    assert len(found.dataset.travel) == len(reading().dataset.travel) + 1


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    ("code", "shown"),
    [("000", "007"), ('"S"000', "S007"), ("\\K0", "K7"), ("000;-000", "007"), ("0", "7"), ("0.00", "7")],
)
def test_ids_are_what_a_person_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: bool, code: str, shown: str
) -> None:
    # 7 with the number format 000 shows 007, and that is what stands on the other sheets.
    if not plain:
        monkeypatch.setattr(xlsx_module, "_read_plain", lambda book, page: None)

    def number(book: Any) -> None:
        book["Students"]["A2"].value = 7
        book["Students"]["A2"].number_format = code
        book["Offers"]["G2"].number_format = "00"

    found = read(changed(tmp_path / "a.xlsx", number), today=TODAY)
    assert sorted(found.dataset.student_by_id) == sorted([shown, "S2", "S3"])
    assert f"as '{shown}'" in of_code(found.issues, "V212").message
