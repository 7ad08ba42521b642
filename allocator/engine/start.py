"""A first plan within seconds, so that a run stopped early has one: whoever has the fewest offers chooses first.

Each placement is a bundle of columns (the match, its count to a pool, its path); a bundle is taken if every row it
touches still holds. Students with two open requests are tried as a pair first. No rule is decided here: the rows do.
"""

from collections import defaultdict
from itertools import islice

import numpy as np

from allocator.engine.face import TOLERANCE, Face
from allocator.engine.model import Model
from allocator.engine.pathways import StudentPaths
from allocator.engine.program import Vector
from allocator.engine.same_team import SameTeam
from allocator.terms.horizon import StudentRequests

OFFERS_TRIED = 10
"""Offers with room tried for each request of a student with two open requests, before each is tried alone."""
Entries = list[tuple[int, float]]


class FirstPlan:
    """Builds one plan greedily on a model.

    Parameters
    ----------
    model, face
        What may be taken, and the rows that have to hold.
    start
        The solution to begin with: everything at its lower bound, or a plan to be completed.
    """

    def __init__(self, model: Model, face: Face, start: Vector) -> None:
        self._model = model
        self._face = face
        self._columns = face.matrix.by_column
        self._solution: list[float] = start.tolist()
        self._upper: list[float] = face.upper.tolist()
        self._activity: list[float] = np.asarray(face.matrix.by_row @ start).tolist()
        self._row_lower: list[float] = face.row_lower.tolist()
        self._row_upper: list[float] = face.row_upper.tolist()
        self._rows_of: dict[int, Entries] = {}
        self._counts: dict[int, list[int]] = {}
        for use in model.matches.uses:
            if use.columns is not use.group.columns:
                count = int(use.columns[0])
                for column in use.group.columns.tolist():
                    self._counts.setdefault(column, []).append(count)

    def build(self) -> Vector:
        """The plan; at least the start it was given."""
        matches = self._model.matches
        wanted = np.bincount(matches.x.offer[matches.new], minlength=len(matches.dataset.offers))
        open_columns = matches.new[self._face.open[matches.new]]
        order = open_columns[np.lexsort((open_columns, wanted[matches.x.offer[open_columns]]))]
        choices: defaultdict[str, list[int]] = defaultdict(list)
        for request, column in zip(matches.x.request[order].tolist(), order.tolist(), strict=True):
            choices[matches.requests[request].request].append(column)
        students = [s for s in matches.eligibility.horizon.by_student.values() if s.first or s.final]
        orders = [(s, [r.request for r in (s.first, s.final) if r is not None]) for s in students]
        for student, requests in sorted(orders, key=lambda item: min(len(choices[r]) for r in item[1])):
            self._place(student, [choices[r] for r in requests])
        return self._model.program.tidied(np.array(self._solution))

    def _place(self, student: StudentRequests, choices: list[list[int]]) -> None:
        paths = self._model.paths.by_student.get(student.student.student)
        if any(self._solution[column] > 0.5 for columns in choices for column in columns):
            return  # begun by the plan that is completed
        if paths is not None and self._place_pair(choices[0], choices[1], paths):
            return
        for which, columns in enumerate(choices):
            for column in filter(self._has_room, columns):
                if self._take_with_pool([column, *self._alone(paths, column, which)]):
                    break

    def _place_pair(self, firsts: list[int], finals: list[int], paths: StudentPaths) -> bool:
        later = list(islice(filter(self._has_room, finals), OFFERS_TRIED))
        kind = self._model.paths.kind
        for first in islice(filter(self._has_room, firsts), OFFERS_TRIED):
            for final in later:
                path = int(paths.matrix[kind[first], kind[final]])
                if path >= 0 and self._apart(first, final) and self._take_both(first, final, path):
                    return True
        return False

    def _apart(self, first: int, final: int) -> bool:
        """Whether both may be in their teams (E10), whose rows are not written down."""
        lazy = self._model.program.lazy
        return not isinstance(lazy, SameTeam) or lazy.apart(first, final)

    def _take_both(self, first: int, final: int, path: int) -> bool:
        """First and final with their path and a pool each; the pools are tried one after the other, not in pairs."""
        for pool in self._counts.get(first) or [-1]:
            mine = [first] if pool < 0 else [first, pool]
            if not self._fits(mine, between=True):
                continue
            for other in self._counts.get(final) or [-1]:
                theirs = [final, path] if other < 0 else [final, path, other]
                if self._take([*mine, *theirs]):
                    return True
        return False

    def _alone(self, paths: StudentPaths | None, column: int, which: int) -> list[int]:
        """The path of a match on its own, where its student has paths."""
        if paths is None:
            return []
        alone = (paths.first_alone, paths.final_alone)[which][self._model.paths.kind[column]]
        return [] if alone < 0 else [int(alone)]

    def _take_with_pool(self, columns: list[int]) -> bool:
        pools = self._counts.get(columns[0]) or [-1]
        return any(self._take(columns if pool < 0 else [*columns, pool]) for pool in pools)

    def _has_room(self, column: int) -> bool:
        """Whether the rows that only limit (the offer's places, a maximum at once) leave room for the match."""
        return all(
            self._activity[row] + value <= self._row_upper[row] + TOLERANCE or self._row_lower[row] > -np.inf
            for row, value in self._entries(column)
        )

    def _entries(self, column: int) -> Entries:
        """Rows and coefficients of a column."""
        found = self._rows_of.get(column)
        if found is None:
            part = slice(self._columns.indptr[column], self._columns.indptr[column + 1])
            found = list(zip(self._columns.indices[part].tolist(), self._columns.data[part].tolist(), strict=True))
            self._rows_of[column] = found
        return found

    def _change(self, bundle: list[int]) -> dict[int, float] | None:
        """How the activity of rows changes; None where a column has no room."""
        change: defaultdict[int, float] = defaultdict(float)
        for column in bundle:
            if self._solution[column] + 1 > self._upper[column] + TOLERANCE:
                return None
            for row, value in self._entries(column):
                change[row] += value
        return change

    def _fits(self, bundle: list[int], *, between: bool = False) -> bool:
        """Whether every row still holds; ``between``: rows that ask for something may still be met by more columns."""
        change = self._change(bundle)
        return change is not None and all(self._holds(row, value, between=between) for row, value in change.items())

    def _holds(self, row: int, value: float, *, between: bool = False) -> bool:
        before, lower = self._activity[row], self._row_lower[row]
        if between and lower > -np.inf:
            return True
        if before + value > self._row_upper[row] + TOLERANCE:
            return False
        return between or max(0.0, lower - before - value) <= max(0.0, lower - before) + TOLERANCE

    def _take(self, bundle: list[int]) -> bool:
        """Add the columns if every row they touch still holds; equalities must hold again."""
        change = self._change(bundle)
        if change is None or not all(self._holds(row, value) for row, value in change.items()):
            return False
        for column in bundle:
            self._solution[column] += 1
        for row, value in change.items():
            self._activity[row] += value
        return True
