"""Decisions: which of them stand, which are set aside, and what they change."""

from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.pipeline import allocate
from models.policy import Policy
from tests.reading.sheets import TODAY, issues, of_code, sheets
from tests.settling.decided import FIX, decided, kinds, only, standing


def of_s1(given: dict[str, Any]) -> dict[str, Any]:
    """The sheets with S1 alone, who then competes with nobody."""
    people = ("Students", "Requests", "History", "Published")
    return {
        name: [row for row in rows if str(row.get("student", row.get("request", ""))).startswith("S1")]
        if name in people
        else rows
        for name, rows in given.items()
    }


def test_a_second_fix_may_add_the_educator() -> None:
    found = only(decided(FIX, {**FIX, "pe": "PE2"}))
    assert (found.request, found.student, found.offer, found.pe) == ("S1/first", "S1", "O2", "PE2")


@pytest.mark.parametrize("other", [{**FIX, "offer": "O1"}, {**FIX, "pe": "PE1"}])
def test_two_different_fixes_are_both_set_aside(other: dict[str, Any]) -> None:
    rows = [FIX | {"by": "AB", "pe": "PE2"}, other | {"by": "AB"}]
    given = sheets(Decisions=rows)
    found = [i for i in issues(given) if i.code == "V507"]
    assert [i.row for i in found] == [2, 3]
    assert "S1/first is fixed in different ways" in found[0].message
    # neither holds: S1/first is placed nowhere, and says why
    plan = allocate(decided(*rows), Policy(as_of=TODAY)).plan
    [left] = [u for u in plan.unplaced if u.request == "S1/first"]
    assert (left.code, left.reason[:34]) == ("fix", "Two decisions fix it differently (")


@pytest.mark.parametrize(
    "forbids",
    [
        {"decision": "do_not_match", "request": "S1", "agency": "B"},
        {"decision": "declined", "request": "S1/first", "agency": "B", "team": "Y", "party": "agency"},
        {"decision": "agency_decision", "request": "S1/first", "agency": "B", "value": "declined"},
        {"decision": "withdraw", "about": "O2"},
        {"decision": "withdraw", "about": "student", "request": "S1/first"},
    ],
)
def test_the_forbidding_decision_stands(forbids: dict[str, Any]) -> None:
    found = decided(FIX, forbids)
    assert sorted(kinds(found)) == sorted([forbids["decision"], "fix"])
    message = of_code(issues(sheets(Decisions=[FIX | {"by": "AB"}, forbids | {"by": "AB"}])), "V508").message
    assert message.startswith("fix S1/first O2 contradicts '")
    assert message.endswith("which forbids it and stands: S1/first is not placed.")
    plan = allocate(found, Policy(as_of=TODAY)).plan
    assert "S1/first" not in {m.request for m in plan.matches}
    if forbids.get("about") != "student":  # who has withdrawn is not looked for
        [left] = [u for u in plan.unplaced if u.request == "S1/first"]
        assert (left.code, left.reason[:23]) == ("fix", "It is fixed to O2, whic")


@pytest.mark.parametrize(
    ("forbids", "rule"),
    [
        # By each the fix of S1 to O2 (agency B, team Y) is forbidden, as above; with its rule off, nothing forbids it.
        # A PE who has gone is nobody's, whatever rule is off: that stays.
        ({"decision": "do_not_match", "request": "S1", "agency": "B"}, "E16"),
        ({"decision": "withdraw", "about": "O2"}, "E16"),
        ({"decision": "declined", "request": "S1/first", "agency": "B", "party": "agency"}, "E13"),
        ({"decision": "agency_decision", "request": "S1/first", "agency": "B", "value": "declined"}, "E06"),
    ],
)
def test_a_decision_whose_rule_is_off_is_not_said_to_forbid(forbids: dict[str, Any], rule: str) -> None:
    given = of_s1(sheets(Decisions=[row | {"by": "AB"} for row in (FIX, forbids)]))
    found, off = read_sheets(given, today=TODAY), read_sheets(given, {f"rule.{rule}": "off"}, TODAY)
    assert of_code(found.issues, "V508").message.endswith("which forbids it and stands: S1/first is not placed.")
    assert [i.message for i in off.issues if i.code == "V508"] == []
    assert "S1/first" not in {m.request for m in allocate(found.dataset, found.policy).plan.matches}
    placed = {m.request: m.offer for m in allocate(off.dataset, off.policy).plan.matches}
    # A fix is E16's too: with it off, S1 goes where the plan is best.
    assert "S1/first" in placed
    assert placed["S1/first"] == "O2" or rule == "E16"


def test_two_fixes_are_not_said_to_hold_none_where_no_fix_holds() -> None:
    rows = [FIX | {"by": "AB"}, FIX | {"by": "AB", "offer": "O1"}]
    off = read_sheets(of_s1(sheets(Decisions=rows)), {"rule.E16": "off"}, TODAY)
    assert "S1/first" in {m.request for m in allocate(off.dataset, off.policy).plan.matches}
    assert [i.message for i in off.issues if i.code == "V507"] == []


