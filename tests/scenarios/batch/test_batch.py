"""A batch: the same results whichever the executor; what a case does stays its own; it goes on where it was."""

import threading
from pathlib import Path
from typing import Any

import pytest

from scenarios.batch.jobs import Job
from scenarios.batch.processes import Processes
from scenarios.batch.serial import Serial
from scenarios.model import Case, Scenario
from scenarios.running import Bench
from tests.scenarios.batch.small import base, batch, cases, contents, drawn, scenario


def test_results_are_the_same_whatever_the_executor_and_the_number_of_workers(tmp_path: Path) -> None:
    # Two partnerships, two scenarios: 1 + 4 drawn cases and 1 + 3 of a grid on each, 18 in all.
    bases = [base(), base("later", Offers={"stage": "final"})]
    asked = [drawn(4), scenario(name="near", grid={"policy.travel_limit": [10, 40, 70]})]
    serial = batch(tmp_path / "serial", Serial(), bases, asked)
    beside = batch(tmp_path / "beside", Processes(2), bases, asked)
    assert (serial.left, beside.left) == (0, 0)
    assert len(list(serial.kept.results())) == 18
    assert contents(tmp_path / "beside") == contents(tmp_path / "serial")


def test_a_fault_in_a_case_is_told_in_its_row_and_sinks_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Bench.run

    def faulty(self: Bench, case: Case, *others: Any) -> object:
        if case.draw == 2:
            raise KeyError("no such key")
        return run(self, case, *others)

    monkeypatch.setattr(Bench, "run", faulty)
    on = base()
    jobs = [Job(0, case) for case in cases(on, drawn(3))]
    found = [f.result for f in Serial().finished([on], jobs, threading.Event())]
    problems = {r.draw: r.problem for r in found}
    assert [draw for draw, problem in problems.items() if problem] == [2]
    assert "a fault of the program, not of the scenario: KeyError: 'no such key' (test_batch.py" in str(problems[2])


def test_a_scenario_whose_cases_cannot_be_made_is_a_row_that_fails_until_they_can(tmp_path: Path) -> None:
    # No PE of the small partnership is employed by an agency Z; in the second run the scenario reads those of A.
    def asked(agency: str) -> Scenario:
        where = {"sheet": "Educators", "column": "pe", "where": {"employed_by": agency}}
        leaves = [{"edit": "leave", "sheet": "Educators", "where": {"pe": "{pe}"}}]
        return scenario(name="leaves", grid={"pe": where}, edits=leaves)

    other = scenario(name="near")
    first = list(batch(tmp_path, Serial(), [base()], [asked("Z"), other]).kept.results())
    assert [(r.scenario, r.case) for r in first] == [("leaves", "leaves"), ("near", "as it is")]
    assert "no row of Educators has employed_by 'Z'" in str(first[0].problem)
    assert first[1].problem is None
    again = list(batch(tmp_path, Serial(), [base()], [asked("A"), other]).kept.results())
    assert [(r.case, r.problem) for r in again] == [("as it is", None), ("pe=PE1", None), ("as it is", None)]
