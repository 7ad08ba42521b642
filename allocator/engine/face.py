"""The solutions that are still in play: bounds of columns and rows, tightened tier by tier.

Let z be the value of a solved relaxation (minimised), d its reduced costs and y its row duals. For any feasible point,
value - z = sum of d_j (distance of column j from its bound) + sum of y_i (distance of row i from its bound), every
summand >= 0 (linear programming duality). Columns and rows are whole numbers in some best solution, so one unit away
costs at least |d_j| or |y_i|: whatever costs more than the tier may lose is fixed at its bound. Where the tier may
lose nothing this keeps exactly the points that reach z, and no dense row for the tier is needed.
"""

import math
from typing import NamedTuple, Self

import numpy as np

from allocator.engine.propagation import PASSES, Ends, Interval, propagated
from allocator.formulation.program import Indexes, Lazy, Mask, Program, Rows, Vector
from allocator.formulation.sparse import Sparse, distinct

TOLERANCE = 1e-6


class Relaxed(NamedTuple):
    """A solved linear relaxation (minimisation).

    ``other_rows`` says that rows which are not of the matrix (lazy ones, and tiers held to "no worse") hold the value
    up too.
    """

    ending: str
    value: float
    solution: Vector
    reduced_costs: Vector
    row_duals: Vector
    other_rows: bool = False


class Matrix(NamedTuple):
    """The coefficients by row and by column, and the rows that are left out of a search until they are broken."""

    by_row: Sparse
    by_column: Sparse
    lazy: Lazy


class Face(NamedTuple):
    """Column and row bounds over a matrix; ``extra`` are the dense rows of tiers: (cost, lower, upper).

    ``ends`` are those of rows between these bounds or others, for who narrows them further.
    """

    matrix: Matrix
    lower: Vector
    upper: Vector
    row_lower: Vector
    row_upper: Vector
    integer: Mask
    extra: tuple[tuple[Vector, float, float], ...] = ()
    ends: Ends | None = None

    @classmethod
    def written(cls, program: Program) -> Self:
        """All solutions of a program, with bounds as they are written down."""
        rows = Rows.joined(program.batches)
        by_row = rows.matrix(program.columns)
        matrix = Matrix(by_row, by_row.turned(), program.lazy)
        return cls(
            matrix, program.lower.copy(), program.upper.copy(), rows.lower, rows.upper, program.integer.copy()
        )  # fmt: skip

    @classmethod
    def of(cls, program: Program) -> Self:
        """All solutions of a program, with bounds of columns as its rows imply them."""
        return cls.written(program).tightened()

    def tightened(self, rows: Indexes | None = None, passes: int = PASSES) -> Self:
        """The same whole points, with bounds of columns as rows imply them; ``rows`` are those to begin with."""
        (lower, upper), ends, _ = propagated(
            self.matrix.by_row, self.matrix.by_column, Interval(self.row_lower, self.row_upper),
            Interval(self.lower, self.upper), self.integer, rows, passes, self.ends,
        )  # fmt: skip
        return self._replace(lower=lower, upper=upper, ends=ends)

    @property
    def open(self) -> Mask:
        """Columns that are not fixed."""
        return self.upper > self.lower

    def holds(self, solution: Vector, known: Vector | None = None) -> bool:
        """Whether a solution satisfies every bound; beside a known one that does, only rows where they differ count."""
        if np.any(solution < self.lower - TOLERANCE) or np.any(solution > self.upper + TOLERANCE):
            return False  # as it mostly is, and sooner seen
        lower, upper = self.row_lower, self.row_upper
        if known is None:
            activity = self.matrix.by_column.spread(solution)
        else:
            rows = distinct(self.matrix.by_column.only(np.flatnonzero(solution != known)).at, len(lower))
            activity, lower, upper = self.matrix.by_row.only(rows).summed(solution), lower[rows], upper[rows]
        return bool(
            np.all(activity >= lower - TOLERANCE)
            and np.all(activity <= upper + TOLERANCE)
            and all(low - TOLERANCE <= float(c @ solution) <= high + TOLERANCE for c, low, high in self.extra)
            and not len(self.matrix.lazy.broken(solution).lower)
        )

    def taking(self, column: int | None) -> Self:
        """The points that have at least one of a column; None: all of them."""
        if column is None:
            return self
        lower = self.lower.copy()
        lower[column] = max(1.0, lower[column])
        return self._replace(lower=lower)

    def whole(self, solution: Vector) -> bool:
        """Whether every column that has to be a whole number is one."""
        found = solution[self.integer]
        return bool(np.all(np.abs(found - np.round(found)) < TOLERANCE))

    def at(self, cost: Vector, value: int) -> Self:
        """The part of the face where ``cost`` is ``value``, with nothing known of how."""
        return self._replace(extra=(*self.extra, (cost, float(value), float(value))))

    def reaching(
        self, cost: Vector, value: int, relaxed: Relaxed, *, proved: bool = True, passes: int = PASSES
    ) -> "Face":  # fmt: skip
        """The part of the face where ``cost`` is ``value`` (``proved`` False: at most ``value``).

        Parameters
        ----------
        cost
            The tier, minimised.
        value
            The rounded bound, or the optimum.
        relaxed
            The relaxation of the tier on this face.
        proved
            Whether nothing better exists.
        passes
            Over the rows at most, to see what follows for other columns.
        """
        slack = value - relaxed.value + TOLERANCE * max(1.0, abs(value) / 1000)
        lower, upper = self.lower.copy(), self.upper.copy()
        at_lower = (relaxed.reduced_costs > slack) & (relaxed.solution <= lower + TOLERANCE)
        at_upper = (relaxed.reduced_costs < -slack) & (relaxed.solution >= upper - TOLERANCE)
        upper[at_lower] = lower[at_lower]
        lower[at_upper] = upper[at_upper]
        row_lower, row_upper = self.row_lower.copy(), self.row_upper.copy()
        at_lower, at_upper = relaxed.row_duals > slack, relaxed.row_duals < -slack
        row_upper[at_lower] = row_lower[at_lower]
        row_lower[at_upper] = row_upper[at_upper]
        extra = self.extra
        if abs(value - relaxed.value) > TOLERANCE or not proved or relaxed.other_rows:
            extra = (*extra, (cost, float(value) if proved else -math.inf, float(value)))
        reached = self._replace(lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper, extra=extra)
        columns = np.flatnonzero((lower > self.lower) | (upper < self.upper))
        rows = (row_lower > self.row_lower) | (row_upper < self.row_upper)
        rows[self.matrix.by_column.only(columns).at] = True
        return reached.tightened(np.flatnonzero(rows), passes)


def inwards(value: float) -> int:
    """A bound of a minimised whole number, rounded up."""
    return math.ceil(value - TOLERANCE * max(1.0, abs(value) / 1000))


def beside(face: Face, relaxed: Vector) -> Face:
    """The part of a face that agrees with a relaxed solution wherever that is a whole number above 0."""
    whole = np.round(relaxed)
    kept = face.integer & (whole >= 1) & (np.abs(relaxed - whole) < TOLERANCE)
    lower, upper = np.where(kept, whole, face.lower), np.where(kept, whole, face.upper)
    if (lower < face.lower).any() or (upper > face.upper).any():
        return face
    return face._replace(lower=lower, upper=upper).tightened()
