"""Which rows facts came from, which rows of Decisions contradict each other, and which are undone: row numbers."""

from typing import Any

import pytest

from allocator.reading.reader import register_of
from allocator.settling.settling import settle
from allocator.settling.traces import Traces
from tests.reading.sheets import TODAY, reading, sheets

BAR: dict[str, Any] = {"decision": "do_not_match", "request": "S1/first", "offer": "O2"}
FIX: dict[str, Any] = {"decision": "fix", "request": "S1/first", "offer": "O2"}
ANSWER: dict[str, Any] = {"decision": "agency_decision", "request": "S1/first", "agency": "B"}
DEFER: dict[str, Any] = {"decision": "defer", "request": "S1/first"}
LONG: dict[str, Any] = {"decision": "exception", "request": "S1/first", "offer": "O2", "rule": "E04", "why": "agreed"}
TWO: dict[str, Any] = {"request": "S1; S2"}
END: dict[str, Any] = {"decision": "end_early", "request": "S3/final", "value": 40}
STARTED: dict[str, Any] = {
    "request": "S3/final",
    "offer": "O1",
    "pe": "PE1",
    "status": "started",
    "start": "2026-09-07",
}


def traces(*rows: dict[str, Any], **others: Any) -> Traces:
    return reading(Decisions=[{"by": "AB"} | row for row in rows], **others).traces


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        ((BAR, FIX), [(3, 2)]),  # the fix in row 3 does not stand against row 2
        ((FIX, {"decision": "withdraw", "offer": "O2"}), [(2, 3)]),
        ((FIX, FIX | {"offer": "O1"}), [(2, 3), (3, 2)]),  # neither stands
        ((FIX, FIX | {"pe": "PE2"}), []),  # the second completes the first
        ((ANSWER | {"value": "declined"}, ANSWER | {"value": "accepted"}), [(3, 2)]),
        (
            (ANSWER | {"value": "to_ask", "on": "2026-11-01"}, ANSWER | {"value": "accepted", "on": "2026-11-09"}),
            [(2, 3)],
        ),
        ((ANSWER | {"value": "accepted"}, ANSWER | {"value": "accepted"}), []),
        ((DEFER | {"value": "T2"}, DEFER | {"value": "T1"}), [(3, 2)]),  # of one day the later tranche stands
        ((LONG | {"value": 95}, LONG | {"value": 120}), [(3, 2)]),
        ((TWO | {"decision": "together"}, TWO | {"decision": "apart", "value": "agency"}), [(2, 3)]),
        ((TWO | {"decision": "together", "value": 15}, TWO | {"decision": "apart", "value": "agency"}), []),
    ],
)
def test_who_contradicts_whom(rows: tuple[dict[str, Any], ...], pairs: list[tuple[int, int]]) -> None:
    assert sorted(traces(*rows).contradictions) == pairs


def test_a_placement_ends_once() -> None:
    found = traces(END | {"on": "2026-11-09"}, END | {"on": "2026-11-10"}, Published=[STARTED])
    assert found.contradictions == ((2, 3),)
    assert found.published == {"S3/final": 2}


def test_a_row_that_may_forbid_is_named_by_what_it_forbids() -> None:
    # Row 2 names a PE that is not listed; its offer takes nobody new, so that the fix in row 3 does not hold.
    unclear = {"decision": "do_not_match", "offer": "O2", "pe": "PE99"}
    assert traces(unclear, FIX).contradictions == ((3, 2),)


def test_rows_by_decision_and_who_undoes_whom() -> None:
    found = traces(BAR | {"id": "D1"}, TWO | {"decision": "apart", "id": "D2"}, {"decision": "undo", "value": "D1"})
    assert found.decisions == {"D2 (apart S1 S2)": 3}
    assert found.undone == ((2, 4),)


def test_problems_one_by_one() -> None:
    given = sheets(Decisions=[BAR | {"by": "AB", "offer": f"O9{n}"} for n in range(5)])
    codes = [issue.code for issue in settle(register_of(given), today=TODAY, each=True).issues]
    together = [issue.code for issue in settle(register_of(given), today=TODAY).issues]
    # five rows of one kind and column: each by itself, or as one
    assert (codes.count("V303"), together.count("V303")) == (5, 1)
