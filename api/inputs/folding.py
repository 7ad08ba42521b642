"""The data in force of a round: its last workbook with the decisions of its log, as rows of the sheet Decisions.

The state is a fold over the log: the same workbook and the same log are the same data.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from allocator.comparison.inputs import input_changes
from allocator.reading.editing import add_row
from allocator.reading.reader import read_register
from allocator.reading.sheets_record import DECISIONS
from allocator.reading.writer import write_register
from allocator.settling.settling import Reading, settle
from api.inputs.sending import Sent
from api.inputs.tasks import counts, written
from api.problems import UnusableError
from api.wire.inputs import Facts
from models.base import Record
from models.comparison import InputChanges
from models.errors import Issue
from models.register import Register

SHEET = DECISIONS.name
REFUSED = ("stop", "set_aside")
"""Levels of what stands against a row that is therefore not carried out."""


class Entry(NamedTuple):
    """An entry of a decision log: a row of the sheet Decisions, or the number of the entry that it undoes."""

    number: int
    row: Mapping[str, Any] | None
    undoes: int | None


class Effect(Record):
    """What a decision does to the data: remarks about it, rows and settings that differ, the data after it."""

    remarks: tuple[Issue, ...]
    changes: InputChanges
    facts: Facts


def undone(entries: Iterable[Entry]) -> frozenset[int]:
    """Numbers of the entries that a later one undoes, unless that one is undone itself.

    Parameters
    ----------
    entries
        The log, in order.
    """
    gone: set[int] = set()
    for entry in sorted(entries, reverse=True):
        if entry.undoes is not None and entry.number not in gone:
            gone.add(entry.undoes)
    return frozenset(gone)


def in_force(entries: Sequence[Entry]) -> tuple[Mapping[str, Any], ...]:
    """The rows of a log that are in force, in order."""
    gone = undone(entries)
    return tuple(entry.row for entry in sorted(entries) if entry.row is not None and entry.number not in gone)


def with_decisions(register: Register, rows: Iterable[Mapping[str, Any]]) -> Register:
    """A register with more rows on its sheet Decisions.

    Raises
    ------
    UsageError
        A row has a column that the sheet does not have.
    """
    for row in rows:
        register = add_row(register, SHEET, row)
    return register


def workbook_in_force(sent: Sent, rows: Sequence[Mapping[str, Any]]) -> Sent:
    """The workbook of a round with its decisions; without any it is the one that was sent, byte for byte.

    Parameters
    ----------
    sent
        The workbook.
    rows
        Decisions in force.

    Returns
    -------
    Sent
        A workbook that reads as the data in force.
    """
    if not rows:
        return sent
    with written(sent) as (path,), TemporaryDirectory(prefix="placements-") as folder:
        target = Path(folder) / f"{PurePath(sent.filename).stem}.xlsx"
        write_register(target, with_decisions(read_register(path), rows))
        return Sent(target.read_bytes(), target.name)


def facts_in_force(sent: Sent, rows: Sequence[Mapping[str, Any]], most_rows: int) -> Facts:
    """What the data in force hold.

    Raises
    ------
    AllocationError
        They cannot be used, or have more rows.
    """
    with written(sent) as (path,):
        return _facts(_settled(read_register(path), rows, most_rows))


def effect_of_row(sent: Sent, rows: Sequence[Mapping[str, Any]], row: Mapping[str, Any], most_rows: int) -> Effect:
    """What one more decision does to the data; nothing is solved.

    Parameters
    ----------
    sent, rows
        The data in force before it.
    row
        The decision.
    most_rows
        How many rows an input may have.

    Returns
    -------
    Effect
        Of the decision.

    Raises
    ------
    UnusableError
        It would not be carried out, or would stand against another row: everything that is said against it.
    """
    found = effect_of_log(sent, rows, (*rows, row), most_rows)
    against = tuple(issue for issue in found.remarks if issue.level in REFUSED)
    if against:
        raise UnusableError(" ".join(issue.message for issue in against), against)
    return found


def effect_of_log(
    sent: Sent, rows: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]], most_rows: int
) -> Effect:
    """What it does to the data when other rows of a log are in force, such as fewer; what is said anew is a remark.

    Raises
    ------
    AllocationError
        The data could not be used then.
    """
    with written(sent) as (path,):
        register = read_register(path)
    before, after = (_settled(register, some, most_rows) for some in (rows, other))
    known = {_said(issue) for issue in before.issues}
    new = tuple(issue for issue in after.issues if _said(issue) not in known)
    changes = input_changes(before.dataset, after.dataset, before.policy, after.policy)
    return Effect(remarks=new, changes=changes, facts=_facts(after))


def changes_between(before: Sent, after: Sent, rows: Sequence[Mapping[str, Any]], most_rows: int) -> InputChanges:
    """How two workbooks of a round differ, each with the decisions in force."""
    with written(before, after) as paths:
        old, new = (_settled(read_register(path), rows, most_rows) for path in paths)
    return input_changes(old.dataset, new.dataset, old.policy, new.policy)


def _settled(register: Register, rows: Sequence[Mapping[str, Any]], most_rows: int) -> Reading:
    found = sum(len(page.rows) for page in register.pages.values()) + len(rows)
    if found > most_rows:
        raise UnusableError(f"The input has {found:,} rows, more than the limit of rows, {most_rows:,}.")
    return settle(with_decisions(register, rows))


def _facts(reading: Reading) -> Facts:
    return Facts(
        dataset_digest=reading.dataset.digest, policy_digest=reading.policy.digest, counts=counts(reading.dataset),
        issues=reading.issues,
    )  # fmt: skip


def _said(issue: Issue) -> tuple[object, ...]:
    return issue.level, issue.code, issue.sheet, issue.row, issue.rows, issue.column, issue.message


def dated(row: Mapping[str, Any], day: date) -> dict[str, Any]:
    """A decision with the day on which it was made, where it says none: read later, it means the same."""
    return {"on": day.isoformat(), **{column: value for column, value in row.items() if value is not None}}
