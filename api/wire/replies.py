"""Replies over the wire: what an agency types and sends, what became of it, and what the team does with it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.wire import PRINTED, WholeNumber
from api.wire.rounds import Number
from api.wire.runs import Id, RunLimits
from models.base import Record
from models.errors import Issue

SheetOfForm = Literal["Reply form", "Days in your teams", "Unused places"]
Typed = Annotated[str, Field(max_length=500, pattern=PRINTED)]
RowNumber = Annotated[int, Field(ge=1, le=10**9), WholeNumber]
Refusing = Literal["not in the plan any more", "agreed otherwise", "sent by mistake", "other: we will call"]
"""Why the team does not take what a reply proposes; the agency reads it."""
By = Annotated[str, Field(min_length=1, max_length=100)]


class RowTyped(Record):
    """What is typed in a row of the form; ``answers``: by a heading of ``to_fill``, blank where nothing is."""

    sheet: SheetOfForm
    row: RowNumber
    answers: Annotated[dict[Annotated[str, Field(min_length=1, max_length=100)], Typed], Field(max_length=20)]


class ReplyTyped(Record):
    """An agency's reply: rows of the form of the plan that was shared; rows that are left out are blank."""

    rows: Annotated[tuple[RowTyped, ...], Field(max_length=5000)]


class Draft(Record):
    """What is typed and not sent; ``problems``: cells that cannot be read; what names somebody is not kept."""

    rows: tuple[RowTyped, ...]
    saved_by: str
    saved: datetime
    problems: tuple[Issue, ...] = ()


class RowSent(Record):
    """A row that was sent, and what the team did with it.

    ``state``: ``sent``, ``accepted`` or ``refused``, for the ``reasons`` that are given; ``on``: when.
    """

    sheet: SheetOfForm
    row: RowNumber
    place: str
    student: str
    answers: dict[str, str]
    state: Literal["sent", "accepted", "refused"]
    reasons: tuple[str, ...] = ()
    on: datetime | None = None


class ReplySent(Record):
    """A reply of the agency; ``by``: the login of its account, or that the team read it from a file.

    ``stands``: it is the last one and was not set aside; ``reason``: why it was, if so.
    """

    sent: datetime
    by: str
    stands: bool
    reason: str | None
    rows: tuple[RowSent, ...]


class OwnReplies(Record):
    """What an agency has typed and what it sent in the round of a plan, the newest first."""

    draft: Draft | None
    sent: tuple[ReplySent, ...]


class AnswerLine(Record):
    """What the team did with something that a reply proposes; ``where`` is empty for the reply as a whole."""

    reply: Number
    where: str
    says: str
    accepted: bool
    reason: str | None
    made_by: str
    made: datetime


class ReplyLine(Record):
    """A reply of a round. ``run``: the one whose plan the agency's page showed, null of a file.

    ``answered`` of its ``rows`` are filled in; ``stands``: it was neither set aside nor followed by another one of the
    agency's page; ``issues``: cells that cannot be read.
    """

    number: Number
    name: str
    agency: str | None
    run: Id | None
    stands: bool
    answered: int
    rows: int
    issues: tuple[Issue, ...]
    said: tuple[str, ...]
    made_by: str
    made: datetime


class ReplyList(Record):
    """The replies of a round, what was done with them, and agencies of the plan that have not replied.

    ``look``: the last run of kind ``replies``; ``look_holds``: no reply came, none was set aside, and the data are the
    same since it was asked for. What of it is in ``answers`` is done with.
    """

    replies: tuple[ReplyLine, ...]
    answers: tuple[AnswerLine, ...]
    waited_for: tuple[str, ...]
    look: Id | None
    look_holds: bool


class RepliesCame(Record):
    """Forms that were read: their numbers in the round, in the order in which they were sent."""

    replies: tuple[ReplyLine, ...]


class LookWanted(Record):
    """Limits of a run that looks at the replies of a round."""

    limits: RunLimits = RunLimits()


Proposals = Annotated[tuple[Number, ...], Field(max_length=5000)]


class RepliesToAccept(Record):
    """Proposals of a run of kind ``replies`` to accept, by number, and who does it (initials or a role)."""

    run: Id
    proposals: Annotated[Proposals, Field(min_length=1)]
    by: By


class RepliesToRefuse(Record):
    """Proposals of a run to refuse, by number, or whole ``replies`` to set aside; and why."""

    reason: Refusing
    run: Id | None = None
    proposals: Proposals = ()
    replies: Proposals = ()


class NotTaken(Record):
    """A proposal that may not be taken, and why."""

    number: Number
    why: str


class RepliesAccepted(Record):
    """What was accepted, by number, what may not be, and what is said of the data now and was not."""

    accepted: tuple[int, ...]
    refused: tuple[NotTaken, ...]
    remarks: tuple[Issue, ...]
    dataset_digest: str
