"""Folders of answers, plans and folders of results beside each other: each number can be counted by hand."""

import threading
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.folder import folder_of_results
from models.errors import UsageError
from scenarios.answers import answered
from scenarios.answers.words import spread
from scenarios.batch.batch import jobs_of, run_batch
from scenarios.batch.jobs import digest
from scenarios.batch.serial import Serial
from scenarios.comparing import opened, side_by_side
from scenarios.model import Scenario
from scenarios.report.writing import write_answers
from scenarios.running import Base
from tests.scenarios.partnership import TODAY, register, row

WITHOUT = Scenario.model_validate(
    {
        "name": "offers", "question": "Without an offer?",
        "answer": {"measures": [{"name": "placed"}, {"name": "placed", "by": "agency"}]},
        "variants": [
            {"name": "without O1", "edits": [{"edit": "remove", "sheet": "Offers", "where": {"offer": "O1"}}]},
            {"name": "without O2", "edits": [{"edit": "remove", "sheet": "Offers", "where": {"offer": "O2"}}]},
        ],
    }
)  # fmt: skip
TWO_AT_ONCE: dict[str, Any] = {"Educators": row("Educators", "P2", load=2)}
"""P2 may have two students: S3 is at O2, too, and all three are placed."""


def folder(path: Path, scenario: Scenario = WITHOUT, name: str = "small", **rows: Any) -> Path:
    """A folder as the command writes it."""
    base = Base(name, register(**rows), {}, TODAY)
    with folder_of_results(path):
        batch = run_batch(path, [base], jobs_of([(base, [scenario])]), Serial(), threading.Event())
        write_answers(path, "What if", [answered(scenario, name, list(batch.kept.results()))])
    return path


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    made = tmp_path_factory.mktemp("both")
    return folder(made / "before"), folder(made / "after", name="later", **TWO_AT_ONCE)


def test_folders_of_answers_are_compared_case_by_case(both: tuple[Path, Path]) -> None:
    # P2 takes one at once: S1 at O2, S2 at O1, nobody for S3, and S3's is the second place of O2. Without O1 S2 has
    # none, without O2 neither S1 nor S3 has.
    cases, measures, tiers, people, answers = side_by_side([opened(path) for path in both])
    assert cases.sentence == (
        "3 cases are in both before and after; in 1 of 3 with a plan in both everybody has the same. "
        "Requests with a place, before then after: as it is, 2 of 3, then 3 of 3 (+1); "
        "without O1, 1 of 3, then 2 of 3 (+1)."
    )
    assert cases.table.rows[1:] == (
        ("without O1", 1, 1, 3, 33.3, 2, 3, 66.7, 1), ("without O2", 1, 1, 3, 33.3, 1, 3, 33.3, 0),
    )  # fmt: skip
    assert cases.chart.labels == ("as it is", "without O1")
    assert [series.values for series in cases.chart.series] == [(2.0, 1.0), (3.0, 2.0)]
    # of all and of agency A in each of three cases; without O2 both are the same
    assert measures.sentence == "4 of 6 numbers that both have differ."
    assert ("without O1", "placed by agency A", "after", 1, 1, 2, 2) in measures.table.rows
    assert "better in 2 and worse in 0; in 1 every tier that both have is the same" in tiers.sentence
    assert people.table.rows == (("as it is", "after", 1, 0, 0, 0, 0), ("without O1", "after", 1, 0, 0, 0, 0))
    assert answers.sentence.startswith("1 of 1 questions that are answered more than once have another sentence")
    assert cases.plans == 6
    assert cases.closed


def test_a_plan_is_set_against_every_case(both: tuple[Path, Path]) -> None:
    # The plan without O1, whose data are not beside it, places 1: as it is 2 are placed, without O2 1.
    alone = opened(both[0] / "plans" / "small" / "offers" / f"without o1~{digest('without O1')[:8]}.json")
    assert alone.alone is not None
    first = side_by_side([alone, opened(both[0])])[0]
    assert [row[-1] for row in first.table.rows] == [1, 0, 0]
    assert "; in 1 of 3 with a plan in both everybody has the same" in first.sentence
    # and two plans without their data are compared, too
    assert side_by_side([alone, alone])[0].sentence.endswith(
        "As many requests have a place: the plan, 1 of 3, then 1 of 3 (0)."
    )


