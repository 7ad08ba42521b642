"""The commands of ``python -m benchmarks``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.intake import read
from benchmarks.__main__ import app
from benchmarks.greedy import greedy
from models.policy import Policy
from tests.builders import dataset

"""Lines of the benchmarks are not counted, and those below them are counted by tests of their own."""


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.output


def test_demonstration_then_greedy(tmp_path: Path) -> None:
    workbook = tmp_path / "partnership.xlsx"
    code, output = run("demonstration", "--scale", "0.2", "--seed", "3", "--out", workbook)
    assert (code, output) == (0, f"wrote {workbook} (developing-together, seed 3, scale 0.2)\n")
    code, output = run("greedy", workbook)
    assert code == 0
    assert "MSW, statutory final" in output
    assert "requests placed, of" in output


def test_a_partnership_by_name_and_without_a_cause(tmp_path: Path) -> None:
    workbook = tmp_path / "partnership.xlsx"
    code, _ = run("demonstration", "--name", "january-2022", "--without", "ASYE", "--scale", "0.2", "--out", workbook)
    programmes = {commitment.programme for commitment in read(workbook).dataset.commitments}
    assert (code, programmes) == (0, {"Frontline", "Think Ahead"})
    code, output = run("demonstration", "--name", "atlantis", "--out", workbook)
    assert (code, "developing-together" in output) == (2, True)
    assert run("demonstration", "--without", "weather", "--out", workbook)[0] == 2


def test_a_plan_is_shown_beside(tmp_path: Path) -> None:
    workbook, plan = tmp_path / "partnership.xlsx", tmp_path / "plan.json"
    run("demonstration", "--scale", "0.2", "--out", workbook)
    plan.write_text(greedy(dataset(requests=()), Policy()).model_dump_json())
    code, output = run("greedy", workbook, "--plan", plan)
    # that plan places nobody: 0 placed in the last column, and what runs since September alone in the shares
    assert (code, output.splitlines()[-1].split()[-1]) == (0, "0")
    assert "MSW, statutory final" in output
    assert next(line for line in output.splitlines() if line.startswith("MSW, statutory final")).split()[-1] == "0.0"


def test_an_input_that_cannot_be_used(tmp_path: Path) -> None:
    text = tmp_path / "notes.xlsx"
    text.write_text("not a workbook")
    assert run("greedy", text)[0] == 3


@pytest.mark.parametrize(("known", "code"), [("instance,max_size\n1,1\n", 0), ("instance,max_size\n1,0\n", 1)])
def test_spa_exit_codes(tmp_path: Path, known: str, code: int) -> None:
    (tmp_path / "1.txt").write_text("1 1\n1: 1\n1: 0: 1:\n")
    (tmp_path / "known_optima.csv").write_text(known)
    assert run("spa", tmp_path)[0] == code


def test_one_run_is_one_json_object() -> None:
    code, output = run("run", "--size", "tiny", "--method", "greedy", "--limit", "30", "--json")
    assert code == 0
    line = json.loads(output)
    assert (line["size"], line["method"], line["limit"], line["check"]["passed"]) == ("tiny", "greedy", 30, True)
    code, output = run("run", "--size", "tiny", "--method", "greedy")
    assert output.startswith("tiny greedy round 1: complete, ")


def test_a_run_that_cannot_be() -> None:
    assert run("run", "--size", "tiny", "--method", "magic")[0] == 2
    assert run("run", "--size", "moon", "--method", "greedy")[0] == 2
    # a method of another kind of size fails, and says so
    code, output = run("run", "--size", "tiny", "--method", "read")
    assert (code, "read takes sheet" in output) == (1, True)


def test_a_study_and_its_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks import study
    from benchmarks.reporting import BEGIN, END

    file, page = tmp_path / "study.jsonl", tmp_path / "README.md"
    monkeypatch.setattr(study, "SPECS", (study.Spec("tiny", "greedy", 30), study.Spec("tp", "engine", 30)))
    code, output = run("study", "--file", file, "--size", "tiny")
    assert (code, output.splitlines()[-1]) == (0, "1 runs made")
    assert run("study", "--file", file, "--size", "tiny")[1] == "0 runs made\n"
    assert run("study", "--file", file, "--size", "moon")[0] == 2
    page.write_text(f"{BEGIN}\n{END}\n")
    code, output = run("report", "--file", file, "--page", page)
    assert (code, output) == (0, f"wrote {page}\n")
    assert "| greedy | " in page.read_text()


def test_a_report_of_nothing(tmp_path: Path) -> None:
    assert run("report", "--file", tmp_path / "absent.jsonl")[0] == 2
    page, file = tmp_path / "README.md", tmp_path / "study.jsonl"
    page.write_text("no marks")
    file.write_text(run("run", "--size", "tiny", "--method", "greedy", "--json")[1])
    assert run("report", "--file", file, "--page", page)[0] == 2
