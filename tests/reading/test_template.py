"""The template: it reads as it stands, and holds what it promises."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from allocator.intake import read
from allocator.reading import write_template
from allocator.reading.columns import KIND_IN_WORDS
from allocator.reading.sheets_record import ALL, SHEETS
from allocator.reading.writer import note_of
from tests.reading.sheets import TODAY


def test_the_full_template_reads_without_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "full.xlsx"
    write_template(path, "full")
    found = read(path, today=TODAY)
    assert found.issues == ()
    assert [r.request for r in found.dataset.requests] == [
        "EXAMPLE1/final", "EXAMPLE2/first", "EXAMPLE3/final", "EXAMPLE3/first",
    ]  # fmt: skip
    book = load_workbook(path)
    for sheet in ALL:
        assert [c.value for c in book[sheet.name][1]] == [c.name for c in sheet.columns]


def test_the_least_template_has_three_sheets_and_ten_columns(tmp_path: Path) -> None:
    path = tmp_path / "least.xlsx"
    write_template(path, "least")
    book = load_workbook(path)
    assert book.sheetnames == ["Read me", "Tranches", "Students", "Offers"]
    assert sum(book[name].max_column for name in book.sheetnames[1:]) == 10
    found = read(path, today=TODAY)
    assert {i.level for i in found.issues} == {"warning"}
    assert {i.code for i in found.issues} == {"V110", "V305", "V415"}
    assert len(found.dataset.requests) == 2


@pytest.mark.parametrize("kind", ["least", "full"])
def test_templates_are_the_same_whenever_they_are_written(tmp_path: Path, kind: str) -> None:
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_template(path, "least" if kind == "least" else "full")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_every_column_says_what_it_means() -> None:
    for sheet in SHEETS.values():
        names = [c.name for c in sheet.columns]
        assert len(set(names)) == len(names)
        for column in sheet.columns:
            note = note_of(column)
            assert "Allowed: " in note
            assert ("Must be filled" in note) == column.required
            assert column.kind in KIND_IN_WORDS or column.allowed or column.words
            # A cell that protects somebody may be blank, but then it says what that means.
            assert not (column.protects and column.required)


def test_drop_downs_hold_the_words_and_warn_only(tmp_path: Path) -> None:
    path = tmp_path / "full.xlsx"
    write_template(path, "full")
    page = load_workbook(path)["Students"]
    checks = {str(v.sqref).split(":")[0]: v for v in page.data_validations.dataValidation}
    stage = checks["D2"]
    assert stage.formula1 == '"first,final,not known"'
    assert {v.errorStyle for v in checks.values()} == {"warning"}
