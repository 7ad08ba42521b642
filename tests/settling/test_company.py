"""Decisions about two students: who is to be together, who apart, and what a row costs that cannot be read."""

from typing import Any

import pytest

from models.decisions import Decision
from tests.reading.sheets import FULL, issues, of_code, reading, sheets
from tests.settling.decided import decided

TOGETHER: dict[str, Any] = {"decision": "together", "by": "AB"}
APART: dict[str, Any] = {"decision": "apart", "by": "AB"}


def facts(decision: Decision) -> tuple[str, str | None, str | None, str | None]:
    return decision.decision, decision.student, decision.other, decision.value


@pytest.mark.parametrize(
    "typed",
    [{"request": "S1; S2"}, {"request": "S2;S1"}, {"request": "s2, s1"}, {"request": "S1 and S2"}, {"request": "S1 & S2"}, {"request": "S1 / S2"}, {"request": "S1/first / S2/first"}, {"request": "S1\nS2"}, {"request": "S1; S2;"},
     {"request": "S1/first; S2/final"}, {"about": "S1", "request": "S2"}, {"about": "student", "request": "S1; S2"},
     {"about": "S1; S2"}],
)  # fmt: skip
def test_two_students_are_named_in_any_order(typed: dict[str, Any]) -> None:
    [found] = decided(TOGETHER | typed).decisions
    assert (found.id, *facts(found)) == ("together S1 S2", "together", "S1", "S2", None)
    assert (found.request, found.by) == (None, "AB")


def test_of_three_students_every_two_are_meant() -> None:
    found = decided(APART | {"request": "S3; S1; S2", "value": "Team"}).decisions
    assert [d.id for d in found] == ["apart S1 S2", "apart S1 S3", "apart S2 S3"]
    assert {d.value for d in found} == {"team"}


@pytest.mark.parametrize(
    ("value", "canonical"), [(15, "15"), ("15 min", "15"), ("20 minutes", "20"), (15.0, "15"), ("agency", None), (600, "600")]
)  # fmt: skip
def test_how_near(value: Any, canonical: str | None) -> None:
    dataset = decided(TOGETHER | {"request": "S1; S2", "value": value})
    assert [facts(d) for d in dataset.decisions] == [("together", "S1", "S2", canonical)]
    assert [i.code for i in dataset.issues if i.sheet == "Decisions"] == []


# What cannot be read is held to where it asks for most: one agency, or never in one agency.
@pytest.mark.parametrize(
    ("row", "code", "value", "says"),
    [(TOGETHER | {"value": "near"}, "V202", None, "held together in one agency"),
     (TOGETHER | {"value": 0}, "V202", None, "held together in one agency"),
     (TOGETHER | {"value": "-5"}, "V202", None, "held together in one agency"),
     (TOGETHER | {"value": 601}, "V202", None, "held together in one agency"),
     (APART | {"value": "building"}, "V202", "agency", "kept apart in every team of an agency"),
     (APART, "V215", "agency", "kept apart in every team of an agency")],
)  # fmt: skip
def test_a_value_that_cannot_be_read_asks_for_most(
    row: dict[str, Any], code: str, value: str | None, says: str
) -> None:
    row = row | {"request": "S1; S2"}
    issue = of_code([i for i in issues(sheets(Decisions=[row])) if i.sheet == "Decisions"], code)
    assert (issue.column, issue.row) == ("value", 2)
    assert says in issue.message
    assert [d.value for d in decided(row).decisions] == [value]


@pytest.mark.parametrize(
    ("request_", "says"),
    [("S1", "apart S1 needs two students in 'request'"), ("S1; S1", "it names S1 twice"), ("S1/first; S1", "names S1 twice"),
     (None, "apart needs two students"), ("not known", "apart needs two students")],
)  # fmt: skip
def test_one_student_is_not_enough(request_: str | None, says: str) -> None:
    row = APART | {"request": request_, "value": "team"}
    assert says in of_code(issues(sheets(Decisions=[row])), "V503").message
    dataset = decided(row)
    assert dataset.decisions == ()
    # who may have to be kept apart from somebody takes no place
    assert (dataset.request_by_id["S1/first"].set_aside is not None) == (request_ not in (None, "not known"))
    assert dataset.request_by_id["S2/first"].set_aside is None


