"""A part of a large program: what is open in a face, as a program of its own; all the rest is as it is in a plan.

Only open columns and the rows that can still bind are in it, so that a search of it takes as long as one of a
small program, however large the whole is.
"""

from typing import NamedTuple, Self

import numpy as np

from allocator.engine.counts import NONE, Counts
from allocator.engine.face import Face
from allocator.engine.part import Part
from allocator.engine.relaxation import Working
from allocator.formulation.program import Indexes, Lazy, Linear, Program, Rows, Shortfall, Vector

ABSENT = -1


class Section(NamedTuple):
    """A program of some columns of another.

    ``columns`` are their numbers there, ``rest`` the values of all others (0 for these); ``place`` is the column here
    of every column there, and ``row_place`` the row here of every row there (-1: fixed, or it cannot bind).
    """

    program: Program
    columns: Indexes
    rest: Vector
    place: Indexes
    row_place: Indexes

    @classmethod
    def of(cls, whole: Program, face: Face) -> Self:
        """What a face leaves open.

        Parameters
        ----------
        whole
            The program.
        face
            Its solutions in play; it has no rows of tiers.
        """
        part = Part.of(face)
        place = np.full(len(part.rest), ABSENT, dtype=np.int64)
        place[part.columns] = np.arange(len(part.columns))
        row_place = np.full(len(face.row_lower), ABSENT, dtype=np.int64)
        row_place[part.rows] = np.arange(len(part.rows))
        program = Program()
        made = cls(program, part.columns, part.rest, place, row_place)
        program.add_columns(part.upper, lower=part.lower, integer=part.integer)
        rows = part.matrix
        nothing = [""] * len(rows)
        program.add_rows(
            Rows(rows.line, rows.at.astype(np.int64), rows.values, part.row_lower, part.row_upper, nothing, nothing)
        )
        for short in whole.shortfalls:
            if place[short.column] != ABSENT:
                needed = made.expression(short.needed)
                program.shortfalls.append(Shortfall(int(place[short.column]), needed, short.unit))
        program.lazy = _LazyHere(whole.lazy, made)
        return made

    def expression(self, whole: Linear) -> Linear:
        """An expression of the whole, of the columns here; what the others give is in its constant."""
        at = self.place[whole.columns]
        here = at != ABSENT
        fixed = float(whole.coefficients[~here] @ self.rest[whole.columns[~here]])
        return Linear(whole.constant + round(fixed), at[here], whole.coefficients[here])

    def working(self, whole: Working) -> Working:
        """Columns to begin with, of those that are here."""
        return Working(
            whole.columns[self.columns], whole.owner[self.columns], warm=True,
            counts=tuple(self.working_counts(counts) for counts in whole.counts),
        )  # fmt: skip

    def working_counts(self, whole: Counts) -> Counts:
        """Those groups that have a row here; the others have no open column."""
        here = self.row_place[whole.row] != ABSENT
        number = np.append(np.where(here, np.cumsum(here) - 1, NONE), NONE)  # the last is that of no group
        of_match, of_count = number[whole.of_match[self.columns]], number[whole.of_count[self.columns]]
        return Counts(of_match, of_count, self.row_place[whole.row[here]])

    def filled(self, solution: Vector) -> Vector:
        """A solution of the whole."""
        found = self.rest.copy()
        found[self.columns] = solution
        return found


class _LazyHere(Lazy):
    """Lazy rows of the whole, over the columns of a section."""

    def __init__(self, whole: Lazy, section: Section) -> None:
        self._whole = whole
        self._section = section

    def broken(self, solution: Vector) -> Rows:
        return self._here(self._whole.broken(self._section.filled(solution)))

    def every(self) -> Rows:
        return self._here(self._whole.every())

    def _here(self, rows: Rows) -> Rows:
        at = self._section.place[rows.column]
        here = at != ABSENT
        rest = np.bincount(
            rows.row[~here], weights=rows.coefficient[~here] * self._section.rest[rows.column[~here]],
            minlength=len(rows.lower),
        )  # fmt: skip
        some = np.zeros(len(rows.lower), dtype=np.bool_)
        some[rows.row[here]] = True
        number = np.cumsum(some) - 1
        kept = np.flatnonzero(some).tolist()
        return Rows(
            number[rows.row[here]], at[here], rows.coefficient[here], (rows.lower - rest)[some],
            (rows.upper - rest)[some], [rows.rules[i] for i in kept], [rows.subjects[i] for i in kept],
        )  # fmt: skip
