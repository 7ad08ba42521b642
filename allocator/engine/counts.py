"""Counts of pools that join a relaxation with the first match of their group: where none is there, none can be used.

A group's row says ``sum of its matches - sum of its counts = 0``. While it is left out its price is free, and the best
is the one at which the cheapest count costs nothing: a match then costs as much more, which is what it would cost with
that count.
"""

from typing import NamedTuple, Self

import numpy as np

from allocator.engine.model import Model
from allocator.formulation.program import Indexes, Mask, Vector

NONE = -1


class Counts(NamedTuple):
    """The group of every column that is a match, and of every one that is a count; -1: of none that has a choice.

    ``row`` is the row of every group.
    """

    of_match: Indexes
    of_count: Indexes
    row: Indexes

    @classmethod
    def of(cls, model: Model) -> Self:
        """The groups of a model."""
        columns, splits = model.program.columns, model.matches.splits
        of_match, of_count = np.full(columns, NONE), np.full(columns, NONE)
        for number, split in enumerate(splits):
            of_match[split.columns], of_count[split.counts] = number, number
        return cls(of_match, of_count, np.array([split.row for split in splits], dtype=np.int64))

    def joined(self, inside: Mask) -> Mask:
        """Some columns, and all counts of the groups that they are of."""
        here = np.zeros(len(self.row) + 1, dtype=np.bool_)  # the last stands for no group
        here[self.of_match[inside]] = True
        here[self.of_count[inside]] = True
        here[NONE] = False
        return inside | here[self.of_count]

    def beside(self, inside: Mask) -> Mask:
        """Some columns, but of the counts those of their matches alone."""
        return self.joined(inside & (self.of_count == NONE))

    def priced(self, reduced: Vector, duals: Vector, outside: Mask, open_columns: Mask) -> tuple[Vector, Vector]:
        """Reduced costs and duals with the best price of every row that is left out.

        Parameters
        ----------
        reduced, duals
            By column and by row, those of rows that are left out being 0.
        outside
            Rows that are left out.
        open_columns
            Columns that are not fixed.
        """
        least = np.full(len(self.row) + 1, np.inf)
        counts = np.flatnonzero((self.of_count != NONE) & open_columns)
        np.minimum.at(least, self.of_count[counts], reduced[counts])
        apart = np.append(outside[self.row], False) & np.isfinite(least)
        least = np.where(apart, least, 0.0)
        priced = duals.copy()
        priced[self.row[apart[:-1]]] = -least[:-1][apart[:-1]]
        return reduced + least[self.of_match] - least[self.of_count], priced