def test_what_is_needed_is_said_once() -> None:
    issue = of_code(issues(sheets(Decisions=[APART | {"request": "S1; S1"}])), "V503")
    assert issue.remedy == "Fill in two different students in 'request'; it names S1 twice."


def test_a_student_who_is_not_listed_is_named() -> None:
    row = APART | {"request": "S1; S22", "value": "team"}
    found = of_code(issues(sheets(Decisions=[row])), "V303")
    assert "'S22' is not on Students" in found.message
    assert decided(row).request_by_id["S1/first"].set_aside is not None
    together = decided(TOGETHER | {"request": "S1; S22"})
    assert together.decisions == ()
    assert together.request_by_id["S1/first"].set_aside is None


def test_a_misspelt_decision_about_two_students_sets_both_aside() -> None:
    dataset = decided({"decision": "keep from", "request": "S1; S2", "by": "AB"})
    assert [r.request for r in dataset.requests if r.set_aside] == ["S1/first", "S2/final", "S2/first"]


def test_what_says_nothing_of_two_students_is_said() -> None:
    row = APART | {"request": "S1; S2", "value": "team", "agency": "A", "offer": "O1"}
    found = of_code(issues(sheets(Decisions=[row])), "V519")
    assert "offer and agency say nothing of two students" in found.message
    assert [facts(d) for d in decided(row).decisions] == [("apart", "S1", "S2", "team")]


def test_what_keeps_apart_stands() -> None:
    both = [TOGETHER | {"request": "S1; S2"}, APART | {"request": "S2; S1", "value": "agency"}]
    assert [d.decision for d in decided(*both).decisions] == ["apart"]
    message = of_code(issues(sheets(Decisions=both)), "V508").message
    assert "together S1 S2 contradicts 'apart S1 S2 (agency)'" in message
    # one agency and two teams, or two agencies not far from each other: both can be
    assert len(decided(both[0], both[1] | {"value": "team"}).decisions) == 2
    assert len(decided(both[0] | {"value": 15}, both[1]).decisions) == 2


def test_who_has_no_request_is_said() -> None:
    students = [dict(row) for row in FULL["Students"]] + [{"student": "S4", "programme": "BA", "home": "CR0"}]
    row = TOGETHER | {"request": "S1; S4"}
    found = reading(Students=students, Decisions=[row])
    assert "S4 has no request" in of_code(found.issues, "V513").message


def test_keeping_apart_is_not_lost_by_a_date_to_come() -> None:
    later = {"request": "S1; S2", "value": "team", "on": "2027-01-01"}
    assert [d.decision for d in decided(APART | later).decisions] == ["apart"]
    assert decided(TOGETHER | later | {"value": 10}).decisions == ()


@pytest.mark.parametrize("typed", ["Anna Smith; S1", "S1; Smith, Anna", "Anna Smith and Robert Jones"])
def test_names_of_persons_in_a_list_are_refused(typed: str) -> None:
    found = of_code(issues(sheets(Decisions=[APART | {"request": typed, "value": "team"}])), "V141")
    assert found.level == "stop"
    assert "Smith" not in found.message


def test_words_in_a_list_that_may_be_names_are_asked_about() -> None:
    found = issues(sheets(Decisions=[APART | {"request": "Anna; S1", "value": "team"}]))
    assert "beginning with A..." in of_code(found, "V145").message


def test_minutes_that_are_not_known_are_said_to_mean_one_agency() -> None:
    rows = [{"decision": "together", "request": "S1; S2", "value": "not known", "by": "AB"}]
    found = reading(Decisions=rows)
    assert [(d.decision, d.value) for d in found.dataset.decisions] == [("together", None)]
    assert "counts as blank: none; of together and apart: one agency" in of_code(found.issues, "V222").message
