"""The picture of the terminal stands alone and shows the plan; the page needs a browser and says so."""

import re
from pathlib import Path

import pytest

from benchmarks.pictures import page, terminal
from models.errors import UsageError
from tests.cli import inputs
from tests.cli.inputs import placements


def test_terminal_is_drawn_from_the_plan(tmp_path: Path) -> None:
    book = inputs.workbook(tmp_path)
    placements("allocate", book, "--out", tmp_path / "out")
    terminal(book, tmp_path / "out" / "plan.json", tmp_path / "terminal.svg")
    drawn = (tmp_path / "terminal.svg").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", "", drawn).replace("&#160;", " ")
    assert "Finals placed, of the tranche being decided" in words
    assert "2 of 2 requests placed" in words
    assert "url(" not in re.sub(r"url\(#", "", drawn)


def test_page_without_a_browser_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.pictures.shutil.which", lambda _: None)
    with pytest.raises(UsageError, match="needs one of: chromium"):
        page(tmp_path / "summary.html", tmp_path / "summary.png")


def test_the_pictures_of_the_readme_are_of_the_demonstration() -> None:
    drawn = (inputs.ROOT / "benchmarks" / "pictures" / "terminal.svg").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", "", drawn).replace("&#160;", " ")
    said = re.search(r"(\d+) are to be matched; (\d+) have", (inputs.ROOT / "README.md").read_text(encoding="utf-8"))
    assert said
    assert f"{said[2]} of {said[1]} requests placed" in words
