"""Runs over the wire: what is asked for, what was accepted, how a run stands, its files and its events."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from api.wire import Answer, RunState, WholeNumber
from api.wire.inputs import Settings, Sheets
from models.base import Record
from models.errors import Issue

DURATION = r"^P(?!$)([0-9]{1,4}D)?(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,7}(\.[0-9]{1,6})?S)?)?$"


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not re.fullmatch(DURATION, value):
        raise ValueError("a duration of ISO 8601 is needed, such as PT90S or PT10M")
    return value


def as_duration(value: timedelta) -> str:
    """A time span as ISO 8601 has it: ``PT90S``."""
    return f"PT{value.total_seconds():.6f}".rstrip("0").rstrip(".") + "S"


Duration = Annotated[
    timedelta, BeforeValidator(_duration), PlainSerializer(as_duration, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DURATION, "examples": ["PT10M"]}),
]  # fmt: skip
"""A time span as ISO 8601 has it."""
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class RunLimits(Record):
    """When a run stops with the best plan so far.

    ``time``: wall clock; ``work``: counted solver work (the same limit gives the same plan); ``gap_percent``: a tier
    within it counts as done (0: proved).
    """

    time: Duration | None = None
    work: Annotated[int, Field(ge=0, le=10**15), WholeNumber] | None = None
    gap_percent: Annotated[float, Field(ge=0, le=100, strict=True)] = 0.0


class RunOptions(Record):
    """What may come beside an input: settings over its own, and limits."""

    settings: Settings = Field(default={})
    limits: RunLimits = RunLimits()


class SheetsRun(RunOptions):
    """A run over sheets that are sent as JSON."""

    sheets: Sheets


class RoundRun(RunOptions):
    """A run over the data in force of a round: its last dataset with its decisions."""

    round: Id


class Demonstration(Record):
    """A partnership that comes with the program; ``size`` in bytes of its workbook."""

    name: str
    size: int


class Accepted(Record):
    """A run was accepted: it will be finished, stopped or failed, never forgotten. ``Location`` is its address.

    ``warnings``: how many rows were set aside or are remarked on; the run's ``issues`` are their words.
    """

    id: Id
    state: Literal["queued"]
    dataset_digest: str
    policy_digest: str
    counts: dict[str, int]
    warnings: int


class RunView(Record):
    """A run. ``state`` says where it is, ``answer`` what came out; ``issues`` are the library's words on the input."""

    id: Id
    kind: str
    state: RunState
    answer: Answer | None
    stop_asked: bool
    round: Id | None
    filename: str
    decisions: int
    settings: dict[str, Any]
    limits: RunLimits
    dataset_digest: str | None
    policy_digest: str | None
    issues: tuple[Issue, ...]
    progress: dict[str, Any] | None
    problem: dict[str, Any] | None
    attempt: int
    created_by: str
    created: datetime
    started: datetime | None
    ended: datetime | None


class RunLine(Record):
    """A run in a list."""

    id: Id
    kind: str
    state: RunState
    answer: Answer | None
    round: Id | None
    filename: str
    created_by: str
    created: datetime
    started: datetime | None
    ended: datetime | None


class RunList(Record):
    """Runs, newest first; ``after`` is the cursor of the next ones, and null where these were the last."""

    runs: tuple[RunLine, ...]
    after: str | None


class RunFileLine(Record):
    """A file of a run's results; its address is ``files/`` and the path, its ETag the digest."""

    path: str
    size: int
    digest: str
    content_type: str


class RunTold(Record):
    """What a run told: when, of what kind, and what."""

    at: datetime
    kind: str
    content: dict[str, Any]


class RunEnd(Record):
    """How a run ended: the data of the last event of its stream."""

    state: RunState
    answer: Answer | None
