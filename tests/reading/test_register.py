"""The register: written and read again it is the same; it is edited and settled without a file."""

import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from allocator.intake import read_sheets
from allocator.reading.columns import Column
from allocator.reading.editing import add_row, remove_row, set_cell
from allocator.reading.reader import read_register, register_of
from allocator.reading.sheets_record import ALL, SHEETS
from allocator.reading.writer import write_register
from allocator.settling.settling import settle
from benchmarks.demonstration import write
from models.errors import InputUnusableError, UsageError
from models.register import Register
from tests.reading.sheets import TODAY, of_code, sheets, write_rows


def _again(register: Register) -> Register:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write_register(path, register)
        return read_register(path)


def test_a_workbook_written_and_read_again_is_the_same(tmp_path: Path) -> None:
    write_rows(tmp_path / "typed.xlsx", sheets())
    write(tmp_path / "demonstration.xlsx")
    for name in ("typed.xlsx", "demonstration.xlsx"):
        register = read_register(tmp_path / name)
        again = _again(register)
        assert again == register
        assert settle(again, today=TODAY).dataset.digest == settle(register, today=TODAY).dataset.digest


def test_rows_stay_where_they_stood_below_titles_and_gaps(tmp_path: Path) -> None:
    book = write_rows(tmp_path / "titled.xlsx", sheets())
    book["Students"].insert_rows(3)
    book["Offers"].insert_rows(1, 2)
    book["Offers"]["A1"] = "Offers of January"
    book.save(tmp_path / "titled.xlsx")
    register = read_register(tmp_path / "titled.xlsx")
    assert [row.number for row in register.pages["Students"].rows] == [2, 4, 5]
    assert [row.number for row in register.pages["Offers"].rows] == [4, 5, 6]
    assert _again(register) == register


def _with_own_columns(path: Path) -> Workbook:
    """Offers: 'Bed' before our columns, one without a heading in their midst, 'Rang' (a date) and a second 'Bed' last."""
    book = write_rows(path, sheets())
    page = book["Offers"]
    page.insert_cols(3)
    page.insert_cols(1)
    last = page.max_column
    for column, cells in (
        (1, ["Bed", "=2", 7, None]),
        (4, [None, "by bus", None, None]),
        (last + 1, ["Rang", datetime(2026, 3, 1), datetime(2026, 3, 2, 9, 30), True]),
        (last + 2, ["Bed", None, 0.1, "007"]),
    ):
        for row, cell in enumerate(cells, start=1):
            written: Any = page.cell(row, column)
            written.value = cell
            if cell == "=2":
                written.data_type = "s"
    return book


def test_columns_of_the_team_are_kept_with_values_and_order(tmp_path: Path) -> None:
    _with_own_columns(tmp_path / "own.xlsx").save(tmp_path / "own.xlsx")
    register = read_register(tmp_path / "own.xlsx")
    plain = register_of(sheets())
    offers = register.pages["Offers"]
    # Before the first of ours, behind the second, and two behind all of them.
    most = len(offers.columns)
    assert [(c.heading, c.behind) for c in offers.own] == [("Bed", 0), ("", 2), ("Rang", most), ("Bed", most)]
    assert [row.own for row in offers.rows] == [
        ("=2", "by bus", datetime(2026, 3, 1)),
        (7, None, datetime(2026, 3, 2, 9, 30), 0.1),
        (None, None, True, "007"),
    ]
    assert [row.values for row in offers.rows] == [row.values for row in plain.pages["Offers"].rows]
    assert _again(register) == register
    write_register(tmp_path / "again.xlsx", register)
    page = load_workbook(tmp_path / "again.xlsx")["Offers"]
    assert [c.value for c in page[1]][:5] == ["Bed", "offer", "agency", None, "team"]
    # What is decided afterwards leaves them as they are.
    decided = remove_row(
        add_row(set_cell(register, "Offers", 2, "capacity", 2), "Offers", {"offer": "O9"}), "Offers", 3
    )
    assert [row.own for row in _again(decided).pages["Offers"].rows] == [
        ("=2", "by bus", datetime(2026, 3, 1)), (None, None, True, "007"), (),
    ]  # fmt: skip


def test_what_a_written_register_cannot_hold_is_named(tmp_path: Path) -> None:
    book = write_rows(tmp_path / "more.xlsx", sheets(Commitments=None))
    book["Students"].insert_rows(1)
    book["Students"]["A1"] = "January"
    for name in ("Rota", "Commitments"):  # one that is not ours, and one of ours without its headings
        book.create_sheet(name).append(["a", "b"])
    book.save(tmp_path / "more.xlsx")
    left_out = write_register(tmp_path / "again.xlsx", read_register(tmp_path / "more.xlsx"))
    row = "row 1 of 'Students', which is none of the table"
    assert left_out == ("the sheet 'Rota'", row, "the sheet 'Commitments'")
    assert write_register(tmp_path / "again.xlsx", read_register(tmp_path / "again.xlsx")) == ()


def test_columns_of_the_team_name_nobody(tmp_path: Path) -> None:
    book = write_rows(tmp_path / "named.xlsx", sheets())
    page = book["Offers"]
    last = page.max_column
    for column, cells in ((last + 1, ["Religion", "none"]), (last + 2, ["Lift", "ask Mr Brown", "0161 496 0000", "b"])):
        for row, cell in enumerate(cells, start=1):
            page.cell(row, column).value = cell
    book.save(tmp_path / "named.xlsx")
    register = read_register(tmp_path / "named.xlsx")
    assert [column.heading for column in register.pages["Offers"].own] == ["Lift"]
    assert [row.own for row in register.pages["Offers"].rows][2:] == [("b",)]
    assert register.left_out == ("2 cells of 'Lift' on Offers that name a person or hold contact details",)
    assert _again(register) == register
    assert "Brown" not in repr(register) + repr(_again(register))


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=8)
NUMBERS = st.one_of(st.integers(-3, 400), st.floats(-2, 400).map(lambda x: round(x, 6)))
ODD = st.sampled_from(
    ["not known", "=1+1", "007", "3-5", "O1 > O2 = O3", "TBC x2", "31/02/2027", "#N/A", "n/k", "½", "' ;", "a; b"]
)


