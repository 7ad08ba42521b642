"""``placements scenarios run``: several inputs, one of which cannot be read."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from allocator.commands.app import app
from allocator.reading import write_template

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
