"""A Dask cluster: scheduler and workers as processes of their own, one of which is killed; nothing is lost."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scenarios.batch import cluster as cluster_module
from scenarios.batch.cluster import Cluster, other_versions
from scenarios.batch.jobs import Job, WorkerError
from scenarios.batch.serial import Serial
from tests.scenarios.batch.small import base, cases, drawn, scenario

DASK = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
LOOPBACK = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")


def _dask(stack: ExitStack, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    errors = stack.enter_context((folder / f"{words[0]}-{time.monotonic()}.txt").open("wb"))
    process = subprocess.Popen([sys.executable, "-m", "dask", *words], stdout=errors, stderr=errors, cwd=folder)

    def end() -> None:
        process.kill()
        process.wait()

    stack.callback(end)
    return process


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler with two workers, and their processes."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    with ExitStack() as stack:
        _dask(stack, folder, "scheduler", *LOOPBACK, "--scheduler-file", str(file))
        until = time.monotonic() + 180
        while not file.exists() or not file.read_text().endswith("}"):
            assert time.monotonic() < until, "no scheduler"
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        worker = ("worker", address, "--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1")
        workers = [_dask(stack, folder, *worker) for _ in range(2)]
        with DASK.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=180)
        yield address, workers


def test_a_worker_is_killed_and_the_results_are_those_of_one_process(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    # Two partnerships with 1 + 3 drawn cases and 1 + 2 of a grid each: 14 cases. While the first results come the
    # cluster has two for each worker, so that the one that is killed has some that nobody took yet.
    address, workers = cluster
    bases = [base(), base("later", Offers={"stage": "final"})]
    asked = [drawn(3), scenario(name="near", grid={"policy.travel_limit": [10, 70]})]
    jobs = [Job(number, case) for number, on in enumerate(bases) for case in cases(on, *asked)]
    assert len(jobs) == 14
    found = []
    for finished in Cluster(address).finished(bases, jobs, threading.Event()):
        found.append(finished)
        if len(found) == 2:
            workers[0].kill()
            workers[0].wait()
    expected = list(Serial().finished(bases, jobs, threading.Event()))
    assert sorted(f.result.key for f in found) == sorted(f.result.key for f in expected)
    by_key = {f.result.key: f for f in found}
    for one in expected:
        same = by_key[one.result.key]
        assert same.result.model_copy(update={"seconds": one.result.seconds}) == one.result
        assert same.plan == one.plan


def test_the_stop_signal_leaves_the_cluster_as_it_is(cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, stop = cluster[0], threading.Event()
    on = base()
    jobs = [Job(0, case) for case in cases(on, drawn(30))]
    done = 0
    for _ in Cluster(address).finished([on], jobs, stop):
        done += 1
        stop.set()
    assert done < 31
    # The cluster takes the next batch.
    assert len(list(Cluster(address).finished([on], jobs[:2], threading.Event()))) == 2


def test_what_cannot_be_used_is_said_before_anything_is_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "ANSWER", 0.5)
    with pytest.raises(WorkerError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        list(Cluster("tcp://127.0.0.1:9").finished([base()], [], threading.Event()))
    ours = {"numpy": "2.0", "program": "aa"}
    assert other_versions(ours, {"tcp://a": {"numpy": "2.0", "program": "aa"}}) == ""
    said = other_versions(ours, {"tcp://b": {"numpy": "2.1"}, "tcp://a": ours})
    assert said == "tcp://b has numpy 2.1, not 2.0; tcp://b has program None, not aa"
