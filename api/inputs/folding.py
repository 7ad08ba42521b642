"""The data in force of a round: its last workbook with what its log types into it.

The state is a fold over the log: the same workbook and the same log are the same data. A row of the log that a workbook
holds already, since it was taken out of the round with it, is not typed again: its id says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from allocator.comparison.inputs import input_changes
from allocator.lifecycle.log import Entry as LogRow
from allocator.lifecycle.log import log_of
from allocator.reading.editing import CellTyped, Edit, RowAdded, add_row, edited
from allocator.reading.folding import fold
from allocator.reading.next_input import plain, write_next
from allocator.reading.reader import read_register
from allocator.reading.sheets_record import DECISIONS
from allocator.reading.writer import write_register
from allocator.settling.settling import Reading, settle
from api.inputs.sending import Sent
from api.inputs.tasks import counts, written
from api.problems import ConflictError, UnusableError
from api.wire.inputs import Facts
from models.comparison import InputChanges
from models.decisions import UNDO
from models.errors import UsageError
from models.register import Page, Register, Row, Special

SHEET = DECISIONS.name


class Entry(NamedTuple):
    """An entry of a decision log: a row of the sheet Decisions, and cells that are typed beside it.

    ``undoes``: number of the entry that it undoes. One that was made before undos were rows has none of its own. What
    is cells alone is no entry of the log, but a step of a published match.
    """

    number: int
    row: Mapping[str, Any] | None
    undoes: int | None
    cells: tuple[CellTyped, ...] = ()


def rows_of(entries: Sequence[Entry]) -> dict[int, Mapping[str, Any]]:
    """The rows of a log on the sheet Decisions by the number of the entry, in order, each with its id.

    Parameters
    ----------
    entries
        The log, in order; entries that were made before rows had ids are given some that nobody types.
    """
    rows: dict[int, Mapping[str, Any]] = {}
    for entry in entries:
        row = entry.row
        if row is None and entry.undoes is None:
            continue
        if row is None:
            row = {"decision": UNDO, "value": rows[entry.undoes or 0]["id"]}
        rows[entry.number] = {"id": f"LOG{entry.number}", **row}
    return rows


def edits_of(register: Register, entries: Sequence[Entry]) -> tuple[Edit, ...]:
    """What a log types into a workbook that does not hold it yet.

    Parameters
    ----------
    register
        The workbook.
    entries
        The log, in order.
    """
    there = _rows_by_id(register)
    cells = [cell._replace(cell=_typed(register, cell)) for entry in entries for cell in entry.cells]
    rows = [row for row in rows_of(entries).values() if _named(row) not in there]
    return (*cells, *(RowAdded(SHEET, _as_read(register, row)) for row in rows))


def in_force(register: Register, entries: Sequence[Entry]) -> Register:
    """A workbook with what a log types into it."""
    return edited(register, edits_of(register, entries))


def with_log(register: Register, entries: Sequence[Entry], most_rows: int) -> Register:
    """A workbook with what a log types into it.

    Raises
    ------
    UnusableError
        It has more rows than ``most_rows``.
    """
    found = in_force(register, entries)
    rows = sum(len(page.rows) for page in found.pages.values())
    if rows > most_rows:
        raise UnusableError(f"The input has {rows:,} rows, more than the {most_rows:,} that are read here (rows).")
    return found


def workbook_in_force(sent: Sent, entries: Sequence[Entry]) -> Sent:
    """The workbook of a round with its log; where it holds that already, it is the one that was sent, byte for byte.

    Parameters
    ----------
    sent
        The workbook.
    entries
        The log, in order.

    Returns
    -------
    Sent
        Of the same form, with everything else that it held as far as that can be carried over.
    """
    if not entries:
        return sent
    with written(sent) as (path,), TemporaryDirectory(prefix="placements-") as folder:
        register = read_register(path)
        edits = edits_of(register, entries)
        if not edits:
            return sent
        target = Path(folder) / path.name
        try:
            write_next(path, target, register, edits)
        except UsageError:  # it can be read and not copied: what is read of it is kept
            target = Path(folder) / f"{PurePath(sent.filename).stem}.xlsx"
            write_register(target, edited(register, edits))
        return Sent(target.read_bytes(), target.name)


def facts_in_force(sent: Sent, entries: Sequence[Entry], most_rows: int) -> Facts:
    """What the data in force hold.

    Raises
    ------
    AllocationError
        They cannot be used, have more rows, or hold a row of the log as another one.
    """
    with written(sent) as (path,):
        register = read_register(path)
    _judge_rows(register, entries)
    return facts_of(settle(with_log(register, entries, most_rows)))


def changes_between(
    before: Sent, entries_before: Sequence[Entry], after: Sent, entries_after: Sequence[Entry], most_rows: int
) -> InputChanges:
    """How two workbooks of a round differ, each with the log."""
    with written(before, after) as paths:
        registers = [read_register(path) for path in paths]
    logs = (entries_before, entries_after)
    old, new = (settle(with_log(r, log, most_rows)) for r, log in zip(registers, logs, strict=True))
    return input_changes(old.dataset, new.dataset, old.policy, new.policy)


def log_in_force(sent: Sent, entries: Sequence[Entry], most_rows: int) -> tuple[LogRow, ...]:
    """Every row of the sheet Decisions, of the workbook and of the log, and where it stands: ``placements log``."""
    with written(sent) as (path,):
        register = with_log(read_register(path), entries, most_rows)
    return log_of(register, settle(register, each=True))


def cells_typed(edits: Sequence[Edit]) -> tuple[tuple[str, int, str, Any], ...]:
    """The cells that edits type, as they are kept: sheet, row, column, cell."""
    return tuple((e.sheet, e.row, e.column, plain(e.cell)) for e in edits if isinstance(e, CellTyped))


def facts_of(reading: Reading) -> Facts:
    """What was read, as it goes over the wire."""
    return Facts(
        dataset_digest=reading.dataset.digest, policy_digest=reading.policy.digest, counts=counts(reading.dataset),
        issues=reading.issues,
    )  # fmt: skip


def _judge_rows(register: Register, entries: Sequence[Entry]) -> None:
    """Refuse a workbook in which a row of the log is another one: what was decided is undone, never changed."""
    there = _rows_by_id(register)
    for row in rows_of(entries).values():
        found = there.get(_named(row))
        differing = [] if found is None else list(_differing(found, _as_read(register, row)))
        if found is not None and differing:
            raise ConflictError(
                f"{SHEET}, row {found.number}: {row['id']} is in the log of the round with another "
                f"{' and another '.join(differing)}. What was decided is not changed: undo it by a row of its own, and "
                "decide anew under an id that is free."
            )


def _differing(row: Row, cells: Mapping[str, Any]) -> Iterator[str]:
    found = {column: _cell(value) for column, value in row.values.items()} | row.unreadable
    return (column for column in DECISIONS.by_name if found.get(column) != cells.get(column))


def _rows_by_id(register: Register) -> dict[str, Row]:
    return {fold(str(row.get("id"))): row for row in register.pages.get(SHEET, Page(SHEET)).rows if row.get("id")}


def _named(row: Mapping[str, Any]) -> str:
    return fold(str(row["id"]))


def _as_read(register: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as somebody types it who types dates as dates; the log keeps it as JSON."""
    read = add_row(register, SHEET, row).pages[SHEET].rows[-1]
    return {**row, **{column: _cell(value) for column, value in read.values.items()}}


def _typed(register: Register, cell: CellTyped) -> Any:
    """A cell in the same way."""
    read = edited(register, [cell]).pages[cell.sheet].rows
    row = next(row for row in read if row.number == cell.row)
    return _cell(row.values.get(cell.column, cell.cell))


def _cell(value: Any) -> Any:
    return value.value if isinstance(value, Special) else value
