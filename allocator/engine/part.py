"""The part of a face that is left to decide: open columns alone, and the rows that can still bind."""

from typing import NamedTuple, Self

import numpy as np

from allocator.engine.face import TOLERANCE, Face
from allocator.formulation.program import Indexes, Mask, Rows, Vector
from allocator.formulation.sparse import Sparse


class Part(NamedTuple):
    """A small program: some columns of a face, the others fixed at ``rest``.

    ``rows`` says which rows these are: those of the face, then those that were added, then its tiers. ``possible`` is
    False where a row cannot hold within the bounds of its columns.
    """

    columns: Indexes
    rows: Indexes
    rest: Vector
    matrix: Sparse
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    integer: Mask
    possible: bool

    @classmethod
    def of(cls, face: Face, among: Mask | None = None, added: Rows | None = None) -> Self:
        """What is open in a face.

        Parameters
        ----------
        face
            Bounds, rows and tiers.
        among
            Columns to decide about; the others stay at their lower bounds. None: all that are open.
        added
            Lazy rows that count, too.
        """
        chosen = face.open if among is None else face.open & among
        columns = np.flatnonzero(chosen)
        rest = np.where(chosen, 0.0, face.lower)
        first, base = face.matrix.by_column.only(columns).turned(), [face.matrix.by_column.spread(rest)]
        more: list[Sparse] = []
        row_lower, row_upper = [face.row_lower], [face.row_upper]
        if added is not None and len(added.lower):
            rows = added.matrix(len(rest))
            more.append(rows.turned().only(columns).turned())
            base.append(rows.summed(rest))
            row_lower.append(added.lower)
            row_upper.append(added.upper)
        for cost, low, high in face.extra:
            more.append(Sparse.one(cost[columns]))
            base.append(np.array([cost @ rest]))
            row_lower.append(np.array([low]))
            row_upper.append(np.array([high]))
        return cls._without_idle_rows(
            face, columns, rest, first.then(more),
            np.concatenate(row_lower) - np.concatenate(base), np.concatenate(row_upper) - np.concatenate(base),
        )  # fmt: skip

    @classmethod
    def _without_idle_rows(
        cls, face: Face, columns: Indexes, rest: Vector, whole: Sparse, row_lower: Vector, row_upper: Vector
    ) -> Self:
        lower, upper = face.lower[columns], face.upper[columns]
        rising, falling = whole.with_values(np.maximum(whole.values, 0)), whole.with_values(np.minimum(whole.values, 0))
        least, most = rising.summed(lower) + falling.summed(upper), rising.summed(upper) + falling.summed(lower)
        binding = (least < row_lower - TOLERANCE) | (most > row_upper + TOLERANCE)
        hopeless = (least > row_upper + TOLERANCE) | (most < row_lower - TOLERANCE)
        rows = np.flatnonzero(binding)
        return cls(
            columns, rows, rest, whole.only(rows), lower, upper, row_lower[rows], row_upper[rows],
            face.integer[columns], not hopeless.any(),
        )  # fmt: skip

    def filled(self, values: Vector) -> Vector:
        """The whole solution for values of the open columns."""
        solution = self.rest.copy()
        solution[self.columns] = values
        return solution
