"""Entering a decision: what it types, and what is refused, with both rows and what to undo first."""

from datetime import date
from typing import Any

import pytest

from allocator.lifecycle.entering import enter, next_id
from allocator.reading.editing import CellTyped, RowAdded
from allocator.reading.reader import register_of
from models.errors import UsageError
from tests.lifecycle.steps import BAR, FIX, entered, facts, refused, registered
from tests.reading.sheets import TODAY, sheets

KEPT: dict[str, Any] = {"request": "S3/final", "offer": "O1", "pe": "PE1", "status": "confirmed"}
STARTED: dict[str, Any] = KEPT | {"status": "started", "start": "2026-09-07"}
ANSWER: dict[str, Any] = {"decision": "agency_decision", "request": "S1/first", "agency": "B"}
LONG: dict[str, Any] = {"decision": "exception", "request": "S1/first", "rule": "E04", "why": "agreed"}


def test_a_row_has_the_next_id_and_the_day_of_the_plan() -> None:
    found = entered(registered(), decision="Do not match", request="s1/first", offer="O2", effective="1 Dec 2026")
    assert found.edits == (
        RowAdded(
            "Decisions",
            {
                "decision": "do_not_match", "request": "s1/first", "offer": "O2", "effective": date(2026, 12, 1),
                "by": "LM", "id": "D1", "on": TODAY,
            },
        ),
    )  # fmt: skip
    [decision] = found.reading.dataset.decisions
    assert (decision.id, decision.on, decision.by) == ("D1 (do_not_match S1/first O2)", TODAY, "LM")
    assert found.entry.words == "D1 (do_not_match s1/first, O2, from 2026-12-01)"


@pytest.mark.parametrize(
    ("rows", "free"),
    [
        ((), "D1"),
        ((BAR, BAR | {"id": "d1"}), "D2"),
        ((BAR | {"id": "D1"}, BAR | {"id": "D3"}), "D2"),
        (({"decision": "undo", "id": "7", "value": "D1"},), "D2"),  # a row D1 would be undone at once
    ],
)
def test_the_next_id_is_nobodys(rows: tuple[dict[str, Any], ...], free: str) -> None:
    assert next_id(registered(*rows)) == free
    assert next_id(register_of(sheets(Decisions=None))) == "D1"


@pytest.mark.parametrize(
    "cells",
    [
        {"decision": "withdraw", "pe": "PE2"},
        {"decision": "withdraw", "about": "student", "request": "S1", "effective": "2027-02-01"},
        {"decision": "declined", "request": "S3/final", "party": "student", "reason_code": "moved away"},
        {"decision": "name_pe", "offer": "O2", "pe": "PE2"},
        {"decision": "name_supervisor", "offer": "O2"},
        {"decision": "requested", "request": "S1/first", "agency": "A"},
        {"decision": "defer", "request": "S1/first", "value": "T2"},
        {"decision": "hold", "offer": "O2", "request": "S1/first", "until": "2027-01-31"},
        {"decision": "together", "request": "S1; S2", "value": "20"},
        {"decision": "apart", "request": "S1; S2", "value": "team"},
        ANSWER | {"value": "accepted"},
        LONG | {"value": "100"},
    ],
)
def test_every_kind_can_be_entered(cells: dict[str, Any]) -> None:
    assert entered(registered(), **cells).entry.kind == cells["decision"]


