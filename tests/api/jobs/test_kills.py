"""Workers and processes of runs that are killed: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from api.store.opening import Store
from api.wire import OVER
from tests.api.jobs.helping import accepted, events, files, over, seen

KILLED = ("worker", "child", "worker", "child", "child")


class Workers:
    """Processes of workers on one database, whose runs are done by processes that solve nothing."""

    def __init__(self, url: str) -> None:
        self.url, self.alive = url, list[subprocess.Popen[bytes]]()

    def start(self) -> None:
        self.alive.append(subprocess.Popen([sys.executable, "-m", "tests.api.jobs.one_worker", self.url]))

    def kill_worker(self) -> None:
        victim = self.alive.pop(0)
        victim.kill()
        victim.wait()

    def children(self) -> list[int]:
        """The processes of runs."""
        found = []
        for task in Path(f"/proc/{self.alive[0].pid}/task").iterdir():
            with suppress(OSError):
                found += [int(pid) for pid in (task / "children").read_text(encoding="utf-8").split()]
        return found

    def kill_child(self) -> None:
        """Kill the process of a run; one that was found may have ended by itself before, and is none that was killed."""
        while True:
            for pid in self.children():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return
            time.sleep(0.02)

    def end(self) -> None:
        for process in self.alive:
            process.terminate()
        for process in self.alive:
            process.wait()


def working(url: str) -> Iterator[Workers]:
    workers = Workers(url)
    workers.start()
    yield workers
    workers.end()


@pytest.fixture
def on_sqlite(store: Store) -> Iterator[Workers]:
    yield from working(store.url)


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Workers]:
    yield from working(postgres_url)


def done_once(store: Store, run: str) -> None:
    ends = [e for e in events(store, run, "state") if e["state"] in OVER]
    found = seen(store, run)
    assert [e["attempt"] for e in ends] == [found.attempt]
    assert found.state == "complete"
    assert files(store, run) == {"plan.json": str(found.attempt).encode()}


def until_running(store: Store, runs: list[str]) -> None:
    """Wait until one of the runs is worked on; where all are done, there is one more."""
    while not any(seen(store, run).state == "running" for run in runs):
        if all(seen(store, run).state == "complete" for run in runs):
            runs.append(accepted(store, filename="slow"))
        time.sleep(0.02)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="processes of runs are looked for where Linux has them"
)
def test_five_kills_lose_nothing_and_nothing_is_done_twice(store: Store, on_sqlite: Workers) -> None:
    runs = [accepted(store, filename="slow") for _ in range(2)]
    for victim in KILLED:
        until_running(store, runs)
        if victim == "worker":
            on_sqlite.kill_worker()
            on_sqlite.start()
        else:
            on_sqlite.kill_child()
    for run in runs:
        over(store, run)
        done_once(store, run)


def test_what_a_worker_has_begun_at_once_is_taken_over_when_it_is_killed(store: Store, on_sqlite: Workers) -> None:
    # an effect, as nobody else has asked for one, is not in the queue before it is begun
    looked = accepted(store, kind="effect", filename="hangs once")
    until_running(store, [looked])
    on_sqlite.kill_worker()
    on_sqlite.start()
    over(store, looked)
    done_once(store, looked)
    assert seen(store, looked).attempt == 2


def test_two_workers_who_are_free_do_not_both_begin_what_somebody_waits_for(store: Store, on_sqlite: Workers) -> None:
    on_sqlite.start()
    for _ in range(5):
        looked = accepted(store, kind="effect", filename="well")
        over(store, looked)
        done_once(store, looked)
        assert seen(store, looked).attempt == 1


def test_of_two_workers_on_one_postgres_one_is_killed(on_postgres: Workers) -> None:
    store = Store(on_postgres.url)
    try:
        hanging = accepted(store, filename="hangs once")
        until_running(store, [hanging])
        on_postgres.start()  # whose hands are empty
        other = accepted(store, filename="well")
        over(store, other)
        on_postgres.kill_worker()
        for run in (hanging, other):
            over(store, run)
            done_once(store, run)
        assert seen(store, hanging).attempt == 2
    finally:
        store.close()
