"""Undoing: the facts are what they were, the log keeps both rows."""

from typing import Any

import pytest

from allocator.lifecycle.entering import undo
from allocator.lifecycle.log import log_of
from allocator.lifecycle.objecting import Refusal
from allocator.reading.editing import CellTyped
from models.register import Register
from tests.lifecycle.steps import BAR, FIX, entered, facts, registered, undone
from tests.reading.sheets import TODAY


def refusal(register: Register, name: str) -> str:
    found = undo(register, name, "LM", today=TODAY)
    assert isinstance(found, Refusal)
    return found.words


def test_undo_restores_and_the_log_keeps_both() -> None:
    step = entered(registered(), decision="withdraw", offer="O2")
    back = undone(step.register, "d1")
    assert facts(back.reading.dataset) == facts(step.before.dataset)
    assert facts(back.reading.dataset).digest == facts(step.before.dataset).digest
    assert [(e.name, e.stated) for e in log_of(back.register, back.reading)] == [
        ("D1", "undone by D2"),
        ("D2", "in force"),
    ]
    again = undone(back.register, "D2")
    assert facts(again.reading.dataset) == facts(step.reading.dataset)
    assert [e.stated for e in log_of(again.register, again.reading)] == ["in force", "undone by D3", "in force"]


def test_a_row_without_an_id_is_undone_by_its_number_and_gets_one() -> None:
    before = registered(BAR, FIX | {"id": "D1"})
    found = undone(before, "Row 2")
    assert found.edits[0] == CellTyped("Decisions", 2, "id", "D2")
    assert found.entry.words == "D3 (undo D2)"
    assert facts(found.reading.dataset) == facts(
        undone(registered(BAR | {"id": "D2"}, FIX | {"id": "D1"}), "D2").reading.dataset
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("D9", "No row of the log has the id 'D9'. The log lists the ids."),
        ("row 9", "No row of the log has the id 'row 9'."),
        ("row 3", "Row 3 of Decisions has the id 'D2': name it by that."),
        ("D1", "D1 (do_not_match S1/first, O2) was undone by D2 already. To bring it back, undo D2."),
        ("D4", "several rows have the id 'D4'"),
        ("", "needs the id of a decision"),
    ],
)  # fmt: skip
def test_what_cannot_be_undone(name: str, words: str) -> None:
    undoing = {"decision": "undo", "id": "D2", "value": "D1"}
    twice: tuple[dict[str, Any], ...] = (BAR | {"id": "D4", "offer": "O1"}, BAR | {"id": "D4", "offer": "O3"})
    assert words in refusal(registered(BAR | {"id": "D1"}, undoing, *twice), name)


def test_who_undoes_says_so() -> None:
    found = undo(registered(BAR | {"id": "D1"}), "D1", None, today=TODAY)
    assert isinstance(found, Refusal)
    assert "'by' is blank" in found.words


def test_what_comes_back_may_not_contradict_what_was_decided_meanwhile() -> None:
    undoing = {"decision": "undo", "id": "D2", "value": "D1"}
    register = registered(FIX | {"id": "D1"}, undoing, FIX | {"id": "D3", "offer": "O1"})
    assert refusal(register, "D2").endswith(
        "In force: D3 (fix S1/first, O1), row 4 of Decisions, decided by AB.\nUndo first: D3."
    )
    assert undone(undone(register, "D3").register, "D2").entry.id == "D5"


def test_what_was_set_aside_before_may_be_again() -> None:
    # The published offer of S3/final is not listed: as long as the student is out, nobody minds.
    kept = {"request": "S3/final", "offer": "O9", "status": "confirmed"}
    gone = {"decision": "withdraw", "about": "student", "request": "S3", "id": "D1"}
    found = undone(registered(gone, Published=[kept]), "D1")
    assert ("V303", "set_aside") in {(i.code, i.level) for i in found.remarks}


@pytest.mark.parametrize("name", ["D1", "row 2"])
def test_where_nothing_was_decided_there_is_nothing_to_undo(name: str) -> None:
    # D1 would be the id of the undo itself.
    assert refusal(registered(), name) == (
        f"Refused: D1 (undo {name}).\nNothing was decided yet, so there is nothing to undo."
    )
