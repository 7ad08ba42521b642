"""The ladder of a match: which steps are legal from where, and the days on which it was told and met about."""

from datetime import date
from typing import Any

import pytest

from allocator.lifecycle.ladder import MEETING, TOLD, Marked, legal_steps, mark
from allocator.lifecycle.objecting import Refusal
from allocator.reading.editing import CellTyped
from allocator.settling.settling import settle
from models.entities import Published
from models.register import Register
from models.statuses import STATUSES
from tests.lifecycle.steps import registered
from tests.reading.sheets import TODAY, with_row

MATCH: dict[str, Any] = {"request": "S3/final", "offer": "O1", "pe": "PE1"}
GONE = ("meeting_failed", "declined", "withdrawn")
LEGAL: dict[str, tuple[str, ...]] = {
    "proposed": ("sent_to_agency", *GONE),
    "sent_to_agency": ("meeting_booked", *GONE),
    "meeting_booked": ("meeting_passed", *GONE),
    "meeting_passed": ("confirmed", *GONE),
    "confirmed": ("started", *GONE),
    "started": ("ended",),
}
"""As the design of record draws the ladder; from started, ended_early is a decision. From all others no step follows."""


def published(**cells: Any) -> Register:
    return registered(Published=[MATCH | cells])


def marked(register: Register, step: str, on: date | None = None, *requests: str) -> Published:
    found = mark(register, requests or ["S3/final"], step, on, today=TODAY)
    assert isinstance(found, Marked), found.words
    return found.reading.dataset.published_by_request["S3/final"]


def refusal(register: Register, step: str, on: date | None = None, *requests: str) -> str:
    found = mark(register, requests or ["S3/final"], step, on, today=TODAY)
    assert isinstance(found, Refusal), found.done
    return found.words


@pytest.mark.parametrize("status", STATUSES)
def test_steps_that_are_legal_are_taken_and_all_others_refused(status: str) -> None:
    register = published(status=status)
    for step in STATUSES:
        if step in LEGAL.get(status, ()):
            assert marked(register, step).status == step
        elif step == "ended_early":
            assert "ended_early credits days, so it is a decision: end_early" in refusal(register, step)
        else:
            words = refusal(register, step)
            assert all(legal in words for legal in LEGAL.get(status, ("No step follows",)))


def test_a_step_is_typed_into_the_cell_of_its_match() -> None:
    found = mark(published(status=None), [" s3 / final "], "sent to agency", today=TODAY)
    assert isinstance(found, Marked)
    assert found.edits == (CellTyped("Published", 2, "status", "sent_to_agency"),)
    assert found.done == ("S3/final: proposed -> sent_to_agency",)


def test_a_row_that_stands_there_twice_is_typed_into_twice() -> None:
    twice = registered(Published=[MATCH, MATCH])
    found = mark(twice, ["S3/final"], "sent_to_agency", today=TODAY)
    assert isinstance(found, Marked)
    assert found.edits == tuple(CellTyped("Published", n, "status", "sent_to_agency") for n in (2, 3))
    # Were one of the two another, none of them would be used.
    assert found.reading.dataset.published_by_request["S3/final"].status == "sent_to_agency"
    assert found.remarks == ()


def test_a_student_with_one_published_match_stands_for_it() -> None:
    assert marked(published(), "sent_to_agency", None, "s3").status == "sent_to_agency"
    both = registered(Published=[MATCH, MATCH | {"request": "S3/first", "offer": "O2"}])
    assert "S3 has no published match. Name which: S3/final, S3/first." in refusal(both, "sent_to_agency", None, "S3")


def test_all_are_marked_or_none() -> None:
    rows = [MATCH, {"request": "S1/first", "offer": "O2", "status": "sent_to_agency"}]
    register = registered(Published=rows)
    assert marked(register, "declined", None, "S3/final", "S1/first", "S3/final").status == "declined"
    words = refusal(register, "sent_to_agency", None, "S3/final", "S1/first", "S3/fina")
    assert words == (
        "Refused: sent_to_agency of S3/final, S1/first, S3/fina.\n"
        "S3/fina has no published match. Did you mean 'S3/final'?\n"
        "S1/first is sent_to_agency. Legal from there: meeting_booked, meeting_failed, declined, withdrawn."
    )


