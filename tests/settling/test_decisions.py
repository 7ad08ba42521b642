"""Decisions and published matches: what stands, what is set aside, and what they change."""

from datetime import date
from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.pipeline import allocate
from models.entities import EducatorEntry
from models.policy import Policy
from tests.reading.sheets import FULL, TODAY, issues, of_code, reading, sheets
from tests.settling.decided import FIX, decided, kinds, only, standing


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


def of_s1(given: dict[str, Any]) -> dict[str, Any]:
    """The sheets with S1 alone, who then competes with nobody."""
    people = ("Students", "Requests", "History", "Published")
    return {
        name: [row for row in rows if str(row.get("student", row.get("request", ""))).startswith("S1")]
        if name in people
        else rows
        for name, rows in given.items()
    }


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


def test_who_was_named_first_has_the_place() -> None:
    # One place to be named at O1: PE2 on the 2nd, PE1 on the 9th. By the words of the rows PE1 came first.
    rows = [{"decision": "name_pe", "request": "S3/final", "pe": pe, "on": on, "by": "AB"}
            for pe, on in (("PE1", "2026-11-09"), ("PE2", "2026-11-02"))]  # fmt: skip
    found = reading(Offers={"educators": "TBC"}, Published={"pe": None}, Decisions=rows)
    assert found.dataset.published_by_request["S3/final"].pe == "PE2"
    assert found.dataset.offer_by_id["O1"].educators == (EducatorEntry(kind="named", pe="PE2"),)
    said = of_code(found.issues, "V513")
    assert (said.row, "the match of S3/final has PE2" in said.message) == (2, True)


def test_a_match_gets_its_pe_though_nobody_is_to_be_named_at_the_offer() -> None:
    found = reading(Published={"pe": "PE needed"},
                    Decisions=[{"decision": "name_pe", "request": "S3/final", "pe": "PE2", "by": "AB"}])  # fmt: skip
    assert found.dataset.published_by_request["S3/final"].pe == "PE2"
    assert not [i for i in found.issues if i.code == "V513"]  # "has no effect" was said of it


def test_an_id_that_means_two_things_is_set_aside() -> None:
    given = sheets(Educators=[*FULL["Educators"], {"pe": "O2", "employed_by": "A", "qualification": "PEPS2"}],
                   Decisions=[{"decision": "withdraw", "about": "O2", "by": "AB"}])  # fmt: skip
    assert "is an offer and a PE" in of_code(issues(given), "V506").message


@pytest.mark.parametrize(
    ("educators", "capacity", "after"),
    [
        ("TBC", 1, (("named", "PE2", None),)),
        ("TBC", 3, (("named", "PE2", None), ("tbc", None, 2))),
        ("TBC x2", 3, (("named", "PE2", None), ("tbc", None, 1))),
        ("PE1; TBC", 3, (("named", "PE2", None), ("named", "PE1", None), ("tbc", None, 1))),
        ("PE1; TBC", 2, (("named", "PE2", None), ("named", "PE1", None))),
        # PE2 of agency B does not reach team X of agency A; PE1 does, and A lists somebody: nobody is to be named.
        (None, 2, (("named", "PE2", None), ("named", "PE1", None))),
        ("PE2", 1, (("named", "PE2", None),)),
    ],
)
def test_name_pe_takes_a_place_that_was_to_be_named(educators: str | None, capacity: int, after: Any) -> None:
    dataset = decided({"decision": "name_pe", "offer": "O1", "pe": "PE2"}, Offers={"educators": educators, "capacity": capacity})  # fmt: skip
    assert dataset.offer_by_id["O1"].educators == tuple(EducatorEntry(kind=k, pe=p, places=n) for k, p, n in after)


def test_name_pe_takes_the_place_that_asks_for_what_the_pe_is() -> None:
    # PE1 is a PEPS2 and takes one of the two places; the PEPS1 is still to be named for the other: 2 - 1 - 1 = 0 are left
    # for another PEPS2, so that one final comes of it and not two.
    dataset = decided(
        {"decision": "name_pe", "offer": "O2", "pe": "PE1"},
        Offers=[FULL["Offers"][0], {**FULL["Offers"][1], "educators": "TBC PEPS1; TBC PEPS2", "capacity": 2}],
    )
    assert dataset.offer_by_id["O2"].educators == (
        EducatorEntry(kind="named", pe="PE1"), EducatorEntry(kind="tbc", qualification="PEPS1"),
    )  # fmt: skip


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


def test_name_pe_of_a_published_match() -> None:
    dataset = decided({"decision": "name_pe", "request": "S3/final", "pe": "PE1"}, Published={"pe": "TBC@O1"})
    assert dataset.published_by_request["S3/final"].pe == "PE1"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, "in_force"),
        ({"status": "sent to agency"}, "in_force"),
        ({"student_told_on": "2026-11-02"}, "kept"),
        *(({"status": s}, "kept") for s in ("meeting_booked", "Meeting passed", "confirmed", "started")),
        *(({"status": s}, "freed") for s in ("declined", "meeting_failed", "withdrawn")),
        *(({"status": s}, "over") for s in ("ended", "ended_early")),
        ({"status": "confirmed", "offer": "O77"}, "freed"),
        ({"request": "S77/final"}, "over"),
        ({"status": "confrimed"}, "kept"),
    ],
)
def test_standing(cells: dict[str, Any], expected: str) -> None:
    dataset = reading(Published=cells).dataset
    assert standing(dataset, cells.get("request", "S3/final")) == expected


