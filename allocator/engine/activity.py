"""What every row is at least and at most while columns are decided one by one; it tells what does not fit any more.

A column fits where no row it is in would be more than it may be even with everything else at its least, nor less with
everything else at its most. That is a pass of bound propagation for one column (``propagation``), and costs a look at
its own rows.
"""

from typing import Self

import numpy as np

from allocator.engine.face import TOLERANCE, Face
from allocator.formulation.program import Indexes


class Activity:
    """Bounds of the rows' sums over a face whose columns are 0 or 1 where they are decided here.

    Parameters
    ----------
    face
        Its bounds of columns are written to as columns are decided.
    """

    def __init__(self, face: Face) -> None:
        matrix = face.matrix.by_row
        one, other = matrix.values * face.lower[matrix.at], matrix.values * face.upper[matrix.at]
        self._face, self._by_column = face, face.matrix.by_column
        self._least = np.bincount(matrix.line, weights=np.minimum(one, other), minlength=len(matrix))
        self._most = np.bincount(matrix.line, weights=np.maximum(one, other), minlength=len(matrix))

    def fits(self, column: int) -> bool:
        """Whether a column may be 1, as far as its own rows tell."""
        face, part = self._face, self._entries(column)
        if face.upper[column] < 1:
            return False
        rows, values = self._by_column.at[part], self._by_column.values[part]
        least = self._least[rows] + np.maximum(values, 0)
        most = self._most[rows] + np.minimum(values, 0)
        within = (least <= face.row_upper[rows] + TOLERANCE) & (most >= face.row_lower[rows] - TOLERANCE)
        return bool(within.all())

    def take(self, column: int, others: Indexes) -> Self:
        """Decide that a column is 1, and others 0."""
        self._decide(np.array([column]), 1)
        self._decide(others, 0)
        return self

    def _decide(self, columns: Indexes, value: int) -> None:
        face, part = self._face, self._by_column.only(columns)
        from_low, from_high = ((value - ends[columns])[part.line] * part.values for ends in (face.lower, face.upper))
        rising = part.values > 0
        np.add.at(self._least, part.at, np.where(rising, from_low, from_high))
        np.add.at(self._most, part.at, np.where(rising, from_high, from_low))
        face.lower[columns] = face.upper[columns] = value

    def _entries(self, column: int) -> slice:
        begins = self._by_column.begins
        return slice(begins[column], begins[column + 1])
