import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from api.jobs import children
from api.jobs.children import Child, Children, Ended
from api.jobs.orders import Order


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "MODULE", "tests.api.jobs.light")


def ended(
    run: str, seconds: float = 60, *, megabytes: int = 600, leaving: bool = False, by: Child | None = None
) -> Ended:  # fmt: skip
    asked = threading.Event()
    if leaving:
        asked.set()
    order = Order(
        database="sqlite://", run=run, attempt=1, seconds=600, megabytes=megabytes, folder=Path(), stay=by is not None
    )  # fmt: skip
    return (by or Child()).carry_out(order, seconds, asked)


def test_done() -> None:
    assert ended("well") == Ended("done")


def test_a_process_that_fails_says_why_in_its_last_line() -> None:
    assert ended("fails") == Ended("died", "its process ended with 1: no such luck")


def test_a_process_that_the_system_ends_is_told_by_the_signal() -> None:
    assert ended("kills itself") == Ended("died", "its process was ended by the system (SIGKILL)")


def test_what_takes_too_long_or_whose_worker_leaves_is_ended() -> None:
    assert ended("hangs", 0.2) == Ended("late")
    assert ended("hangs", leaving=True) == Ended("ended")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_memory_beyond_the_limit_is_refused() -> None:
    # 10 GB in pieces of 10 MB, of which 100 MB are allowed
    assert ended("full", megabytes=100) == Ended("full")


def test_a_library_that_gets_no_memory_ends_the_process_and_is_known_by_its_words() -> None:
    assert ended("bad_alloc") == Ended("full")


def test_one_is_ready_for_the_next_run() -> None:
    ready = Children()
    ready.prepare()
    first = ready.take()
    second = ready.take()
    assert first.pid != second.pid
    assert first.is_alive
    for child in (first, second):
        child.end()
    ready.prepare()
    ready.close()
    ready.prepare()
    assert not ready.take().carry_out(
        Order(database="sqlite://", run="well", attempt=1, seconds=1, megabytes=600, folder=Path()), 60, threading.Event()
    ).reason  # fmt: skip


def test_one_that_stays_has_the_next_run_too_until_one_ends_it() -> None:
    children = Children()
    child = children.take_again()
    assert not child.has_worked
    assert ended("stays", by=child) == Ended("done")
    assert child.is_alive
    assert child.has_worked
    children.put_back(child, 1_000_000)
    assert children.take_again() is child
    assert ended("stays", by=child) == Ended("done")
    assert ended("fails", by=child) == Ended("died", "its process ended with 1: no such luck")
    assert not child.is_alive
    children.put_back(child, 1_000_000)
    other = children.take_again()
    assert other is not child
    other.end()


def test_what_takes_much_or_is_not_needed_does_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Children()
    large, forgotten, second, last = (Child() for _ in range(4))
    waiting.put_back(large, 0)  # whatever it has taken is as much
    waiting.put_back(forgotten, 1_000_000)
    waiting.put_back(second, 1_000_000)  # there is one
    assert [child.is_alive for child in (large, forgotten, second)] == [False, True, False]
    waiting.expire()
    assert forgotten.is_alive
    monkeypatch.setattr(children, "STAYS", 0)
    waiting.expire()
    assert not forgotten.is_alive
    waiting.put_back(last, 1_000_000)
    waiting.close()
    assert not last.is_alive


def test_it_ends_with_whoever_started_it() -> None:
    program = (
        "import os, time\nfrom api.jobs import children\nchildren.MODULE = 'tests.api.jobs.light'\n"
        "child = children.Child()\nprint(child.pid, flush=True)\ntime.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.kill()
    until = time.monotonic() + 30
    while _is_there(pid):
        assert time.monotonic() < until
        time.sleep(0.05)


def _is_there(pid: int) -> bool:
    with suppress(OSError, IndexError):
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return False
        os.kill(pid, 0)
        return True
    return False
