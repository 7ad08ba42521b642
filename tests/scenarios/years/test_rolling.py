"""Years one after the other: every plan passes, the same seed gives the same years, and the answers say what happened."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from allocator.reading.reader import read_register, register_of
from allocator.reading.writer import write_register
from allocator.settling.settling import settle
from benchmarks.demonstration import generate
from scenarios.errors import EditError
from scenarios.running import Base
from scenarios.years import Rates, answers_of, rates_of, roll
from scenarios.years.rolling import YearResult
from tests.cli.inputs import placements
from tests.scenarios.partnership import TODAY, rows
from tests.scenarios.years.test_stepping import small

HARSH = Rates(ready=60, passed=60, children_leave=30, adults_leave=30, on_to_peps2=50, intake=120)
BASES = {
    "small": lambda: Base("small", register_of(small()), {}, TODAY),
    "other": lambda: Base("other", register_of(rows()), {}, TODAY),
    "demonstration": lambda: Base("tenth", register_of(generate(3, 0.08)), {}, date(2026, 11, 16)),
}

YEARS = {"small": 4, "other": 3, "demonstration": 2}


@cache
def rolled(name: str, number: int, harsh: bool = False) -> tuple[YearResult, ...]:
    return tuple(roll(BASES[name](), number, HARSH if harsh else Rates(), 1))


@pytest.mark.parametrize(
    ("name", "harsh"), [("small", False), ("small", True), ("other", True), ("demonstration", True)]
)
def test_every_years_plan_passes_and_no_id_is_anothers(name: str, harsh: bool) -> None:
    results = rolled(name, YEARS[name], harsh)
    assert len(results) == YEARS[name]
    seen: dict[str, str] = {}
    for number, result in enumerate(results):
        assert result.outcome.check.passed
        assert result.proved
        new = [i for i in result.dataset.issues if i.level == "set_aside"]
        assert number == 0 or not new
        for student in result.dataset.students:  # an id is one student's in all years
            assert seen.setdefault(student.student, student.programme) == student.programme
        gone = [s for s in seen if s not in result.dataset.student_by_id]
        assert not [s.student for s in result.dataset.students if s.student in gone]
        assert all(result.placed[group] <= result.due[group] for group in result.due)


def test_the_same_seed_gives_the_same_years() -> None:
    again = tuple(roll(BASES["demonstration"](), 2, HARSH, 1))
    assert [r.outcome.plan for r in again] == [r.outcome.plan for r in rolled("demonstration", 2, True)]
    assert [r.register.pages for r in again] == [r.register.pages for r in rolled("demonstration", 2, True)]


def test_a_years_rows_are_a_workbook_that_reads_back_as_the_year(tmp_path: Path) -> None:
    last = rolled("demonstration", 2, True)[-1]
    write_register(tmp_path / "partnership.xlsx", last.register)
    again = settle(read_register(tmp_path / "partnership.xlsx"), {}, date(2030, 1, 1))
    assert again.dataset == last.dataset
    assert again.policy == last.outcome.plan.policy


def test_the_first_year_is_the_base_and_later_ones_are_as_full() -> None:
    # small: 8 due and placed this year; with all well 4 finals (S3, S4 and the new MSW's in a year) and 4 firsts next:
    # S1~1 and S2~1 have first and final (4), S3 and S4 their finals (2), S3~1 and S4~1 their firsts (2): 8.
    well = Rates(ready=100, passed=100, children_leave=0, adults_leave=0)
    results = tuple(roll(BASES["small"](), 4, well, 1))
    assert [r.due.total() for r in results] == [8, 8, 8, 8]
    assert [r.placed.total() for r in results] == [8, 8, 8, 8]
    assert [r.name for r in results] == ["JAN27", "JAN28", "JAN29", "JAN30"]
    capacity, educators, students = answers_of(BASES["small"](), results, well)
    assert "No group's share without a place rises." in capacity.sentence
    assert capacity.table.rows[-2] == ("all", 8, 8, 8, 8, 8, 8, 8, 8)
    assert capacity.chart.kind == "none"
    # trainees: one begins each year, and qualifies in the next if the tiers give them somebody
    assert [r.educators.total() for r in results] == [4, 5, 6, 7]
    assert educators.sentence.startswith("4 PEs in JAN27, 7 in JAN30: 3 began to train, 0 left.")
    assert (
        "12 students are admitted (0 of them not ready at the first attempt), 12 pass their final" in students.sentence
    )
    assert all(a.closed for a in (capacity, educators, students))
    assert capacity.plans == 4


def test_the_sentence_names_the_first_year_and_the_group_in_which_capacity_breaks() -> None:
    # All of A leave in the first year: P1 and N. What A offers names nobody any more, and no PE reaches it: MSW finals in
    # JAN28 (O1~1), MSW firsts in MAY28 (O3~1) and BA finals there (O4~1) are 0 of 2, and were 2 of 2.
    results = tuple(roll(BASES["small"](), 2, Rates(ready=100, passed=100, children_leave=100, adults_leave=0), 1))
    assert [r.placed["MSW", "final"] for r in results] == [2, 0]
    sentence = answers_of(BASES["small"](), results, Rates())[0].sentence
    assert (
        "Capacity breaks first in JAN28, most for MSW firsts (without a place 0 of 2 in JAN27, 2 of 2 then)."
        in sentence
    )
    assert "It breaks for MSW finals (without a place 0 of 2 in JAN27, 2 of 2 then) and BA finals" in sentence


def test_rates_are_checked_and_named() -> None:
    assert rates_of(["passed=98", "intake = 110"]) == Rates(passed=98, intake=110)
    with pytest.raises(EditError, match="Did you mean 'passed'"):
        rates_of(["pased=98"])
    with pytest.raises(EditError, match="passed=101: input should be less than or equal to 100"):
        rates_of(["passed=101"])


def test_the_command_writes_every_years_rows_and_plan(tmp_path: Path) -> None:
    write_register(tmp_path / "small.xlsx", register_of(small(Policy=[{"setting": "as_of", "value": TODAY}])))
    out = tmp_path / "out"
    code, said, problem = placements(
        "scenarios", "years", tmp_path / "small.xlsx", "--years", 2, "--rate", "passed=100", "--out", out
    )
    assert code == 0, problem
    assert "JAN27 8 of 8" in said
    names = {p.name for p in (out / "year-2").iterdir()}
    assert names == {"plan.json", "check.json", "run.json", "data.json", "partnership.xlsx"}
    assert (out / "answers.html").exists()
    code, said, problem = placements("scenarios", "years", tmp_path / "small.xlsx", "--rate", "leave=3")
    assert code != 0
    assert "children_leave" in said + problem
