"""The next version of an input: its name, and a step that is written only where it reads as it was meant."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from allocator.lifecycle.next_file import next_name, write_step
from allocator.reading.editing import Edit, RowAdded, edited
from allocator.reading.next_input import write_next
from allocator.reading.reader import read_register
from allocator.settling.settling import settle
from models.errors import NotAsWrittenError, UsageError
from models.register import Register
from tests.reading.sheets import TODAY, sheets
from tests.reading.test_write_back import as_folder, as_json, as_workbook, bytes_of

STEP: tuple[Edit, ...] = (
    RowAdded("Decisions", {"decision": "fix", "request": "S2/first", "offer": "O2", "by": "AB", "id": "D1"}),
)
WRITE = "allocator.lifecycle.next_file.write_next"
FORMS = (as_workbook, as_folder, as_json)


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("partnership.xlsx", "partnership-2.xlsx"),
        ("partnership-2.xlsx", "partnership-3.xlsx"),
        ("partnership-9.json", "partnership-10.json"),
        ("south.west-2.xlsx", "south.west-3.xlsx"),
        ("plan-2026.xlsx", "plan-2026-2.xlsx"),  # four digits are a year
        ("2026-27.xlsx", "2026-27-2.xlsx"),  # so are an academic year
        ("2026-27-2.xlsx", "2026-27-3.xlsx"),
        ("round 2026-11-21.xlsx", "round 2026-11-21-2.xlsx"),  # and a day
        ("round-2026-2.xlsx", "round-2026-3.xlsx"),
        ("round-01.xlsx", "round-01-2.xlsx"),  # 01 counts no versions
    ],
)  # fmt: skip
def test_versions_are_counted_at_the_end_of_the_name(name: str, after: str, tmp_path: Path) -> None:
    assert next_name(tmp_path / name) == tmp_path / after


def test_a_folder_has_no_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "v1.2"
    source.mkdir()
    assert next_name(source) == tmp_path / "v1.2-2"
    monkeypatch.chdir(source)
    assert next_name(Path()) == tmp_path / "v1.2-2"


def step(source: Path, target: Path | None = None) -> tuple[str, ...]:
    return write_step(source, target or next_name(source), read_register(source), STEP, today=TODAY)


@pytest.mark.parametrize("form", FORMS)
def test_a_step_is_written_beside_its_source_in_the_same_form(form: Callable[..., Path], tmp_path: Path) -> None:
    source = form(tmp_path, sheets())
    before = bytes_of(source)
    assert step(source) == ()
    after = next_name(source)
    meant = settle(edited(read_register(source), STEP), today=TODAY).dataset
    assert settle(read_register(after), today=TODAY).dataset.digest == meant.digest
    assert bytes_of(source) == before
    assert {p.name for p in tmp_path.iterdir()} == {source.name, after.name}


@pytest.mark.parametrize("form", FORMS)
def test_of_two_steps_from_one_version_the_second_is_told_and_the_first_stays(
    form: Callable[..., Path], tmp_path: Path
) -> None:
    source = form(tmp_path, sheets())
    step(source)
    first = bytes_of(next_name(source))
    with pytest.raises(UsageError, match=rf"somebody has taken a step from {source.name}.*Start from mine-2"):
        step(source)
    with pytest.raises(UsageError, match="exists already; name another file"):
        step(source, source)
    assert bytes_of(next_name(source)) == first


@pytest.mark.parametrize("form", FORMS)
def test_who_is_quicker_while_a_step_is_written_stays(
    form: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = form(tmp_path, sheets())
    target = next_name(source)

    def slow(*words: Any) -> tuple[str, ...]:
        if source.is_dir():
            target.mkdir()
            (target / "theirs.csv").write_text("theirs", encoding="utf-8")
        else:
            target.write_text("theirs", encoding="utf-8")
        return write_next(*words)

    monkeypatch.setattr(WRITE, slow)
    with pytest.raises(UsageError, match="somebody has taken a step"):
        step(source)
    assert list(bytes_of(target).values()) == [b"theirs"]


def test_a_step_that_reads_as_something_else_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = as_workbook(tmp_path, sheets())

    def wrong(source: Path, target: Path, register: Register, edits: Sequence[Edit]) -> tuple[str, ...]:
        return write_next(source, target, register, ())

    monkeypatch.setattr(WRITE, wrong)
    with pytest.raises(NotAsWrittenError, match="would not have held"):
        step(source)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.xlsx"]


def test_a_source_that_is_changed_meanwhile_is_read_again(tmp_path: Path) -> None:
    source = as_json(tmp_path, sheets())
    register = read_register(source)
    as_json(tmp_path, sheets(Offers={"capacity": 3}))
    with pytest.raises(UsageError, match="was changed meanwhile"):
        write_step(source, next_name(source), register, STEP, today=TODAY)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.json"]


def test_the_next_version_has_the_form_of_its_source(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends in \.json"):
        step(as_json(tmp_path, sheets()), tmp_path / "other.xlsx")
