"""A watched process: what it says is kept, and beyond its limit it is ended with all that it started."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scenarios.batch import process
from scenarios.batch.watch import Tail

SAYS = """
import json, sys
with open(sys.argv[-2], "a") as stream:
    stream.write(json.dumps({"at": 0, "memory": 1, "clock": "start", "word": sys.argv[1]}) + "\\n")
sys.exit("no luck")
"""


def test_what_a_process_says_and_how_it_ends(tmp_path: Path) -> None:
    ended = process.watched([sys.executable, "-c", SAYS, "three"], 60.0, tmp_path)
    assert [event["word"] for event in ended.said] == ["three"]
    assert (ended.stopped, ended.code, ended.problem) == (False, 1, "no luck")


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
@pytest.mark.parametrize(
    "written", ['{"at": 0, "memory": 1, "clock": "start"}\n', '{"at": 0, "memory": 1, "finished": 1}\n']
)
def test_a_process_beyond_its_limit_is_ended(tmp_path: Path, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # It sleeps for an hour; limit and grace are nothing, so the first look ends it.
    monkeypatch.setattr(process, "GRACE", -1e9)
    monkeypatch.setattr(process, "AFTER", -1e9)
    file = tmp_path / "events.jsonl"
    file.write_text(written)
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session=True)
    stopped, _ = process.wait(started, Tail(file), 0.0, 0.0)
    assert stopped
    assert started.returncode not in (None, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="nothing says so elsewhere")
def test_memory_counts_children_of_every_thread() -> None:
    # The child holds 100 MiB more than Python itself.
    held: list[subprocess.Popen[bytes]] = []
    words = [sys.executable, "-c", "x = bytearray(b'x' * 100 * 2**20); print(flush=True); input()"]

    def start() -> None:
        held.append(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        ended.wait()

    ended = threading.Event()
    before = process.held(os.getpid())
    thread = threading.Thread(target=start)
    thread.start()
    try:
        while not held:
            time.sleep(0.01)
        child = held[0]
        assert child.stdout is not None
        child.stdout.readline()
        after = process.held(os.getpid())
        assert before is not None
        assert after is not None
        assert after - before > 90
    finally:
        ended.set()
        thread.join()
        child.communicate(b"\n")
