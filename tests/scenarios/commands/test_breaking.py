"""``placements scenarios breaks`` on a workbook: answers on the terminal and in a folder, from a process of its own."""

import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.folder import folder_of_results
from allocator.reading import write_workbook
from models.errors import UsageError
from models.run import StopSignal
from scenarios.batch.jobs import Finished, Job
from scenarios.batch.resumed import Resumed
from scenarios.batch.serial import Serial
from scenarios.breaking import Breaking, breaks
from scenarios.running import Base
from tests.cli.inputs import fixed_twice, sheets, workbook
from tests.scenarios.batch import test_keeping
from tests.scenarios.breaking.test_breaks import FORECAST, QUIET
from tests.scenarios.partnership import TODAY, register


class Counted(test_keeping.Counted):
    """Also says what it was given each time, and counts over all times."""

    def __init__(self, until: int = 1000) -> None:
        super().__init__(until)
        self.all: list[list[str]] = []

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        jobs = list(jobs)
        self.all.append([job.case.key for job in jobs])
        yield from super().finished(bases, jobs, stop)
        self.until -= len(jobs)


def test_all_students_withdraw(tmp_path: Path) -> None:
    # Two students with a place each; with 100% both withdraw in every draw, and nobody is left to be placed.
    book, out = tmp_path / "small.xlsx", tmp_path / "out"
    write_workbook(book, sheets())
    quiet = ["--children", "0", "--adults", "0", "--offers", "0", "--agency", "0", "--students", "100"]
    asked = ["scenarios", "breaks", str(book), "--draws", "2", "--workers", "1", "--out", str(out), *quiet]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "2 of 2 requests have a place, and are told." in done.stdout
    answers = json.loads((out / "answers.json").read_text())["answers"]
    assert [a["scenario"] for a in answers] == [
        "breaks", "breaks-draws", "breaks-students", "breaks-rows", "breaks-reserve", "breaks-plan",
    ]  # fmt: skip
    assert ["student withdraws", 2, 2, 2.0, 2, "2"] in answers[0]["table"]["rows"]
    written = {"answers.html", "answers.json", "answers.xlsx"}
    assert {path.name for path in out.iterdir()} == written | {"batch.json", "plans", "results.jsonl"}
    assert not answers[0]["failed"]


def test_a_break_test_that_was_stopped_goes_on_from_its_folder(tmp_path: Path) -> None:
    """What was repaired before is not repaired again, and the answers are those of a break test that was not stopped."""
    base = Base("small", register(Offers=FORECAST), {}, TODAY)
    whole, out = breaks(base, Breaking(draws=3, rates=QUIET), Serial(), threading.Event()), tmp_path / "out"
    stop, first, then = threading.Event(), Counted(4), Counted()
    with folder_of_results(out):
        stopped = breaks(base, Breaking(draws=3, rates=QUIET), Resumed(out, first), stop)
        assert stopped[0].sentence.startswith("Stopped: of 3 draws 1 is repaired.")
        # Three draws at 0 moves, and then at 3: of the last three the last is done, so two are left.
        again = breaks(base, Breaking(draws=3, rates=QUIET), Resumed(out, then), threading.Event())
    assert first.all[:2] == [[f"breaks/{moves} moves#{draw}" for draw in (1, 2, 3)] for moves in (0, 3)]
    assert then.all[0] == first.all[1][:2]
    assert again == whole
    nothing = Counted()
    with folder_of_results(out):
        resumed = Resumed(out, nothing)
        assert breaks(base, Breaking(draws=3, rates=QUIET), resumed, threading.Event()) == whole
    assert not nothing.all
    assert resumed.before > 6
    with folder_of_results(out), pytest.raises(UsageError, match="the scenario 'breaks' asked something else"):
        breaks(base, Breaking(draws=3, seed=5, rates=QUIET), Resumed(out, Serial()), threading.Event())


@pytest.mark.parametrize("command", ["breaks", "horizon", "years"])
def test_an_input_whose_rules_clash_ends_as_a_clash(command: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["scenarios", command, str(workbook(tmp_path, fixed_twice()))])
    assert done.exit_code == 4
    assert "no plan: rules clash: S1/first is fixed to O1" in done.output