def test_of_two_answers_that_contradict_each_other_the_more_cautious_stands_whatever_the_rule_says() -> None:
    answer = {"decision": "agency_decision", "request": "S1/first", "agency": "B", "by": "AB"}
    given = sheets(Decisions=[answer | {"value": "accepted"}, answer | {"value": "declined"}])
    for settings in ({}, {"rule.E06": "off"}):
        message = of_code(read_sheets(given, settings, TODAY).issues, "V508").message
        assert message.endswith("(declined)', which is the more cautious and stands.")


def test_do_not_match_with_another_educator_does_not_touch_the_fix() -> None:
    assert sorted(kinds(decided({**FIX, "pe": "PE2"}, {"decision": "do_not_match", "request": "S1/first", "pe": "PE1"}))) == [
        "do_not_match", "fix",
    ]  # fmt: skip


def test_declined_bars_the_narrowest() -> None:
    row = {"decision": "declined", "request": "S1/first", "agency": "A", "team": "X", "offer": "O1", "party": "student"}
    found = only(decided(row))
    assert (found.student, found.offer, found.agency, found.team, found.party) == ("S1", "O1", None, None, "student")
    found = only(decided({**row, "offer": None}))
    assert (found.agency, found.team, found.offer) == ("A", "X", None)


def test_declined_without_a_place_is_about_the_published_one() -> None:
    dataset = decided({"decision": "declined", "request": "S3/final", "party": "agency"})
    assert only(dataset).offer == "O1"
    assert standing(dataset) == "freed"
    assert not dataset.request_by_id["S3/final"].displaced


def test_agency_decisions_leave_one_answer() -> None:
    answers = [
        {"decision": "agency_decision", "request": "S1/first", "agency": "A", "value": v, "on": d}
        for v, d in (("declined", "2026-11-01"), ("accepted", "2026-11-09"))
    ]
    assert only(decided(*answers)).value == "declined"
    answers[0]["value"] = "To ask"
    assert only(decided(*answers)).value == "accepted"  # the latest
    answers[0]["on"] = "2026-11-09"
    assert only(decided(*answers)).value == "to_ask"  # on one day the more cautious


def test_an_answer_for_a_student_is_one_for_each_request() -> None:
    dataset = decided({"decision": "agency_decision", "about": "S2", "agency": "A", "value": "accepted"})
    assert [d.request for d in dataset.decisions] == ["S2/final", "S2/first"]


def test_an_unreadable_answer_sets_the_request_aside() -> None:
    dataset = decided({"decision": "agency_decision", "request": "S1/first", "agency": "A", "value": "perhaps"})
    assert "cannot be read" in (dataset.request_by_id["S1/first"].set_aside or "")


def test_a_forbidding_row_without_a_readable_request_bars_what_it_names() -> None:
    found = only(decided({"decision": "do_not_match", "request": "S77/first", "offer": "O2"}))
    assert (found.decision, found.offer, found.request, found.student) == ("do_not_match", "O2", None, None)


def test_declined_without_a_place_is_about_every_place_that_they_have() -> None:
    # S2 has two published matches; the row names S2, so it is about both and not about whichever comes first.
    published = [
        {"request": f"S2/{s}", "offer": o, "status": "proposed"} for s, o in (("first", "O1"), ("final", "O3"))
    ]
    dataset = decided({"decision": "declined", "request": "S2", "party": "student"}, Published=published)
    assert [d.offer for d in dataset.decisions] == ["O3", "O1"]
    assert [standing(dataset, r) for r in ("S2/first", "S2/final")] == ["freed", "freed"]


def test_declined_without_a_place_is_not_about_one_that_has_ended() -> None:
    row = {"decision": "declined", "request": "S3/final", "party": "student"}
    dataset = decided(row, Published={"status": "ended_early"})
    assert dataset.decisions == ()
    assert "cannot be read" in (dataset.request_by_id["S3/final"].set_aside or "")


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ({"decision": "fix", "request": "S1/first", "offer": "O1"}, False),
        ({"decision": "exception", "request": "S1/first", "rule": "E04", "value": 95, "why": "x"}, False),
        ({"decision": "agency_decision", "request": "S1/first", "agency": "A", "value": "accepted"}, False),
        ({"decision": "agency_decision", "request": "S1/first", "agency": "A", "value": "declined"}, True),
        ({"decision": "do_not_match", "request": "S1/first", "offer": "O1"}, True),
        ({"decision": "declined", "request": "S1/first", "offer": "O1", "party": "student"}, True),
    ],
)
def test_a_decision_of_a_day_to_come_is_not_in_force_unless_it_forbids(row: dict[str, Any], held: bool) -> None:
    later = row | {"on": "2030-01-01", "by": "AB"}
    assert (kinds(decided(later)) == [row["decision"]]) == held
    said = of_code(issues(sheets(Decisions=[later])), "V518").message
    assert "after today" in said
    assert ("held to all the same" in said) == held
    assert kinds(decided(row | {"on": "2026-11-21"})) == [row["decision"]]  # today


def test_ids_of_decisions_do_not_depend_on_rows() -> None:
    rows = [{**FIX, "why": w} for w in ("one", "two")] + [{"decision": "unlock", "request": "S3/final"}]
    one, other = decided(*rows), decided(*reversed(rows))
    assert [d.id for d in one.decisions] == [d.id for d in other.decisions] == ["fix S1/first O2", "unlock S3/final"]
