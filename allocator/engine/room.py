"""What a first plan has room for still: rows that are full, and columns that go with others."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from allocator.eligibility import Codes
from allocator.engine.face import TOLERANCE, Face
from allocator.formulation.matches import grouped
from allocator.formulation.program import Indexes, Vector
from allocator.formulation.sparse import distinct
from allocator.formulation.together import Together


class Beside:
    """Columns that go with a match whose student is to be together with another (L12), whose match is taken already."""

    def __init__(self, together: Iterable[Together]) -> None:
        self._of: defaultdict[int, list[tuple[int, int, list[int]]]] = defaultdict(list)
        for number, pair in enumerate(together):
            for side, (mine, _, both) in enumerate(pair.beside()):
                through = both.tolist()
                for column, kind in zip(mine.columns.tolist(), mine.kind.tolist(), strict=True):
                    self._of[column].append((2 * number + side, kind, through[kind]))
        self._taken: dict[int, int] = {}
        """The kind of the match that is taken, by side."""

    def both(self, bundle: Iterable[int]) -> list[int]:
        """The columns that say "both", where they may be; else their rows will not hold."""
        found = []
        for column in bundle:
            for side, _, through in self._of.get(column, ()):
                theirs = self._taken.get(side ^ 1)
                if theirs is not None and through[theirs] >= 0:
                    found.append(through[theirs])
        return found

    def concerns(self, columns: Iterable[int]) -> bool:
        """Whether one of some columns is of such a student."""
        return any(column in self._of for column in columns)

    def note(self, column: int) -> None:
        """A column is taken."""
        for side, kind, _ in self._of.get(column, ()):
            self._taken[side] = kind


class FullRows:
    """Rows that only limit (an offer's places, a PE's load on a day) and have no room left, and the columns they close.

    A match is closed, too, once every pool of its group is. ``limits`` says which rows these are, ``balanced`` which
    limit some columns and get room from others.
    """

    def __init__(self, face: Face, activity: Vector, pools: list[list[int]], group: Codes) -> None:
        self._matrix = face.matrix.by_row
        self._upper = face.row_upper
        self.closed = np.zeros(self._matrix.across, dtype=np.bool_)
        self._group_of_pool = {pool: number for number, counts in enumerate(pools) for pool in counts}
        self.is_pool = np.zeros(self._matrix.across, dtype=np.bool_)
        self.is_pool[list(self._group_of_pool)] = True
        self._open_pools = [len(counts) for counts in pools]
        self._members = dict(grouped(group))
        upwards = np.isinf(face.row_lower)
        falling = np.zeros(len(upwards), dtype=np.bool_)
        falling[self._matrix.line[self._matrix.values < 0]] = True
        self.balanced: list[bool] = (upwards & falling).tolist()
        self._has_room = upwards & ~falling
        self.limits: list[bool] = self._has_room.tolist()
        self.note_all(activity)

    def note_all(self, activity: Vector) -> None:
        """The same as :meth:`note` for every row."""
        rows = np.flatnonzero(self._has_room & (activity + 1 > self._upper + TOLERANCE))
        part = self._matrix.only(rows)
        self._has_room[rows] = False
        self._close(distinct(part.at[part.values >= 1], self._matrix.across))

    def note(self, row: int, activity: float) -> None:
        """Close the columns of a row that cannot take one more."""
        if not self._has_room[row] or activity + 1 <= self._upper[row] + TOLERANCE:
            return
        self._has_room[row] = False
        part = slice(self._matrix.begins[row], self._matrix.begins[row + 1])
        # a coefficient above 1 closes a column sooner; that is left to the row itself
        self._close(self._matrix.at[part][self._matrix.values[part] >= 1])

    def _close(self, columns: Indexes) -> None:
        for pool in columns[self.is_pool[columns] & ~self.closed[columns]].tolist():
            group = self._group_of_pool[pool]
            self._open_pools[group] -= 1
            if not self._open_pools[group]:
                self.closed[self._members[group]] = True
        self.closed[columns] = True

    def without(self, columns: Indexes) -> Indexes:
        """Columns that are not closed."""
        return columns[~self.closed[columns]]
