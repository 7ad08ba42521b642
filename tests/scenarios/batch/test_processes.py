"""Worker processes: one that dies loses nothing, and none is left when the batch stops."""

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from scenarios.batch import processes
from scenarios.batch.jobs import Job, WorkerError
from scenarios.batch.processes import Processes
from scenarios.model import Case
from scenarios.results import LOST
from tests.scenarios.batch import odd_worker

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    mark = tmp_path / "mark"
    monkeypatch.setattr(processes, "MODULE", odd_worker.__name__)
    monkeypatch.setenv("ODD_MARK", str(mark))
    return mark


STUBS: Any = [odd_worker.Stub()]


def _named(*names: str) -> list[Job]:
    return [Job(0, Case(scenario="odd", name=name)) for name in names]


@unix
def test_a_case_whose_process_dies_is_tried_again_and_fails_alone_after_three(odd: Path) -> None:
    jobs = _named("first", odd_worker.DIES_ONCE, odd_worker.SAYS, odd_worker.DIES, "last")
    found = list(Processes(1).finished(STUBS, jobs, threading.Event()))
    assert [f.result.case for f in found] == [job.case.name for job in jobs]
    assert odd.exists()
    assert [f.result.case for f in found if f.result.stopped == LOST] == [odd_worker.DIES]
    assert found[3].result.problem == (
        "the process ended 3 times while it was solved; at last: the process ended with -9: killed by the system, most "
        "likely for want of memory"
    )
    assert [f.plan for f in found] == [None if f.result.stopped else f.result.case.encode() for f in found]


@unix
def test_the_stop_signal_ends_processes_and_leaves_what_is_done(odd: Path) -> None:
    # Two workers: one waits for ever, the other does one case and then takes the second that waits.
    stop, found, before = threading.Event(), [], threading.active_count()
    for finished in Processes(2).finished(STUBS, _named(odd_worker.WAITS, "done", odd_worker.WAITS, "never"), stop):
        found.append(finished.result.case)
        stop.set()
    assert found == ["done"]
    assert threading.active_count() == before


def test_a_process_that_cannot_start_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "MODULE", "scenarios.no_such_module")
    with pytest.raises(WorkerError, match=r"did not come to its start: .*No module named"):
        list(Processes(1).finished(STUBS, _named("one"), threading.Event()))
