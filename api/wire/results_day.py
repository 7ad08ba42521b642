"""A results day over the wire: a list of students' readiness and clearance."""

from typing import Annotated

from pydantic import Field

from api.wire.runs import Id, RunLimits
from models.base import Record
from models.errors import Issue


class NewResultLine(Record):
    """A result of a student that is other than it was, in words."""

    student: str
    column: str
    before: str
    after: str


class ListTyped(Record):
    """A list of results as CSV: a first row of headings (student, readiness, clearance), then a row for each student.

    Tabs or semicolons between the cells are read too, as they come from a workbook.
    """

    text: Annotated[str, Field(min_length=1, max_length=2_000_000)]


class ListToLookAt(ListTyped):
    """A list to look at. ``plan``: what it does to the plan is wanted too, which a run finds within ``limits``."""

    plan: bool = False
    limits: RunLimits = RunLimits()


class ResultsView(Record):
    """What a list holds. ``results``: what is new; ``as_before``: how many results say what was known.

    ``set_aside``: rows that are not used, and why; ``issues``: cells that cannot be read; ``not_listed``: students
    without a row and with a result that is pending; ``text``: the list as it was read; ``run``: the run of kind
    results_day that finds what it does to the plan, where that is wanted.
    """

    results: tuple[NewResultLine, ...]
    as_before: int
    set_aside: tuple[str, ...]
    issues: tuple[Issue, ...]
    sheets_not_read: tuple[str, ...]
    not_listed: tuple[str, ...]
    remarks: tuple[Issue, ...]
    text: str
    dataset_digest: str
    run: Id | None = None
