"""A typing error in the plan in force, or in an offer that it names, moves nobody who was told."""

from typing import Any

import pytest

from allocator.reading.folding import fold
from tests.reading.sheets import FULL, issues, of_code, reading, sheets, with_row

TOLD = {"request": "S3/final", "offer": "O1", "pe": "PE1", "status": "confirmed"}


@pytest.mark.parametrize("stays", [{"status": "confirmed"}, {"student_told_on": "2026-11-01"}, {"status": "conf"}])
def test_a_told_student_at_an_unlisted_offer_is_set_aside_and_not_moved(stays: dict[str, Any]) -> None:
    found = reading(Published=[{"request": "S3/final", "offer": "O11"} | stays])
    request = found.dataset.request_by_id["S3/final"]
    assert (request.set_aside, request.displaced) == ("its published offer 'O11' is not on Offers", False)
    assert found.dataset.published_by_request["S3/final"].standing == "freed"
    issue = of_code(found.issues, "V303")
    assert (issue.level, issue.sheet, issue.row, issue.column) == ("set_aside", "Published", 2, "offer")
    assert issue.message == (
        "'O11' is not on Offers, so S3/final cannot be placed in this run (nobody moves by a typing error). Did you mean 'O1'?"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "S3 / final",
        "S3/FINAL ",
        "S3–final",
        "S3 final",
        "S3/fnial",
        "S03/final",
        "S3",
        "s3/2",
        "S3/final placement",
        "3",
    ],
)
def test_a_told_student_does_not_move_by_a_slip_in_the_request(typed: str) -> None:
    # S3 has one request. O1 has one place, and S1/first could have it as well.
    found = reading(Published=[{**TOLD, "request": typed}])
    if typed == "3":  # nothing like the id of anybody: the place is held for whoever was told of it
        assert of_code(found.issues, "V523").level == "warning"
    else:
        assert found.dataset.published_by_request["S3/final"].standing == "kept"
        asked = [i for i in found.issues if i.code == "V320"]
        assert bool(asked) == (fold(typed) != "s3/final")


@pytest.mark.parametrize("typed", ["S2/first/1", "s2 / first / 01", "S2/flrst"])
def test_a_first_attempt_typed_out_or_a_letter_for_a_digit_is_the_request(typed: str) -> None:
    found = reading(Published=[{**TOLD, "request": typed, "offer": "O2", "pe": None}]).dataset
    assert {p.request: p.standing for p in found.published} == {"S2/first": "kept"}


def test_a_told_student_of_whom_the_request_is_not_clear_is_set_aside() -> None:
    # S2 has S2/first and S2/final; either may be the one that was told.
    for typed in ("S2", "S2/placement", "s2 / 70 days"):
        found = reading(Published=[{**TOLD, "request": typed}]).dataset
        why = f"a published match of '{typed}' may be its own, and nobody moves by a typing error"
        assert {r.request: r.set_aside for r in found.requests if r.student == "S2"} == {
            "S2/first": why,
            "S2/final": why,
        }
    # A request that S2 had and has no more is no slip; nor does one that may move hold anybody.
    for row in ({**TOLD, "request": "S2/first/2"}, {**TOLD, "request": "S2", "status": "proposed"}):
        assert all(r.set_aside is None for r in reading(Published=[row]).dataset.requests)
    unlock = [{"decision": "unlock", "request": r, "by": "AB"} for r in ("S2/first", "S2/final")]
    freed = reading(Published=[{**TOLD, "request": "S2"}], Decisions=unlock).dataset
    assert all(r.set_aside is None for r in freed.requests)


def test_an_offer_or_pe_that_is_only_alike_is_asked_about_and_the_match_stays() -> None:
    found = reading(Published=[{**TOLD, "offer": "O01", "pe": "PE-1"}])
    row = found.dataset.published_by_request["S3/final"]
    assert (row.offer, row.pe, row.standing) == ("O1", "PE1", "kept")
    assert {i.column for i in found.issues if i.code == "V320"} == {"offer", "pe"}


def test_a_match_that_may_move_is_looked_at_anew_and_that_is_said() -> None:
    found = reading(Published=[{"request": "S3/final", "offer": "O11"}])
    assert found.dataset.request_by_id["S3/final"].set_aside is None
    issue = of_code(found.issues, "V303")
    assert (issue.level, issue.column) == ("warning", "offer")
    assert "the request is looked at anew. Did you mean 'O1'?" in issue.message


def test_an_ended_match_may_name_an_offer_that_is_gone() -> None:
    assert "V303" not in {i.code for i in issues(sheets(Published=[{**TOLD, "offer": "O11", "status": "ended"}]))}


