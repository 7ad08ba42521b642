"""Cases that are asked for as one goes, kept in a folder: what was done before somebody stopped is taken from there."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from models.run import StopSignal
from scenarios.batch.jobs import Executor, Finished, Job
from scenarios.batch.keeping import Kept
from scenarios.running import Base


class Resumed:
    """An executor that keeps what another one finds, and has it solve only what is not there yet.

    Parameters
    ----------
    out
        The folder, which the caller has locked (:func:`allocator.folder.folder_of_results`).
    executor
        Who solves.
    """

    def __init__(self, out: Path, executor: Executor) -> None:
        self._out = out
        self._executor = executor
        self.before = 0
        """Jobs that were done before."""

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        """Every job as it ends, those that were done before first; see :class:`~scenarios.batch.jobs.Executor`.

        Raises
        ------
        UsageError
            The folder holds results of something else.
        """
        jobs = list(jobs)
        kept = Kept(self._out, bases, jobs)
        left = kept.left(jobs)
        self.before += len(jobs) - len(left)
        yield from kept.done(jobs)
        try:
            for finished in self._executor.finished(bases, left, stop) if left else ():
                kept.add(finished)
                yield finished
        finally:
            kept.finish()
