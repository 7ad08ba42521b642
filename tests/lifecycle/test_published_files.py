"""Publishing in files: the next input, the frozen version beside it, and nothing of either where a step fails."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from allocator.comparison import compare, open_result
from allocator.intake import read
from allocator.lifecycle import published_files
from allocator.lifecycle.frozen import version_in_force, versions_folder
from allocator.lifecycle.next_file import next_name
from allocator.lifecycle.published_files import PublishedFiles, publish_files
from allocator.pipeline import allocate
from allocator.reading import write_workbook
from allocator.results import write_results
from models.errors import UsageError
from tests.cli.inputs import csv_folder, json_file, sheets, workbook
from tests.generated.rows import rows_of
from tests.reading.test_write_back import bytes_of
from tests.strategies import generate

DAY = date(2026, 11, 23)


def results_of(source: Path, folder: Path) -> Path:
    """Allocate, and write the result files alone."""
    reading = read(source)
    write_results(folder, allocate(reading.dataset, reading.policy), reading.dataset)
    return folder


def published(source: Path, results: Path) -> PublishedFiles:
    return publish_files(results_of(source, results), source, by="LM", on=DAY)


@pytest.mark.parametrize("form", [workbook, csv_folder, json_file])
def test_an_input_of_any_form_is_published_beside_itself(form: Callable[..., Path], tmp_path: Path) -> None:
    source = form(tmp_path, sheets())
    before = bytes_of(source)
    done = published(source, tmp_path / "results")
    assert done.target == next_name(source)
    assert bytes_of(source) == before
    dataset = read(done.target).dataset
    assert [(p.request, p.standing) for p in dataset.published] == [("S1/first", "in_force"), ("S2/first", "in_force")]
    assert dataset.versions == (done.publication.version,)
    assert done.folder == source.with_name(f"{source.stem}-versions") / "1"
    assert {p.name for p in done.folder.iterdir()} == {"plan.json", "check.json", "run.json", "data.json"}
    for path in done.folder.iterdir():
        assert path.read_bytes() == (tmp_path / "results" / path.name).read_bytes()


def test_the_versions_of_an_input_stand_together_and_can_be_compared(tmp_path: Path) -> None:
    first = published(workbook(tmp_path), tmp_path / "one")
    second = published(first.target, tmp_path / "two")
    assert second.folder == first.folder.with_name("2")
    found = compare(open_result(first.folder), open_result(second.folder))
    assert (found.requests, found.gaps) == ((), ())
    # What an input says was published last is found beside it, under its own name.
    version = version_in_force(second.target, read(second.target).dataset)
    assert version is not None
    assert (version.name, version.plan) == ("version 2 of 23 Nov 2026", open_result(second.folder).plan)
    shutil.copy(first.folder / "plan.json", second.folder / "plan.json")
    assert version_in_force(second.target, read(second.target).dataset) is None  # of another plan


@pytest.mark.parametrize(
    ("name", "is_folder", "folder"),
    [
        ("round.xlsx", False, "round-versions"),
        ("round-2.xlsx", False, "round-versions"),
        ("round-13.json", False, "round-versions"),
        ("2026-27.xlsx", False, "2026-27-versions"),  # an academic year is no number of a version
        ("2026-27-3.xlsx", False, "2026-27-versions"),
        ("round-1.xlsx", False, "round-1-versions"),  # nothing comes before the second
        ("v1.2", True, "v1.2-versions"),
    ],
)
def test_the_folder_of_versions_is_named_after_the_first(
    name: str, is_folder: bool, folder: str, tmp_path: Path
) -> None:
    assert versions_folder(tmp_path / name, is_folder=is_folder) == tmp_path / folder


def test_of_two_who_publish_from_one_input_the_second_is_told(tmp_path: Path) -> None:
    source, results = workbook(tmp_path), tmp_path / "results"
    done = published(source, results)
    with pytest.raises(UsageError, match=r"somebody has taken a step from partnership\.xlsx"):
        publish_files(results, source, by="AB", on=DAY)
    # Under another name it is another step; its versions are its own.
    other = publish_files(results, source, by="AB", on=DAY, target=tmp_path / "other.xlsx")
    assert (other.folder, done.folder.is_dir()) == (tmp_path / "other-versions" / "1", True)


def test_a_version_is_never_overwritten(tmp_path: Path) -> None:
    source = workbook(tmp_path)
    results = results_of(source, tmp_path / "results")
    folder = tmp_path / "partnership-versions" / "1"
    shutil.copytree(results, folder)
    (folder / "run.json").write_text("another run", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already and holds another plan"):
        publish_files(results, source, by="LM", on=DAY)
    assert (folder / "run.json").read_text(encoding="utf-8") == "another run"
    assert not next_name(source).exists()
    # What a step that was broken off has left is the same version.
    shutil.copy(results / "run.json", folder / "run.json")
    assert publish_files(results, source, by="LM", on=DAY).folder == folder


def test_where_the_step_cannot_be_written_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = workbook(tmp_path)
    results = results_of(source, tmp_path / "results")

    def full(*_words: object) -> tuple[str, ...]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(published_files, "write_step", full)
    with pytest.raises(OSError, match="No space left"):
        publish_files(results, source, by="LM", on=DAY)
    assert {p.name for p in tmp_path.iterdir()} == {"partnership.xlsx", "results"}


def test_a_plan_without_its_files_is_no_version(tmp_path: Path) -> None:
    source = workbook(tmp_path)
    results = results_of(source, tmp_path / "results")
    (results / "check.json").unlink()
    with pytest.raises(UsageError, match=r"lacks check\.json"):
        publish_files(results / "plan.json", source, by="LM", on=DAY)
    assert {p.name for p in tmp_path.iterdir()} == {"partnership.xlsx", "results"}


@pytest.mark.parametrize("seed", [4, 9])
def test_a_generated_partnership_is_read_as_it_was_published(seed: int, tmp_path: Path) -> None:
    # That the workbook holds what was meant, the step sees to; here, that it is in force and can be published again.
    source = tmp_path / "round.xlsx"
    write_workbook(source, rows_of(generate(seed)[0]))
    done = published(source, tmp_path / "one")
    first = read(done.target).dataset
    plan = open_result(done.folder).plan
    assert {(m.request, m.offer, m.pe) for m in plan.matches} <= {(p.request, p.offer, p.pe) for p in first.published}
    second = published(done.target, tmp_path / "two")
    assert second.target.name == "round-3.xlsx"
    assert len(read(second.target).dataset.versions) == 2
