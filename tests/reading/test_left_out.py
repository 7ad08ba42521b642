"""What leaves a row out or keeps a request from being placed is said where it stands, at the level that a run shows."""

from typing import Any

import pytest

from allocator.reading.codes import IN_DOUBT, ISSUE_KINDS, LEAVES_OUT, shown_with_plan
from allocator.reading.sheets_record import SHEETS
from models.errors import Issue
from tests.reading.sheets import issues, of_code, reading, sheets, with_row

NEW_REQUEST: dict[str, Any] = {"student": "S1", "stage": "first"}
NOTHING_DECIDED: dict[str, Any] = {"Decisions": [], "Published": []}
WRONG = "neither § this"
"""No word, date, number or id of any column."""


def said(found: tuple[Issue, ...]) -> set[tuple[str | None, str | None]]:
    """Sheet and column of every problem that sets something aside, but that of the request itself."""
    return {(i.sheet, i.column) for i in found if i.level == "set_aside" and i.code != "V422"}


@pytest.mark.parametrize(
    ("sheet", "costly"),
    [
        ("Students", {"clearance", "excluded", "limit_minutes", "ranked_offers"}),
        ("Requests", {"tranche", "days", "days_a_week", "earliest_start", "latest_end", "locked_agencies"}),
    ],
)
def test_a_request_is_never_set_aside_by_a_cell_that_only_a_warning_names(sheet: str, costly: set[str]) -> None:
    aside = set()
    for column in SHEETS[sheet].columns:
        wrong = {
            "Students": with_row("Students", 2, **{column.name: WRONG}),
            "Requests": [NEW_REQUEST | {column.name: WRONG}],
        }
        read = reading(**NOTHING_DECIDED, **{sheet: wrong[sheet]})
        request = read.dataset.request_by_id.get("S1/first")
        if request is not None and request.set_aside is not None:
            aside.add(column.name)
            assert (sheet, column.name) in said(read.issues)
    assert costly <= aside


def test_an_offer_in_a_tranche_that_is_not_listed_is_one_problem_with_what_is_allowed() -> None:
    given = sheets(**NOTHING_DECIDED, Offers=with_row("Offers", 3, tranche="T99"))
    found = [i for i in issues(given) if i.subject == "O2"]
    assert [(i.level, i.code, i.sheet, i.row, i.column, i.allowed) for i in found] == [
        ("set_aside", "V303", "Offers", 3, "tranche", "T0, T1, T2"),
    ]  # fmt: skip


def test_ids_that_are_allowed_are_named_where_they_are_few() -> None:
    tranches = [{"tranche": f"T{n}", "first_day": f"2027-0{n}-04", "status": "later"} for n in range(2, 8)]
    deciding = {"tranche": "T1", "first_day": "2027-01-04", "status": "deciding"}
    wrong = [NEW_REQUEST | {"tranche": "T99"}]
    six = of_code(reading(Tranches=[deciding, *tranches[:5]], Requests=wrong).issues, "V303")
    assert six.allowed == "T1, T2, T3, T4, T5, T6"
    assert of_code(reading(Tranches=[deciding, *tranches], Requests=wrong).issues, "V303").allowed is None


def test_some_ranked_offers_that_are_not_listed_are_passed_over_but_all_of_them_cost_the_row() -> None:
    assert of_code(reading(Students={"ranked_offers": "O1 > O9"}).issues, "V303").level == "warning"
    all_unlisted = of_code(reading(Students={"ranked_offers": "O9"}).issues, "V303")
    assert (all_unlisted.level, all_unlisted.subject) == ("set_aside", "S1")
    assert "no other offer is ranked, so the row cannot be used" in all_unlisted.message


def test_kinds_that_a_run_shows_are_warnings_or_may_be() -> None:
    # V308 is set aside where it costs the row, and a warning where a published match counts as over.
    assert {c for c in LEAVES_OUT | IN_DOUBT if ISSUE_KINDS[c].level != "warning"} == {"V308"}
    assert not LEAVES_OUT & IN_DOUBT


def test_what_is_set_aside_is_shown_before_what_may_be_one_thing() -> None:
    twin = [*sheets()["Students"], {**sheets()["Students"][0], "student": "s1"}]
    found = reading(
        **NOTHING_DECIDED, Students=twin, Offers=with_row("Offers", 3, tranche="T99"), Ofers=[{"offer": "O3"}]
    )
    shown, others = shown_with_plan(found.issues)
    assert [i.code for i in shown if i.code in {"V303", "V111", "V307"}] == ["V303", "V111", "V307", "V307"]
    assert {(i.row, i.found) for i in shown if i.code == "V307"} == {(2, "S1"), (len(twin) + 1, "s1")}
    assert sorted(map(str, [*shown, *others])) == sorted(map(str, found.issues))
    assert {i.level for i in others} <= {"warning"}
