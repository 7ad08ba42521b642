"""Cases on a Dask cluster: bases go there once, results come as they end, a lost worker's cases are solved elsewhere.

The scheduler keeps what was submitted, bases too, so that whatever a lost worker held is sent again. Every worker
solves a base once, and one case at a time. A worker whose program or libraries are not ours might find other plans: it
is refused, at the start and when it joins later.
"""

import hashlib
import pickle
import queue
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, TypeAlias

from models.plan import Plan
from models.run import StopSignal
from scenarios.batch.benches import Benches
from scenarios.batch.jobs import Finished, Job, WorkerError, failed
from scenarios.batch.versions import versions
from scenarios.model import Case
from scenarios.results import LOST
from scenarios.running import Base

Client: TypeAlias = Any
Future: TypeAlias = Any
"""Those of Dask, which is an extra and says little of its types."""
LOOK = 0.2
"""Seconds between two looks at the stop signal."""
ANSWER = 15.0
"""Seconds in which a scheduler answers, and has a worker."""
AHEAD = 2
"""Cases that are with the cluster, for each of its workers: one to solve, one to go on with at once."""
RETRIES = 2
"""So often a case is solved again whose worker had no memory left, or was not as it has to be."""
OWN_LIBRARIES = ("dask", "distributed", "msgpack", "cloudpickle")
"""What scheduler, workers and this program speak to each other with."""


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler, for example ``tcp://10.0.0.5:8786``.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        """Every job as it ends; see :class:`~scenarios.batch.jobs.Executor`.

        Raises
        ------
        WorkerError
            There is no such cluster, its workers are not as they have to be, or it went away.
        """
        with self._client() as client:
            _hold_together(client)
            yield from _Submitted(client, bases, jobs).finished(stop)

    def _client(self) -> Client:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise WorkerError("a cluster needs Dask: install placement-allocation[cluster]") from error
        try:
            client = Client(self.address, timeout=ANSWER, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkerError(f"no Dask scheduler answers at '{self.address}': {error}") from error
        try:
            client.wait_for_workers(1, timeout=ANSWER)
        except TimeoutError as error:
            client.close()
            raise WorkerError(
                f"the scheduler at '{self.address}' has no workers: start them with "
                f"dask worker {self.address} --nworkers N --nthreads 1"
            ) from error
        return client


def _hold_together(client: Client) -> None:
    """Refuse a cluster whose workers would find other plans, or could not use their cores."""
    threads = client.nthreads()
    several = [worker for worker, count in threads.items() if count > 1]
    if several:
        raise WorkerError(
            f"the worker {several[0]} has {threads[several[0]]} threads, and solves one case at a time: start several "
            "workers with one thread each (dask worker ADDRESS --nworkers N --nthreads 1)"
        )
    try:
        theirs = client.run(versions)
    except ImportError as error:
        raise WorkerError(f"a worker of the cluster cannot load this program: {error}") from error
    spoken = client.get_versions()
    ours = {name: spoken["client"]["packages"].get(name) for name in OWN_LIBRARIES}
    known = {**spoken["workers"], "the scheduler": spoken["scheduler"]}
    speaking = {at: {name: found["packages"].get(name) for name in OWN_LIBRARIES} for at, found in known.items()}
    for mine, others in ((versions(), theirs), (ours, speaking)):
        said = other_versions(mine, others)
        if said:
            raise WorkerError(f"{said}: the cluster has to run what this machine runs")


def other_versions(ours: Mapping[str, str | None], theirs: Mapping[str, Mapping[str, str | None]]) -> str:
    """In words, what is another version elsewhere than here; blank where nothing is."""
    said = [
        f"{at} has {name} {found.get(name)}, not {version}"
        for at, found in sorted(theirs.items())
        for name, version in ours.items()
        if found.get(name) != version
    ]
    return "; ".join(said[:3]) + (f"; and {len(said) - 3} more" if len(said) > 3 else "")


class _Submitted:
    """Jobs that are with the cluster, some for each worker, and more as they end."""

    def __init__(self, client: Client, bases: Sequence[Base], jobs: Iterable[Job]) -> None:
        self._client = client
        self._bases = bases
        self._left = iter(jobs)
        self._sent: dict[int, tuple[str, Future]] = {}
        self._waiting: dict[Future, Job] = {}
        self._ended: queue.SimpleQueue[Future] = queue.SimpleQueue()

    def finished(self, stop: StopSignal) -> Iterator[Finished]:
        try:
            self._more()
            while self._waiting and not stop.is_set():
                with suppress(queue.Empty):
                    yield from self._taken(self._ended.get(timeout=LOOK))
                self._more()
        except (OSError, CancelledError) as error:
            raise WorkerError(
                f"the cluster went away ({error}): what is done is kept, and the same command goes on"
            ) from error
        self._client.cancel([*self._waiting, *(future for _, future in self._sent.values())])

    def _more(self) -> None:
        room = AHEAD * max(1, len(self._client.nthreads()))
        while len(self._waiting) < room and (job := next(self._left, None)) is not None:
            token, base = self._base(job.base)
            future = self._client.submit(_do, job.case, job.begin, token, base, versions(), pure=False, retries=RETRIES)
            self._waiting[future] = job
            future.add_done_callback(self._ended.put)

    def _base(self, number: int) -> tuple[str, Future]:
        """The base on the cluster; only the one that is worked on is kept there."""
        if number not in self._sent:
            packed = zlib.compress(pickle.dumps(self._bases[number], pickle.HIGHEST_PROTOCOL))
            token = hashlib.blake2b(packed, digest_size=16).hexdigest()
            self._sent = {number: (token, self._client.submit(_packed, packed, pure=False))}
        return self._sent[number]

    def _taken(self, future: Future) -> Iterator[Finished]:
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        job = self._waiting[future]
        try:
            found = future.result(timeout=ANSWER)
        except TimeoutError:  # its worker was lost with the result: it is solved again
            self._ended.put(future)
            return
        except KilledWorker as error:
            problem = f"{LOST} {error.allowed_failures + 1} times while it was solved, on workers of the cluster"
            found = Finished(failed(self._bases[job.base].name, job.case, problem, LOST))
        except MemoryError:
            problem = "the memory of a worker of the cluster was not enough"
            found = Finished(failed(self._bases[job.base].name, job.case, problem, LOST))
        del self._waiting[future]
        yield found


def _packed(base: bytes) -> bytes:
    """A base as a result of the cluster, which is made again where it is lost."""
    return base


_BENCHES = Benches()
_ONE_AT_A_TIME = threading.Lock()


def _do(case: Case, begin: Plan | None, token: str, base: bytes, expected: Mapping[str, str]) -> Finished:
    """Solve a case, on a worker."""
    said = other_versions(expected, {"a worker that joined": versions()})
    if said:
        raise WorkerError(said)
    with _ONE_AT_A_TIME:
        return _BENCHES.do(token, lambda: pickle.loads(zlib.decompress(base)), case, begin=begin)
