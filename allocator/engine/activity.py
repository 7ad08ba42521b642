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
        matrix, by_column = face.matrix.by_row, face.matrix.by_column
        one, other = matrix.values * face.lower[matrix.at], matrix.values * face.upper[matrix.at]
        least = np.bincount(matrix.line, weights=np.minimum(one, other), minlength=len(matrix))
        most = np.bincount(matrix.line, weights=np.maximum(one, other), minlength=len(matrix))
        self._face = face
        # lists: a column has a few entries, and NumPy takes longer to begin than they take
        self._begins: list[int] = by_column.begins.tolist()
        self._at: list[int] = by_column.at.tolist()
        self._values: list[float] = by_column.values.tolist()
        self._least: list[float] = least.tolist()
        self._most: list[float] = most.tolist()
        self._no_less: list[float] = (face.row_lower - TOLERANCE).tolist()
        self._no_more: list[float] = (face.row_upper + TOLERANCE).tolist()

    def fits(self, column: int) -> bool:
        """Whether a column may be 1, as far as its own rows tell."""
        if self._face.upper[column] < 1:
            return False
        for entry in range(self._begins[column], self._begins[column + 1]):
            row, value = self._at[entry], self._values[entry]
            if self._least[row] + max(value, 0) > self._no_more[row]:
                return False
            if self._most[row] + min(value, 0) < self._no_less[row]:
                return False
        return True

    def take(self, column: int, others: Indexes) -> Self:
        """Decide that a column is 1, and others 0."""
        self._decide(column, 1)
        for other in others.tolist():
            self._decide(other, 0)
        return self

    def _decide(self, column: int, value: int) -> None:
        lower, upper = self._face.lower, self._face.upper
        from_low, from_high = value - float(lower[column]), value - float(upper[column])
        for entry in range(self._begins[column], self._begins[column + 1]):
            row, coefficient = self._at[entry], self._values[entry]
            rising = coefficient > 0
            self._least[row] += coefficient * (from_low if rising else from_high)
            self._most[row] += coefficient * (from_high if rising else from_low)
        lower[column] = upper[column] = value
