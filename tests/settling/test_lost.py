"""A published match whose request is not listed any more: what was promised is held, and named; what was not is free."""

from typing import Any

import pytest

from allocator.intake import read_sheets
from allocator.settling.settling import Reading
from allocator.solving import Solver
from allocator.solving.plans import checked
from models.decisions import Decision
from tests.reading.sheets import TODAY, Sheets, of_code, sheets


def read(given: Sheets) -> Reading:
    return read_sheets(given, today=TODAY)


def with_match(**changes: Any) -> Reading:
    """S9/first, which nobody lists, is published at O1 with PE1 (two cells of it may differ)."""
    row = {"request": "S9/first", "offer": "O1", "pe": "PE1", "status": "meeting_booked"} | changes
    return read(sheets(Published=[row], Decisions=None))


def holds(reading: Reading) -> list[Decision]:
    return [d for d in reading.dataset.decisions if d.decision == "hold"]


@pytest.mark.parametrize("status", ["meeting_booked", "meeting_passed", "confirmed", "started"])
def test_the_place_and_the_pe_of_a_match_that_stays_are_held(status: str) -> None:
    reading = with_match(status=status)
    assert [(d.offer, d.places, d.request) for d in holds(reading)] == [("O1", 1, "S9/first")]
    assert [c.number for c in reading.dataset.commitments if c.pe == "PE1"] == [1]
    assert "a place of O1 and PE1 are held for it" in of_code(reading.issues, "V523").message
    # O1 has one place, so nobody has it.
    plan, report = checked(reading.dataset, reading.policy, Solver(reading.dataset, reading.policy).solve().plan)
    assert report.passed
    assert "O1" not in {m.offer for m in plan.matches}


def test_who_was_told_of_a_proposal_is_held_too() -> None:
    assert len(holds(with_match(status="proposed", student_told_on="2026-11-02"))) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "proposed"}, {"status": "ended"}, {"status": "withdrawn"}, {"offer": "O77"},
    ],
)  # fmt: skip
def test_what_was_only_proposed_or_is_over_is_free(changes: dict[str, str]) -> None:
    reading = with_match(**changes)
    assert holds(reading) == []
    assert [c for c in reading.dataset.commitments if c.pe == "PE1"] == []


def test_a_pe_of_a_match_that_runs_on_known_days_is_counted_once() -> None:
    # S1.8 counts the placement as running: its PE has one student then, and no commitment beside.
    reading = with_match(status="started", start="2027-01-04", end="2027-05-28")
    assert [c for c in reading.dataset.commitments if c.pe == "PE1"] == []
    assert len(holds(reading)) == 1


def test_a_newer_decision_that_holds_the_same_place_gives_way() -> None:
    row = {"request": "S9/first", "offer": "O1", "pe": "PE1", "status": "confirmed"}
    hold = {"decision": "hold", "offer": "O1", "by": "AB", "on": "2026-11-02"}
    reading = read(sheets(Published=[row], Decisions=[hold]))
    # One place, which the published match has: nothing is left to hold.
    assert [d.request for d in holds(reading)] == ["S9/first"]
    assert of_code(reading.issues, "V522").row == 2


def test_more_matches_than_places_are_all_held_and_nobody_new_comes() -> None:
    rows = [{"request": f"S{n}/first", "offer": "O1", "pe": "PE1", "status": "confirmed"} for n in (8, 9)]
    reading = read(sheets(Published=rows, Decisions=None))
    assert [d.request for d in holds(reading)] == ["S8/first"]
    assert "O1" not in {m.offer for m in Solver(reading.dataset, reading.policy).solve().plan.matches}
    assert reading.policy.as_of == TODAY
