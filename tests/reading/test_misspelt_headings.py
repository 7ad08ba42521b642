"""Misspelt headings and names of sheets are read as ours and asked about, so that no rule is passed over."""

from typing import Any

import pytest

from allocator.intake import read_sheets
from models.errors import Issue
from tests.reading.sheets import FULL, TODAY, of_code, reading, sheets


def renamed(sheet: str, **headings: str) -> dict[str, Any]:
    """The partnership, with headings of a sheet typed otherwise."""
    result = sheets()
    result[sheet] = [{headings.get(name, name): cell for name, cell in row.items()} for row in result[sheet]]
    return result


def said(found: Issue) -> tuple[str, str | None, str | None, str | None]:
    return found.level, found.sheet, found.column, found.found


def test_a_misspelt_heading_of_a_column_that_protects_is_read_and_asked_about() -> None:
    given = renamed("Students", excluded="exculded")
    given["Students"][0]["exculded"] = "B"
    read = read_sheets(given, {}, TODAY)
    assert read.dataset.student_by_id["S1"].excluded_agencies == ("B",)
    found = of_code(read.issues, "V320")
    assert said(found) == ("warning", "Students", "exculded", "exculded")
    assert "Is 'exculded' the same as 'excluded'?" in found.message


def test_decisions_under_a_misspelt_heading_or_on_a_misspelt_sheet_are_in_force() -> None:
    expected = reading().dataset.decisions
    assert [d.id for d in expected] == ["do_not_match S1/first O2"]
    for given in (
        renamed("Decisions", decision="descision"),
        {{"Decisions": "Decisons"}.get(name, name): rows for name, rows in sheets().items()},
    ):
        read = read_sheets(given, {}, TODAY)
        assert read.dataset.decisions == expected
        assert of_code(read.issues, "V320").level == "warning"


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("capcity", "V320"),  # 14 of 15 letters in common blocks: 0.93
        ("capacity notes", "V112"),  # 16 of 22: 0.73
    ],
)
def test_a_heading_is_read_only_where_it_is_near_enough(heading: str, code: str) -> None:
    given = sheets(Offers=[dict(row) for row in FULL["Offers"][:2]])  # the third has a capacity
    given["Offers"][0][heading] = 3
    read = read_sheets(given, {}, TODAY)
    assert of_code(read.issues, code).found == heading
    assert read.dataset.offer_by_id["O1"].capacity == (3 if code == "V320" else 1)


def test_nothing_is_read_as_a_column_or_sheet_that_is_there_by_its_own_name() -> None:
    given = sheets(Offerss=[{"offer": "O9"}])
    given["Offers"][0] |= {"capacity": 2, "capcity": 3}
    read = read_sheets(given, {}, TODAY)
    assert read.dataset.offer_by_id["O1"].capacity == 2
    assert "O9" not in read.dataset.offer_by_id
    assert not [i for i in read.issues if i.code == "V320"]
