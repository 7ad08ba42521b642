"""The next version of an input: read again it is the register with the edits, in each form; nothing else is lost."""

import csv
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from allocator.reading import blank_rows
from allocator.reading.editing import CellTyped, Edit, RowAdded, RowCleared, edited
from allocator.reading.next_input import write_next
from allocator.reading.reader import read_register
from allocator.reading.xlsx import MOST_ROWS
from allocator.settling.settling import settle
from models.errors import UsageError
from tests.reading.sheets import TODAY, sheets, write_rows
from tests.reading.test_write_back import as_folder, as_json, as_workbook, bytes_of

FORMS = (as_workbook, as_folder, as_json)
EDITS: tuple[Edit, ...] = (
    RowAdded(
        "Decisions", {"decision": "fix", "request": "S2/first", "offer": "O2", "on": date(2026, 11, 20), "id": "7"}
    ),
    RowAdded("History", {"student": "S1", "stage": "first", "agency": "B", "team": "Y", "statutory_dfe": "no"}),
    RowAdded("Published", {"request": "S1/first", "offer": "O3", "status": "proposed", "note": "=1+1"}),
    CellTyped("Students", 3, "readiness", "not_ready"),
    CellTyped("Students", 2, "clearance", None),
    RowCleared("Offers", 3),
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("without", [(), ("Decisions", "History")])
def test_what_is_written_reads_as_the_edited_register(
    form: Callable[..., Path], without: tuple[str, ...], tmp_path: Path
) -> None:
    source = form(tmp_path, {name: rows for name, rows in sheets().items() if name not in without})
    before, register = bytes_of(source), read_register(source)
    target = tmp_path / f"next{source.suffix}"
    assert write_next(source, target, register, EDITS) == ()
    assert bytes_of(source) == before
    again = settle(read_register(target), today=TODAY).dataset
    assert again.digest == settle(edited(register, EDITS), today=TODAY).dataset.digest
    assert [p.note for p in again.published if p.request == "S1/first"] == ["=1+1"]
    assert [o.offer for o in again.offers] == ["O1", "O3"]


ROWS = st.lists(
    st.one_of(
        st.builds(
            lambda cells: RowAdded("Students", cells),
            st.fixed_dictionaries(
                {"student": st.from_regex(r"N[0-9]{1,3}", fullmatch=True), "programme": st.sampled_from(["MSW", "BA"])},
                optional={"note": st.text(st.characters(codec="ascii", categories=("L", "N", "P"))), "drives": st.booleans()},
            ),
        ),
        st.builds(CellTyped, st.just("Offers"), st.integers(2, 4), st.just("capacity"), st.integers(1, 9)),
        st.builds(CellTyped, st.just("Students"), st.integers(2, 4), st.just("stage"), st.sampled_from(["first", None])),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=25)
@given(edits=ROWS, form=st.sampled_from(FORMS))
def test_any_edits_are_read_as_they_were_meant(
    edits: list[Edit], form: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("next")
    source = form(folder, sheets())
    register = read_register(source)
    write_next(source, folder / "next", register, edits)
    again = settle(read_register(folder / "next"), today=TODAY).dataset
    assert again.digest == settle(edited(register, edits), today=TODAY).dataset.digest


def titled(path: Path) -> None:
    """Offers under a title, as a table of Excel's with a formula, a note below it, and a sheet of the team's own."""
    book = write_rows(path, sheets(Offers=None))
    page = book.create_sheet("Offer")
    for row in (
        ["Places of spring"],
        ["Agency", "Team", "Offer ID", "Places"],
        ["A", "X", "O1", "=1+1"],
        ["B", "Y", "O2"],
    ):
        page.append(row)
    page.add_table(Table(displayName="Places", ref="A2:D4"))
    own = book.create_sheet("Our sums")
    own["A1"] = "=SUM(Offer!D:D)"
    book.save(path)


def with_values(path: Path) -> None:
    """As a spreadsheet program saves it: the formulas of 'Offer' with the value 2, which is written into the part."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, re.sub(rb"(<f>1\+1</f>)<v ?(/>|></v>)", rb"\1<v>2</v>", data))


def test_a_workbook_keeps_its_sheets_and_the_values_of_its_formulas(tmp_path: Path) -> None:
    source = tmp_path / "mine.xlsx"
    titled(source)
    with_values(source)
    register = read_register(source)
    edits = [RowAdded("Offers", {"offer": "O9", "agency": "A", "team": "X", "stage": "final"})]
    said = write_next(source, tmp_path / "next.xlsx", register, edits)
    assert said == ("formulas, which became the values last computed: 1 (Offer)",)
    book = load_workbook(tmp_path / "next.xlsx")
    page = book["Offer"]
    # The new row is the fifth; 'stage' is a column that the sheet lacked: the fifth, behind 'Places'.
    assert [[cell.value for cell in row] for row in page["A2:E5"]] == [
        ["Agency", "Team", "Offer ID", "Places", "stage"], ["A", "X", "O1", 2, None], ["B", "Y", "O2", None, None],
        ["A", "X", "O9", None, "final"],
    ]  # fmt: skip
    assert page["A1"].value == "Places of spring"
    assert page.tables["Places"].ref == "A2:D5"
    assert book["Our sums"]["A1"].value == "=SUM(Offer!D:D)"


def test_a_row_is_typed_below_whatever_stands_there(tmp_path: Path) -> None:
    book = write_rows(tmp_path / "mine.xlsx", sheets())
    book["Offers"]["A7"] = "Total places"
    book["Offers"]["C7"] = 4
    book.save(tmp_path / "mine.xlsx")
    register = read_register(tmp_path / "mine.xlsx")
    edits = [RowAdded("Offers", {"offer": "O9", "agency": "A", "team": "X"})]
    write_next(tmp_path / "mine.xlsx", tmp_path / "next.xlsx", register, edits)
    again = read_register(tmp_path / "next.xlsx")
    assert [(r.number, r.get("offer")) for r in again.pages["Offers"].rows][-1] == (8, "O9")


def test_a_sheet_without_headings_is_not_typed_into(tmp_path: Path) -> None:
    book = write_rows(tmp_path / "mine.xlsx", sheets(Decisions=None))
    book.create_sheet("Decisions")["B3"] = "ask Croydon first"
    book.save(tmp_path / "mine.xlsx")
    register = read_register(tmp_path / "mine.xlsx")
    with pytest.raises(UsageError, match="'Decisions' holds something, but no headings"):
        write_next(tmp_path / "mine.xlsx", tmp_path / "next.xlsx", register, EDITS[:1])


def test_what_a_folder_holds_beside_its_sheets_is_named(tmp_path: Path) -> None:
    source = as_folder(tmp_path, sheets(), ";", "cp1252")
    (source / "minutes.docx").write_bytes(b"x")
    said = write_next(source, tmp_path / "next", read_register(source), EDITS)
    assert said == ("files: minutes.docx",)
    text = (tmp_path / "next" / "Decisions.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert rows[-1][rows[0].index("on")] == "2026-11-20"


def test_what_the_library_cannot_carry_over_is_named(tmp_path: Path) -> None:
    source = as_workbook(tmp_path, sheets())
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/slicers/slicer1.xml", "<slicers/>")
        archive.writestr("xl/slicers/_rels/slicer1.xml.rels", "<Relationships/>")
    assert write_next(source, tmp_path / "next.xlsx", read_register(source), EDITS) == ("slicers: 1",)


def with_blank_rows(path: Path) -> None:
    """Blank formatted rows 6 to 99 and 101 to 149 of Students, around a row of the team's; a comment in row 140."""
    book = write_rows(path, sheets(Decisions=None))
    page = book["Students"]
    assert page.max_row < 6
    for row in range(6, 150):
        page.cell(row, 1).font = Font(bold=True)
    page["A100"], page["B100"] = "S9", "MSW"
    page["A140"].comment = Comment("ask", "LM")
    book.save(path)


def test_blank_rows_far_below_are_not_copied_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_blank_rows(source := tmp_path / "mine.xlsx")
    register = read_register(source)
    monkeypatch.setattr(blank_rows, "EMPTY_RUN", 20)
    edits = [RowAdded("Students", {"student": "S10", "programme": "MSW"}), *EDITS[:1]]
    said = write_next(source, tmp_path / "next.xlsx", register, edits)
    last = max(row.number for row in register.pages["Students"].rows if row.get("student") != "S9")
    # Of the rows up to 99 those beyond the 20th below the last student, and of 101 to 149 those from 121 on.
    assert said[0].startswith("formats of blank rows that stand more than ")
    assert said[0].endswith(f" below a filled one: {99 - last - 20 + 29} (Students)")
    page = load_workbook(tmp_path / "next.xlsx")["Students"]
    bold = {row for row in range(6, 150) if (page.cell(row, 1).font or Font()).bold}
    assert bold == {*range(6, last + 21), *range(100, 121)}
    assert (page["A100"].value, page["A101"].value, page["A140"].comment.text) == ("S9", "S10", "ask")
    again = settle(read_register(tmp_path / "next.xlsx"), today=TODAY).dataset
    assert again.digest == settle(edited(register, edits), today=TODAY).dataset.digest


@pytest.mark.parametrize("change", [(b"<row r=", b"<row spans='1:9' r="), (b"<sheetData>", b"<sheetData><!-- a -->")])
def test_rows_that_cannot_be_told_apart_are_all_copied(
    change: tuple[bytes, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_blank_rows(source := tmp_path / "mine.xlsx")
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(source, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(*change) if "worksheets/" in name else data)
    monkeypatch.setattr(blank_rows, "EMPTY_RUN", 20)
    assert write_next(source, tmp_path / "next.xlsx", read_register(source), EDITS[:1]) == ()
    page = load_workbook(tmp_path / "next.xlsx")["Students"]
    assert all((page.cell(row, 1).font or Font()).bold for row in range(6, 150))


def test_a_sheet_whose_last_row_is_filled_has_no_room(tmp_path: Path) -> None:
    book = write_rows(tmp_path / "mine.xlsx", sheets())
    book["Offers"].cell(MOST_ROWS, 1).value = "end"
    book.save(tmp_path / "mine.xlsx")
    edits = [RowAdded("Offers", {"offer": "O9", "agency": "A", "team": "X"})]
    with pytest.raises(UsageError, match=r"'Offers' holds something in row 1048576.*delete that row"):
        write_next(tmp_path / "mine.xlsx", tmp_path / "next.xlsx", read_register(tmp_path / "mine.xlsx"), edits)


def test_json_keeps_what_is_no_sheet(tmp_path: Path) -> None:
    source = as_json(tmp_path, sheets())
    write_next(source, tmp_path / "next.json", read_register(source), EDITS)
    data = json.loads((tmp_path / "next.json").read_text(encoding="utf-8"))
    assert list(data) == list(sheets())
    assert data["Offers"][1] == {}