def test_a_kept_match_is_unlocked_then_deferred_and_a_started_one_ends() -> None:
    kept = registered(Published=[KEPT])
    assert refused(kept, decision="defer", request="S3/final", value="T2").words == (
        "Refused: D1 (defer S3/final: T2).\n"
        "D1 (defer S3/final) has no effect: the match of S3/final is kept until it is unlocked."
    )
    unlocked = entered(kept, decision="unlock", request="S3/final").register
    deferred = entered(unlocked, decision="defer", request="S3/final", value="T2")
    assert deferred.reading.dataset.request_by_id["S3/final"].tranche == "T2"
    # 100 days of a final, of which 40 are credited
    ended = entered(registered(Published=[STARTED]), decision="end_early", request="S3/final", value=40)
    assert ended.reading.dataset.request_by_id["S3/final/2"].days == 60


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"decision": "fix", "request": "S9/first", "offer": "O2"}, "'S9/first' is not on Requests"),
        ({"decision": "fix", "request": "S1/first", "offer": "O22"}, "Did you mean 'O2'?"),
        ({"decision": "fix", "request": "S1/first"}, "needs one request and an offer"),
        ({"decision": "fixx", "request": "S1/first"}, "'fixx' in 'decision' cannot be read. Did you mean 'fix'? Type fix"),
        ({"decision": "withdraw", "offer": "O2", "effective": "soon"}, "'soon' in 'effective' cannot be read. Dates are typed as 2027-01-31, or day first as 31/1/2027. Type a date."),
        ({"decision": "withdraw", "offer": "O2", "effective": "29/2/2027"}, "cannot be read. There is no such day. Type a date."),
        ({"decision": "withdraw", "offer": "O2", "effective": "1900-01-01"}, "cannot be read. The year 1900 cannot be meant. Type"),
        (ANSWER | {"value": "perhaps"}, "'perhaps' is not a word for value"),
        (LONG | {"value": "100", "why": None}, "needs why"),
        (LONG | {"value": "0"}, "Type minutes, a whole number from 1 to 600"),
        ({"decision": "together", "request": "S1; S2", "value": "near"}, "'near' is not a word for value"),
        ({"decision": "apart", "request": "S1; S2"}, "'value' is blank"),
        ({"decision": "defer", "request": "S1/first", "value": "T0"}, "a tranche that is not past (T1, T2)"),
        ({"decision": "unlock", "request": "S1/first"}, "S1/first has no published match"),
        ({"decision": "unlock", "request": "S3/final"}, "the match may move as it is"),
        ({"decision": "end_early", "request": "S3/final", "value": 10}, "no match of S3/final on Published has started"),
        ({"decision": "name_supervisor", "offer": "O1", "agency": "B"}, "offer O1 is of A/X, not of B"),
        ({"decision": "name_pe", "offer": "O1", "pe": "PE1"}, "It has no effect: nothing is other by it than it was."),
        ({"decision": "undo"}, "needs the id of a decision"),
        ({"decision": None}, "'decision' is blank"),
        (FIX | {"by": None}, "'by' is blank: who decides it? Type initials or a role."),
        (FIX | {"by": "Mary Smith"}, "'by' holds a person's name. Type initials or a role."),
        (FIX | {"why": "agreed with Mrs Smith"}, "'why' holds a person's name. Type ids"),
        (FIX | {"why": "call 020 7946 0958"}, "'why' holds a telephone number. Type ids"),
    ],
)  # fmt: skip
def test_a_row_that_says_nothing_is_refused(cells: dict[str, Any], words: str) -> None:
    register = registered()
    found = refused(register, **cells)
    assert words in found.words
    assert found.undo_first == ()
    assert register == registered()


OVER: tuple[tuple[list[dict[str, Any]], dict[str, Any], str], ...] = (
    ([{"decision": "withdraw", "about": "student", "request": "S1"}], LONG | {"value": "95"}, "S1 is withdrawn"),
    ([{"decision": "withdraw", "offer": "O2"}], BAR, "O2 is withdrawn"),
    ([{"decision": "withdraw", "pe": "PE2"}], BAR | {"offer": None, "pe": "PE2"}, "PE2 is withdrawn"),
    ([{"decision": "withdraw", "about": "student", "request": "S1"}], {"decision": "apart", "request": "S1; S2", "value": "team"}, "S1 is withdrawn"),
    ([], {"decision": "declined", "request": "S3", "agency": "A"}, "nothing is to be found for S3"),
    ([], {"decision": "exception", "request": "S3/final", "rule": "L07", "why": "agreed"}, "the placement of S3/final is over (ended)"),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "cells", "words"), OVER)
def test_what_is_over_is_not_decided_about(rows: list[dict[str, Any]], cells: dict[str, Any], words: str) -> None:
    register = registered(*rows, Published=[KEPT | {"status": "ended"}])
    assert f"It is about what is over: {words}" in refused(register, **cells).words


def test_what_is_past_or_found_by_the_employer_is_over() -> None:
    past = [
        {"student": "S1", "stage": "first", "tranche": "T0"},
        {"student": "S2", "stage": "first", "found_by": "employer"},
    ]
    offers = [{"offer": "O1", "agency": "A", "team": "X"}, {"offer": "O0", "agency": "A", "team": "X", "tranche": "T0"}]
    register = registered(Requests=past, Offers=offers, Published=[])
    fix = {"decision": "requested", "agency": "A"}
    assert "S1/first is of T0, which is past" in refused(register, **fix, request="S1/first").words
    assert "the employer finds S2/first" in refused(register, **fix, request="S2/first").words
    assert "O0 is of T0, which is past" in refused(register, **fix, request="S3/final", offer="O0").words


CONTRADICTIONS: tuple[tuple[tuple[dict[str, Any], ...], dict[str, Any], str, list[str]], ...] = (
    # Of each the rows in force, the new one, what is said, and what to undo first.
    ((BAR | {"id": "7"},), FIX, "D1 (fix S1/first O2) contradicts '7 (do_not_match S1/first O2)', which forbids it", ["7"]),
    ((FIX | {"id": "7"},), BAR, "7 (fix S1/first O2) contradicts 'D1 (do_not_match S1/first O2)', which forbids it", ["7"]),
    ((FIX,), {"decision": "withdraw", "offer": "O2"}, "contradicts 'D1 (withdraw O2)', which forbids it", ["row 2"]),
    ((FIX,), FIX | {"offer": "O1"}, "S1/first is fixed in different ways", ["row 2"]),
    ((ANSWER | {"value": "to_ask", "on": "2026-11-01"},), ANSWER | {"value": "accepted"}, "'accepted' stands", ["row 2"]),
    ((ANSWER | {"value": "declined"},), ANSWER | {"value": "accepted"}, "is the more cautious and stands", ["row 2"]),
    ((LONG | {"value": 95},), LONG | {"value": "80"}, "allows less and stands", ["row 2"]),
    ((LONG | {"value": 95},), LONG | {"value": "120"}, "allows less and stands", ["row 2"]),
    (
        ({"decision": "together", "request": "S1; S2"},), {"decision": "apart", "request": "S1; S2", "value": "agency"},
        "together S1 S2 contradicts 'D1 (apart S1 S2) (agency)'", ["row 2"],
    ),
    ((), {"decision": "fix", "request": "S3/final", "offer": "O1"}, "Unlock the match first if it is to move.", []),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "cells", "words", "first"), CONTRADICTIONS)
