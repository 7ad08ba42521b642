"""A run from outside: what is put together of what it said, and that a run beyond its limit is stopped."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import runs
from benchmarks.runs import Order, record
from benchmarks.subjects import ROOT
from models.errors import UsageError
from scenarios.batch.process import Ended
from scenarios.batch.watch import Tail

ORDER = Order("tiny", "engine", 5.0)
AROUND = {"kind": "partnership", "machine": {}}


def at(moment: float, held: float, /, **event: object) -> dict[str, object]:
    return {"at": moment, "memory": held, **event}


def test_a_whole_run() -> None:
    said = (
        at(0.5, 50, phase="start", seconds=0.5),
        at(0.6, 60, facts={"memory_after_import": 60}),
        at(1.6, 70, phase="read", seconds=1.0),
        at(1.6, 70, clock="start"),
        at(2.0, 90, sample={"seconds": 0.4, "placed": 3}),
        at(2.6, 90, clock="stop", seconds=1.0),
        at(2.6, 90, facts={"status": "complete"}),
        at(2.7, 95, finished=True),
        # After the run: the report, and the cells read once more, in 0.3 of the 1.0 seconds that reading took.
        at(5.0, 300, phase="report", seconds=2.0),
        at(5.1, 300, facts={"opening": 0.3, "pairs": 7}),
    )
    line = record(ORDER, AROUND, Ended(said, 110))
    assert list(line["phases"].items()) == [("start", 0.5), ("read", 0.3), ("validate", 0.7), ("report", 2.0)]
    assert line["seconds"] == {"total": 2.7, "solving": 1.0}
    # What comes after the run counts neither in its time nor in its memory.
    assert line["memory"] == {"after_import": 60, "after_reading": None, "peak": 95, "with_children": 110}
    assert (line["status"], line["pairs"], line["quality"]) == ("complete", 7, [{"seconds": 0.4, "placed": 3}])
    assert (line["size"], line["method"], line["rule"], line["kind"]) == ("tiny", "engine", "given", "partnership")
    assert "opening" not in line


def test_equal_phases_add_up() -> None:
    said = (at(1, 1, phase="tier firm", seconds=0.5), at(2, 1, phase="tier firm", seconds=1))
    line = record(ORDER, AROUND, Ended(said))
    assert line["phases"] == {"tier firm": 1.5}


def test_a_stopped_run_keeps_what_it_had() -> None:
    said = (at(1, 70, clock="start"), at(3, 80, sample={"seconds": 2, "placed": 4}))
    line = record(ORDER, AROUND, Ended(said, 90, stopped=True, code=-9))
    assert (line["status"], line["problem"]) == ("not in time", "stopped at its limit")
    assert line["quality"] == [{"seconds": 2, "placed": 4}]
    assert line["seconds"] == {"total": None, "solving": None}


def test_a_run_that_dies_names_its_last_words() -> None:
    line = record(
        ORDER, AROUND, Ended((at(1, 70, clock="start"),), 90, code=1, errors="Traceback\nMemoryError: too large\n")
    )
    assert (line["status"], line["problem"]) == ("failed", "MemoryError: too large")
    assert record(ORDER, AROUND, Ended(code=-11))["problem"] == "the process ended with -11"
    assert "for want of memory" in record(ORDER, AROUND, Ended(code=-9))["problem"]  # nobody else ends a run so


def test_a_run_that_failed_by_its_own_word_keeps_that_word() -> None:
    said = (at(1, 70, facts={"status": "failed", "problem": "ValueError: no"}),)
    assert record(ORDER, AROUND, Ended(said))["problem"] == "ValueError: no"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="it looks into /proc")
def test_nothing_goes_on_when_a_study_is_killed(tmp_path: Path) -> None:
    # A study that starts a run of an hour and is killed at once; the run's file of events then stands still.
    words = ["tiny", "1", "greedy_orders", "3600", str(tmp_path / "events.jsonl"), "0"]
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-m', 'benchmarks.worker', *{words}])"
    study = subprocess.Popen([sys.executable, "-c", starts], cwd=ROOT, start_new_session=True)
    tail = Tail(tmp_path / "events.jsonl")
    while study.poll() is None and not any("clock" in event for event in tail.fresh()):
        time.sleep(0.05)
    worker = Path(f"/proc/{study.pid}/task/{study.pid}/children").read_text(encoding="utf-8").split()[0]
    study.kill()
    study.wait()
    for _ in range(200):
        if not runs_on(worker):
            break
        time.sleep(0.05)
    assert not runs_on(worker)


def runs_on(process: str) -> bool:
    status = Path(f"/proc/{process}/status")
    try:
        return "State:\tZ" not in status.read_text(encoding="utf-8")  # ended, and nobody has asked how
    except OSError:
        return False


def test_one_run_in_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    line = runs.run(Order("tiny", "greedy", 60))
    assert (line["status"], line["check"]) == ("complete", {"passed": True, "violations": 0})
    assert line["placed"]["matches"] <= line["live"]
    assert line["seconds"]["solving"] <= line["seconds"]["total"]
    assert {"start", "read", "validate", "check"} <= line["phases"].keys()
    assert line["machine"]["cores"] >= 1
    assert line["versions"]["python"]
    assert line["busy_elsewhere"] is None or line["busy_elsewhere"] <= line["machine"]["cores"] + 0.5
    assert len(line["input_digest"]) == 32


def test_a_run_of_nothing() -> None:
    with pytest.raises(UsageError, match=r"moon cannot be made: .*no size moon"):
        runs.run(Order("moon", "greedy", 1))
    assert runs.run(Order("tiny", "read", 1))["problem"] == "UsageError: read takes sheet, tiny is partnership"
