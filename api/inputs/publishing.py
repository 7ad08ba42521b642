"""A plan published in a round, and the steps of its matches: as on the command line, in a process of its own."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from allocator.comparison.inputs import input_changes
from allocator.lifecycle.ladder import legal_steps, mark
from allocator.lifecycle.objecting import Refusal
from allocator.lifecycle.published_files import publish_files
from allocator.reading.reader import read_register
from allocator.settling.settling import settle
from api.inputs.folding import Entry, cells_typed, facts_of, with_log, workbook_in_force
from api.inputs.sending import Sent
from api.inputs.tasks import facts, written
from api.wire.inputs import Facts
from api.wire.versions import ClearedRow
from models.base import Date, Record
from models.comparison import InputChanges, RequestChange
from models.entities import Published as PublishedMatch
from models.errors import Issue
from models.versions import Version


class Published(NamedTuple):
    """What was published, the next workbook of the round, what that holds, and what of the last one it does not."""

    version: Version
    changes: tuple[RequestChange, ...]
    cleared: tuple[ClearedRow, ...]
    lost: tuple[str, ...]
    unlocked: tuple[str, ...]
    sent: Sent
    facts: Facts
    left_out: tuple[str, ...]


class OnTheLadder(NamedTuple):
    """A published match, and the steps that may follow: statuses, ``told`` and ``meeting``."""

    match: PublishedMatch
    steps: tuple[str, ...]


class Marked(Record):
    """A step of published matches: in words, the cells that are typed, remarks, and the data after it."""

    done: tuple[str, ...]
    cells: tuple[tuple[str, int, str, str | None], ...]
    remarks: tuple[Issue, ...]
    changes: InputChanges
    facts: Facts


def published(
    sent: Sent, entries: Sequence[Entry], files: Mapping[str, bytes], settings: Mapping[str, str], by: str, on: Date,
    most_rows: int,
) -> Published:  # fmt: skip
    """Publish a plan in the data in force of a round.

    Parameters
    ----------
    sent, entries
        The workbook in force, and what is typed into it.
    files, settings
        Of the run that made the plan: its files of results, and its settings.
    by, on
        Who publishes (initials or a role), and the day.
    most_rows
        How many rows an input may have.

    Returns
    -------
    Published
        To be kept.

    Raises
    ------
    AllocationError
        The plan may not be published: with what differs, or what it breaks.
    """
    now = workbook_in_force(sent, entries)
    with written(now) as (source,), TemporaryDirectory(prefix="placements-") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        done = publish_files(Path(folder), source, by=by, on=on, settings=settings)
        after = Sent(done.target.read_bytes(), done.target.name)
    what = done.publication
    cleared = tuple(ClearedRow(request=c.request, said=dict(c.said)) for c in what.cleared)
    found = facts(after, {}, most_rows)
    return Published(what.version, what.changes, cleared, what.lost, what.unlocked, after, found, done.left_out)


def marked(
    sent: Sent, entries: Sequence[Entry], requests: Sequence[str], step: str, on: date | None, most_rows: int,
    today: date,
) -> Marked:  # fmt: skip
    """Take a step of the ladder for published matches of a round: for all of them, or for none.

    Parameters
    ----------
    sent, entries
        The workbook in force, and what is typed into it.
    requests, step, on
        As ``placements mark`` has them.
    most_rows
        How many rows an input may have.
    today
        The day on which it is taken.

    Returns
    -------
    Marked
        To be kept.

    Raises
    ------
    AllocationError
        The step is not legal: with those that are.
    """
    with written(sent) as (path,):
        register = with_log(read_register(path), entries, most_rows)
    found = mark(register, requests, step, on, today=today)
    if isinstance(found, Refusal):
        raise found.error
    before, after = settle(register, {}, today), found.reading
    return Marked(
        done=found.done, cells=cells_typed(found.edits),
        remarks=found.remarks, facts=facts_of(after),
        changes=input_changes(before.dataset, after.dataset, before.policy, after.policy),
    )  # fmt: skip


def ladder(sent: Sent, entries: Sequence[Entry], most_rows: int, today: date) -> tuple[OnTheLadder, ...]:
    """The published matches of a round, each with the steps that may follow.

    Parameters
    ----------
    sent, entries
        The workbook in force, and what is typed into it.
    most_rows
        How many rows an input may have.
    today
        The day on which somebody looks.

    Raises
    ------
    AllocationError
        The workbook cannot be read.
    """
    with written(sent) as (path,):
        register = with_log(read_register(path), entries, most_rows)
    reading = settle(register, {}, today)
    return tuple(OnTheLadder(match, legal_steps(match, reading.policy.as_of)) for match in reading.dataset.published)
