"""The log: every row in its order, and where it stands."""

from typing import Any

import pytest

from allocator.lifecycle.log import STATES, Entry, log_of
from allocator.reading.reader import register_of
from allocator.settling.settling import settle
from models.register import Register
from tests.lifecycle.steps import BAR, FIX, registered
from tests.reading.sheets import TODAY, sheets

ANSWER: dict[str, Any] = {"decision": "agency_decision", "request": "S1/first", "agency": "B"}


def log(register: Register) -> tuple[Entry, ...]:
    return log_of(register, settle(register, today=TODAY, each=True))


CASES = (
    # What a row is about, and where it stands.
    (BAR | {"id": "7"}, "7 (do_not_match S1/first, O2)", "in force"),
    (BAR | {"offer": "O9"}, "row 2 (do_not_match S1/first, O9)", "set aside: 'O9' is not on Offers"),
    ({"decision": "forbid"} | {"request": "S1/first"}, "row 2 (forbid S1/first)", "set aside: 'forbid' is not a word"),
    ({"decision": None, "offer": "O2"}, "row 2 ((no decision) O2)", "set aside: 'decision' is blank"),
    (BAR | {"offer": "not known"}, "row 2 (do_not_match S1/first, not known)", "set aside: do_not_match S1/first needs a request"),
    ({"decision": "unlock", "request": "S1/first"}, "row 2 (unlock S1/first)", "no effect: unlock S1/first has no effect"),
    (FIX | {"on": "2026-12-01"}, "row 2 (fix S1/first, O2)", "to come: fix S1/first O2 is dated 2026-12-01"),
    (BAR | {"on": "2026-12-01"}, "row 2 (do_not_match S1/first, O2)", "in force"),  # what forbids is held to at once
    (ANSWER | {"value": "accepted", "effective": "2026-12-01"}, "row 2 (agency_decision S1/first, B: accepted, from 2026-12-01)", "in force"),
    ({"decision": "declined", "request": "S1", "agency": "A", "team": "X", "party": "agency"}, "row 2 (declined S1, A, X, by the agency)", "in force"),
    ({"decision": "requested", "request": "S2/first", "agency": "A", "on": "2026-11-02", "effective": "2026-11-02"}, "row 2 (requested S2/first, A)", "in force"),
    ({"decision": "hold", "offer": "O2", "until": "2026-11-20"}, "row 2 (hold O2, until 2026-11-20)", "lapsed: hold O2 has no effect: it lapsed"),
    ({"decision": "hold", "offer": "O2", "places": 1}, "row 2 (hold O2, places 1)", "in force"),
    (BAR | {"request": "S3/final"}, "row 2 (do_not_match S3/final, O2)", "lapsed: the placement of S3/final is over (ended)"),
    ({"decision": "undo", "value": "D5"}, "row 2 (undo D5)", "set aside: undo D5: no row has the id 'D5'"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "words", "stated"), CASES)
def test_what_a_row_is_about_and_where_it_stands(row: dict[str, Any], words: str, stated: str) -> None:
    [entry] = log(registered(row, Published=[{"request": "S3/final", "offer": "O1", "status": "ended"}]))
    assert (entry.words, entry.by) == (words, "AB")
    assert entry.stated.startswith(stated)
    assert (entry.stated == "in force") == (entry.state == "in_force")


def test_every_state_has_its_words() -> None:
    assert {case[2].split(":")[0] for case in CASES} | {"undone by"} == set(STATES.values())


def test_rows_stand_in_their_order_with_what_others_do_to_them() -> None:
    undoing = {"decision": "undo", "value": "D1", "why": "mistaken"}
    rows = (BAR | {"id": "D1"}, undoing, ANSWER | {"value": "accepted"}, ANSWER | {"value": "declined"})
    found = log(registered(*rows))
    assert [entry.row for entry in found] == [2, 3, 4, 5]
    assert [entry.state for entry in found] == ["undone", "in_force", "set_aside", "in_force"]
    assert (found[0].stated, found[1].why) == ("undone by row 3", "mistaken")
    assert "contradicts" in found[2].reason


def test_many_of_a_kind_are_each_said() -> None:
    found = log(registered(*(BAR | {"offer": f"O9{n}"} for n in range(5))))
    assert [f"'O9{n}'" in entry.reason for n, entry in enumerate(found)] == [True] * 5


def test_nothing_decided() -> None:
    assert log(register_of(sheets(Decisions=None))) == ()
