"""The part of a face that is left to decide: open columns alone, and the rows that can still bind."""

from typing import NamedTuple, Self

import numpy as np
from scipy.sparse import csr_array, vstack

from allocator.engine.face import TOLERANCE, Face
from allocator.engine.program import Indexes, Mask, Vector


class Part(NamedTuple):
    """A small program: some columns of a face, the others fixed at ``rest``.

    ``possible`` is False where a row without any open column does not hold.
    """

    columns: Indexes
    rest: Vector
    matrix: csr_array
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    integer: Mask
    possible: bool

    @classmethod
    def of(cls, face: Face, among: Mask | None = None, lazy: Indexes | None = None) -> Self:
        """What is open in a face.

        Parameters
        ----------
        face
            Bounds, rows and levels.
        among
            Columns to decide about; the others stay at their lower bounds. None: all that are open.
        lazy
            Lazy rows that have been broken and now count; other lazy rows are left out.
        """
        chosen = face.open if among is None else face.open & among
        columns = np.flatnonzero(chosen)
        rest = np.where(chosen, 0.0, face.lower)
        counted = ~face.matrix.lazy
        counted[np.zeros(0, dtype=np.int64) if lazy is None else lazy] = True
        rows = np.flatnonzero(counted)
        whole = face.matrix.by_column[:, columns].tocsr()[rows]
        base = face.matrix.by_row @ rest
        row_lower, row_upper = face.row_lower[rows] - base[rows], face.row_upper[rows] - base[rows]
        if face.extra:
            whole = vstack([whole, *(csr_array(c[columns].reshape(1, -1)) for c, _, _ in face.extra)], format="csr")
            fixed = np.array([float(c @ rest) for c, _, _ in face.extra])
            row_lower = np.concatenate([row_lower, np.array([low for _, low, _ in face.extra]) - fixed])
            row_upper = np.concatenate([row_upper, np.array([high for _, _, high in face.extra]) - fixed])
        lower, upper = face.lower[columns], face.upper[columns]
        rising, falling = whole.maximum(0), whole.minimum(0)
        least, most = rising @ lower + falling @ upper, rising @ upper + falling @ lower
        binding = (least < row_lower - TOLERANCE) | (most > row_upper + TOLERANCE)
        hopeless = (least > row_upper + TOLERANCE) | (most < row_lower - TOLERANCE)
        return cls(
            columns, rest, csr_array(whole[np.flatnonzero(binding)]), lower, upper, row_lower[binding],
            row_upper[binding], face.integer[columns], not hopeless.any(),
        )  # fmt: skip

    def filled(self, values: Vector) -> Vector:
        """The whole solution for values of the open columns."""
        solution = self.rest.copy()
        solution[self.columns] = values
        return solution
