"""Undo: what was undone counts as though it had not been decided; the log keeps both rows."""

from typing import Any

import pytest

from models.decisions import Decision
from tests.reading.sheets import reading
from tests.settling.decided import FIX, decided, kinds

BAR: dict[str, Any] = {"decision": "do_not_match", "request": "S1/first", "offer": "O1", "id": "D1"}


def undo(number: str, of: str | None) -> dict[str, Any]:
    return {"decision": "undo", "id": number, "value": of}


def codes(*rows: dict[str, Any]) -> list[str]:
    issues = reading(Decisions=[{"by": "AB"} | row for row in rows]).issues
    return sorted(i.code for i in issues if i.sheet == "Decisions")


def test_what_is_undone_is_as_though_it_were_not_there() -> None:
    nothing, both = decided(), decided(BAR, undo("D2", "D1"))
    assert kinds(decided(BAR)) == ["do_not_match"]
    assert both.model_copy(update={"issues": ()}) == nothing.model_copy(update={"issues": ()})
    assert codes(BAR, undo("D2", "D1")) == ["V521"]


def test_an_undo_that_is_undone_undoes_nothing() -> None:
    assert kinds(decided(BAR, undo("D2", "D1"), undo("D3", "D2"))) == ["do_not_match"]
    assert kinds(decided(BAR, undo("D2", "D1"), undo("D3", "D2"), undo("D4", "D3"))) == []
    # decided anew after an undo: another row, with an id of its own
    assert kinds(decided(BAR, undo("D2", "D1"), BAR | {"id": "D3"})) == ["do_not_match"]


def test_two_undo_the_same_row_until_both_are_undone() -> None:
    rows = (BAR, undo("D2", "D1"), undo("D3", "D1"))
    assert kinds(decided(*rows)) == []
    assert kinds(decided(*rows, undo("D4", "D2"))) == []
    assert kinds(decided(*rows, undo("D4", "D2"), undo("D5", "D3"))) == ["do_not_match"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((undo("D2", "D7"),), "V520"),  # no such row
        ((undo("D2", "D2"),), "V520"),  # itself
        ((undo("D2", "D3"), undo("D3", "D2")), "V520"),  # each other
        ((BAR | {"offer": "O2"}, undo("D2", "D1")), "V520"),  # two rows with the id
        ((undo("D2", None),), "V503"),
        ((undo("D2", "D1") | {"on": "2027-06-01"},), "V518"),
        (({"decision": "undoo", "id": "D2", "value": "D1"},), "V202"),  # a word that is none
    ],
)
def test_an_undo_that_cannot_be_meant_undoes_nothing_and_says_so(rows: tuple[dict[str, Any], ...], code: str) -> None:
    assert "do_not_match" in kinds(decided(BAR, *rows))
    assert set(codes(BAR, *rows)) == {code}


def test_a_ring_holds_up_nothing_beside_it() -> None:
    # D4 undoes D2 of a ring that undoes nothing: only who leads into it.
    rows = (undo("D2", "D3"), undo("D3", "D2"), undo("D4", "D2"), undo("D5", "D1"))
    assert kinds(decided(BAR, *rows)) == []
    assert codes(BAR, *rows) == ["V520", "V520", "V520", "V521"]


@pytest.mark.parametrize(("length", "left"), [(2000, ["do_not_match"]), (2001, [])])
def test_a_long_chain_is_followed_to_its_end(length: int, left: list[str]) -> None:
    # an even number of undoes, each of the one before: the first row counts
    rows = [undo(f"D{n}", f"D{n - 1}") for n in range(2, length + 2)]
    assert kinds(decided(BAR, *rows)) == left


def test_a_row_that_cannot_be_read_can_be_undone() -> None:
    # It may forbid something, and sets its request aside as long as it stands.
    unreadable = {"decision": "forbid it", "request": "S1/first", "id": "d1"}
    assert decided(unreadable).request_by_id["S1/first"].set_aside
    assert decided(unreadable, undo("D2", "D1")).request_by_id["S1/first"].set_aside is None


def test_an_id_stands_before_the_words_of_a_decision() -> None:
    (found,) = decided(FIX | {"id": "D9"}).decisions
    assert isinstance(found, Decision)
    assert found.id == "D9 (fix S1/first O2)"


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [BAR, undo("D2", "D1"), undo("D3", "D2"), FIX | {"id": "D4"}]
    assert decided(*rows).decisions == decided(*reversed(rows)).decisions
