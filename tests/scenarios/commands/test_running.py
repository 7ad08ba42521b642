"""``placements scenarios run``: inputs that cannot be read, the exit status, answers that fall to a fault."""

from pathlib import Path
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.reading import write_template
from scenarios.answers import KINDS, answered
from scenarios.answers.parts import Parts
from scenarios.report import page
from tests.cli.inputs import fixed_twice, workbook
from tests.scenarios.answers.cases import PLACED, base, question

QUESTION = """question = "As it is?"
[answer]
measures = [{ name = "placed" }]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_template(tmp_path / "good.xlsx", "least")
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    (tmp_path / "q.toml").write_text(QUESTION, encoding="utf-8")
    return tmp_path


def test_an_input_that_cannot_be_read_is_told_and_the_others_are_answered(folder: Path) -> None:
    # the template places both of its two requests
    ended = CliRunner().invoke(app, ["scenarios", "run", "q.toml", "broken.xlsx", "good.xlsx", "--workers", "1"])
    assert ended.exit_code == 3
    assert "'broken.xlsx' is left out." in ended.output
    assert "2 of 2" in ended.output
    assert (folder / "answers" / "answers.html").exists()


def test_where_none_can_be_read_nothing_is_answered(folder: Path) -> None:
    ended = CliRunner().invoke(app, ["scenarios", "run", "q.toml", "broken.xlsx"])
    assert ended.exit_code == 3
    assert not (folder / "answers" / "answers.html").exists()


ROOM = """question = "Room for both?"
[[variants]]
name = "two places"
edits = [{ edit = "set", sheet = "Offers", where = { offer = "O1" }, values = { capacity = 2 } }]
"""
WITHOUT = """question = "Without one?"
[[edits]]
edit = "remove"
sheet = "Offers"
where = { offer = "O9" }
"""


def ended(folder: Path, *files: str) -> tuple[int, str]:
    """How the command ends on a workbook, with which output."""
    library = folder / "library"
    library.mkdir(exist_ok=True)
    for number, text in enumerate(files):
        (library / f"q{number}.toml").write_text(text, encoding="utf-8")
    asked = [
        "scenarios",
        "run",
        "library",
        "partnership.xlsx",
        "--workers",
        "1",
        "--out",
        str(folder / f"out{len(list(folder.iterdir()))}"),
    ]
    done = CliRunner().invoke(app, asked, env={"COLUMNS": "200"})
    return done.exit_code, done.output


def test_the_exit_status_says_what_became_of_the_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `placements --help` has it: 4 rules clash, 3 something cannot be used; the worse of both counts."""
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path)
    assert ended(tmp_path, QUESTION)[0] == 0
    workbook(tmp_path, fixed_twice())
    (tmp_path / "library" / "q0.toml").unlink()
    # as it is two students are fixed to one place; with two places there is a plan
    status, said = ended(tmp_path, ROOM)
    assert status == 4, said
    assert "Not possible, because rules clash: as it is." in " ".join(said.split())
    status, said = ended(tmp_path, ROOM, WITHOUT)
    assert status == 3, said
    assert "no row of Offers has offer 'O9'" in said
    assert "Not possible, because rules clash: as it is." in " ".join(said.split())


def test_a_question_whose_answer_falls_to_a_fault_is_named_and_the_others_are_answered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Parts:
        raise ZeroDivisionError("nought")

    monkeypatch.setitem(cast(dict[str, Any], KINDS), "table", broken)
    (folder / "a.toml").write_text(QUESTION + 'kind = "table"\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["scenarios", "run", ".", "good.xlsx", "--workers", "1"], env={"COLUMNS": "200"})
    assert done.exit_code == 1
    assert "the answer to 'a' is missing: a fault of the program, not of the scenario: ZeroDivisionError" in done.output
    page = (folder / "answers" / "answers.html").read_text(encoding="utf-8")
    assert "The question could not be answered" in page
    assert "2 of 2" in page


def test_a_chart_that_cannot_be_drawn_leaves_its_answer_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ValueError("no such colour")

    monkeypatch.setattr(page, "chart_svg", broken)
    shown = page.answers_page("What if", [answered(question("differences", PLACED), "b", [base({PLACED: (2, 3)})])])
    assert "As it is, requests with a place: 2 of 3." in shown
    assert "The chart is missing, by a fault of the program" in shown


def test_a_misspelt_setting_is_refused_before_anything_is_solved(folder: Path) -> None:
    asked = ["scenarios", "run", "q.toml", "good.xlsx", "--set", "travel_limt=60"]
    done = CliRunner().invoke(app, asked, env={"COLUMNS": "200"})
    assert done.exit_code == 3
    assert "travel_limt=60: unknown setting. Did you mean 'travel_limit'?" in done.output
    assert not (folder / "answers" / "answers.html").exists()


def test_a_scenario_that_is_named_twice_is_run_once(folder: Path) -> None:
    asked = ["scenarios", "run", "q.toml", "good.xlsx", "--workers", "1", "--only", "q", "--only", "q"]
    assert CliRunner().invoke(app, asked).exit_code == 0