def test_draws_are_told_by_median_and_range(tmp_path: Path) -> None:
    half = {"edit": "scale", "sheet": "Offers", "percent": 50}
    drawn = {"name": "half", "question": "Half?", "edits": [half], "draws": {"number": 4}}
    scenario = Scenario.model_validate(drawn)
    before = folder(tmp_path / "before", scenario)
    after = folder(tmp_path / "after", scenario, **TWO_AT_ONCE)
    sides = [opened(before), opened(after)]
    placed = [[r.placed for r in side.cases.values() if r.draw] for side in sides]
    cases, *_ = side_by_side(sides)
    told = next(row for row in cases.table.rows if row[0] == "half")
    assert told == ("half", 4, spread(placed[0]), 3, None, spread(placed[1]), 3, None, told[-1])
    assert told[-1] == median(b - a for a, b in zip(*placed, strict=True))


def test_cases_that_one_side_has_not_or_without_a_plan_are_named(both: tuple[Path, Path], tmp_path: Path) -> None:
    other = WITHOUT.model_copy(update={"variants": (WITHOUT.variants[0].model_copy(update={"name": "new"}),)})
    first = side_by_side([opened(both[0]), opened(folder(tmp_path / "other", other))])[0]
    assert first.sentence.endswith("Only in before: without O1 and without O2. Only in other: new.")
    edit = {"edit": "remove", "sheet": "Offers", "where": {"offer": "O9"}}
    bad = WITHOUT.model_validate(WITHOUT.model_dump() | {"variants": [{"name": "without O1", "edits": [edit]}]})
    first = side_by_side([opened(both[0]), opened(folder(tmp_path / "bad", bad))])[0]
    assert first.failed == (
        "bad, without O1: offers: edits[1] remove: no row of Offers has offer 'O9'. 'O9' is not on Offers. "
        "Mend the selection, or write may_be_empty = true.",
    )
    assert ("without O1", 1, 1, 3, 33.3, None, None, None, None) in first.table.rows


def test_bases_are_told_apart_where_a_folder_has_several(tmp_path: Path) -> None:
    def made(name: str, *bases: Base) -> Path:
        with folder_of_results(tmp_path / name):
            run_batch(tmp_path / name, bases, jobs_of((b, [WITHOUT]) for b in bases), Serial(), threading.Event())
        return tmp_path / name

    north, south = (Base(name, register(), {}, TODAY) for name in ("north", "south"))
    first = side_by_side([opened(made("two", north, south)), opened(made("one", south))])[0]
    assert first.sentence.startswith("3 cases are in both two and one")
    assert "Only in two: north, as it is, north, without O1" in first.sentence


def test_what_has_nothing_in_common_is_refused(both: tuple[Path, Path], tmp_path: Path) -> None:
    other = WITHOUT.model_copy(update={"name": "others", "with_base": False})
    made = folder(tmp_path / "others", other)
    with pytest.raises(UsageError, match=r"nothing of '.*before' can be compared: before has offers: as it is, offers"):
        side_by_side([opened(both[0]), opened(made)])
    (tmp_path / "empty").mkdir()
    for path, found in (("nowhere", "there is no"), ("empty", "is empty")):
        with pytest.raises(UsageError, match=found):
            opened(tmp_path / path)
    (made / "results.jsonl").write_text("[]\n")
    with pytest.raises(UsageError, match="cannot be read as results of this version"):
        opened(made)
    (made / "answers.json").write_text("{}")
    (made / "results.jsonl").unlink()
    with pytest.raises(UsageError, match="cannot be read as answers of this version"):
        opened(made)


def test_the_command_compares_folders_of_answers(both: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "compared"
    asked = ["scenarios", "compare", *map(str, both), "--out", str(out)]
    ended = CliRunner().invoke(app, asked, env={"COLUMNS": "120"})
    assert ended.exit_code == 0, ended.output
    assert "3 cases are in both before and after" in ended.output
    assert {path.name for path in out.iterdir()} == {"answers.html", "answers.json", "answers.xlsx"}
    page = (out / "answers.html").read_text(encoding="utf-8")
    assert "What is different, case by case?" in page
    assert "<svg" in page
