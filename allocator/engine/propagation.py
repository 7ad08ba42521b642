"""Bounds of columns that rows imply, found by repeated passes over the rows that can still say something.

Let a row ask ``sum a_j x_j <= b``, and let m be the least that its columns can sum to. Column j is then at most
(b - m) / |a_j| away from the bound that m takes it at; a row with b = m fixes all of its columns (bound propagation:
Savelsbergh, "Preprocessing and probing techniques for mixed integer programming problems", ORSA Journal on Computing 6,
1994). Whole columns are rounded inwards. Every whole point that holds the rows stays. A published plan that may not
change fixes most of a program so, before any solver is asked.
"""

from typing import NamedTuple

import numpy as np

from allocator.formulation.program import Indexes, Mask, Vector
from allocator.formulation.sparse import Sparse

ROUNDING = 1e-6
PASSES = 100
"""Most passes; after them bounds may be wider than they could be, never narrower."""
FEW_PASSES = 2
"""Passes that tell most, where prices that are known, or what a search does first, tell the rest."""


class Interval(NamedTuple):
    """Lower and upper bounds of columns, or of rows."""

    lower: Vector
    upper: Vector


def propagated(
    by_row: Sparse, by_column: Sparse, rows: Interval, columns: Interval, integer: Mask,
    first: Indexes | None = None, passes: int = PASSES,
) -> tuple[Interval, bool]:  # fmt: skip
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

    Returns
    -------
    tuple of Interval and bool
        Bounds of columns nowhere wider than those given, ``lower <= upper`` always; False where a row was seen that
        cannot hold.
    """
    due = np.arange(len(by_row)) if first is None else first
    for _ in range(passes):
        if not len(due):
            break
        part = by_row if len(due) == len(by_row) else by_row.only(due)
        implied = _implied(part, Interval(rows.lower[due], rows.upper[due]), columns)
        tighter = None if implied is None else _rounded(implied, columns, integer)
        if tighter is None:
            return columns, False
        changed = np.flatnonzero((tighter.lower > columns.lower) | (tighter.upper < columns.upper))
        columns = tighter
        touched = np.zeros(len(by_row), dtype=np.bool_)
        touched[by_column.only(changed).at] = True
        due = np.flatnonzero(touched)
    return columns, True


def _implied(part: Sparse, rows: Interval, columns: Interval) -> Interval | None:
    """Bounds of columns that some rows imply; None where one of the rows cannot hold."""
    number, column = part.line, part.at
    lower, upper = columns.lower.copy(), columns.upper.copy()
    one, other = part.values * columns.lower[column], part.values * columns.upper[column]
    least, most = np.minimum(one, other), np.maximum(one, other)
    width = most - least
    # what a row is at least, beside its upper bound; then what minus the row is at least, beside minus its lower bound
    for sign, ends, limit in ((1.0, least, rows.upper), (-1.0, -most, -rows.lower)):
        room = limit - np.bincount(number, weights=ends, minlength=len(part))
        if np.any(room < -ROUNDING):
            return None
        room = np.maximum(room, 0)
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
