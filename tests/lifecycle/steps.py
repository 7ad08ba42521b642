"""Steps on the sample sheets: entered, undone, refused."""

from typing import Any

from allocator.lifecycle.entering import Entered, enter, undo
from allocator.lifecycle.objecting import Refusal
from allocator.reading.reader import register_of
from models.dataset import Dataset
from models.register import Register
from tests.reading.sheets import TODAY, sheets

FIX: dict[str, Any] = {"decision": "fix", "request": "S1/first", "offer": "O2"}
BAR: dict[str, Any] = {"decision": "do_not_match", "request": "S1/first", "offer": "O2"}


def registered(*rows: dict[str, Any], **others: Any) -> Register:
    """The sample sheets with these rows of Decisions."""
    return register_of(sheets(Decisions=[{"by": "AB"} | row for row in rows], **others))


def entered(register: Register, **cells: Any) -> Entered:
    found = enter(register, {"by": "LM"} | cells, today=TODAY)
    assert isinstance(found, Entered), found.words
    return found


def undone(register: Register, name: str) -> Entered:
    found = undo(register, name, "LM", today=TODAY)
    assert isinstance(found, Entered), found.words
    return found


def refused(register: Register, **cells: Any) -> Refusal:
    found = enter(register, {"by": "LM"} | cells, today=TODAY)
    assert isinstance(found, Refusal), found.entry
    return found


def facts(dataset: Dataset) -> Dataset:
    """A dataset without what is said of its rows."""
    return dataset.model_copy(update={"issues": ()})
