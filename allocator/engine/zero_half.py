"""Rows that cut off a relaxed solution and no plan: half the sum of some rows, rounded down (zero-half cuts).

Rows ``a x <= b`` of whole numbers that a relaxed solution meets with equality are added up and halved. The sum is
written in how far each column is from the bound that it is at: ``t >= 0``, whole in every plan. So coefficients of
``t`` may be rounded down, and then the right side, as the left one is whole. Where the sum of coefficients is even for
every column between its bounds, nothing but the right side loses by that, and where this is odd the solution is half a
unit beyond the cut (Caprara and Fischetti, "{0, 1/2}-Chvátal-Gomory cuts", Mathematical Programming 74, 1996). Which
rows to add up is a question of odd and even alone, which Gaussian elimination answers.

Of three students of whom each two want the same place of three, each could have half of two: 1.5 in all, cut to 1.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from allocator.engine.face import TOLERANCE, Face
from allocator.formulation.program import INFINITY, Indexes, Mask, Rows, Vector
from allocator.formulation.sparse import Sparse

MOST = 100
"""Most cuts at a time: those that the solution is farthest beyond."""
LEAST_DEPTH = 0.02
"""How far a solution has to be beyond a cut, so that it is worth a row."""
RULE = "cut"


class _Tight(NamedTuple):
    """Rows that a solution meets with equality, all of them as ``<=``."""

    matrix: Sparse
    most: Vector


class _Cut(NamedTuple):
    """A row ``values x <= most``; ``at`` are its columns."""

    at: Indexes
    values: Vector
    most: float

    def depth(self, solution: Vector) -> float:
        """How far a solution is beyond it, at right angles."""
        length = float(np.sqrt(self.values @ self.values))
        return (float(self.values @ solution[self.at]) - self.most) / length if length else 0.0


def zero_half_cuts(face: Face, added: Rows, solution: Vector) -> Rows:
    """Rows that every plan of a face holds, and a relaxed solution does not.

    Parameters
    ----------
    face
        Its rows are added up, and the dense rows of its tiers. Numbers are whole but for the bounds of columns that
        need not be, and those are whole, too, in every plan.
    added
        More rows that hold on the face, such as cuts from before.
    solution
        Within the bounds of the face.

    Returns
    -------
    Rows
        Those that cut deepest; none where nothing is found.
    """
    up = (solution >= face.upper - TOLERANCE) & (face.upper > face.lower)
    between = ~up & (solution > face.lower + TOLERANCE)
    if not between.any():
        return Rows.none()
    tight = _tight(face, added, solution, between)
    cuts = [_cut(face, tight, up, rows) for rows in _odd(tight, solution, between)]
    deep = [(-depth, cut) for cut in cuts if (depth := cut.depth(solution)) >= LEAST_DEPTH]
    deep.sort(key=lambda found: (round(found[0], 6), len(found[1].at), found[1].at.tobytes()))
    return _as_rows([cut for _, cut in deep[:MOST]])


def _tight(face: Face, added: Rows, solution: Vector, between: Mask) -> _Tight:
    """Rows met with equality that have a column between its bounds: elsewhere nothing is lost or won."""
    columns = len(solution)
    tiers = [Sparse.one(cost) for cost, _, _ in face.extra]
    whole = face.matrix.by_row.then([added.matrix(columns), *tiers])
    least = np.concatenate([face.row_lower, added.lower, [low for _, low, _ in face.extra]])
    most = np.concatenate([face.row_upper, added.upper, [high for _, _, high in face.extra]])
    met = np.bincount(whole.line, weights=between[whole.at], minlength=len(whole)) > 0
    activity = whole.summed(solution)
    above, below = met & (activity >= most - TOLERANCE), met & (activity <= least + TOLERANCE)
    rows = np.flatnonzero(above | below)
    chosen, sign = whole.only(rows), np.where(above, 1.0, -1.0)[rows]
    return _Tight(chosen.with_values(chosen.values * sign[chosen.line]), np.where(above, most, -least)[rows])


def _odd(tight: _Tight, solution: Vector, between: Mask) -> Iterator[Indexes]:
    """Rows whose sum is even for every column between its bounds, and odd on the right side.

    Rows with the fewest odd columns come first, so that few are added up; those left at the end of the elimination are
    even throughout. What is odd is kept as the bits of a number.
    """
    matrix, inner = tight.matrix, between[tight.matrix.at]
    number = np.cumsum(between) - 1
    odd = inner & (np.abs(matrix.values) % 2 == 1)
    right = np.round(np.bincount(matrix.line[inner], weights=(matrix.values * solution[matrix.at])[inner],
                                 minlength=len(matrix))).astype(np.int64) & 1  # fmt: skip
    bits = [0] * len(matrix)
    for row, column in zip(matrix.line[odd].tolist(), number[matrix.at[odd]].tolist(), strict=True):
        bits[row] |= 1 << column
    known: dict[int, tuple[int, int, int]] = {}  # by its lowest column: columns, right side and rows of a sum
    for row in sorted(range(len(bits)), key=lambda row: bits[row].bit_count()):
        columns, side, rows = bits[row], int(right[row]), 1 << row
        while columns and (other := known.get(columns & -columns)):
            columns, side, rows = columns ^ other[0], side ^ other[1], rows ^ other[2]
        if columns:
            known[columns & -columns] = columns, side, rows
        elif side:
            yield np.array([at for at in range(rows.bit_length()) if rows >> at & 1], dtype=np.int64)


def _cut(face: Face, tight: _Tight, up: Mask, rows: Indexes) -> _Cut:
    """Half the sum of rows, rounded down in terms of the distance from the bounds: upper ones where ``up``."""
    part = tight.matrix.only(rows)
    total = part.spread(np.ones(len(part)))
    at = np.flatnonzero(total)
    bound, sign = np.where(up, face.upper, face.lower)[at], np.where(up, -1.0, 1.0)[at]
    values = sign * np.floor(sign * total[at] / 2)
    most = np.floor((float(tight.most[rows].sum()) - float(total[at] @ bound)) / 2) + float(values @ bound)
    kept = values != 0
    return _Cut(at[kept], values[kept], float(most))


def _as_rows(cuts: list[_Cut]) -> Rows:
    at, values = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for cut in cuts:
        at.append(cut.at)
        values.append(cut.values)
    number = len(cuts)
    return Rows(
        np.repeat(np.arange(number), [len(cut.at) for cut in cuts]), np.concatenate(at), np.concatenate(values),
        np.full(number, -INFINITY), np.array([cut.most for cut in cuts], dtype=np.float64), [RULE] * number,
        [""] * number,
    )  # fmt: skip
