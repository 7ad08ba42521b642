"""Rows that nobody typed: an input of three sheets can be edited like any other. And draws of cases that differ."""

from typing import Any

import pytest

from scenarios.edits import with_implied
from scenarios.expanding import cases_of
from scenarios.model import Scenario
from tests.scenarios.partnership import done, ids, reading, register, rows

LEAST: dict[str, Any] = {
    sheet: [] for sheet in ("Requests", "History", "Agencies", "Teams", "Educators", "Travel", "Commitments")
} | {
    "Students": [{"student": s, "programme": p, "home": "CR0", "stage": t} for s, p, t in (("S1", "MSW", "first"), ("S2", "BA", "final"))],
    "Offers": [
        {"offer": "O1", "agency": "A", "team": "X", "place": "CR0", "areas": "adults"},
        {"offer": "O2", "agency": "a ", "team": "X", "place": "CR0", "areas": "adults"},
        {"offer": "O3", "agency": "B", "team": "Y", "place": "CR0", "areas": "adults"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("sheets", [("Requests",), ("Agencies",), ("Teams",), ("Requests", "Agencies"), ("Offers",)])
def test_settling_makes_the_same_of_it(sheets: tuple[str, ...]) -> None:
    made = register(**LEAST)
    before, after = (
        reading(one).dataset.model_copy(update={"issues": ()}) for one in (made, with_implied(made, sheets))
    )
    assert after == before


def test_requests_of_students_alone_are_found() -> None:
    made, said = done({"edit": "remove", "sheet": "Requests", "where": {"student.programme": "BA"}}, **LEAST)
    assert [r.request for r in reading(made).dataset.requests] == ["S1/first"]
    assert said == ("1 fewer on Requests",)
    made, _ = done({"edit": "move_tranche", "sheet": "Requests", "where": {"stage": "final"}, "to": "May"}, **LEAST)
    assert {r.request: r.tranche for r in reading(made).dataset.requests} == {"S1/first": "January", "S2/final": "May"}


def test_who_stands_on_several_rows_that_differ_is_set_aside_as_before() -> None:
    # Were both stages taken from the rows, these would be equal, and one student would ask for two placements.
    twice = [*LEAST["Students"], {"student": "S1", "programme": "MSW", "home": "CR0", "stage": "final"}]
    made = with_implied(register(**LEAST | {"Students": twice}), ("Requests",))
    found = {r.request: r.set_aside for r in reading(made).dataset.requests}
    assert found["S1/first"] == found["S1/final"] == "it stands on several rows that differ"


def test_a_stage_of_both_sheets_is_one_request() -> None:
    # S3's is made by Students.stage; S1's stands on both sheets, and set to final asks for no first any more.
    students = [one | ({"stage": "first"} if one["student"] == "S1" else {}) for one in rows()["Students"]]
    made, _ = done(
        {"edit": "set", "sheet": "Requests", "where": {"student": "S1"}, "values": {"stage": "final"}},
        Students=students,
    )
    assert [r.request for r in reading(made).dataset.requests] == ["S1/final", "S2/final", "S3/first"]


def test_agencies_and_teams_that_only_offers_name_are_found() -> None:
    made, said = done({"edit": "absent", "where": {"agency": "A"}}, **LEAST)
    assert [(o.offer, o.capacity) for o in reading(made).dataset.offers] == [("O1", 0), ("O2", 0), ("O3", 1)]
    assert said == ("1 agency answers nothing until further notice: 2 places cannot be used",)
    made, _ = done({"edit": "remove", "sheet": "Teams", "where": {"team": "x"}}, **LEAST)
    assert ids(made, "Offers", "offer") == ["O3"]
    grid = {"agency": {"sheet": "Agencies", "column": "agency"}}
    edits = [{"edit": "absent", "where": {"agency": "{agency}"}}]
    asked = Scenario.model_validate({"name": "s", "question": "?", "grid": grid, "edits": edits})
    assert [case.name for case in cases_of(asked, register(**LEAST))] == ["as it is", "agency=A", "agency=B"]


def test_an_offer_that_goes_leaves_to_others_what_they_take_from_it() -> None:
    # O2 says nothing of its areas: they are those of the team, which O1 makes. Gone, or set anew, O1 made it all the same.
    offers = [{**one, "areas": "adults" if one["offer"] == "O1" else ""} for one in LEAST["Offers"]]
    for edit in (
        {"edit": "remove", "sheet": "Offers", "where": {"offer": "O1"}},
        {"edit": "set", "sheet": "Offers", "where": {"offer": "O1"}, "values": {"areas": "children"}},
    ):
        made, _ = done(edit, **LEAST | {"Offers": offers})
        assert reading(made).dataset.offer_by_id["O2"].areas == ("adults",)


def test_cases_that_differ_in_other_edits_draw_alike() -> None:
    students = [{"student": f"N{n}", "programme": "BA", "home": "CR0", "stage": "first"} for n in range(1, 21)]
    half = {"edit": "scale", "sheet": "Students", "percent": 50}
    other = {"edit": "set", "sheet": "Offers", "values": {"capacity": 2}}
    alone, behind = (
        ids(done(*edits, Students=students, Requests=[], History=[])[0], "Students", "student")
        for edits in ((half,), (other, half))
    )
    assert alone == behind
    twice = ids(
        done(half, half | {"percent": 100}, Students=students, Requests=[], History=[])[0], "Students", "student"
    )
    assert twice == alone
