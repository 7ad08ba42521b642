"""The solutions that are still in play: bounds of columns and rows, tightened level by level.

Let z be the value of a solved relaxation (minimised), d its reduced costs and y its row duals. For any feasible point,
value - z = sum of d_j (distance of column j from its bound) + sum of y_i (distance of row i from its bound), every
summand >= 0 (linear programming duality). Columns and rows are whole numbers in some best solution, so one unit away
costs at least |d_j| or |y_i|: whatever costs more than the level may lose is fixed at its bound. Where the level may
lose nothing this keeps exactly the points that reach z, and no dense row for the level is needed.
"""

import math
from typing import NamedTuple, Self

import numpy as np
from scipy.sparse import csr_array

from allocator.engine.program import Program, Vector

TOLERANCE = 1e-6


class Relaxed(NamedTuple):
    """A solved linear relaxation (minimisation)."""

    ending: str
    value: float
    solution: Vector
    reduced_costs: Vector
    row_duals: Vector


class Face(NamedTuple):
    """Column and row bounds over a matrix; ``extra`` are the dense rows of levels: (cost, lower, upper)."""

    matrix: csr_array
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    integer: Vector
    extra: tuple[tuple[Vector, float, float], ...] = ()

    @classmethod
    def of(cls, program: Program) -> Self:
        """All solutions of a program."""
        rows = program.rows
        starts = np.cumsum([0, *(len(r.terms) for r in rows)])
        indices = np.array([c for r in rows for c, _ in r.terms], dtype=np.int32)
        values = np.array([k for r in rows for _, k in r.terms], dtype=float)
        matrix = csr_array((values, indices, starts), shape=(len(rows), program.columns))
        row_lower = np.array([r.lower for r in rows], dtype=float)
        row_upper = np.array([r.upper for r in rows], dtype=float)
        lower, upper = np.array(program.lower, dtype=float), np.array(program.upper, dtype=float)
        return cls(matrix, lower, upper, row_lower, row_upper, np.array(program.integer, dtype=float))

    def holds(self, solution: Vector) -> bool:
        """Whether a solution satisfies every bound."""
        activity = self.matrix @ solution
        return bool(
            np.all(solution >= self.lower - TOLERANCE)
            and np.all(solution <= self.upper + TOLERANCE)
            and np.all(activity >= self.row_lower - TOLERANCE)
            and np.all(activity <= self.row_upper + TOLERANCE)
            and all(low - TOLERANCE <= float(c @ solution) <= high + TOLERANCE for c, low, high in self.extra)
        )

    def reaching(self, cost: Vector, value: int, relaxed: Relaxed, *, proved: bool = True) -> "Face":
        """The part of the face where ``cost`` is ``value`` (``proved`` False: at most ``value``).

        Parameters
        ----------
        cost
            The level, minimised.
        value
            The rounded bound, or the optimum.
        relaxed
            The relaxation of the level on this face.
        proved
            Whether nothing better exists.
        """
        slack = value - relaxed.value + TOLERANCE * max(1.0, abs(value) / 1000)
        lower, upper = self.lower.copy(), self.upper.copy()
        at_lower = (relaxed.reduced_costs > slack) & (relaxed.solution <= lower + TOLERANCE)
        at_upper = (relaxed.reduced_costs < -slack) & (relaxed.solution >= upper - TOLERANCE)
        upper[at_lower] = lower[at_lower]
        lower[at_upper] = upper[at_upper]
        row_lower, row_upper = self.row_lower.copy(), self.row_upper.copy()
        duals = relaxed.row_duals[: len(row_lower)]
        at_lower, at_upper = duals > slack, duals < -slack
        row_upper[at_lower] = row_lower[at_lower]
        row_lower[at_upper] = row_upper[at_upper]
        extra = self.extra
        if abs(value - relaxed.value) > TOLERANCE or not proved:
            extra = (*extra, (cost, float(value) if proved else -math.inf, float(value)))
        return Face(self.matrix, lower, upper, row_lower, row_upper, self.integer, extra)


def inwards(value: float) -> int:
    """A bound of a minimised whole number, rounded up."""
    return math.ceil(value - TOLERANCE * max(1.0, abs(value) / 1000))
