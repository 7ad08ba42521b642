"""What is measured: a name such as ``tp`` or ``sheet-Students-100000``, its kind, and the file or folder that holds it.

====================  ============  =================================================================================
name                  kind          what a method is given
====================  ============  =================================================================================
``tiny``              partnership   the demonstration at a tenth of its size: for trying things
``<family>-<n>``      partnership   one of ``benchmarks.families`` with n students
sizes of              partnership   a partnership of that size, as the reader gives it
``benchmarks.sizes``
``<size>-decisions``  decisions     the same, to be published and then changed by one decision at a time
``<size>-scenarios``  scenarios     the same, to be changed by one case at a time
``questions``         questions     the demonstrations that come with the package
``instances``         instances     the folder of public student-project allocation instances
``sheet-<sheet>-<n>`` sheet         a workbook with n rows in Students or in Travel
====================  ============  =================================================================================
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.registry import Kind
from models.errors import UsageError

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "results" / "benchmarks"
"""Inputs that are made once; git does not keep them."""
TINY = "tiny"
TINY_SCALE = 0.1
DECISIONS = "-decisions"
SCENARIOS = "-scenarios"
INSTANCES = "instances"
QUESTIONS = "questions"
SHEET = re.compile(r"sheet-(Students|Travel)-(\d+)")


class Subject(NamedTuple):
    """One subject: what it is called, of what kind it is, and where it stands."""

    size: str
    seed: int
    kind: Kind
    path: Path


def kind_of(size: str) -> Kind:
    """The kind that a name stands for; every other name is a partnership."""
    if size.endswith(DECISIONS):
        return "decisions"
    if size.endswith(SCENARIOS):
        return "scenarios"
    if size == INSTANCES:
        return "instances"
    if size == QUESTIONS:
        return "questions"
    return "sheet" if SHEET.fullmatch(size) else "partnership"


def prepare(size: str, seed: int = 1, cache: Path = CACHE) -> Subject:
    """Make what is not there yet.

    Parameters
    ----------
    size
        A name of the table above.
    seed
        The same seed gives the same input; sheets and instances have none.
    cache
        Folder for what is made here.

    Returns
    -------
    Subject
        Its ``path`` exists.

    Raises
    ------
    UsageError
        There is no such size, or no folder with the public instances.
    """
    kind = kind_of(size)
    if kind == "instances":
        return Subject(size, seed, kind, instances_folder())
    if kind == "questions":
        return Subject(size, seed, kind, ROOT / "allocator" / "demonstration")
    sheet = SHEET.fullmatch(size)
    if sheet:
        return Subject(size, seed, kind, _sheet(sheet[1], int(sheet[2]), cache))
    return Subject(size, seed, kind, _partnership(size.removesuffix(DECISIONS).removesuffix(SCENARIOS), seed, cache))


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """A file to write that then becomes ``path``, so that no other process ever meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{os.getpid()}.{path.name}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """BLAKE2b digest (32 hex digits) of a file, or of all files of a folder in order of their names."""
    found = hashlib.blake2b(digest_size=16)
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            found.update(file.read_bytes())
    return found.hexdigest()


def instances_folder() -> Path:
    """Where the public instances stand: ``spa`` in ``PLACEMENTS_SHARED_DATA``, else in the data beside the project."""
    folder = Path(os.environ.get("PLACEMENTS_SHARED_DATA", ROOT.parent / "shared" / "data")) / "spa"
    if not folder.is_dir():
        raise UsageError(f"no folder {folder}: set PLACEMENTS_SHARED_DATA to the data with the public instances")
    return folder


def _partnership(size: str, seed: int, cache: Path) -> Path:
    from benchmarks.sizes import SIZES, as_json, dataset_file  # noqa: PLC0415 - loads the generators

    if size in SIZES:
        return dataset_file(size, seed)
    path, content = cache / f"{size}-{seed}.json", as_json(_drawn(size, seed))
    if not path.exists() or path.read_bytes() != content:  # what an older generator drew is not kept
        with aside(path) as part:
            part.write_bytes(content)
    return path


def _drawn(size: str, seed: int) -> dict[str, list[dict[str, Any]]]:
    """Rows that are drawn anew each time, since no digest of them is on record."""
    from benchmarks import demonstration, families  # noqa: PLC0415 - loads the generators
    from benchmarks.sizes import SIZES  # noqa: PLC0415

    if size == TINY:
        return demonstration.generate(seed, TINY_SCALE)
    if found := families.family_of(size):
        return families.generate(*found, seed)
    kinds = (*SIZES, f"<size>{DECISIONS}", f"<size>{SCENARIOS}", INSTANCES)
    allowed = ", ".join((TINY, *kinds, "sheet-Students-<n>", "sheet-Travel-<n>"))
    raise UsageError(f"no size {size}; allowed: {allowed}, <family>-<n> of {', '.join(families.FAMILIES)}")


def _sheet(name: str, rows: int, cache: Path) -> Path:
    """A tenth of the demonstration, with so many rows in one sheet, as a workbook."""
    path = cache / f"sheet-{name}-{rows}.xlsx"
    if not path.exists():
        with aside(path) as part:
            _write(part, sheet_of(name, rows))
    return path


def sheet_of(name: str, rows: int) -> dict[str, list[dict[str, Any]]]:
    """The sheets of the demonstration at a tenth of its size, with so many rows in ``Students`` or ``Travel``.

    Students repeat those of the demonstration under new ids, one request each for a first placement; times join
    invented places.
    """
    from benchmarks.demonstration import generate  # noqa: PLC0415 - loads the generators

    sheets: dict[str, list[dict[str, Any]]] = {k: [dict(row) for row in v] for k, v in generate(1, TINY_SCALE).items()}
    for gone in ("Requests", "History", "Decisions"):
        del sheets[gone]
    people = sheets["Students"]
    if name == "Students":
        longer = [{**row, "student": f"S{n}"} for n, row in enumerate(islice(cycle(people), rows), start=1)]
        sheets["Students"] = people = longer
    else:
        # Every pair of equally many homes and places, as many as needed: origins D0, D1, ... to places E0, E1, ...
        side = int(rows**0.5) + 1
        pairs = islice(((a, b) for a in range(side) for b in range(side)), rows)
        sheets["Travel"] = [{"from": f"D{a}", "to": f"E{b}", "mode": "car", "minutes": 1 + a % 90} for a, b in pairs]
    for row in people:
        row["stage"] = "first"
    # A stage asks for a place in the tranche being decided, so there may be one only.
    for row in [row for row in sheets["Tranches"] if row["status"] == "deciding"][1:]:
        row["status"] = "later"
    return sheets


def _write(path: Path, sheets: dict[str, list[dict[str, Any]]]) -> None:
    """A plain workbook; openpyxl's write-only mode, since styled cells of 100,000 rows take minutes and gigabytes."""
    from openpyxl import Workbook  # noqa: PLC0415 - only where a sheet is made

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        headings = list(dict.fromkeys(column for row in rows for column in row))
        page.append(headings)
        for row in rows:
            page.append([row.get(column) for column in headings])
    book.save(path)
