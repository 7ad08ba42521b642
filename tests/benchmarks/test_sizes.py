"""The named sizes: everybody benchmarks the same data."""

from pathlib import Path

import pytest

from allocator.intake import read, read_sheets
from benchmarks import demonstration, sizes


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(sizes.FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def test_every_size_has_a_digest() -> None:
    assert sizes.DIGESTS.keys() == sizes.SIZES.keys()


@pytest.mark.parametrize("size", ["tp", "region", "students-1000"])
def test_the_generators_draw_what_is_on_record(size: str, folder: Path) -> None:
    # after a wanted change: python -m benchmarks.sizes prints what to put into DIGESTS
    assert sizes.dataset_file(size).parent == folder


def test_the_file_says_what_the_rows_say() -> None:
    assert read(sizes.dataset_file("tp")).dataset.digest == read_sheets(demonstration.generate(1)).dataset.digest


def test_a_file_is_written_once() -> None:
    path = sizes.dataset_file("tp")
    before = path.stat().st_mtime_ns
    assert sizes.dataset_file("tp") == path
    assert path.stat().st_mtime_ns == before


def test_a_damaged_file_is_replaced() -> None:
    path = sizes.dataset_file("tp")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert sizes.dataset_file("tp").read_bytes() == whole


def test_other_seeds_have_files_of_their_own() -> None:
    assert sizes.dataset_file("tp", 2) != sizes.dataset_file("tp")


def test_a_changed_generator_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "DIGESTS", {**sizes.DIGESTS, "tp": "0" * 32})
    with pytest.raises(ValueError, match=r"tp, seed 1: .*python -m benchmarks\.sizes"):
        sizes.dataset_file("tp")


def test_an_unknown_size() -> None:
    with pytest.raises(KeyError):
        sizes.dataset_file("galaxy")
