"""Bounds of columns that rows imply, found by repeated passes over the rows that can still say something.

Let a row ask ``sum a_j x_j <= b``, and let m be the least that its columns can sum to. Column j is then at most
(b - m) / |a_j| away from the bound that m takes it at; a row with b = m fixes all of its columns (bound propagation:
Savelsbergh, "Preprocessing and probing techniques for mixed integer programming problems", ORSA Journal on Computing 6,
1994). Whole columns are rounded inwards. Every whole point that holds the rows stays. A published plan that may not
change fixes most of a program so, before any solver is asked.
"""

from typing import NamedTuple, Self

import numpy as np

from allocator.formulation.program import Indexes, Mask, Vector
from allocator.formulation.sparse import Sparse, sums

ROUNDING = 1e-6
PASSES = 100
"""Most passes; after them bounds may be wider than they could be, never narrower."""
FEW_PASSES = 2
"""Passes that tell most, where prices that are known, or what a search does first, tell the rest."""


class Interval(NamedTuple):
    """Lower and upper bounds of columns, or of rows."""

    lower: Vector
    upper: Vector


class Ends(NamedTuple):
    """The least and the most that every row can sum to between some bounds of columns.

    Kept from one call to the next, as a search narrows the same rows again and again and some are as long as a program
    has matches. ``widest`` is no less than what any single column can change a row by, here or between narrower bounds.
    """

    by_row: Sparse
    columns: Interval
    least: Vector
    most: Vector
    widest: Vector

    @classmethod
    def of(cls, by_row: Sparse, columns: Interval) -> Self:
        """Worked out from all coefficients."""
        low, high = _products(by_row.values, columns, by_row.places)
        widest = np.zeros(len(by_row))
        np.maximum.at(widest, by_row.line, high - low)
        least, most = sums(by_row.line, low, len(by_row)), sums(by_row.line, high, len(by_row))
        return cls(by_row, columns, least, most, widest)

    def between(self, by_row: Sparse, by_column: Sparse, columns: Interval) -> "Ends":
        """The same between other bounds: what the columns differ by is added, unless one may be more than before."""
        if by_row is not self.by_row:
            return Ends.of(by_row, columns)
        changed = np.flatnonzero((columns.lower != self.columns.lower) | (columns.upper != self.columns.upper))
        if np.any(columns.lower[changed] < self.columns.lower[changed]):
            return Ends.of(by_row, columns)
        if np.any(columns.upper[changed] > self.columns.upper[changed]):
            return Ends.of(by_row, columns)
        part = by_column.only(changed)
        at = changed[part.line]
        before, after = _products(part.values, self.columns, at), _products(part.values, columns, at)
        least, most = (sums(part.at, now - was, len(by_row)) for was, now in zip(before, after, strict=True))
        return self._replace(columns=columns, least=self.least + least, most=self.most + most)


def _products(values: Vector, columns: Interval, at: Indexes) -> tuple[Vector, Vector]:
    """The least and the most of coefficients times their columns."""
    one, other = values * columns.lower[at], values * columns.upper[at]
    return np.minimum(one, other), np.maximum(one, other)


class Propagated(NamedTuple):
    """Bounds of columns nowhere wider than before, ``lower <= upper`` always, and the ends of rows between them.

    ``possible`` is False where a row was seen that cannot hold.
    """

    columns: Interval
    ends: Ends
    possible: bool


def propagated(
    by_row: Sparse, by_column: Sparse, rows: Interval, columns: Interval, integer: Mask,
    first: Indexes | None = None, passes: int = PASSES, ends: Ends | None = None,
) -> Propagated:  # fmt: skip
    """Tighten bounds of columns as far as single rows imply it, over and over.

    Parameters
    ----------
    by_row, by_column
        The coefficients, twice.
    rows, columns, integer
        Bounds; those of columns are finite. Columns that need not be whole are only ever fixed, so that passes end.
    first
        Rows to begin with; default: all.
    passes
        At most so many.
    ends
        Of the rows between other bounds, where they are at hand.
    """
    due = np.arange(len(by_row)) if first is None else first
    ends = Ends.of(by_row, columns) if ends is None else ends.between(by_row, by_column, columns)
    for _ in range(passes):
        # what a row is at least, beside its upper bound; then what minus the row is at least, beside minus its lower
        above, below = rows.upper[due] - ends.least[due], ends.most[due] - rows.lower[due]
        room = np.minimum(above, below)
        if np.any(room < -ROUNDING):
            return Propagated(columns, ends, possible=False)
        telling = (room + ROUNDING < ends.widest[due]) & (ends.most[due] > ends.least[due])
        if not telling.any():
            break
        part = by_row.only(due[telling])
        tighter = _rounded(_implied(part, above[telling], below[telling], columns), columns, integer)
        if tighter is None:
            return Propagated(columns, ends, possible=False)
        changed = np.flatnonzero((tighter.lower > columns.lower) | (tighter.upper < columns.upper))
        columns, ends = tighter, ends.between(by_row, by_column, tighter)
        touched = np.zeros(len(by_row), dtype=np.bool_)
        touched[by_column.only(changed).at] = True
        due = np.flatnonzero(touched)
    return Propagated(columns, ends, possible=True)


def _implied(part: Sparse, above: Vector, below: Vector, columns: Interval) -> Interval:
    """Bounds of columns that some rows imply by how far they are from their bounds at least and at most."""
    number, column = part.line, part.places
    lower, upper = columns.lower.copy(), columns.upper.copy()
    low, high = _products(part.values, columns, column)
    width = high - low
    for sign, room in ((1.0, np.maximum(above, 0)), (-1.0, np.maximum(below, 0))):
        telling = np.flatnonzero(width > room[number] + ROUNDING)
        if not len(telling):
            continue
        at, value, step = column[telling], sign * part.values[telling], room[number[telling]]
        rising = value > 0
        np.minimum.at(upper, at[rising], columns.lower[at[rising]] + step[rising] / value[rising])
        np.maximum.at(lower, at[~rising], columns.upper[at[~rising]] + step[~rising] / value[~rising])
    return Interval(lower, upper)


def _rounded(implied: Interval, columns: Interval, integer: Mask) -> Interval | None:
    """Whole columns rounded inwards, others fixed or as they were; None where nothing is left of one."""
    if np.any(implied.lower > implied.upper + ROUNDING):
        return None
    lower = np.where(integer, np.ceil(implied.lower - ROUNDING), columns.lower)
    upper = np.where(integer, np.floor(implied.upper + ROUNDING), columns.upper)
    if np.any(lower > upper):
        return None
    at_lower = ~integer & (implied.upper <= columns.lower + ROUNDING)
    at_upper = ~integer & (implied.lower >= columns.upper - ROUNDING)
    upper[at_lower] = columns.lower[at_lower]
    lower[at_upper] = columns.upper[at_upper]
    return Interval(lower, upper)
