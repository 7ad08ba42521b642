"""Rounds over the wire: what a team works on, its workbooks, its decisions and its plans."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from allocator.lifecycle.log import Entry
from api.wire import PRINTED, Answer, RunState
from api.wire.inputs import Cell, Sheets
from api.wire.runs import Id
from models.base import Record
from models.comparison import InputChanges
from models.errors import Issue

NAMED = PRINTED.removesuffix("$") + r"[^\s\x00-\x1f\x7f]" + PRINTED.removeprefix("^")
"""The same, and not only blanks."""
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NAMED)]
Tranche = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTED)]
Tranches = Annotated[tuple[Tranche, ...], Field(max_length=50)]
Number = Annotated[int, Field(ge=1, le=10**9)]


class NewRound(Record):
    """A round to make: its name, and the tranches that it decides."""

    name: Name
    tranches: Tranches = ()


class RoundChange(Record):
    """What is to be different of a round; what is left out stays."""

    name: Name | None = None
    tranches: Tranches | None = None


class RoundView(Record):
    """A round. ``version`` counts every change of it, its workbooks and its decisions; it is the round's ETag.

    ``datasets``: how many workbooks it has, the last is the one in force; ``decisions``: entries of its log.
    """

    id: Id
    name: str
    tranches: tuple[str, ...]
    version: int
    datasets: int
    decisions: int
    created: datetime
    touched: datetime


class RoundList(Record):
    """The rounds that whoever asks is a member of, the one that was touched last first."""

    rounds: tuple[RoundView, ...]


class SheetsOfRound(Record):
    """A dataset that is sent as JSON."""

    sheets: Sheets


class DatasetLine(Record):
    """A workbook of a round; ``remarks``: how many issues it has."""

    number: Number
    filename: str
    dataset_digest: str | None
    counts: dict[str, int]
    remarks: int
    added_by: str
    added: datetime


class DatasetList(Record):
    """The workbooks of a round, in order."""

    datasets: tuple[DatasetLine, ...]


class DatasetView(Record):
    """A workbook of a round, with every issue in the words of ``placements check``.

    ``changes``: rows and settings that differ from the workbook before it, both with the decisions in force; None of
    the first one.
    """

    number: Number
    filename: str
    dataset_digest: str | None
    counts: dict[str, int]
    issues: tuple[Issue, ...]
    changes: InputChanges | None
    added_by: str
    added: datetime


class NewDecision(Record):
    """A decision: a row of the sheet Decisions, by column (``GET /v1/policy`` is for settings, this is for cases).

    ``by`` (initials or a role) is needed; ``id`` and ``on`` are given by the log.
    """

    row: Annotated[dict[Annotated[str, Field(min_length=1, max_length=100)], Cell], Field(min_length=1, max_length=50)]


class Undo(Record):
    """Who undoes a decision (initials or a role), and why, for the team alone."""

    by: Annotated[str, Field(min_length=1, max_length=100)]
    why: Annotated[str, Field(max_length=2000)] | None = None


class LogEntry(Record):
    """An entry of a round's decision log: a row of the sheet Decisions. ``in_force``: no later row undoes it.

    ``undoes``: the number of the entry that this one undoes; ``made_by``: the account that made it.
    """

    number: Number
    id: str
    row: dict[str, Any]
    undoes: Number | None
    why: str | None
    in_force: bool
    made_by: str
    made: datetime


class DecisionLog(Record):
    """All that was decided in a round, in order, with what was undone.

    ``rows``: every row of the sheet Decisions of the data in force, those of the workbook among them, and where each
    stands, as ``placements log`` shows them.
    """

    entries: tuple[LogEntry, ...]
    rows: tuple[Entry, ...]


class DecisionMade(Record):
    """A decision that was taken, or would be: its entry (None: nothing was kept), remarks, what differs in the data.

    ``decision``: its row, as the log has it. ``run``: the run of kind effect that finds what it does to the plan, where
    that is wanted; ``GET /v1/runs/{run}/effect`` has it then.
    """

    entry: LogEntry | None
    run: Id | None = None
    decision: Entry
    remarks: tuple[Issue, ...]
    changes: InputChanges
    dataset_digest: str


class PlanLine(Record):
    """A run of a round that has a plan; ``decisions``: how many entries the log had, ``current``: of today's data."""

    run: Id
    state: RunState
    answer: Answer | None
    dataset_digest: str | None
    decisions: int
    current: bool
    created: datetime
    ended: datetime | None


class PlanList(Record):
    """The plans of a round, newest first; ``after`` is the cursor of the next ones, null where these were the last."""

    plans: tuple[PlanLine, ...]
    after: str | None
