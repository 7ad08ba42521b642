"""Published versions over the wire, and the steps of their matches."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.wire import PRINTED
from api.wire.rounds import Number
from api.wire.runs import Id
from models.base import Record
from models.comparison import InputChanges, RequestChange
from models.errors import Issue
from models.plan import CheckReport, Plan
from models.versions import Version


class PlanToPublish(Record):
    """The run whose plan is to be in force, and who publishes it: initials or a role."""

    run: Id
    by: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTED)]


class ClearedRow(Record):
    """A request whose published match is no more as it was, and what was typed about it, by column."""

    request: str
    said: dict[str, str]


class VersionLine(Record):
    """A published version, as its row of the sheet Versions says it. ``workbook``: the one in which it is published.

    ``run`` made the plan; it may be deleted since, the version stays.
    """

    version: Version
    run: Id
    workbook: Number
    made_by: str
    made: datetime


class VersionList(Record):
    """The versions of a round, in order; the last is the one in force."""

    versions: tuple[VersionLine, ...]


class VersionView(VersionLine):
    """A published version with its plan, and what the independent check found in it."""

    plan: Plan
    check: CheckReport


class VersionMade(VersionLine):
    """A version that was published: what is new since the one before, and what was typed of matches that changed.

    ``lost``: requests whose published place is gone and that have no other; ``unlocked``: those whose unlocking has
    served; ``left_out``: what the workbook before held and the next one does not, or in another form.
    """

    changes: tuple[RequestChange, ...]
    cleared: tuple[ClearedRow, ...]
    lost: tuple[str, ...]
    unlocked: tuple[str, ...]
    left_out: tuple[str, ...]
    dataset_digest: str


class StepToTake(Record):
    """A step of a published match: a status, ``told`` or ``meeting``; ``on``: of these two the day."""

    step: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTED)]
    on: date | None = None


class StepTaken(Record):
    """A step that was taken: in words, remarks, and what differs in the data."""

    done: tuple[str, ...]
    remarks: tuple[Issue, ...]
    changes: InputChanges
    dataset_digest: str
