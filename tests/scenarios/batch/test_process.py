"""A watched process: what it says is kept, and beyond its limit it is ended with all that it started."""

import subprocess
import sys
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