@pytest.mark.parametrize(
    "offers",
    [
        [*FULL["Offers"], {**FULL["Offers"][0], "capacity": 2}],  # two rows of O1 that differ
        with_row("Offers", 2, agency=None),
        with_row("Offers", 2, tranche="T9"),
        with_row("Offers", 2, spokes="B/Y/SM1=many"),
    ],
)
def test_one_bad_cell_of_an_offer_does_not_move_its_student(offers: list[dict[str, Any]]) -> None:
    found = reading(Offers=offers, Published=[TOLD])
    assert found.dataset.request_by_id["S3/final"].set_aside == "its published offer 'O1' has a row that was set aside"
    (issue,) = [i for i in found.issues if i.sheet == "Published"]
    assert (issue.code, issue.level, issue.subject) == ("V308", "set_aside", "S3/final")
    assert "'O1' is on Offers, but its row was set aside" in issue.message


def test_nor_does_a_bad_row_of_its_agency() -> None:
    agencies = [*FULL["Agencies"], {"agency": "A", "kind": "trust"}]  # A stands on two rows, so O1 and O3 fall
    found = reading(Agencies=agencies, Published=[TOLD])
    assert found.dataset.request_by_id["S3/final"].set_aside == "its published offer 'O1' has a row that was set aside"


def test_a_decision_that_withdraws_the_offer_or_unlocks_the_match_lets_the_student_move() -> None:
    withdrawn = reading(Published=[TOLD], Decisions=[{"decision": "withdraw", "about": "O1", "by": "AB"}]).dataset
    unlocked = reading(
        Published=[{**TOLD, "offer": "O11"}], Decisions=[{"decision": "unlock", "request": "S3/final", "by": "AB"}]
    ).dataset
    for dataset in (withdrawn, unlocked):
        request = dataset.request_by_id["S3/final"]
        assert (request.set_aside, request.displaced) == (None, True)


@pytest.mark.parametrize(
    ("published", "words"),
    [
        ([TOLD, {**TOLD, "offer": "O3"}], "Published has several rows for it that differ"),
        ([TOLD, {**TOLD, "request": "s3/FINAL", "offer": "O3"}], "Published has several rows for it that differ"),
        ([{**TOLD, "offer": None}], "its published row cannot be used"),
        ([{**TOLD, "offer": True}], "its published row cannot be used"),
    ],
)
def test_a_match_that_is_not_clear_moves_nobody(published: list[dict[str, Any]], words: str) -> None:
    found = reading(Published=published)
    assert found.dataset.request_by_id["S3/final"].set_aside == f"{words}, and nobody moves by a typing error"
    issue = of_code(found.issues, "V422")
    assert (issue.level, issue.sheet, issue.row, issue.subject) == ("set_aside", "Published", 2, "S3/final")
    unlock = [{"decision": "unlock", "request": "S3/final", "by": "AB"}]
    unlocked = reading(Published=published, Decisions=unlock)
    assert unlocked.dataset.request_by_id["S3/final"].set_aside is None
    assert not [i for i in unlocked.issues if i.code == "V513"]


def test_a_fix_of_a_request_that_was_set_aside_is_said_to_have_no_effect() -> None:
    fix = {"decision": "fix", "request": "S3/final", "offer": "O3", "by": "AB"}
    found = reading(Published=[{**TOLD, "offer": "O11"}], Decisions=[fix])
    assert found.dataset.decisions == ()
    words = "fix S3/final O3 has no effect: S3/final was set aside (its published offer 'O11' is not on Offers)."
    assert of_code(found.issues, "V513").message == words


def test_failed_matches_that_differ_set_nothing_aside() -> None:
    rows = [{**TOLD, "status": "declined"}, {**TOLD, "offer": "O3", "status": "declined"}]
    assert reading(Published=rows).dataset.request_by_id["S3/final"].set_aside is None


def test_a_failed_match_stands_beside_the_one_in_force_though_another_request_is_not_clear() -> None:
    rows = [
        TOLD, {**TOLD, "offer": "O3", "status": "declined"},
        {"request": "S1/first", "offer": "O1"}, {"request": "S1/first", "offer": "O2"},
    ]  # fmt: skip
    dataset = reading(Published=rows).dataset
    assert dataset.published_by_request["S3/final"].standing == "kept"
    assert dataset.request_by_id["S1/first"].set_aside


def test_a_day_of_telling_that_cannot_be_read_counts_as_told() -> None:
    found = reading(Published=[{**TOLD, "status": "proposed", "student_told_on": "last week"}])
    assert found.dataset.published_by_request["S3/final"].standing == "kept"
    assert "so the student counts as told" in of_code(found.issues, "V201").message