def _cells(column: Column) -> st.SearchStrategy[Any]:
    usual: dict[str, st.SearchStrategy[Any]] = {
        "date": st.dates(date(2026, 1, 1), date(2028, 1, 1)), "whole": st.integers(0, 100), "decimal": NUMBERS,
        "yes_no": st.sampled_from(["yes", "no", True]),
    }  # fmt: skip
    fitting = st.sampled_from(column.allowed) if column.allowed else usual.get(column.kind, WORDS)
    return st.one_of(
        st.none(), fitting, fitting, st.one_of(WORDS, NUMBERS, ODD, st.dates(date(2026, 1, 1), date(2028, 1, 1)))
    )


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Registers of any cells, readable and not."""
    given: dict[str, list[dict[str, Any]]] = {}
    for sheet in draw(
        st.lists(st.sampled_from([s for s in ALL if s.name != "Lists"]), min_size=1, max_size=3, unique=True)
    ):
        columns = draw(st.lists(st.sampled_from(sheet.columns), min_size=2, max_size=6, unique=True))
        cells = {c.name: _cells(c) for c in columns}
        cells["Our remark"] = st.one_of(st.none(), WORDS, NUMBERS, ODD)
        rows = draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=3))
        given[sheet.name] = [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in rows]
    try:
        register = register_of(given)
    except InputUnusableError:
        register = Register({})
    assume(any(page.rows for page in register.pages.values()))
    return register


@given(registers())
@settings(max_examples=40)
def test_whatever_is_typed_a_register_written_and_read_again_is_the_same(register: Register) -> None:
    once = _again(register)
    assert _again(once) == once
    for name, page in register.pages.items():
        for column in page.columns:
            kept = [(r.values.get(column), r.unreadable.get(column)) for r in once.pages[name].rows]
            assert [k for k in kept if k != (None, None)] == [
                k for r in page.rows if (k := (r.values.get(column), r.unreadable.get(column))) != (None, None)
            ], (name, column)


def test_settling_leaves_the_register_as_it_is() -> None:
    register, same = register_of(sheets()), register_of(sheets())
    first, second = settle(register, today=TODAY), settle(register, today=TODAY)
    assert register == same
    assert first == second == read_sheets(sheets(), today=TODAY)


def test_a_decision_is_added_and_taken_back_without_a_file() -> None:
    register = register_of(sheets())
    row = {"decision": "fix", "request": "S3/final", "offer": "O1", "by": "AB"}
    decided = add_row(register, "Decisions", row)
    assert decided.pages["Decisions"].rows[-1].number == 3
    typed = sheets()
    typed["Decisions"].append(row)
    assert settle(decided, today=TODAY) == read_sheets(typed, today=TODAY)
    undone = remove_row(decided, "Decisions", 3)
    assert settle(undone, today=TODAY).dataset.digest == settle(register, today=TODAY).dataset.digest
    assert register == register_of(sheets())


def test_a_row_makes_its_sheet_where_there_is_none() -> None:
    register = add_row(register_of(sheets(Commitments=None)), "Commitments", {"agency": "A", "number": "2"})
    assert settle(register, today=TODAY).dataset.commitments[0].number == 2


def test_a_cell_that_could_not_be_read_is_typed_anew() -> None:
    register = register_of(sheets(Students={"clearance": "pased", "limit_minutes": "5O"}))
    assert len([i for i in register.issues if i.sheet == "Students"]) == 2
    put_right = set_cell(register, "Students", 2, "clearance", "passed")
    assert of_code([i for i in put_right.issues if i.sheet == "Students"], "V201").column == "limit_minutes"
    put_right = set_cell(put_right, "Students", 2, "limit_minutes", 50)
    assert settle(put_right, today=TODAY) == read_sheets(sheets(Students={"limit_minutes": 50}), today=TODAY)
    spoilt = set_cell(put_right, "Students", 2, "home", None)
    assert of_code(spoilt.issues, "V216").column == "home"
    assert set_cell(spoilt, "Students", 2, "home", "CR0") == put_right


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: add_row(r, "Pupils", {}), "there is no sheet 'Pupils'"),
        (lambda r: add_row(r, "Students", {"name": "x"}), "Students has no column 'name'"),
        (lambda r: remove_row(r, "Students", 99), "Students has no row 99"),
        (lambda r: set_cell(r, "Grades", 2, "year", 1), "there is no sheet 'Grades'"),
    ],
)
def test_what_is_not_there_cannot_be_changed(change: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        change(register_of(sheets()))


def test_numbers_of_any_length_stay() -> None:
    register = register_of(sheets(Places={"latitude": "51.3712345678901234"}))
    assert register.pages["Places"].rows[0].values["latitude"] == Decimal("51.3712345678901234")
    assert _again(register) == register
    assert set(SHEETS) >= set(register.pages)


def test_a_word_that_counts_as_not_known_is_written_as_it_was_typed() -> None:
    typed = sheets()
    typed["Students"][0]["readiness"] = "psased"
    once = _again(register_of(typed))
    assert once.pages["Students"].rows[0].unreadable == {"readiness": "psased"}
    assert _again(once) == once
