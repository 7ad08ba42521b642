"""What runs that look ahead have in common: the plan that they compare with, what they tell, and how they end."""

import time
from collections.abc import Callable
from typing import Literal

from allocator.results import written_plan
from allocator.settling.settling import Reading
from allocator.solving import Solver
from api.jobs.task import Came, Task
from models.base import Record

BASE = "base.json"
"""The plan that came with a run that looks at what something does to it."""
PART = 0.05
"""An answer so far is kept again after this part of the time that the run has worked."""


def base_before(task: Task, reading: Reading) -> Solver:
    """The plan that something is compared with: what the process keeps, else the one that came with the run.

    Parameters
    ----------
    task
        The run.
    reading
        What holds before.
    """
    return task.bases.base_of(
        reading, task.round, lambda: written_plan(task.before / BASE), task.teller.progress, task.stop
    )


def tell_step(task: Task, phase: str, done: int, of: int) -> None:
    """Tell how many of how many were looked at."""
    task.teller.news({"phase": phase, "done": done, "of": of})


class FoundSoFar:
    """Tells how far a run is whose answer grows, and keeps the answer so far, so that it is shown while it grows.

    Parameters
    ----------
    task
        The run.
    phase
        What it does.
    file
        Where its answer stands.
    """

    def __init__(self, task: Task, phase: str, file: str) -> None:
        self._task, self._phase, self._file = task, phase, file
        self._began = self._kept = time.monotonic()

    def tell(self, done: int, of: int, answer: Callable[[], Record]) -> None:
        """Tell how many of how many were looked at; the answer is asked for where it is kept."""
        now = time.monotonic()
        if now - self._kept >= PART * (now - self._began):
            self._kept = now
            self._task.teller.files({self._file: answer().model_dump_json().encode()})
        tell_step(self._task, self._phase, done, of)


def came_of(task: Task, proved: bool, *, clash: bool) -> Came:
    """How a run that looked ahead ends."""
    state: Literal["stopped", "complete"] = "stopped" if task.stop.is_set() and not proved else "complete"
    return Came(state, "clash" if clash else "proved" if proved else "within_gap")
