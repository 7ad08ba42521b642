"""Reply forms and what they propose as plain data, to be kept, and read back as they were."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from allocator.lifecycle.replies import Decided, FewerPlaces, MarkedStep, Step
from allocator.lifecycle.reply_forms import FormRow, ReplyForm
from allocator.reading.next_input import plain
from allocator.views.agency_forms import MEETING_ON
from models.base import Record
from models.errors import Issue


class ReplyStep(Record):
    """A step of a proposal: a decision (a row of the sheet Decisions), one of a match, or places that are gone."""

    decision: dict[str, Any] | None = None
    request: str | None = None
    step: str | None = None
    on: date | None = None
    offer: str | None = None
    places: int | None = None


def kept_form(form: ReplyForm) -> dict[str, Any]:
    """What is kept of a form, as plain data; its name is kept beside it."""
    rows = [row._asdict() | {"replies": {title: plain(v) for title, v in row.replies.items()}} for row in form.rows]
    issues = [issue.model_dump(mode="json", exclude_none=True) for issue in form.issues]
    return {"agency": form.agency, "version": form.version, "rows": rows, "issues": issues, "said": list(form.said)}


def read_back(name: str, kept: Mapping[str, Any]) -> ReplyForm:
    """A form as it was read, from what is kept of it."""
    return ReplyForm(
        name, kept["agency"], kept["version"], tuple(map(_row, kept["rows"])),
        tuple(map(Issue.model_validate, kept["issues"])), tuple(kept["said"]),
    )  # fmt: skip


def _row(kept: Mapping[str, Any]) -> FormRow:
    replies = {t: date.fromisoformat(v) if t == MEETING_ON else v for t, v in kept["replies"].items()}
    return FormRow(**{**kept, "replies": replies, "unreadable": tuple(kept["unreadable"])})


def kept_step(step: Step) -> ReplyStep:
    """A step of a proposal as a record."""
    if isinstance(step, Decided):
        return ReplyStep(decision=dict(step.cells))
    return ReplyStep.model_validate(step._asdict())


def step_of(kept: ReplyStep) -> Step:
    """A step of a proposal, from what is kept of it."""
    if kept.decision is not None:
        return Decided(kept.decision)
    if kept.offer is not None:
        return FewerPlaces(kept.offer, kept.places or 0)
    return MarkedStep(kept.request or "", kept.step or "", kept.on)
