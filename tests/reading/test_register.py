"""The register: written and read again it is the same; it is edited and settled without a file."""

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

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
        rows = draw(st.lists(st.fixed_dictionaries({c.name: _cells(c) for c in columns}), min_size=1, max_size=3))
        given[sheet.name] = [{k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()} for row in rows]
    try:
        register = register_of(given)
    except InputUnusableError:
        register = Register({})
    assume(any(page.rows for page in register.pages.values()))
    return register


@given(registers())
@settings(max_examples=40, deadline=None)
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
