"""A run that is a library of scenarios: every case solved in this process, whose limits it has, answers written."""

import shutil
import tempfile
import time
from pathlib import Path

from allocator.folder import folder_of_results
from api.jobs.asked import ScenariosAsked, scenarios_of
from api.jobs.task import Came, Task, in_its_time
from models.errors import UsageError
from scenarios.batch.batch import Step
from scenarios.batch.serial import Serial
from scenarios.running import Base
from scenarios.runs import FolderAnswers, answers_into_folder, remarks_on

SPACING = 2.0
"""Seconds between two times at which what is done is kept."""
PART = 0.02
"""The same, as a part of the time that the run has worked."""


def answered(task: Task) -> Came:
    """Solve what an attempt before this one did not, and answer.

    Parameters
    ----------
    task
        The run; its settings are :class:`~api.jobs.asked.ScenariosAsked`.

    Returns
    -------
    Came
        ``stopped`` where cases are left to do.
    """
    with in_its_time(task):
        if task.before.exists():
            shutil.copytree(task.before, task.out)
            try:
                return _came(_answers(task))
            except UsageError:  # what was kept is of another version of the program: it is solved anew
                shutil.rmtree(task.out)
        return _came(_answers(task))


def _answers(task: Task) -> FolderAnswers:
    asked = ScenariosAsked.model_validate(task.settings)
    with tempfile.TemporaryDirectory() as folder:
        known = scenarios_of(asked, Path(folder))
    base = Base.read(task.source, dict(asked.settings), task.today)
    began = kept = time.monotonic()
    sent: dict[str, float] = {}

    def told(step: Step) -> None:
        nonlocal kept
        task.teller.news({"phase": "cases", **step._asdict(), "seconds": round(time.monotonic() - began, 3)})
        if time.monotonic() - kept > max(SPACING, PART * (time.monotonic() - began)):
            kept = time.monotonic()
            task.teller.files(_changed(task.out, sent))

    on = [(base, known)]
    with folder_of_results(task.out):
        return answers_into_folder(
            task.out, asked.title, known, on, remarks_on(on), lambda _cases: Serial(), task.stop, told
        )  # fmt: skip


def _changed(out: Path, sent: dict[str, float]) -> dict[str, bytes]:
    """What was written since the last time."""
    found = {}
    for path in out.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            name, written = path.relative_to(out).as_posix(), path.stat().st_mtime
            if sent.get(name) != written:
                sent[name], found[name] = written, path.read_bytes()
    return found


def _came(done: FolderAnswers) -> Came:
    if done.batch.left:
        return Came("stopped", "within_gap" if done.batch.left < done.cases else "nothing")
    return Came("complete", "proved" if all(answer.closed for answer in done.answers) else "within_gap")
