"""The one exception tree, and the issues that validation reports all at once.

Foreign errors (solver, workbook library) are mapped to these at one seam each.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from models.base import Record

Level = Literal["stop", "set_aside", "warning"]


class Issue(Record):
    """One problem of the input: where, what was found, what is allowed, what to do.

    ``code`` is stable (``V101`` ...). ``row`` is the row number as the user sees it in the sheet (header = 1); where
    the problem is one of several rows, ``rows`` holds them all and ``row`` is the first.
    """

    level: Level
    code: str
    message: str
    sheet: str | None = None
    row: int | None = None
    rows: tuple[int, ...] = ()
    column: str | None = None
    found: str | None = None
    allowed: str | None = None
    remedy: str | None = None
    subject: str | None = None


class AllocationError(Exception):
    """Base of every error raised on purpose. ``code`` names its kind; exit statuses are the commands' own."""

    code = "fault"


class UsageError(AllocationError):
    """The call does not fit: an unknown option value, a missing file."""

    code = "usage"


class InputUnusableError(AllocationError):
    """The input cannot be used; ``issues`` names every problem that was found."""

    code = "input_unusable"

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        stops = [i for i in issues if i.level == "stop"]
        super().__init__("; ".join(i.message for i in stops) or "the input cannot be used")
        self.issues = issues


class UnwrittenError(UsageError):
    """Some files could not be written, all others were: ``written``; ``unwritten`` are still as they were before."""

    code = "unwritten"

    def __init__(self, written: Sequence[Path], unwritten: Sequence[tuple[Path, str]]) -> None:
        self.written, self.unwritten = tuple(written), tuple(unwritten)
        names = ", ".join(f"{path.name} ({why})" for path, why in self.unwritten)
        super().__init__(f"not written, and still as before: {names}. Close what is open, then run again")


class RefusedError(AllocationError):
    """A step that may not be taken: what is said against it, and ids of what would have to be undone first."""

    code = "refused"

    def __init__(self, message: str, issues: tuple[Issue, ...] = (), undo_first: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.issues, self.undo_first = issues, undo_first


class PolicyError(AllocationError):
    """A policy setting is unknown or out of range; says what is allowed."""

    code = "policy"


class PlanUnfitError(AllocationError):
    """Nothing may go out on this plan: rules clash in it, or it breaks rules by the data that it was made from."""

    code = "plan_unfit"


class NotAsWrittenError(AllocationError):
    """What a step wrote does not read as what was decided: a fault of the program. Nothing is left of it."""

    code = "not_as_written"


class SolverFaultError(AllocationError):
    """A solver failed, or its answer did not pass the check: a fault of the program, never of the input."""

    code = "solver_fault"


class PlanRejectedError(SolverFaultError):
    """A plan of the engine did not pass the independent check."""

    code = "plan_rejected"