def test_a_request_of_a_past_tranche_is_over() -> None:
    dataset = reading(Requests=[*FULL["Requests"], {"student": "S3", "stage": "final", "tranche": "T0"}]).dataset
    assert standing(dataset) == "over"


def test_unlock_lets_a_kept_match_move() -> None:
    published = {"status": "confirmed"}
    assert standing(decided({"decision": "unlock", "request": "S3/final"}, Published=published)) == "in_force"


def test_a_kept_match_is_kept_despite_an_unreadable_cell() -> None:
    students = [*FULL["Students"][:2], {**FULL["Students"][2], "clearance": "pased"}]
    assert reading(Students=students).dataset.request_by_id["S3/final"].set_aside
    kept = reading(Students=students, Published={"status": "confirmed"}).dataset
    assert kept.request_by_id["S3/final"].set_aside is None


def test_ended_matches_may_stand_beside_the_one_in_force() -> None:
    rows = [{"request": "S3/final", "offer": "O3", "status": "declined"}, *FULL["Published"]]
    (row,) = reading(Published=rows).dataset.published
    assert (row.offer, row.standing) == ("O1", "in_force")


def test_ids_of_decisions_do_not_depend_on_rows() -> None:
    rows = [{**FIX, "why": w} for w in ("one", "two")] + [{"decision": "unlock", "request": "S3/final"}]
    one, other = decided(*rows), decided(*reversed(rows))
    assert [d.id for d in one.decisions] == [d.id for d in other.decisions] == ["fix S1/first O2", "unlock S3/final"]


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


def test_published_dates_in_the_wrong_order_give_way_to_the_computed_window() -> None:
    found = reading(Published={"status": "confirmed", "start": "2027-05-01", "end": "2027-04-01"})
    row = found.dataset.published_by_request["S3/final"]
    assert (row.start, row.end, row.standing) == (None, None, "kept")
    assert of_code(found.issues, "V220").sheet == "Published"


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


@pytest.mark.parametrize("place", [{"agency": "A"}, {"agency": "A", "team": "X"}, {"team": "X"}])
def test_an_exception_for_an_agency_loosens_no_rule_everywhere(place: dict[str, Any]) -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": "E04", "value": 95, "why": "agreed", "by": "AB"}
    assert decided(row | place).decisions == ()
    issue = of_code(issues(sheets(Decisions=[row | place])), "V503")
    assert "an offer (agency and team do not narrow it)" in issue.message
    assert only(decided(row | place | {"offer": "O1"})).offer == "O1"


@pytest.mark.parametrize(
    ("statuses", "offer", "stands"),
    [
        (("ended_early", "ended"), "O2", "over"),  # the second ended later
        (("ended", "declined"), "O1", "over"),  # an end is a fact, whatever failed after it
        (("meeting_failed", "declined"), "O2", "freed"),  # both failed: the later one is told
    ],
)
def test_matches_that_have_ended_or_failed_stand_for_their_last(
    statuses: tuple[str, str], offer: str, stands: str
) -> None:
    rows = [
        {"request": "S3/final", "offer": "O1", "status": statuses[0], "start": "2026-09-01", "end": "2026-10-01"},
        {"request": "S3/final", "offer": "O2", "status": statuses[1], "start": "2026-10-05", "end": "2026-11-06"},
    ]
    for given in (rows, rows[::-1]):
        found = reading(Published=given, Decisions=[])
        assert [i.code for i in found.issues if i.sheet == "Published"] == []
        published = found.dataset.published_by_request["S3/final"]
        assert (published.offer, published.standing) == (offer, stands)


def test_a_match_that_stays_is_not_said_to_have_no_place() -> None:
    kept = {"request": "S2/first", "offer": "O1", "status": "confirmed"}
    row = {"decision": "do_not_match", "request": "S2/first", "offer": "O99", "by": "AB"}
    found = reading(Published=[kept], Decisions=[row])
    assert standing(found.dataset, "S2/first") == "kept"
    assert of_code(found.issues, "V509").message.endswith("so S2/first takes no new place in this run.")
    assert "a decision that may forbid something cannot be read" in of_code(found.issues, "V516").message
    # A second row that may be of either of S2's requests: the one whose own row is clear stays, the other waits.
    unclear = {"request": "S2 /x", "offer": "O2", "status": "confirmed"}
    found = reading(Published=[kept, unclear], Decisions=[])
    assert [i.message.split()[0] for i in found.issues if i.code == "V422"] == ["S2/final"]
    assert found.dataset.request_by_id["S2/first"].set_aside is None


def test_of_two_values_of_an_exception_the_other_is_said_to_allow_less() -> None:
    row = {"decision": "exception", "request": "S1/first", "rule": "E04", "why": "agreed", "by": "AB"}
    found = of_code(issues(sheets(Decisions=[row | {"value": 95}, row | {"value": 100}])), "V508")
    assert "(value 95)', which allows less and stands" in found.message
