"""Who solves the cases of a command, and that a folder keeps what they find."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.printing import progress_console

if TYPE_CHECKING:
    from scenarios.batch.jobs import Executor
    from scenarios.running import Base

Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes side by side; default: as many as the machine has cores.")
]


def processes(workers: int | None, jobs: int) -> "Executor":
    """Processes of this machine, no more than there is something to solve."""
    from scenarios.batch.processes import Processes

    return Processes(min(workers or os.cpu_count() or 1, max(1, jobs)))


@contextmanager
def solving(out: Path | None, workers: int | None, jobs: int, base: "Base", what: str) -> "Iterator[Executor]":
    """Processes whose results a folder keeps, where one is named; what was there already is said at the end.

    Parameters
    ----------
    out
        The folder, which the caller has locked.
    workers, jobs
        How many processes, and of how many cases.
    base
        What they change.
    what
        What the cases are called.
    """
    from scenarios.batch.resumed import Resumed

    executor = processes(workers, jobs)
    if out is None:
        yield executor
        return
    resumed = Resumed(out, executor)
    yield resumed
    if resumed.before:
        said = f"{resumed.before} {what} were done before, as of {base.today}, and stand in '{out}'."
        progress_console.print(said, markup=False, highlight=False, soft_wrap=True)
