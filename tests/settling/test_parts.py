"""Parts of the partnership (E20) and of agencies' places (L11): one spelling, questions, and what is not known."""

from typing import Any

import pytest

from allocator.intake import read_sheets
from models.dataset import Dataset
from models.policy import Policy
from tests.reading.sheets import TODAY, issues, of_code, sheets, with_row

ON = [{"setting": "rule.E20", "value": "on"}]


def read(**rows: Any) -> Dataset:
    return read_sheets(sheets(**rows), today=TODAY).dataset


def hosts(agency: str | None, team: str | None) -> dict[str, Any]:
    """The first offer's agency and team with these parts."""
    return {"Agencies": with_row("Agencies", 2, part=agency), "Teams": with_row("Teams", 2, part=team)}


@pytest.mark.parametrize(
    ("agency", "team", "part", "unknown"),
    [
        ("North", None, "North", False),
        ("North", "South", "South", False),
        (None, "South", "South", False),
        (None, None, None, False),
        ("North", "not known", None, True),
        ("not known", None, None, True),
        ("not known", "South", "South", False),
    ],
)
def test_an_offers_part_is_its_teams_else_its_agencys(
    agency: str | None, team: str | None, part: str | None, unknown: bool
) -> None:
    offer = read(**hosts(agency, team)).offers[0]
    assert (offer.part, "part" in offer.not_known) == (part, unknown)


def test_a_part_has_one_spelling_and_what_is_alike_is_asked_about() -> None:
    rows = hosts("North-East", "north east") | {"Students": with_row("Students", 2, part="Noth East"), "Policy": ON}
    found = read(**rows)
    assert {found.agencies[0].part, found.offers[0].part, found.students[0].part} == {"north east"}
    asked = of_code(issues(sheets(**rows)), "V320")
    assert (asked.sheet, asked.column, asked.found) == ("Students", "part", "Noth East")


def test_a_part_without_a_place_is_said_where_the_rule_is_on() -> None:
    rows = hosts("North", None) | {"Students": with_row("Students", 2, part="Wales")}
    assert [i for i in issues(sheets(**rows)) if i.code == "V437"] == []
    assert of_code(issues(sheets(**rows, Policy=ON)), "V437").found == "Wales"


def test_a_part_that_is_not_known_or_cannot_be_read_confines_nobody_and_is_asked_for() -> None:
    for typed in ("not known", "#REF!"):
        student = read(Students=with_row("Students", 2, part=typed)).students[0]
        assert (student.part, "part" in student.not_known) == (None, True)


@pytest.mark.parametrize("sheet", ["Agencies", "Teams"])
def test_a_part_that_is_not_known_reaches_the_offers_and_is_not_said_to_count_as_blank(sheet: str) -> None:
    rows = {sheet: with_row(sheet, 2, part="not known")}
    assert "part" in read(**rows).offer_by_id["O1"].not_known
    assert "V222" not in {i.code for i in issues(sheets(**rows)) if i.column == "part"}


# ---- parts of agencies' places -------------------------------------------------------------------------------------
def percents(value: str) -> Policy:
    rows = sheets(
        Students=with_row("Students", 2, university="Northfield"),
        Policy=[{"setting": "agency_part_percent", "value": value}],
    )
    return read_sheets(rows, today=TODAY).policy


def test_names_of_a_part_are_the_students() -> None:
    # The smaller of two parts that turn out to be of one university.
    assert percents("NORTHFIELD=50; ba=60").agency_part_percent == {"Northfield": 50, "BA": 60}
    assert percents("Nortfield=50; Northfield=40").agency_part_percent == {"Northfield": 40}


def test_a_part_of_nobody_is_said_and_one_that_is_alike_is_asked_about() -> None:
    def codes(value: str) -> list[str]:
        rows = sheets(
            Students=with_row("Students", 2, university="Northfield"),
            Policy=[{"setting": "agency_part_percent", "value": value}],
        )
        return [i.code for i in issues(rows) if i.sheet == "Policy"]

    assert codes("Northfield=50") == []
    assert codes("Nortfield=50") == ["V320"]
    assert codes("Elsewhere=50") == ["V424"]
