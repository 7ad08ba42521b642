"""The named sizes of the benchmarks, as input files that are the same for everybody.

``python -m benchmarks.sizes`` prints the digests of what the generators draw today. After a wanted change of a
generator they replace :data:`DIGESTS`, and results measured before are no longer comparable.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import demonstration, england
from benchmarks.demonstration.draw import Row

FOLDER_VARIABLE: Final = "PLACEMENTS_BENCHMARK_DATA"
"""Environment variable: where the files are kept, instead of the repository's ``results/benchmarks/data``."""


class Size(NamedTuple):
    """Which generator, and how much of it: a scale of the demonstration, or students of England."""

    scale: float | None = None
    students: int | None = None

    def generate(self, seed: int) -> dict[str, list[Row]]:
        """The rows of every sheet."""
        if self.students is not None:
            return england.generate(seed, self.students)
        return demonstration.generate(seed, self.scale or 1.0)


SIZES: Final[Mapping[str, Size]] = {
    "tp": Size(scale=1),
    "region": Size(scale=5.3),
    "england": Size(students=10_000),
    "students-1000": Size(students=1_000),
    "students-2000": Size(students=2_000),
    "students-5000": Size(students=5_000),
}
"""By name; the growth series is ``students-1000``, ``-2000``, ``-5000`` and ``england``."""

DIGESTS: Final[Mapping[str, str]] = {
    "tp": "2923d7329be537fd642ad21d9f71a5e1",
    "region": "c9ce0d71e659efb8b1f6951b1d552f40",
    "england": "1f4ca464ff5ff494003953ed46c3dea9",
    "students-1000": "f1df229c4a015d7eef16c6c22e5e0c21",
    "students-2000": "d9faef02a297c0e9b60d59930765944a",
    "students-5000": "4cf9ec7eecd02766a8217c88074fdb48",
}
"""Size to digest of its file at seed 1."""


def dataset_file(size: str, seed: int = 1) -> Path:
    """The input file of a size, written where it is not there yet.

    JSON: at ``region`` it reads as fast as CSV files and in half the time of a workbook, and it is one file.

    Parameters
    ----------
    size
        One of :data:`SIZES`.
    seed
        Of the generator. At seed 1 the file is compared with the digest on record, whether it was there or not.

    Returns
    -------
    Path
        A JSON file that :func:`allocator.reading.read` reads.

    Raises
    ------
    KeyError
        There is no such size.
    ValueError
        At seed 1 the generator no longer draws what is on record.
    """
    chosen = SIZES[size]
    expected = DIGESTS[size] if seed == 1 else None
    if expected and (path := _path(size, seed, expected)).exists() and _digest(path.read_bytes()) == expected:
        return path
    content = as_json(chosen.generate(seed))
    digest = _digest(content)
    if expected not in (None, digest):
        raise ValueError(
            f"{size}, seed {seed}: the rows drawn have the digest {digest}, on record is {expected}. "
            "If the generator was meant to change, renew the record: python -m benchmarks.sizes"
        )
    path = _path(size, seed, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and moved, so that a reader in another process never meets half a file.
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
    return path


def as_json(sheets: Mapping[str, list[Row]]) -> bytes:
    """Sheets as the JSON input, without columns that a row leaves blank.

    Parameters
    ----------
    sheets
        Sheet to rows.

    Returns
    -------
    bytes
        UTF-8; equal sheets give equal bytes.
    """
    filled = {name: [{k: v for k, v in row.items() if v is not None} for row in rows] for name, rows in sheets.items()}
    return json.dumps(filled, default=date.isoformat, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _path(size: str, seed: int, digest: str) -> Path:
    folder = os.environ.get(FOLDER_VARIABLE)
    root = Path(folder) if folder else Path(__file__).parents[1] / "results" / "benchmarks" / "data"
    return root / f"{size}-seed{seed}-{digest[:8]}.json"


if __name__ == "__main__":
    for name, listed in SIZES.items():
        print(f'    "{name}": "{_digest(as_json(listed.generate(1)))}",', flush=True)
