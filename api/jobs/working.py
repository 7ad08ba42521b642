"""What the process of a run does: the run's input into a folder, the library's work there, its files into the store."""

import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from api.jobs.allocating import allocated
from api.jobs.answering import answered
from api.jobs.bases import Bases
from api.jobs.lasting import lasting
from api.jobs.looking import FILES, looked_ahead
from api.jobs.orders import Order
from api.jobs.task import Came, Task
from api.jobs.telling import Teller
from api.problems import STATUS_OF_CODE, as_problem
from api.store import runs
from api.store.contents import content
from api.store.opening import Store
from models.errors import AllocationError
from models.run import Limits

KINDS: Mapping[str, Callable[[Task], Came]] = {
    "allocate": allocated, "scenarios": answered, **{kind: looked_ahead(kind) for kind in FILES},
}  # fmt: skip
"""What is done with a run of each kind."""


def carry_out(store: Store, order: Order, gone: Callable[[], None], bases: Bases | None = None) -> None:
    """Work on a run, and bring it to its end in the store.

    Parameters
    ----------
    store
        Where the run stands.
    order
        The run, the attempt, and what it may take.
    gone
        Called, from another thread, where this attempt is no longer the one that works on the run.
    bases
        What this process has kept of runs before, and keeps for the next; nothing by default.

    Raises
    ------
    OldAttemptError
        The same, seen at the end.
    """
    stop = threading.Event()
    with store.reading() as session:
        run = runs.run_of(session, order.run)
        source = content(session, run.source)
        kept = {file.path: runs.file_of(session, run.id, file.path) for file in runs.files_of(session, run.id)}
    folder = order.folder / order.name
    try:
        path, out, before = _path(folder / "input", run.filename), folder / "out", folder / "before"
        _write(path, source)
        for name, data in kept.items():
            _write(before / name, data)
        with Teller(store, order.run, order.attempt, stop, gone) as teller:
            # the day on which it was asked for, so that a run that goes on after midnight gives the same plan
            today = run.created.astimezone().date()
            limits = Limits.model_validate(run.limits)
            seconds = order.seconds if limits.seconds is None else min(limits.seconds, order.seconds)
            limits = limits.model_copy(update={"seconds": seconds})
            bases = Bases() if bases is None else bases
            task = Task(path, out, before, run.settings, limits, today, teller, stop, run.round, bases)
            came, problem = _came(run.kind, task)
        files = {} if problem else _files(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    def finish() -> None:
        with store.transaction() as session:
            runs.keep_files(session, order.run, order.attempt, files)
            runs.finish(session, order.run, order.attempt, came.state, came.answer, problem)

    lasting(finish)


def _came(kind: str, task: Task) -> tuple[Came, dict[str, Any] | None]:
    """How it ended; where the library refused, with its problem."""
    try:
        return KINDS[kind](task), None
    except AllocationError as error:
        return Came("invalid" if error.code in STATUS_OF_CODE else "failed", "nothing"), as_problem(error)[1]


def _path(folder: Path, filename: str) -> Path:
    """Where the input is put, by the last part of the name that it came with: what reads it goes by its ending."""
    return folder / (Path(filename.replace("\\", "/")).name or "input.json")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _files(out: Path) -> dict[str, bytes]:
    """Everything that stands in the folder of results."""
    found = (path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}
