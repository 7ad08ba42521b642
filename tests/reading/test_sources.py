"""Every form of input: workbook, folder of CSV files, JSON; and files that are none of these."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from allocator.intake import read, read_sheets
from allocator.reading import sources as sources_module
from allocator.reading import write_workbook
from allocator.reading import xlsx as xlsx_module
from allocator.reading.texts import csv_files
from models.errors import InputUnusableError, Issue, UsageError
from tests.reading.sheets import TODAY, of_code, reading, sheets, write_rows


def found_in(path: Path) -> tuple[Issue, ...]:
    try:
        return read(path, today=TODAY).issues
    except InputUnusableError as error:
        return error.issues


def as_csv(folder: Path, encoding: str = "utf-8", separator: str = ",") -> Path:
    folder.mkdir()
    for name, rows in sheets().items():
        columns = list(dict.fromkeys(c for row in rows for c in row))
        lines = [separator.join(columns)] + [separator.join(f'"{row.get(c, "")}"' for c in columns) for row in rows]
        (folder / f"{name.lower()}.csv").write_bytes("\r\n".join(lines).encode(encoding))
    return folder


def as_json(path: Path) -> Path:
    path.write_text(json.dumps(sheets()))
    return path


def plain(path: Path) -> Path:
    write_rows(path, sheets())
    return path


def ours(path: Path) -> Path:
    write_workbook(path, sheets())
    return path


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: as_csv(folder / "csv"),
        lambda folder: as_csv(folder / "csv", "utf-8-sig"),
        lambda folder: as_csv(folder / "csv", "utf-16"),
        lambda folder: as_json(folder / "input.json"),
        lambda folder: plain(folder / "input.xlsx"),
        lambda folder: ours(folder / "ours.xlsx"),
    ],
    ids=["csv", "csv with mark", "csv in UTF-16", "json", "workbook", "our workbook"],
)
def test_every_form_gives_the_same_dataset(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    found = read(write(tmp_path), today=TODAY)
    expected = reading()
    assert found.dataset.model_dump(exclude={"issues"}) == expected.dataset.model_dump(exclude={"issues"})
    assert found.policy == expected.policy
    # Dates as texts are a slip in a workbook (ours was given texts here), and as they should be elsewhere.
    assert {i.code for i in found.issues} <= {"V211"}


def test_cells_with_line_ends_stay_one_cell(tmp_path: Path) -> None:
    folder = as_csv(tmp_path / "csv")
    cell = "one\ntwo\x0bthree\u2028four"  # only the first of them ends a line of a file, and not within quotes
    (folder / "policy.csv").write_text(f'setting,value\n"{cell}",1\nrule.X1,"{cell}"', newline="")
    found = [(i.row, i.found) for i in read(folder, today=TODAY).issues if i.code == "V601"]
    # Rows are counted by their ends outside quotes, and the last needs none.
    assert found == [(2, "one\ntwothreefour"), (3, "rule.X1")]


def test_csv_in_windows_1252_is_read_and_said_so(tmp_path: Path) -> None:
    folder = as_csv(tmp_path / "csv")
    path = folder / "agencies.csv"
    path.write_bytes(path.read_text().replace("agency,kind", "agency,kind,name").replace('"authority"', '"authority","Caf\xe9"').encode("cp1252"))  # fmt: skip
    found = read(folder, today=TODAY)
    assert of_code(found.issues, "V125").sheet == "agencies"


def test_csv_with_semicolons_is_read_and_said_so(tmp_path: Path) -> None:
    found = read(as_csv(tmp_path / "csv", separator=";"), today=TODAY)
    assert found.dataset.digest != ""
    assert {i.code for i in found.issues} == {"V127"}
    assert "semicolons" in found.issues[0].message


def test_rows_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    folder = as_csv(tmp_path / "csv")
    path = folder / "travel.csv"
    path.write_text('Measured times\n\nfrom,to,mode,minutes\n"CR0","SM1","car","25"\n\n"CR0","KT1","carr","25"\n')
    found = read(folder, today=TODAY).issues
    assert of_code(found, "V117").row == 1
    assert of_code(found, "V202").row == 6


def refuse(tmp_path: Path, name: str, content: bytes) -> Issue:
    path = tmp_path / name
    path.write_bytes(content)
    (issue,) = found_in(path)
    assert issue.level == "stop"
    assert name in issue.message
    return issue


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("V101", "notes.txt", b"dear all"),
        ("V101", "letter.docx", zipped(word__document=b"<x/>")),
        ("V132", "empty.xlsx", b""),
        ("V102", "locked.xlsx", COMPOUND + "EncryptedPackage".encode("utf-16-le")),
        ("V103", "old.xls", COMPOUND),
        ("V103", "binary.xlsb", zipped(**{"xl/workbook.bin": b""})),
        ("V104", "half.xlsx", b"PK\x03\x04" + bytes(100)),
        ("V104", "hollow.xlsx", zipped(xl__workbook=b"")),
        ("V146", "~$open.xlsx", b"\x02LM" + b" " * 160),
        ("V126", "broken.json", b'{"Students": ['),
        ("V126", "list.json", b'{"Students": [{"student": 1, "student": 2}]}'),
    ],
)
def test_files_that_are_no_input(tmp_path: Path, code: str, name: str, content: bytes) -> None:
    assert refuse(tmp_path, name, content).code == code


def test_what_is_kept_beside_an_open_workbook_names_the_workbook(tmp_path: Path) -> None:
    found = refuse(tmp_path, "~$open.xlsx", b"\x02LM" + b" " * 160)
    assert found.remedy == "Give 'open.xlsx' instead."


def test_of_a_folder_hidden_files_and_folders_are_no_sheets(tmp_path: Path) -> None:
    for name, rows in sheets().items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, columns)
            writer.writeheader()
            writer.writerows(rows)
    before = read(tmp_path, today=TODAY)
    (tmp_path / "._Students.csv").write_bytes(b"\x00\x05\x16\x07")  # what a Mac leaves beside a file on a stick
    (tmp_path / "~$Offers.csv").write_bytes(b"\x02LM")
    (tmp_path / "Travel old.csv").mkdir()
    assert read(tmp_path, today=TODAY) == before
    assert [p.stem for p in csv_files(tmp_path)] == sorted(sheets())


def test_a_json_list_is_no_object_of_sheets(tmp_path: Path) -> None:
    assert "no object of sheets" in refuse(tmp_path, "rows.json", b"[1, 2]").message


def test_a_folder_without_csv_files(tmp_path: Path) -> None:
    assert [i.code for i in found_in(tmp_path)] == ["V101"]


def test_a_path_without_file_is_an_error_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file or folder"):
        read(tmp_path / "nothing.xlsx")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "input.xlsx"
    write_rows(path, sheets())
    monkeypatch.setattr(sources_module, "LARGEST_BYTES", 1000)
    assert [i.code for i in found_in(path)] == ["V105"]


def changed(tmp_path: Path, change: Callable[[Any], None]) -> tuple[Issue, ...]:
    path = tmp_path / "input.xlsx"
    book = write_rows(path, sheets())
    change(book)
    book.save(path)
    return found_in(path)


def test_hidden_sheets_are_read_and_named(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book["Travel"].sheet_state = "veryHidden"

    assert of_code(changed(tmp_path, hide), "V115").sheet == "Travel"


def test_merged_cells_are_named_and_not_filled(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        book["Offers"].merge_cells("B2:B3")  # the agency of O1 and O2

    found = changed(tmp_path, merge)
    # O2 has no agency now: one message, of the cause.
    issue = of_code(found, "V119")
    assert (issue.level, issue.sheet, issue.row, issue.found) == ("set_aside", "Offers", 3, "B2:B3")
    assert "V216" not in {i.code for i in found}


def test_merged_cells_that_cost_nothing_are_a_warning(tmp_path: Path) -> None:
    issue = of_code(changed(tmp_path, lambda book: book["Students"].merge_cells("B8:C9")), "V119")
    assert (issue.level, issue.row) == ("warning", 8)


def test_formulas_without_a_computed_value(tmp_path: Path) -> None:
    def compute(book: Any) -> None:
        book["Commitments"]["C2"] = "=1+1"

    issue = of_code(changed(tmp_path, compute), "V210")
    assert (issue.sheet, issue.row, issue.column) == ("Commitments", 2, "number")


def test_formulas_with_a_computed_value_are_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "input.xlsx"
    write_rows(path, sheets())
    # As Excel saves it: the formula and the value last computed, and one whose value is an empty text.
    with zipfile.ZipFile(path) as source:
        parts = {n: source.read(n) for n in source.namelist()}
    plain = b'<c r="C2" t="n"><v>2</v></c>'
    saved = b'<c r="C2"><f>1+2</f><v>3</v></c><c r="D2" t="str"><f>""</f><v></v></c>'
    number = next(n for n, text in parts.items() if b"Frontline" in text and plain in text)
    text = parts[number].replace(plain, saved)
    with zipfile.ZipFile(path, "w") as target:
        for name, content in (parts | {number: text}).items():
            target.writestr(name, content)
    found = read(path, today=TODAY)
    assert found.dataset.commitments[0].number == 3
    issue = of_code(found.issues, "V209")
    assert (issue.sheet, issue.row, issue.column, issue.found) == ("Commitments", 2, "number", "3")
    assert "V210" not in {i.code for i in found.issues}


def test_a_million_formatted_rows_do_not_hold_anybody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_module, "EMPTY_RUN", 20)

    def far_away(book: Any) -> None:
        book["Travel"]["A40"] = "CR0"

    issue = of_code(changed(tmp_path, far_away), "V120")
    # The headings and one row, then 37 empty rows: what stands below them is read, and its mode and minutes are blank.
    assert (issue.sheet, issue.row, issue.level) == ("Travel", 40, "warning")


def test_dates_numbers_and_text_of_a_workbook(tmp_path: Path) -> None:
    def type_badly(book: Any) -> None:
        page = book["Tranches"]
        page["B2"] = "4/1/2027"
        page["B3"] = datetime(2027, 9, 6, 9, 30)
        book["Students"]["A2"] = 7.0
        book["Students"]["C2"] = " CR0 "

    found = changed(tmp_path, type_badly)
    assert "'4/1/2027' as 4 January 2027" in of_code(found, "V211").message
    assert of_code(found, "V219").row == 3
    assert "7 as '7'" in of_code(found, "V212").message
    assert of_code(found, "V213").column == "home"


def test_our_workbook_reads_back_whatever_was_written(tmp_path: Path) -> None:
    path = tmp_path / "ours.xlsx"
    rows = sheets(
        Students={"share_needs": True, "adjustments": ["step-free", "lift"], "waiting_since": date(2026, 5, 1)}
    )
    write_workbook(path, rows)
    one = read(path, today=TODAY).dataset.student_by_id["S1"]
    assert (one.share_needs, one.adjustments, one.waiting_since) == (True, ("step-free", "lift"), date(2026, 5, 1))
    first = path.read_bytes()
    write_workbook(path, rows)
    assert path.read_bytes() == first
    page = load_workbook(path)["Students"]
    assert page.freeze_panes == "B2"
    assert page["A1"].comment is not None
    assert page.data_validations.dataValidation


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 5000), flips=st.lists(st.integers(0, 20000), max_size=6))
def test_a_damaged_workbook_never_crashes(tmp_path: Path, cut: int, flips: list[int]) -> None:
    path = tmp_path / "whole.xlsx"
    if not path.exists():
        write_rows(path, sheets())
    data = bytearray(path.read_bytes())
    for place in flips:
        data[place % len(data)] ^= 0x55
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(bytes(data[: len(data) - cut] if cut % 2 else data))
    stopped = [i for i in found_in(damaged) if i.level == "stop"]
    # An intact copy reads; anything else reads or says what is wrong with it.
    assert stopped == [] or damaged.read_bytes() != path.read_bytes()


def test_in_memory_sheets_are_those_of_json(tmp_path: Path) -> None:
    assert (
        read_sheets(sheets(), today=TODAY).dataset.digest
        == read(as_json(tmp_path / "a.json"), today=TODAY).dataset.digest
    )