def test_what_a_decision_freed_goes_up_no_more() -> None:
    gone = registered({"decision": "withdraw", "offer": "O1"}, Published=[MATCH])
    assert (
        "S3/final is proposed, and its match came to nothing. Legal from there: meeting_failed, declined, withdrawn."
        in refusal(gone, "sent_to_agency")
    )
    assert marked(gone, "withdrawn").status == "withdrawn"
    assert "its match is not in force" in refusal(gone, "told")
    assert "no meeting to come" in refusal(gone, "meeting", date(2026, 12, 1))


def test_the_student_is_told_once_and_not_in_advance() -> None:
    register = published(status="sent_to_agency")
    assert marked(register, "told").student_told_on == TODAY
    assert marked(register, "Told", date(2026, 11, 20)).student_told_on == date(2026, 11, 20)
    # who was told moves no more
    assert (marked(register, "told").standing, marked(register, "meeting_booked").standing) == ("kept", "kept")
    assert "2026-11-22 is to come (today is 2026-11-21)" in refusal(register, "told", date(2026, 11, 22))
    assert "was told on 2026-11-20 already" in refusal(published(student_told_on="2026-11-20"), "told")


def test_a_meeting_has_a_day_and_may_be_moved() -> None:
    day = date(2026, 12, 3)
    assert marked(published(), "meeting", day).meeting_on == day
    moved = mark(published(meeting_on="2026-12-01"), ["S3/final"], "meeting", day, today=TODAY)
    assert isinstance(moved, Marked)
    assert moved.done == ("S3/final: meeting on 2026-12-03 instead of 2026-12-01",)
    assert "the meeting is on 2026-12-03 already" in refusal(published(meeting_on="2026-12-03"), "meeting", day)
    assert "on which day is the meeting?" in refusal(published(), "meeting")
    assert "there is no meeting to come" in refusal(published(status="confirmed"), "meeting", day)


def test_what_cannot_be_read_is_typed_first() -> None:
    words = "S3/final: 'status' is 'confrimed' on Published, row 2: type it there first."
    assert words in refusal(published(status="confrimed"), "confirmed")
    assert "'student_told_on' is 'not known'" in refusal(published(student_told_on="not known"), "told")


@pytest.mark.parametrize(
    ("step", "on", "words"),
    [
        ("confrimed", None, "'confrimed' is no step. Type told, meeting, or a status: proposed, "),
        ("sent_to_agency", TODAY, "A day goes with told and meeting alone."),
    ],
)
def test_what_is_no_step(step: str, on: date | None, words: str) -> None:
    assert words in refusal(published(), step, on)


def test_a_step_of_nobody_is_refused_and_several_go_by_semicolons() -> None:
    found = mark(registered(Published=[MATCH]), [], "sent_to_agency", today=TODAY)
    assert isinstance(found, Refusal)
    assert found.found[0].startswith("No request is named.")
    found = mark(registered(Published=[MATCH]), ["S3/final, S1/first"], "sent_to_agency", today=TODAY)
    assert isinstance(found, Refusal)
    assert found.found == ("S3/final, S1/first has no published match. Separate several by ;.",)


def test_what_follows_for_another_row_is_said() -> None:
    # Who is kept is kept despite a slip in the row of the student; who is not is placed nowhere until it is put right.
    students = with_row("Students", 4, clearance="pased")
    found = mark(
        registered(Published=[MATCH | {"status": "confirmed"}], Students=students),
        ["S3/final"],
        "declined",
        today=TODAY,
    )
    assert isinstance(found, Marked)
    assert ("V422", "S3/final cannot be placed in this run: clearance cannot be read.") in {
        (i.code, i.message) for i in found.remarks
    }


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("told", [None, "2025-11-03"])
def test_the_steps_that_are_offered_are_those_that_are_taken(status: str, told: str | None) -> None:
    register = published(status=status, student_told_on=told)
    reading = settle(register, {}, TODAY)
    offered = legal_steps(reading.dataset.published_by_request["S3/final"], reading.policy.as_of)
    for step in (TOLD, MEETING, *STATUSES):
        on = date(2026, 1, 2) if step == MEETING else None
        taken = isinstance(mark(register, ["S3/final"], step, on, today=TODAY), Marked)
        assert (step in offered) == taken, step
