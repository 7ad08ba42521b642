"""What is wrong with a scenario: all of it at once, each with file and line where there is one; and faults of ours."""

import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from models.errors import AllocationError

FAULT = "a fault of the program"
"""How it is said that something went wrong that no scenario is to blame for."""


def fault_words(error: Exception) -> str:
    """A fault of the program in a line, with where it happened."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return f"{FAULT}, not of the scenario: {type(error).__name__}: {error} ({where})"


class Problem(NamedTuple):
    """One thing that is wrong: where it stands, what was found, what is allowed."""

    message: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return where + self.message


class ScenarioError(AllocationError):
    """Scenarios cannot be used; ``problems`` names everything that was found."""

    code = "scenario"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class NoPlanError(AllocationError):
    """There is no plan to begin with: rules clash."""

    code = "clash"


class EditError(AllocationError):
    """An edit does not fit the base: no such column, a selection of nothing, a value that the column cannot hold."""

    code = "scenario"
