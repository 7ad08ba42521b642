"""Cases one after the other in this process."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from models.run import StopSignal
from scenarios.batch.benches import Benches
from scenarios.batch.jobs import Finished, Job
from scenarios.running import Base


class Serial:
    """One case after the other, in their order."""

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        """Every job as it ends; see :class:`~scenarios.batch.jobs.Executor`."""
        benches = Benches()
        for job in jobs:
            if stop.is_set():
                return
            done = benches.do(job.base, partial(bases.__getitem__, job.base), job.case, stop, job.begin)
            if stop.is_set() and done.result.stopped is not None:
                return
            yield done
