"""What is measured: names, kinds, files."""

from pathlib import Path

import pytest

from allocator.intake import read
from benchmarks.subjects import digest, kind_of, prepare
from models.errors import UsageError


def test_kinds() -> None:
    kinds = {size: kind_of(size) for size in ("tp", "students-1000", "tp-decisions", "instances", "sheet-Travel-5")}
    assert kinds == {
        "tp": "partnership", "students-1000": "partnership", "tp-decisions": "decisions", "instances": "instances",
        "sheet-Travel-5": "sheet",
    }  # fmt: skip


def test_the_tiny_partnership_is_made_once_and_is_the_same_for_its_seed(tmp_path: Path) -> None:
    here, there = (prepare("tiny", cache=tmp_path / name).path for name in ("here", "there"))
    assert here.read_bytes() == there.read_bytes()
    assert prepare("tiny-decisions", cache=tmp_path / "here").path == here
    assert prepare("tiny", seed=2, cache=tmp_path).path.read_bytes() != here.read_bytes()


def test_a_family_of_so_many_students(tmp_path: Path) -> None:
    path = prepare("all_equal-12", seed=2, cache=tmp_path).path
    assert kind_of("all_equal-12") == "partnership"
    assert len(read(path).dataset.students) == 12
    assert prepare("all_equal-12", seed=3, cache=tmp_path).path.read_bytes() != path.read_bytes()


@pytest.mark.parametrize(("sheet", "students", "times"), [("Students", 45, None), ("Travel", None, 45)])
def test_a_sheet_has_so_many_rows_that_all_read(
    tmp_path: Path, sheet: str, students: int | None, times: int | None
) -> None:
    reading = read(prepare(f"sheet-{sheet}-45", cache=tmp_path).path)
    assert [issue for issue in reading.issues if issue.level != "warning"] == []
    assert students in (None, len(reading.dataset.students))
    assert times in (None, len(reading.dataset.travel))
    assert len(reading.dataset.requests) == len(reading.dataset.students)


def test_an_unknown_size_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="tiny, tp, "):
        prepare("moon", cache=tmp_path)


def test_the_instances_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACEMENTS_SHARED_DATA", str(tmp_path))
    with pytest.raises(UsageError, match="PLACEMENTS_SHARED_DATA"):
        prepare("instances")
    (tmp_path / "spa").mkdir()
    assert prepare("instances").path == tmp_path / "spa"


def test_a_digest_is_of_all_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("a")
    one = digest(tmp_path)
    (tmp_path / "2.txt").write_text("b")
    assert digest(tmp_path) != one
    assert digest(tmp_path / "1.txt") == one
