"""An integer program as arrays, and as a file: so that every peer gets the same model, and none is timed writing it."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.subjects import aside

Numbers = NDArray[np.int64]
Texts = NDArray[np.str_]


class Program(NamedTuple):
    """Maximise or minimise tier after tier of ``tiers @ x + constants`` over whole x within bounds and rows.

    ``matches`` has (request, offer, PE) of the first columns, which are binaries: one for each possible match
    (shape: matches x 3). The columns after them (``names`` goes on without them) are the reference's counters.
    ``rows`` (shape: rows x columns) lies between ``least`` and ``most``; ``FREE`` stands for no limit on a side.
    """

    matches: Texts
    names: Texts
    upper: Numbers
    rows: csr_array
    row_names: Texts
    least: Numbers
    most: Numbers
    tiers: csr_array
    tier_names: Texts
    maximise: NDArray[np.bool_]
    constants: Numbers
    seconds: float

    def values(self, x: Numbers) -> list[int]:
        """All tiers of a solution (shape: columns)."""
        found = self.tiers @ x + self.constants
        return [int(value) for value in found]

    def keeps(self, x: Numbers) -> bool:
        """Whether a solution keeps every bound and row."""
        activity = self.rows @ x
        within = np.all((x >= 0) & (x <= self.upper))
        return bool(within and np.all(activity >= self.least) and np.all(activity <= self.most))


FREE = 2**50
"""Beyond any activity of a row: weights are at most a million and there are at most 2**30 columns."""


def write_program(path: Path, program: Program) -> None:
    """Write a program as one file of numpy arrays, whole or not at all."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, value in program._asdict().items():
        if isinstance(value, csr_array):
            parts = {
                "data": value.data,
                "indices": value.indices,
                "indptr": value.indptr,
                "shape": np.array(value.shape),
            }
            arrays |= {f"{name}.{part}": array for part, array in parts.items()}
        else:
            arrays[name] = np.asarray(value)
    with aside(path) as part:
        np.savez(part, **arrays)  # type: ignore[arg-type]


def read_program(path: Path) -> Program:
    """Read what :func:`write_program` wrote."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}

    def sparse(name: str) -> csr_array:
        data, indices, indptr, shape = (arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr", "shape"))
        return csr_array((data, indices, indptr), shape=tuple(shape.tolist()))

    dense = {name: arrays[name] for name in Program._fields if name in arrays and name != "seconds"}
    return Program(rows=sparse("rows"), tiers=sparse("tiers"), seconds=float(arrays["seconds"]), **dense)
