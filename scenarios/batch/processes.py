"""Cases in processes of this machine, each on one core; a process that dies loses nothing."""

import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO

from models.run import StopSignal
from scenarios.batch.frames import READY, received, send
from scenarios.batch.jobs import Finished, Job, WorkerError, failed
from scenarios.batch.process import Ended, end
from scenarios.results import LOST
from scenarios.running import Base

MODULE = "scenarios.batch.worker"
"""What a worker process runs."""
TRIES = 3
"""So many processes may die of one case."""
LOOK = 0.2
"""Seconds between two looks at the stop signal."""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


class Processes:
    """So many processes side by side; each gets a base with its first case of it, and solves it once.

    Parameters
    ----------
    workers
        How many.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        """Every job as it ends; see :class:`~scenarios.batch.jobs.Executor`.

        Raises
        ------
        WorkerError
            A process does not come to its start.
        """
        crew = _Crew(bases, jobs)
        threads = [threading.Thread(target=crew.serve, daemon=True) for _ in range(self.workers)]
        try:
            for thread in threads:
                thread.start()
            left = len(threads)
            while left and not stop.is_set():
                with suppress(queue.Empty):
                    found = crew.results.get(timeout=LOOK)
                    if isinstance(found, BaseException):
                        raise found
                    if found is None:
                        left -= 1
                    else:
                        yield found
            yield from crew.done()  # stopped: what is done is done
        finally:
            crew.close()
            for thread in threads:
                thread.join()


class _DiedError(Exception):
    """A worker process ended before it had done what it was given."""


class _Worker:
    """A process of :mod:`scenarios.batch.worker`."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self.process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=os.environ | ONE_THREAD,
            start_new_session=True,
        )  # fmt: skip
        self._base: int | None = None

    @property
    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        return self.process.stdin, self.process.stdout

    def begin(self) -> None:
        if self._received() != READY:
            raise self._died()

    def do(self, job: Job, base: Base) -> Finished:
        given = None if job.base == self._base else base
        try:
            send(self._pipes[0], (given, job))
        except OSError as error:
            raise self._died() from error
        self._base = job.base
        found = self._received()
        assert isinstance(found, Finished)
        return found

    def _received(self) -> object:
        try:
            return received(self._pipes[1])
        except (EOFError, OSError) as error:
            raise self._died() from error

    def _died(self) -> _DiedError:
        code = self.process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace")
        return _DiedError(Ended(code=code, errors=said).problem)

    def close(self) -> None:
        if self.process.poll() is None:
            end(self.process)
        self.process.wait()
        for pipe in self._pipes:
            with suppress(OSError):  # what was not sent yet is lost with its reader
                pipe.close()
        self._errors.close()


class _Crew:
    """What the threads share, one for each process: jobs to take, results to give."""

    def __init__(self, bases: Sequence[Base], jobs: Iterable[Job]) -> None:
        self._bases = bases
        self._jobs = iter(jobs)
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._closed = False
        self.results: queue.SimpleQueue[Finished | BaseException | None] = queue.SimpleQueue()

    def serve(self) -> None:
        """Take jobs and have them done, until there are none."""
        worker: _Worker | None = None
        try:
            while (job := self._next()) is not None:
                found, worker = self._done(job, worker)
                self.results.put(found)
        except _ClosedError:
            pass
        except BaseException as error:
            self.results.put(error)
        finally:
            if worker is not None:
                self._release(worker)
            self.results.put(None)

    def done(self) -> Iterator[Finished]:
        """What has ended and was not given yet."""
        while not self.results.empty():
            found = self.results.get()
            if isinstance(found, Finished):
                yield found

    def close(self) -> None:
        """End every process."""
        with self._lock:
            self._closed = True
            for worker in self._workers:
                if worker.process.poll() is None:
                    end(worker.process)

    def _next(self) -> Job | None:
        with self._lock:
            return None if self._closed else next(self._jobs, None)

    def _done(self, job: Job, worker: _Worker | None) -> tuple[Finished, _Worker | None]:
        reasons = []
        for _ in range(TRIES):
            worker = worker or self._started()
            try:
                return worker.do(job, self._bases[job.base]), worker
            except _DiedError as error:
                self._release(worker)
                worker = None
                reasons.append(str(error))
        said = f"{LOST} {TRIES} times while it was solved; at last: {reasons[-1]}"
        return Finished(failed(self._bases[job.base].name, job.case, said, LOST)), None

    def _started(self) -> _Worker:
        reason = ""
        for _ in range(TRIES):
            with self._lock:
                if self._closed:
                    raise _ClosedError
                worker = _Worker()
                self._workers.add(worker)
            try:
                worker.begin()
                return worker
            except _DiedError as error:
                self._release(worker)
                reason = str(error)
        raise WorkerError(f"a worker process did not come to its start: {reason}")

    def _release(self, worker: _Worker) -> None:
        worker.close()
        with self._lock:
            self._workers.discard(worker)


class _ClosedError(Exception):
    """The batch was stopped meanwhile."""
