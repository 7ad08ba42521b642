"""A first plan within a second, so that a run stopped early has one: whoever has the fewest offers chooses first.

Each placement is a bundle of columns (the match, its count to a pool, its path); a bundle is taken if every row it
touches still holds. Students with two open requests are tried as a pair first. No rule is decided here: the rows do.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

import numpy as np
from scipy.sparse import csc_array

from allocator.engine.face import TOLERANCE, Face
from allocator.engine.formulation import Column, Formulation
from allocator.engine.program import Vector

OFFERS_TRIED = 10
"""Offers with room tried for each request of a student with two open requests, before each is tried alone."""


class FirstPlan:
    """Builds one plan greedily on a model."""

    def __init__(self, model: Formulation, face: Face, start: Vector) -> None:
        self._model = model
        self._columns = csc_array(face.matrix)
        self._face = face
        self._solution = start.copy()
        self._activity: list[float] = np.asarray(face.matrix @ start).tolist()
        self._rows_of: dict[int, list[tuple[int, float]]] = {}
        self._counts: dict[int, list[int]] = {}
        for use in model.uses:
            for column in use.group.columns:
                own = () if use.columns[0] == use.group.columns[0].column else use.columns
                self._counts.setdefault(column.column, []).extend(own)

    def build(self) -> Vector:
        """The plan; at least the start it was given."""
        wanted: defaultdict[int, int] = defaultdict(int)
        for column in self._model.new_columns():
            wanted[id(column.offer)] += 1
        horizon = self._model.eligibility.horizon
        students = [s for s in horizon.by_student.values() if s.first or s.final]
        choices = {
            r.request: sorted(self._open(r.request), key=lambda c: (wanted[id(c.offer)], c.column))
            for r in horizon.live
        }

        def scarcity(requests: list[str]) -> int:
            return min(len(choices[r]) for r in requests)

        orders = [[r.request for r in (s.first, s.final) if r is not None] for s in students]
        for requests in sorted(orders, key=scarcity):
            if len(requests) == 2 and self._place_pair(choices[requests[0]], choices[requests[1]]):
                continue
            for request in requests:
                self._place_one(choices[request])
        return self._model.program.tidied(self._solution)

    def _open(self, request: str) -> list[Column]:
        return [c for c in self._model.columns.get(request, ()) if not c.kept and self._face.upper[c.column] > 0.5]

    def _place_pair(self, firsts: list[Column], finals: list[Column]) -> bool:
        later = list(islice(filter(self._has_room, finals), OFFERS_TRIED))
        for first in islice(filter(self._has_room, firsts), OFFERS_TRIED):
            for final in later:
                if any(self._take(bundle) for bundle in self._bundles([first, final])):
                    return True
        return False

    def _has_room(self, column: Column) -> bool:
        """Whether the rows that only limit (the offer's places, a maximum at once) leave room for the match."""
        return all(
            self._activity[row] + value <= self._face.row_upper[row] + TOLERANCE or self._face.row_lower[row] > -np.inf
            for row, value in self._entries(column.column)
        )

    def _entries(self, column: int) -> list[tuple[int, float]]:
        """Rows and coefficients of a column."""
        found = self._rows_of.get(column)
        if found is None:
            part = slice(self._columns.indptr[column], self._columns.indptr[column + 1])
            found = list(zip(self._columns.indices[part].tolist(), self._columns.data[part].tolist(), strict=True))
            self._rows_of[column] = found
        return found

    def _place_one(self, columns: list[Column]) -> bool:
        with_room = filter(self._has_room, columns)
        return any(self._take(bundle) for column in with_room for bundle in self._bundles([column]))

    def _bundles(self, columns: list[Column]) -> Iterator[list[int]]:
        """The matches with each choice of pools, and the path that goes with them (if the student has paths)."""
        path = self._path(columns)
        matches = [c.column for c in columns]
        pools = [self._counts[m] or [-1] for m in matches]
        for first in pools[0]:
            for second in pools[1] if len(pools) == 2 else [-1]:
                yield [c for c in (*matches, first, second, *path) if c >= 0]

    def _path(self, columns: list[Column]) -> list[int]:
        ways = [self._model.ways[c.column] for c in columns if c.column in self._model.ways]
        if not ways:
            return []
        if len(ways) == 2:
            return sorted(ways[0].paths & ways[1].paths)[:1]
        return [] if ways[0].alone is None else [ways[0].alone]

    def _take(self, bundle: list[int]) -> bool:
        """Add the columns if every row they touch still holds; equalities must hold again."""
        change: defaultdict[int, float] = defaultdict(float)
        for column in bundle:
            if self._solution[column] + 1 > self._face.upper[column] + TOLERANCE:
                return False
            for row, value in self._entries(column):
                change[row] += value
        for row, value in change.items():
            after = self._activity[row] + value
            before_missing = max(0.0, self._face.row_lower[row] - self._activity[row])
            missing = max(0.0, self._face.row_lower[row] - after)
            if after > self._face.row_upper[row] + TOLERANCE or missing > before_missing + TOLERANCE:
                return False
        for column in bundle:
            self._solution[column] += 1
        for row, value in change.items():
            self._activity[row] += value
        return True
