"""A folder of results: it goes on where a batch was stopped or killed, and never mixes results of different things."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest

from allocator.results import written_plan
from models.errors import UsageError
from models.run import StopSignal
from scenarios.batch.batch import jobs_of, with_plans
from scenarios.batch.jobs import Finished, Job, failed
from scenarios.batch.keeping import day_of, plan_path, safe
from scenarios.batch.serial import Serial
from scenarios.model import Case
from scenarios.results import LOST
from scenarios.running import Base, digest_of
from tests.cli.inputs import workbook
from tests.scenarios.batch.small import base, batch, contents, drawn, scenario


class Counted(Serial):
    """Says what it was given, and is stopped after so many."""

    def __init__(self, until: int = 1000) -> None:
        self.until = until
        self.given: list[str] = []

    def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
        jobs = list(jobs)
        self.given = [job.case.key for job in jobs]
        # Last first, so that the order of the rows cannot be that of running.
        for number, finished in enumerate(super().finished(bases, jobs[::-1], stop), 1):
            yield finished
            if number == self.until:
                stop.set()


def test_a_batch_that_was_stopped_goes_on_and_ends_as_one_that_was_not(tmp_path: Path) -> None:
    on, asked = base(), [drawn(5), scenario(name="near", grid={"policy.travel_limit": [10, 70]})]
    whole = batch(tmp_path / "whole", Serial(), [on], asked)
    assert whole.left == 0
    # 1 + 5 and 1 + 2 cases: after 4 are done 5 are left. The tables hold what is done.
    first = batch(tmp_path / "stopped", Counted(4), [on], asked)
    assert first.left == 5
    assert len(pd.read_csv(tmp_path / "stopped" / "results.csv")) == 4
    rest = Counted()
    assert batch(tmp_path / "stopped", rest, [on], asked).left == 0
    assert rest.given == [r.key.removeprefix("small/") for r in whole.kept.results()][:5]
    assert contents(tmp_path / "stopped") == contents(tmp_path / "whole")
    nothing = Counted()
    batch(tmp_path / "stopped", nothing, [on], asked)
    assert nothing.given == []


def test_a_killed_batch_goes_on_with_the_same_results(tmp_path: Path) -> None:
    book, library, out = workbook(tmp_path), tmp_path / "half.toml", tmp_path / "out"
    library.write_text(
        'question = "Half?"\n[draws]\nnumber = 40\n[[edits]]\nedit = "scale"\nsheet = "Offers"\npercent = 50\n'
    )
    words = [sys.executable, "-m", "allocator", "scenarios", "run", str(library), str(book), "--out", str(out)]
    rows = out / "results.jsonl"
    process = subprocess.Popen([*words, "--workers", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until = time.monotonic() + 180
    while not rows.exists() or rows.read_bytes().count(b"\n") < 3:
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    process.kill()
    process.communicate()
    done = rows.read_bytes().count(b"\n")
    with rows.open("a") as stream:
        stream.write('{"case_digest": "ab", "scena')  # as a kill in the midst of a line would leave it
    from scenarios.files import read_library

    asked, day = read_library(library), day_of(out)
    rest = Counted()
    on = Base.read(book, {}, day)
    assert batch(out, rest, [on], asked).left == 0
    assert 41 - done - 1 <= len(rest.given) <= 41 - done  # a row may have been on its way
    batch(tmp_path / "whole", Serial(), [on], asked)
    assert contents(out) == contents(tmp_path / "whole")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    on, asked, out = base(), [scenario(grid={"policy.travel_limit": [10]})], tmp_path / "out"
    batch(out, Serial(), [on], asked)
    before = contents(out)
    fewer = base(Offers=[])
    with pytest.raises(UsageError, match=r"the base 'small' differs in Offers\. Name another folder with --out"):
        batch(out, Serial(), [fewer], asked)
    with pytest.raises(UsageError, match="the base 'small' differs in settings"):
        batch(out, Serial(), [on._replace(settings={"travel_limit": "90"})], asked)
    changed = scenario(grid={"policy.travel_limit": [10]}, policy={"minutes_public": "1"})
    with pytest.raises(UsageError, match="the scenario 'fewer' asked something else"):
        batch(out, Serial(), [on], [changed])
    assert contents(out) == before
    # More of the same scenario, another scenario and another base are added; what is not asked for now stays behind.
    more = Counted()
    batch(out, more, [on], [scenario(grid={"policy.travel_limit": [5, 10]})])
    assert more.given == ["fewer/travel_limit=5"]
    other = Counted()
    kept = batch(out, other, [base("later")], [scenario(name="near")]).kept
    assert other.given == ["near/as it is"]
    keys = ["later/near/as it is", "small/fewer/as it is", "small/fewer/travel_limit=5", "small/fewer/travel_limit=10"]
    assert [r.key for r in kept.results()] == keys


def test_what_was_lost_is_tried_again(tmp_path: Path) -> None:
    on, asked, out = base(), [drawn(1)], tmp_path / "out"

    class Dying(Serial):
        def finished(self, bases: Sequence[Base], jobs: Iterable[Job], stop: StopSignal) -> Iterator[Finished]:
            for finished in super().finished(bases, jobs, stop):
                row = failed(bases[0].name, next(j.case for j in jobs if j.case.draw), f"{LOST} 3 times", LOST)
                yield Finished(row) if finished.result.draw else finished

    lost = batch(out, Dying(), [on], asked)
    assert [r.problem for r in lost.kept.results()] == [None, "the process ended 3 times"]
    (out / "plans" / "small" / "fewer" / safe("as it is")).with_suffix(".json").unlink()
    # A process that died may live next time; and a plan that somebody removed is missed.
    again = Counted()
    batch(out, again, [on], asked)
    assert again.given == ["fewer/as it is", "fewer/fewer#1"]
    batch(tmp_path / "whole", Serial(), [on], asked)
    assert contents(out) == contents(tmp_path / "whole")


def test_every_plan_stands_beside_its_row(tmp_path: Path) -> None:
    kept = batch(tmp_path, Serial(), [base()], [drawn(2)]).kept
    for result in kept.results():
        path = tmp_path / plan_path(result)
        assert (path.suffix == ".gz") == bool(result.draw)
        plan = written_plan(path)
        assert plan is not None
        assert digest_of(plan) == result.digest
        assert (len(plan.matches), plan.tiers) == (result.placed, result.tiers)
    assert len(list((tmp_path / "plans").rglob("*.json*"))) == 3
    cut = next((tmp_path / "plans").rglob("*.gz"))
    cut.write_bytes(cut.read_bytes()[:-20])
    assert written_plan(cut) is None
    about = json.loads((tmp_path / "batch.json").read_text())
    assert about["seeds"] == {"fewer": 7}
    assert {"highspy", "program", "python"} <= about["versions"].keys()


def test_a_plan_that_is_frozen_goes_along_and_tells_cases_apart_by_what_it_is(tmp_path: Path) -> None:
    on, file, out = base(), tmp_path / "plan.json", tmp_path / "out"
    as_it_is = next(Serial().finished([on], [Job(0, Case(scenario="a", name="a"))], threading.Event()))
    file.write_bytes(as_it_is.plan or b"")
    frozen = scenario(edits=[{"edit": "freeze", "plan": str(file)}])
    jobs = jobs_of([(on, [frozen])])
    sent = with_plans([on], jobs)
    moved = file.rename(tmp_path / "other.json")
    # Where no worker sees the file, the plan is there.
    found = list(Serial().finished(sent, jobs, threading.Event()))
    assert [f.result.problem for f in found] == [None, None]
    moved.rename(file)
    batch(out, Serial(), [on], [frozen])
    elsewhere = file.rename(tmp_path / "other.json")
    again = Counted()
    batch(out, again, [on], [scenario(edits=[{"edit": "freeze", "plan": str(elsewhere)}])])
    assert again.given == []


def test_tables_have_their_types_again(tmp_path: Path) -> None:
    odd = scenario(
        name="odd", variants=[{"name": "none", "policy": {"as_of": "some day"}}],
        grid={"policy.travel_limit": [10, 70]}, answer={"measures": [{"name": "placed", "by": "agency"}, {"name": "firm"}]},
    )  # fmt: skip
    rows = batch(tmp_path, Serial(), [base()], [odd, drawn(1)]).kept.results()
    assert [r.case for r in rows if r.problem] == ["none, travel_limit=10", "none, travel_limit=70"]
    table = pd.read_csv(tmp_path / "results.csv").convert_dtypes()
    whole = ["draw", "seed", "placed", "requests", "measure firm", "measure firm of", "parameter policy.travel_limit"]
    assert {str(table[column].dtype) for column in whole} == {"Int64"}
    assert str(table["proved"].dtype) == "boolean"
    assert list(table.columns[-4:]) == ["done", "digest", "seconds", "plan"]
    groups = pd.read_csv(tmp_path / "measures.csv").convert_dtypes()
    of_agencies = groups[groups["measure"] == "placed by agency"]
    placed = table[table["scenario"] == "odd"].set_index("case")["placed"]
    assert of_agencies.groupby("case")["part"].sum().to_dict() == placed[placed > 0].to_dict()


def test_names_of_files_suit_every_system() -> None:
    assert [safe(name) for name in ("as it is", "travel_limit=70, x=1")] == ["as it is", "travel_limit=70, x=1"]
    names = ["as it is", "As it is", "CON", "con", "a/b", "a\\b", "..", "", "é" * 300, "x" * 300, "ends.", "MSW", "msw"]
    made = [safe(name) for name in names]
    assert len({name.casefold() for name in made}) == len(names)
    assert all(len(name) <= 80 and name.isascii() and not set(name) & set('<>:"/\\|?*') for name in made)
    assert not {"con", "..", "."} & set(made)
    assert not any(name.endswith((".", " ")) for name in made)


def test_two_bases_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two bases are called 'small'"):
        batch(tmp_path, Serial(), [base(), base()], [drawn(1)])


def test_ctrl_c_writes_what_is_done(tmp_path: Path) -> None:
    book, library, out = workbook(tmp_path), tmp_path / "half.toml", tmp_path / "out"
    library.write_text(
        'question = "Half?"\n[draws]\nnumber = 3000\n[[edits]]\nedit = "scale"\nsheet = "Offers"\npercent = 50\n'
    )
    words = [sys.executable, "-m", "allocator", "scenarios", "run", str(library), str(book), "--out", str(out)]
    process = subprocess.Popen([*words, "--workers", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    rows = out / "results.jsonl"
    until = time.monotonic() + 180
    while not rows.exists() or rows.read_bytes().count(b"\n") < 3:
        assert time.monotonic() < until
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=180)
    assert process.returncode == 5
    assert "cases are still to do. The same command goes on from here." in said.replace("\n", " ")
    assert "Stopping" in errors
    assert len(pd.read_csv(out / "results.csv")) == rows.read_bytes().count(b"\n")
    assert not (out / ".lock").exists()
