import sys
import time
from collections.abc import Callable
from pathlib import Path

from api.serving.supervising import Supervisor

WRITES_ITS_NUMBER = (
    "import os, sys, time; open(sys.argv[1] + str(os.getpid()), 'w').close(); time.sleep(float(sys.argv[2]))"
)


def until(seen: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < end, "nothing was seen within 30 s"
        time.sleep(0.02)


def alive(process: str) -> bool:
    status = Path("/proc") / process / "status"
    return status.exists() and "State:\tZ" not in status.read_text()


def command(folder: Path, seconds: str) -> tuple[str, ...]:
    return (sys.executable, "-c", WRITES_ITS_NUMBER, f"{folder}/", seconds)


def test_two_workers_are_started_and_ended(tmp_path: Path) -> None:
    with Supervisor(command(tmp_path, "60"), 2, {}):
        until(lambda: len(list(tmp_path.iterdir())) == 2)
    assert not any(alive(path.name) for path in tmp_path.iterdir())


def test_one_that_dies_is_started_again(tmp_path: Path) -> None:
    # Each ends at once; the next is there after a second, twice the first wait.
    with Supervisor(command(tmp_path, "0"), 1, {}):
        until(lambda: len(list(tmp_path.iterdir())) >= 2)


def test_none_are_started_where_none_are_asked_for() -> None:
    with Supervisor(("no-such-program",), 0, {}):
        pass


def test_those_that_listen_are_woken(tmp_path: Path) -> None:
    writes = "import sys; sys.stdin.readline(); open(sys.argv[1] + '/woken', 'w').close(); sys.stdin.readline()"
    with Supervisor((sys.executable, "-c", writes, str(tmp_path)), 1, {}) as supervisor:

        def woken() -> bool:
            supervisor.wake()
            return (tmp_path / "woken").exists()

        until(woken)
