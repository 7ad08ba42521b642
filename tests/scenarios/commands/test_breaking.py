"""``placements scenarios breaks`` on a workbook: answers on the terminal and in a folder, from a process of its own."""

import json
from pathlib import Path

from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.reading import write_workbook
from tests.cli.inputs import sheets


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
    assert {path.name for path in out.iterdir()} == {"answers.html", "answers.json", "answers.xlsx"}
    assert not answers[0]["failed"]
