"""A decision that is entered into the log of a round: as on the command line, with what it does to the data."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from allocator.comparison.inputs import input_changes
from allocator.garbage import NEW_OBJECTS, searched_every
from allocator.lifecycle.entering import Entered, enter, undo
from allocator.lifecycle.log import Entry as LogRow
from allocator.lifecycle.objecting import Refusal
from allocator.reading.editing import RowAdded
from allocator.reading.folding import fold
from allocator.reading.next_input import plain
from api.inputs.folding import Entry, cells_typed, facts_of, rows_of
from api.inputs.keeping import Held, Inputs
from api.inputs.sending import Sent
from api.wire.inputs import Facts
from models.base import Record
from models.comparison import InputChanges
from models.decisions import UNDO
from models.errors import Issue

_KEPT = Inputs()
"""What a process that stays has read and settled: looks at a round come one after the other."""


class Effect(Record):
    """What a decision does to the data: remarks about it, rows and settings that differ, the data after it.

    ``entry`` is the row as the log shows it; ``row`` and ``cells`` (sheet, row, column, cell) are what is kept of it;
    ``before`` is what the data hold without it.
    """

    entry: LogRow
    row: dict[str, Any]
    cells: tuple[tuple[str, int, str, Any], ...]
    undoes: int | None
    remarks: tuple[Issue, ...]
    changes: InputChanges
    facts: Facts
    before: Facts


def effect_of_row(
    sent: Sent, entries: Sequence[Entry], row: Mapping[str, Any], most_rows: int, today: date
) -> Effect:  # fmt: skip
    """What one more decision does to the data; nothing is solved.

    Parameters
    ----------
    sent, entries
        The workbook in force, and the log before it.
    row
        The decision: columns of the sheet Decisions to what is typed.
    most_rows
        How many rows an input may have.
    today
        The day on which it is made.

    Returns
    -------
    Effect
        Of the decision.

    Raises
    ------
    RefusedError
        The library refuses it: with what is said against it, and the rows to undo first.
    AllocationError
        There is no such column, or the data cannot be used.
    """
    return _effect(sent, entries, most_rows, today, lambda at: enter(at.register, row, today=today, held=at.reading))


def effect_of_undo(
    sent: Sent, entries: Sequence[Entry], number: int, by: str, why: str | None, most_rows: int, today: date
) -> Effect:  # fmt: skip
    """What undoing an entry of the log, of which there is one, does to the data.

    Parameters
    ----------
    sent, entries, most_rows, today
        As for :func:`effect_of_row`.
    number
        Of the entry.
    by, why
        Who undoes it, and why.

    Raises
    ------
    AllocationError
        As for :func:`effect_of_row`.
    """
    name = str(rows_of(entries)[number]["id"])
    return _effect(
        sent, entries, most_rows, today, lambda at: undo(at.register, name, by, why, today=today, held=at.reading)
    )


@searched_every(NEW_OBJECTS)
def _effect(
    sent: Sent, entries: Sequence[Entry], most_rows: int, today: date, step: Callable[[Held], Entered | Refusal]
) -> Effect:
    found = step(_KEPT.held(sent, entries, today, most_rows - 1))
    if isinstance(found, Refusal):
        raise found.error
    row = next(edit.cells for edit in found.edits if isinstance(edit, RowAdded))
    before, after = found.before, found.reading
    return Effect(
        entry=found.entry, row={column: plain(cell) for column, cell in row.items()},
        cells=cells_typed(found.edits),
        undoes=_undoes(entries, row), remarks=found.remarks, facts=facts_of(after), before=facts_of(before),
        changes=input_changes(before.dataset, after.dataset, before.policy, after.policy),
    )  # fmt: skip


def _undoes(entries: Sequence[Entry], row: Mapping[str, Any]) -> int | None:
    """The entry that a row undoes; None where it undoes none, or a row of the workbook."""
    if row.get("decision") != UNDO:
        return None
    name = fold(str(row.get("value")))
    return next((n for n, other in rows_of(entries).items() if fold(str(other["id"])) == name), None)
