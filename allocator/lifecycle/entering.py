"""A decision that is entered: a row that nothing stands against, or why it is refused.

What a row means, and which rows contradict each other, settling says: it is asked before and after. A row of the sheet
that cannot be read in full is held to whatever it may forbid; here it is refused, since who types it can be asked.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import count
from typing import Any, NamedTuple

from allocator.lifecycle.log import SHEET, Entry, entry_of, log_of
from allocator.lifecycle.objecting import Refusal, objections, personal, unreadable
from allocator.reading.editing import CellTyped, Edit, RowAdded, add_row, edited
from allocator.reading.folding import fold
from allocator.reading.spelling import did_you_mean
from allocator.settling.settling import Reading, settle, settle_beside
from models.decisions import UNDO
from models.errors import InputUnusableError, Issue, UsageError
from models.register import Register, Row, Special

OF_THE_LOG = ("id", "on")
"""Columns that entering fills: the next free id, and the day of the plan."""
_ID_COLUMNS = {"Students": "student", "Offers": "offer", "Educators": "pe"}
_AS_TYPED = ("V201", "V202", "V205", "V206", "V207", "V123")
"""Codes of cells that cannot be read; whatever else is said of a cell is gone with its value typed as it was read."""


class Entered(NamedTuple):
    """A step that may be taken: what is typed, the register with it, and what that settles into.

    ``before`` is what held; ``entry`` the new row, ``remarks`` what is said now and was not.
    """

    edits: tuple[Edit, ...]
    register: Register
    before: Reading
    reading: Reading
    entry: Entry
    remarks: tuple[Issue, ...]


def enter(
    register: Register, cells: Mapping[str, Any], settings: Mapping[str, str] = {}, today: date | None = None,
    held: Reading | None = None,
) -> Entered | Refusal:  # fmt: skip
    """Enter a decision as a new row of the log.

    Parameters
    ----------
    register
        The input as it is.
    cells
        Columns of the sheet Decisions to what is typed; ``by`` is needed, ``id`` and ``on`` are given here.
    settings, today
        As for :func:`~allocator.settling.settling.settle`.
    held
        What the register settles into with these settings on this day, every problem by itself, where that is at hand;
        then what its sheets but Decisions say is kept for the next who enters something into it.

    Returns
    -------
    Entered or Refusal
        The step; or why the row is refused: it cannot be read, is about something that does not exist or is over, has
        no effect, or contradicts one in force.

    Raises
    ------
    UsageError
        There is no such column, or it is one that is given here.
    InputUnusableError
        The input cannot be used as it is.
    """
    if given := [column for column in OF_THE_LOG if column in cells]:
        raise UsageError(f"{' and '.join(given)} of a decision cannot be typed: the log gives the next id and the day")

    def settled(register: Register) -> Reading:
        return settle_beside(register, settings, today) if warm else settle(register, settings, today, each=True)

    warm = held is not None
    held = held or settled(register)
    edits: list[Edit] = list(given_ids(register, held))
    register = edited(register, edits)
    before = settled(register) if edits else held
    log, typed = log_of(register, before), {column: cell for column, cell in cells.items() if cell is not None}
    target = _undone(log, typed)
    if target is not None and target.id is None:
        typed["value"] = next_id(register)
        edits.append(CellTyped(SHEET, target.row, "id", typed["value"]))
        register = edited(register, edits[-1:])
    row, said = _read(register, typed | {"id": next_id(register), "on": before.policy.as_of})
    entry = entry_of(row)
    found = (*personal(row), *map(unreadable, said), *_missing(row), *_not_undone(target, log, typed, before))
    if found:
        return Refusal(entry.words, found, said)
    edits.append(RowAdded(SHEET, {column: _cell(value) for column, value in row.values.items()}))
    register = edited(register, edits[-1:])
    try:
        after = settled(register)
    except InputUnusableError as error:
        return Refusal(entry.words, (), tuple(issue for issue in error.issues if issue.level == "stop"))
    after = after.model_copy(update={"dataset": after.dataset.sharing(before.dataset)})
    known = set(before.issues)
    remarks = tuple(issue for issue in after.issues if issue not in known)
    return objections(before, after, entry, log, remarks) or Entered(
        tuple(edits), register, held, after, entry, remarks
    )


def undo(
    register: Register, name: str, by: str | None, why: str | None = None, settings: Mapping[str, str] = {},
    today: date | None = None, held: Reading | None = None,
) -> Entered | Refusal:  # fmt: skip
    """Undo a decision by a new row; the log keeps both. An undo can be undone.

    Parameters
    ----------
    register
        The input as it is.
    name
        The id of a row of the log; ``row 7`` of one that has none, which is given one.
    by, why
        Who undoes it, and why.
    settings, today, held
        As for :func:`enter`.

    Returns
    -------
    Entered or Refusal
        Refused where there is no such row, it is undone already, or what comes back contradicts a row in force.
    """
    return enter(register, {"decision": UNDO, "value": name, "by": by, "why": why}, settings, today, held)


def next_id(register: Register) -> str:
    """The next id of the log that is free: ``D1``, ``D2``, ...; one that an undo names is taken, even of no row.

    Parameters
    ----------
    register
        Its sheet Decisions may be missing.
    """
    page = register.pages.get(SHEET)
    taken = {fold(str(row.get(column))) for row in (page.rows if page else ()) for column in ("id", "value")}
    return next(name for number in count(1) if fold(name := f"D{number}") not in taken)


def given_ids(register: Register, reading: Reading) -> Iterable[CellTyped]:
    """The ids that reading gave to rows without one: what a step names must have the name for good.

    Parameters
    ----------
    register, reading
        The input, and what it was read as.
    """
    ours = {page.origin.sheet: name for name, page in register.pages.items() if page.origin is not None}
    for given in reading.numbered:
        sheet = ours[given.sheet]
        yield CellTyped(sheet, given.row, _ID_COLUMNS[sheet], given.id)


def _read(register: Register, cells: Mapping[str, Any]) -> tuple[Row, tuple[Issue, ...]]:
    """The new row as it is read, and what of its cells cannot be."""
    trial = add_row(register, SHEET, cells)
    row = trial.pages[SHEET].rows[-1]
    said = (issue for issue in trial.issues[len(register.issues) :] if issue.code in _AS_TYPED)
    return row, tuple(said) if row.unreadable else ()


def _cell(value: Any) -> Any:
    return value.value if isinstance(value, Special) else value


def _missing(row: Row) -> Iterable[str]:
    if row.get("by") is None:
        yield "'by' is blank: who decides it? Type initials or a role."
    if row.get("decision") is None and "decision" not in row.unreadable:
        yield "'decision' is blank: what is decided?"


def _undone(log: tuple[Entry, ...], typed: Mapping[str, Any]) -> Entry | None:
    """The row that an undo names, by its id or, where it has none, by its number."""
    if fold(str(typed.get("decision"))) != UNDO or typed.get("value") is None:
        return None
    name = fold(str(typed["value"]))
    named = [entry for entry in log if entry.id is not None and fold(entry.id) == name]
    return named[0] if named else next((e for e in log if e.id is None and fold(e.name) == name), None)


def _not_undone(
    target: Entry | None, log: tuple[Entry, ...], typed: Mapping[str, Any], before: Reading
) -> Iterable[str]:
    """Why an undo undoes nothing: there is no such row, or it was undone."""
    if target is None and fold(str(typed.get("decision"))) == UNDO and (name := str(typed.get("value") or "")):
        numbered = next((entry for entry in log if fold(f"row {entry.row}") == fold(name)), None)
        if not log:
            yield "Nothing was decided yet, so there is nothing to undo."
        elif numbered is not None:
            yield f"Row {numbered.row} of {SHEET} has the id '{numbered.id}': name it by that."
        else:
            hint = did_you_mean(name, [entry.name for entry in log])
            yield f"No row of the log has the id '{name}'.{hint} The log lists the ids."
    by = None if target is None else dict(before.traces.undone).get(target.row)
    if target is not None and by is not None:
        other = next(entry.name for entry in log if entry.row == by)
        yield f"{target.words} was undone by {other} already. To bring it back, undo {other}."