def test_a_contradiction_names_both_rows_and_what_to_undo_first(
    rows: tuple[dict[str, Any], ...], cells: dict[str, Any], words: str, first: list[str]
) -> None:
    found = refused(registered(*rows, Published=[KEPT]), **cells)
    assert words in found.words
    assert [entry.name for entry in found.undo_first] == first
    assert found.words.endswith(f"Undo first: {first[0]}." if first else words)
    for entry in found.undo_first:
        assert f"In force: {entry.words}" in found.words


def test_an_older_contradiction_stands_in_nobodys_way() -> None:
    register = registered(BAR, FIX)
    assert entered(register, decision="withdraw", pe="PE2").entry.id == "D1"


def test_what_is_said_already_has_no_effect() -> None:
    assert (
        "It has no effect: row 2 (do_not_match S1/first, O2) says so already." in refused(registered(BAR), **BAR).words
    )
    assert entered(registered(BAR), **BAR | {"offer": None, "agency": "B"}).entry.id == "D1"
    # The same PE may be added to a fix; whoever else declines is another decision.
    assert entered(registered(FIX), **FIX | {"pe": "PE2"}).entry.id == "D1"
    by_student = {"decision": "declined", "request": "S1", "offer": "O1", "party": "student"}
    assert entered(registered(by_student), **by_student | {"party": "agency"}).entry.id == "D1"


def test_places_are_held_as_far_as_there_are_any() -> None:
    # O3 has two places.
    one = entered(registered(), decision="hold", offer="O3")
    two = entered(one.register, decision="hold", offer="O3")
    found = refused(two.register, decision="hold", offer="O3")
    assert "Hold fewer places, undo an older hold, or unlock a match there." in found.words
    assert (
        "'two' in 'places' cannot be read. Type a whole number"
        in refused(registered(), decision="hold", offer="O3", places="two").words
    )


def test_what_overtakes_a_row_is_said_and_not_refused() -> None:
    named = registered({"decision": "name_supervisor", "offer": "O2", "on": "2026-11-02"})
    found = entered(named, decision="withdraw", about="supervisor", offer="O2")
    assert [i.message for i in found.remarks] == [
        "name_supervisor O2 has no effect: D1 (withdraw supervisor O2) is of a later day."
    ]


def test_rows_without_an_id_get_theirs_with_the_first_decision() -> None:
    rows = [{"offer": None, "agency": "A", "team": "X", "stage": "first"}, *sheets()["Offers"][1:]]
    register = registered(Offers=rows, Published=[])
    found = entered(register, **BAR | {"offer": "O1"})
    assert found.edits[0] == CellTyped("Offers", 2, "offer", "O1")
    assert found.reading.dataset.decisions[0].offer == "O1"
    assert facts(found.before.dataset).offers == facts(found.reading.dataset).offers


def test_columns_that_there_are_not() -> None:
    with pytest.raises(UsageError, match="Decisions has no column 'student'"):
        enter(registered(), FIX | {"student": "S1", "by": "LM"}, today=TODAY)
    with pytest.raises(UsageError, match="on of a decision cannot be typed"):
        enter(registered(), FIX | {"on": TODAY, "by": "LM"}, today=TODAY)


def test_a_step_that_leaves_nothing_to_plan_is_refused() -> None:
    # The one student has no request but for the rest of the placement that ended early.
    students = [{"student": "S3", "programme": "MSW", "home": "CR0", "stage": None}]
    ended = {"decision": "end_early", "request": "S3/final", "value": 40, "id": "D1"}
    register = registered(ended, Students=students, Requests=None, Published=[STARTED])
    found = refused(register, decision="undo", value="D1")
    assert "No student has a request, so there is nothing to plan." in found.words


def test_what_follows_for_rows_of_other_sheets_is_said() -> None:
    # The attempt that ends early is left out where it has a row, since the next one counts.
    requests = [*sheets()["Requests"], {"student": "S3", "stage": "final", "tranche": "T1"}]
    register = registered(Published=[STARTED], Requests=requests)
    found = entered(register, decision="end_early", request="S3/final", value=40)
    assert [i.code for i in found.remarks if i.level == "set_aside"] == ["V408"]
