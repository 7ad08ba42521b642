"""Decisions that cannot be read or contradict themselves: what may have forbidden something forbids it."""

import pytest

from tests.reading.sheets import FULL, issues, of_code, reading, sheets
from tests.settling.decided import decided

CONTRADICTING: list[tuple[dict[str, str], list[dict[str, str | None]], str]] = [
    # O2 is of B/Y.
    ({"decision": "do_not_match", "request": "S1/first", "offer": "O2", "agency": "A"},
     [{"request": "S1/first", "offer": "O2"}, {"request": "S1/first", "agency": "A"}], "offer O2 is of B/Y, not of A"),
    ({"decision": "do_not_match", "request": "S1/first", "offer": "O2", "agency": "A", "team": "X"},
     [{"request": "S1/first", "offer": "O2"}, {"request": "S1/first", "agency": "A", "team": "X"}], "not of A/X"),
    ({"decision": "do_not_match", "request": "S1/first", "offer": "O2", "about": "O3"},
     [{"request": "S1/first", "offer": "O2"}, {"request": "S1/first", "offer": "O3"}], "about says O3, offer says O2"),
    ({"decision": "do_not_match", "request": "S1/first", "about": "S2", "offer": "O2"},
     [{"student": "S1", "offer": "O2"}, {"student": "S2", "offer": "O2"}], "about says S2, request says S1/first"),
    ({"decision": "declined", "request": "S1/first", "offer": "O2", "agency": "A"},
     [{"student": "S1", "offer": "O2"}, {"student": "S1", "agency": "A"}], "offer O2 is of B/Y, not of A"),
    ({"decision": "agency_decision", "request": "S1/first", "offer": "O2", "agency": "A", "value": "declined"},
     [{"request": "S1/first", "agency": "B"}, {"request": "S1/first", "agency": "A"}], "offer O2 is of B/Y, not of A"),
    ({"decision": "agency_decision", "request": "S1/first", "offer": "O2", "agency": "A", "value": "accepted"}, [], "not used"),
    ({"decision": "withdraw", "about": "O2", "agency": "A"}, [{"offer": "O2"}], "offer O2 is of B/Y, not of A"),
    ({"decision": "withdraw", "about": "O2", "offer": "O3"}, [{"offer": "O2"}, {"offer": "O3"}], "about says O2"),
    ({"decision": "fix", "request": "S1/first", "offer": "O2", "agency": "A"}, [], "the row was not used"),
    ({"decision": "fix", "request": "S1/first", "offer": "O2", "about": "S2"}, [], "about says S2, request says S1/first"),
    ({"decision": "exception", "request": "S1/first", "offer": "O2", "agency": "A", "rule": "E03", "why": "x"}, [], "not used"),
    ({"decision": "name_pe", "request": "S1/first", "offer": "O2", "agency": "A", "pe": "PE1"}, [], "the row was not used"),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["do not mach", "declind"])
def test_a_misspelt_decision_that_was_meant_to_forbid_protects(kind: str) -> None:
    given = sheets(Decisions=[{"decision": kind, "request": "S1/first", "offer": "O2", "by": "AB"}])
    found = issues(given)
    assert "Did you mean" in of_code(found, "V202").message
    assert of_code(found, "V509").level == "set_aside"
    assert reading(Decisions=given["Decisions"]).dataset.request_by_id["S1/first"].set_aside


@pytest.mark.parametrize("kind", ["forbid", "rejected", "withdrawn", None])
def test_a_decision_that_cannot_be_read_may_have_forbidden(kind: str | None) -> None:
    dataset = decided({"decision": kind, "request": "S1/first", "offer": "O2"})
    assert dataset.request_by_id["S1/first"].set_aside
    [barred] = decided({"decision": kind, "offer": "O2"}).decisions
    assert (barred.decision, barred.offer) == ("do_not_match", "O2")


def test_a_row_without_decision_that_names_nothing_has_no_effect() -> None:
    given = sheets(Decisions=[{"why": "see the minutes", "by": "AB"}])
    assert "V509" not in {i.code for i in issues(given)}


def test_a_misspelt_decision_that_forbids_nothing_has_no_effect() -> None:
    dataset = decided({"decision": "unlok", "request": "S1/first"})
    assert (dataset.decisions, dataset.request_by_id["S1/first"].set_aside) == ((), None)


def test_an_id_that_means_two_things_is_set_aside() -> None:
    given = sheets(Educators=[*FULL["Educators"], {"pe": "O2", "employed_by": "A", "qualification": "PEPS2"}],
                   Decisions=[{"decision": "withdraw", "about": "O2", "by": "AB"}])  # fmt: skip
    assert "is an offer and a PE" in of_code(issues(given), "V506").message


@pytest.mark.parametrize(("row", "decided", "words"), CONTRADICTING)
def test_cells_that_contradict_each_other_are_named_and_each_bars(
    row: dict[str, str], decided: list[dict[str, str | None]], words: str
) -> None:
    found = reading(Decisions=[row | {"by": "AB"}])
    columns = ("request", "student", "offer", "agency", "team")
    # One request alone is barred as such: its student is stated where all requests of the student are meant.
    barred = [{c: v for c in columns if (v := getattr(d, c)) is not None} for d in found.dataset.decisions]
    assert len(barred) == len(decided)
    assert all(any(wanted.items() <= stated.items() for stated in barred) for wanted in decided)
    assert words in of_code(found.issues, "V517").message


@pytest.mark.parametrize(
    "row",
    [
        {"decision": "do_not_match", "request": "S1/first", "about": "S1", "offer": "O2"},
        {"decision": "do_not_match", "request": "S1", "about": "S1/first", "offer": "O2"},
        {"decision": "do_not_match", "request": "s1/first", "offer": "o2", "agency": "b", "team": "y"},
        {"decision": "withdraw", "about": "O2", "offer": "o2", "agency": "B"},
    ],
)
def test_cells_that_say_one_thing_twice_agree(row: dict[str, str]) -> None:
    found = reading(Decisions=[row | {"by": "AB"}])
    assert not [i for i in found.issues if i.code == "V517"]
    assert len(found.dataset.decisions) == 1


def test_a_pe_barred_where_the_pe_could_not_be_named_is_said() -> None:
    # PE1 is of A/X, is not named at O2 (B/Y) and does not serve it.
    found = reading(
        Decisions=[{"decision": "do_not_match", "request": "S1/first", "offer": "O2", "pe": "PE1", "by": "AB"}]
    )
    assert of_code(found.issues, "V513").message.endswith("PE1 is not named at O2 and does not serve it.")


def test_a_team_of_another_agency_is_said_to_be_none_of_this_one() -> None:
    rows = [{"decision": "do_not_match", "request": "S1/first", "agency": "B", "team": "X", "by": "AB"}]
    message = of_code(issues(sheets(Decisions=rows)), "V303").message
    assert message == "'X' is not on Teams or Offers as a team of B, so the row was not used."
