"""Published matches: which stand, which are over, and which gave way."""

from typing import Any

import pytest

from tests.reading.sheets import FULL, of_code, reading
from tests.settling.decided import decided, standing


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


def test_published_dates_in_the_wrong_order_give_way_to_the_computed_window() -> None:
    found = reading(Published={"status": "confirmed", "start": "2027-05-01", "end": "2027-04-01"})
    row = found.dataset.published_by_request["S3/final"]
    assert (row.start, row.end, row.standing) == (None, None, "kept")
    assert of_code(found.issues, "V220").sheet == "Published"


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
