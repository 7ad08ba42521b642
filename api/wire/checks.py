"""Checks over the wire: a plan that somebody made, and what the checker finds."""

from typing import Annotated, Any

from pydantic import Field

from api.wire.inputs import Row, Settings, Sheets
from models.base import Record
from models.errors import Issue
from models.plan import CheckReport

PlanSent = dict[str, Any] | Annotated[list[Row], Field(min_length=1)]
"""The content of a ``plan.json``, or rows of student, stage, offer (or agency and team) and PE."""


class SheetsCheck(Record):
    """A plan to be judged by sheets that are sent as JSON."""

    sheets: Sheets
    plan: PlanSent
    settings: Settings = Field(default={})


class CheckSettings(Record):
    """What comes beside the files of a form."""

    settings: Settings = Field(default={})


class Checked(Record):
    """What the checker found.

    ``matches``: how many were judged; ``preference_order``: by which tiers are named; ``passed``: no rule is broken;
    ``rows_not_judged``: rows of the plan that could not be read, their problems are in ``issues``; ``settings_differ``:
    settings by which a plan.json was made and not judged.
    """

    matches: int
    preference_order: str
    passed: bool
    rows_not_judged: int
    settings_differ: tuple[str, ...]
    check: CheckReport
    issues: tuple[Issue, ...]
