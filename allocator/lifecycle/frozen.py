"""Versions on disk: beside an input a folder of what was published, each version whole and never changed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from allocator.comparison import Result, open_result
from allocator.comparison.compare import version_name
from allocator.lifecycle.next_file import next_name
from allocator.results import CHECK, DATA, PLAN, RUN, written_plan
from allocator.views.version import version as digest_of
from models.dataset import Dataset
from models.errors import UsageError

FILES = (PLAN, CHECK, RUN, DATA)
"""What a version is made of."""


def versions_folder(path: Path, *, is_folder: bool) -> Path:
    """The folder of the versions of an input: ``round-versions`` of ``round.xlsx`` and of all that come after it.

    Parameters
    ----------
    path
        An input, or where the next version of one will be.
    is_folder
        Whether it is a folder of CSV files, whose name has no ending.

    Returns
    -------
    Path
        Beside it.
    """
    path = path.resolve() if path.name in ("", "..") else path
    suffix = "" if is_folder else path.suffix
    stem = path.name.removesuffix(suffix)
    name, _, number = stem.rpartition("-")
    if number.isdecimal():
        before = f"{name}-{int(number) - 1}" if int(number) > 2 else name
        stem = name if next_name(path.with_name(before + suffix)) == path else stem
    return path.with_name(f"{stem}-versions")


@contextmanager
def frozen(results: Path, folder: Path) -> Iterator[None]:
    """Copy the files of a result into the folder of a version, before what follows; if that fails they go again.

    Parameters
    ----------
    results
        A folder of results.
    folder
        The version's.

    Raises
    ------
    UsageError
        A file is missing or cannot be copied, or the folder holds another plan.
    """
    missing = [name for name in FILES if not (results / name).is_file()]
    if missing:
        raise UsageError(f"{results} lacks {', '.join(missing)}: name a folder of results as allocate wrote it")
    there = folder.exists()  # with the same files a step that was broken off left it
    if there and not _same(results, folder):
        raise UsageError(f"{folder} exists already and holds another plan; it is not overwritten: move it away")
    try:
        if not there:
            _copy(results, folder)
        yield
    except BaseException:
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                folder.parent.rmdir()
        raise


def _copy(results: Path, folder: Path) -> None:
    partial = folder.with_name(f"{folder.name}.part")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name in FILES:
            shutil.copyfile(results / name, partial / name)
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise UsageError(f"{folder} cannot be written: {error.strerror or error}") from error


def _same(results: Path, folder: Path) -> bool:
    """Whether a folder holds the files of a result: a step that was broken off left them."""
    return all((folder / n).is_file() and (folder / n).read_bytes() == (results / n).read_bytes() for n in FILES)


def version_in_force(source: Path, dataset: Dataset) -> Result | None:
    """The last version that an input says was published, as a result; None where its files are not beside the input.

    Parameters
    ----------
    source
        The input.
    dataset
        What it says.
    """
    if not dataset.versions:
        return None
    last = dataset.versions[-1]
    folder = versions_folder(source, is_folder=source.is_dir()) / str(last.version)
    plan = written_plan(folder / PLAN)
    if plan is None or digest_of(plan) != last.plan:
        return None
    return open_result(folder)._replace(name=str(version_name(dataset)))
