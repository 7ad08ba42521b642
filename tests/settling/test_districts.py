"""Places from which nobody knows a travel time: each is named once, with what was probably meant and what to do."""

from typing import Any

import pytest

from models.errors import Issue
from tests.reading.sheets import FULL, all_of, issues, of_code, sheets, with_row


def said(given: dict[str, Any]) -> list[tuple[str, str | None, str | None, str | None, tuple[int, ...] | int | None]]:
    found = [i for i in issues(given) if i.code in {"V407", "V443"}]
    return [(i.code, i.sheet, i.column, i.found, i.rows or i.row) for i in found]


STUDENTS = [{**FULL["Students"][0], "student": f"T{n}"} for n in range(6)]


@pytest.mark.parametrize("without", [(), ("Places",), ("Travel",), ("Places", "Travel")])
def test_a_town_among_districts_is_named_whatever_sheets_there_are(without: tuple[str, ...]) -> None:
    given = sheets(Students=with_row("Students", 2, home="Sheffield"), **dict.fromkeys(without))
    assert said(given) == [("V443", "Students", "home", "Sheffield", 2)]
    issue = of_code(issues(given), "V443")
    assert "nobody knows a travel time from or to it" in issue.message
    assert "such as CR0, SM1" in issue.message
    assert "Type the postcode district; or add 'Sheffield' to Places" in (issue.remedy or "")


def test_many_rows_with_one_town_are_one_remark() -> None:
    students = [*FULL["Students"], *({**row, "home": "Sheffield"} for row in STUDENTS)]
    assert said(sheets(Students=students)) == [("V443", "Students", "home", "Sheffield", (5, 6, 7, 8, 9, 10))]


def test_many_towns_are_one_remark_with_all_their_rows() -> None:
    students = [*STUDENTS, *({**row, "student": f"U{n}", "home": f"Town {n}"} for n, row in enumerate(STUDENTS[:4]))]
    districts = [{**STUDENTS[0], "student": f"V{n}", "home": f"CR{n}"} for n in range(2, 7)]
    found = [i for i in issues(sheets(Students=[*FULL["Students"], *students, *districts])) if i.code == "V443"]
    assert [i.rows for i in found] == [(11, 12, 13, 14)]
    assert "And 1 more like these." in found[0].message


@pytest.mark.parametrize(
    ("given", "sheet", "column", "row"),
    [
        (sheets(Offers=with_row("Offers", 2, place="Croydon Hub")), "Offers", "place", 2),
        (sheets(Teams=with_row("Teams", 2, place="Croydon Hub")), "Teams", "place", 2),
    ],
)  # fmt: skip
def test_the_cell_is_named_where_it_stands(given: dict[str, Any], sheet: str, column: str, row: int) -> None:
    ((_, *where),) = said(given)
    assert where == [sheet, column, "Croydon Hub", row]


def test_a_place_that_is_known_under_its_own_word_is_no_remark() -> None:
    places = [*FULL["Places"], {"place": "Croydon Hub", "latitude": 51.37, "longitude": -0.1}]
    assert said(sheets(Students=with_row("Students", 2, home="Croydon Hub"), Places=places)) == []
    travel = [*FULL["Travel"], {"from": "Croydon Hub", "to": "SM1", "mode": "car", "minutes": 20}]
    hub = sheets(Students=with_row("Students", 2, home="Croydon Hub"), Travel=travel)
    assert said(hub) == [("V407", "Students", "home", "Croydon Hub", 2)]  # its other times cannot be estimated
    assert said({k: v for k, v in hub.items() if k != "Places"}) == []


def test_a_partnership_that_has_names_of_its_own_for_places_hears_nothing_of_districts() -> None:
    named = sheets(
        Students=all_of("Students", home="North"), Teams=all_of("Teams", place="South"), Places=None, Travel=None
    )
    assert said(named) == []


def test_a_district_that_no_measured_time_names_is_named_where_only_measured_times_count() -> None:
    given = sheets(Students=with_row("Students", 2, home="KT1"), Places=None)
    assert said(given) == [("V407", "Students", "home", "KT1", 2)]


@pytest.mark.parametrize(("typed", "near"), [("SM01", "SM1"), ("CR0O", "CR0")])
def test_a_misspelt_district_is_asked_about(typed: str, near: str) -> None:
    issue: Issue = of_code(
        issues(sheets(Students=with_row("Students", 2, home=typed))), "V443" if len(typed) > 4 else "V407"
    )
    assert f"Did you mean '{near}'?" in issue.message


def test_thousands_of_districts_without_coordinates_are_gone_through_once() -> None:
    # where each was compared with all others, this took a minute
    homes = [f"{first}{second}{n}" for first in "BCEGHLMNST" for second in "AELMNORSTY" for n in range(10, 40)]
    students = [{**STUDENTS[0], "student": f"T{n}", "home": home} for n, home in enumerate(homes)]
    given = sheets(Students=students, History=None, Decisions=None, Published=None, Requests=None)
    found = [i for i in issues(given) if i.code == "V407"]
    assert (len(homes), len({row for issue in found for row in issue.rows})) == (3000, 3000)
