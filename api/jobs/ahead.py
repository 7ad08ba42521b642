"""What runs that look ahead have in common: the plan that they compare with, what they tell, and how they end."""

from typing import Literal

from allocator.results import written_plan
from allocator.settling.settling import Reading
from allocator.solving import Solver
from api.jobs.task import Came, Task

BASE = "base.json"
"""The plan that came with a run whose effect is looked at."""


def base_before(task: Task, reading: Reading) -> Solver:
    """The plan that an effect is compared with: what the process keeps, else the one that came with the run.

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


def came_of(task: Task, proved: bool, *, clash: bool) -> Came:
    """How a run that looked ahead ends."""
    state: Literal["stopped", "complete"] = "stopped" if task.stop.is_set() and not proved else "complete"
    return Came(state, "clash" if clash else "proved" if proved else "within_gap")
