"""Exceptions: which values they take, and which of two stands."""

from datetime import date
from typing import Any

import pytest

from tests.reading.sheets import issues, of_code, sheets
from tests.settling.decided import decided, only


@pytest.mark.parametrize(
    ("rule", "value", "canonical"),
    [("E01", 10, "10"), ("E01", "1", "1"), ("e4", 95.0, "95"), ("E11", "pe1", "PE1"), ("E12", "31/12/2027", "2027-12-31"),
     ("E12", date(2027, 12, 31), "2027-12-31"), ("E18", "peps2", "PEPS2"), ("E18", "Agency", "agency"), ("L07", None, None)],
)  # fmt: skip
def test_values_of_exceptions(rule: str, value: Any, canonical: str | None) -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": rule, "value": value, "why": "agreed"}
    assert only(decided(row)).value == canonical


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("E01", 0),
        ("E01", 11),
        ("E04", 601),
        ("E04", None),
        ("E11", "PE2"),
        ("E11", "PE9"),
        ("E12", "soon"),
        ("E18", "team"),
    ],
)
def test_values_that_are_none(rule: str, value: Any) -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": rule, "value": value, "why": "agreed", "by": "AB"}
    assert of_code(issues(sheets(Decisions=[row])), "V505").row == 2


def test_an_exception_needs_a_reason_and_a_person() -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": "E04", "value": 95}
    assert "needs why and by" in of_code(issues(sheets(Decisions=[row])), "V503").message


def test_of_two_exceptions_the_stricter_one_stands() -> None:
    rows = [{"decision": "exception", "request": "S1/first", "rule": "E04", "value": v, "why": "x"} for v in (120, 95)]
    assert only(decided(*rows)).value == "95"


@pytest.mark.parametrize("place", [{"agency": "A"}, {"agency": "A", "team": "X"}, {"team": "X"}])
def test_an_exception_for_an_agency_loosens_no_rule_everywhere(place: dict[str, Any]) -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": "E04", "value": 95, "why": "agreed", "by": "AB"}
    assert decided(row | place).decisions == ()
    issue = of_code(issues(sheets(Decisions=[row | place])), "V503")
    assert "an offer (agency and team do not narrow it)" in issue.message
    assert only(decided(row | place | {"offer": "O1"})).offer == "O1"


def test_of_two_values_of_an_exception_the_other_is_said_to_allow_less() -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": "E04", "why": "agreed", "by": "AB"}
    found = of_code(issues(sheets(Decisions=[row | {"value": 95}, row | {"value": 100}])), "V508")
    assert "(value 95)', which allows less and stands" in found.message
