"""The worked story is run as it stands: every command, and what it says it prints."""

import shutil
from pathlib import Path

import pytest

from allocator.checker import check
from allocator.comparison import open_result
from allocator.intake import read
from tests.test_readme import run_blocks

STORY = Path(__file__).parent.parent.parent / "docs" / "worked-story"


def test_the_story_is_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(STORY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    page = (STORY / "README.md").read_text(encoding="utf-8")
    assert run_blocks(page) == page.count("```console") + page.count("```python")
    versions = [open_result(Path("partnership-versions", n)) for n in ("1", "2")]
    for version in versions:
        assert version.facts is not None
        assert check(version.facts.dataset, version.plan.policy, version.plan).passed
    # What was confirmed is where it was, or its place was withdrawn; S08, who has a promise, never moved.
    [before, after] = [{m.request: m.offer for m in v.plan.matches} for v in versions]
    assert after["S08/first"] == before["S08/first"]
    gone = {o.offer for o in read(Path("partnership-14")).dataset.offers if o.withdrawn}
    assert {before["S11/final"], before["S13/final"]} == gone
