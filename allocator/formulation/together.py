"""Columns for two students who are to be together: one for each two kinds of their matches that may be at once.

Matches that conflict with the same matches of the other student are one kind. A column says that both are placed, each
in its kind, so that the rows are those of a flow from the kinds of the one to the kinds of the other: with "not placed"
as one more kind on either side they describe exactly what may be, and no relaxed solution is in between. Rows that
forbid matches to each other let each of the two have a third of a place in two agencies in which the other had none.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Codes
from allocator.formulation.program import Indexes, Linear, Mask, Program


class Side(NamedTuple):
    """The matches of one of the two, as ``x`` columns, and the kind of each."""

    columns: Indexes
    kind: Indexes

    def of_kind(self, kind: int) -> Indexes:
        """The matches of a kind."""
        found: Indexes = self.columns[self.kind == kind]
        return found


class Together(NamedTuple):
    """Two requests whose students are to be together, and their columns.

    ``both`` (shape: kinds of the one x kinds of the other) holds the column of two kinds that may be at once, -1
    elsewhere.
    """

    student: str
    one: Side
    other: Side
    both: Codes

    def beside(self) -> Iterator[tuple[Side, Side, Codes]]:
        """Each side with the other, and the columns with the side's own kinds as rows."""
        yield self.one, self.other, self.both
        yield self.other, self.one, self.both.T


def add_together(
    program: Program, student: str, columns: tuple[Indexes, Indexes], conflicts: Mask, *, rule: str, subject: str
) -> Together:
    """Add the columns and rows of two requests.

    Parameters
    ----------
    program
        Grows by them.
    student
        One of the two.
    columns
        The ``x`` columns of each request; neither is empty.
    conflicts
        Shape: matches of the one x of the other.
    rule, subject
        What the rows come from.
    """
    one, example = _kinds_of(columns[0], conflicts)
    other, beside = _kinds_of(columns[1], conflicts.T)
    allowed = ~conflicts[np.ix_(example, beside)]
    both = np.full(allowed.shape, -1, dtype=np.int32)
    number = int(allowed.sum())
    both[allowed] = program.add_columns(
        np.ones(number), integer=False, names=lambda: [f"{subject} {n}" for n in range(number)]
    )
    found = Together(student, one, other, both)
    for mine, _, matrix in found.beside():
        for kind, through in enumerate(matrix):
            terms = Linear.total([Linear.sum_of(through[through >= 0]), Linear.sum_of(mine.of_kind(kind), -1)])
            program.add_row(terms, rule=rule, subject=subject, upper=0)
    either = Linear.sum_of(np.concatenate(columns))
    terms = Linear.total([either, Linear.sum_of(both[allowed], -1)])
    program.add_row(terms, rule=rule, subject=subject, upper=1)
    return found


def _kinds_of(columns: Indexes, conflicts: Mask) -> tuple[Side, Indexes]:
    """Merge matches that conflict with the same ones; a match of each kind stands for it (its row of ``conflicts``)."""
    _, example, kind = np.unique(conflicts, axis=0, return_index=True, return_inverse=True)
    return Side(columns, kind.reshape(-1)), example
