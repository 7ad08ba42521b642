"""Workers that are killed: nothing is lost, nothing is done twice."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from api.store.opening import Store
from api.wire import OVER
from tests.api.jobs.helping import accepted, events, files, over, seen

KILLS = 5


class Workers:
    """Processes of workers on one database, whose runs are done by processes that solve nothing."""

    def __init__(self, url: str) -> None:
        self.url, self.alive = url, list[subprocess.Popen[bytes]]()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.api.jobs.one_worker", self.url, "tests.api.jobs.acting"]
        self.alive.append(subprocess.Popen(command))

    def kill(self) -> None:
        victim = self.alive.pop(0)
        victim.kill()
        victim.wait()

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


def test_a_worker_killed_again_and_again_loses_nothing(store: Store, on_sqlite: Workers) -> None:
    draw = random.Random(1)
    runs = [accepted(store, filename="slow") for _ in range(6)]
    kills = 0
    while kills < KILLS:
        if any(seen(store, run).state == "running" for run in runs):
            time.sleep(draw.uniform(0, 0.4))
            on_sqlite.kill()
            kills += 1
            on_sqlite.start()
            runs.append(accepted(store, filename="slow"))
        time.sleep(0.02)
    for run in runs:
        over(store, run)
        done_once(store, run)


def test_of_two_workers_on_one_postgres_one_is_killed(on_postgres: Workers) -> None:
    store = Store(on_postgres.url)
    try:
        hanging = [accepted(store, filename="hangs once") for _ in range(2)]
        for run in hanging:
            while seen(store, run).state != "running":
                time.sleep(0.02)
        on_postgres.start()  # whose hands are empty
        others = [accepted(store, filename="well") for _ in range(4)]
        over(store, others[0])
        on_postgres.kill()
        for run in (*hanging, *others):
            over(store, run)
            done_once(store, run)
        assert [seen(store, run).attempt for run in hanging] == [2, 2]
    finally:
        store.close()
