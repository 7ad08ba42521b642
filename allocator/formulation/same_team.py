"""E10 within a plan: first and final of a student not in one team. Written down only for teams where a solution does.

A row per student and team that both placements could have would be more than all other rows together, and hardly any
of them ever binds.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from allocator.eligibility import Codes
from allocator.formulation.matches import Formulation
from allocator.formulation.program import Indexes, Lazy, Rows, Vector

TOLERANCE = 1e-6


class TwoRequests(NamedTuple):
    """A student with two open requests: the ``x`` columns of the first and of the final."""

    student: str
    firsts: Indexes
    finals: Indexes

    @property
    def columns(self) -> Indexes:
        """Columns of both."""
        return np.concatenate([self.firsts, self.finals])


class SameTeam(Lazy):
    """student and team: sum of first's and final's matches there <= 1."""

    def __init__(self, model: Formulation, students: Sequence[TwoRequests]) -> None:
        numbers: dict[tuple[str, str], int] = {}
        code = [numbers.setdefault((o.agency, o.team), len(numbers)) for o in model.dataset.offers]
        self._teams = list(numbers)
        self._team: Codes = np.array(code, dtype=np.int32)[model.x.offer]
        self._students = tuple(students)
        self._student: Codes = np.full(len(self._team), -1, dtype=np.int32)
        for number, student in enumerate(self._students):
            self._student[student.columns] = number

    def broken(self, solution: Vector) -> Rows:
        """Rows of the students and teams where a solution has more than one."""
        values = solution[: len(self._team)]
        used = np.flatnonzero((values > TOLERANCE) & (self._student >= 0))
        keys = self._student[used].astype(np.int64) * (len(self._teams) + 1) + self._team[used]
        found, at = np.unique(keys, return_inverse=True)
        over = found[np.bincount(at, weights=values[used], minlength=len(found)) > 1 + TOLERANCE]
        return Rows.joined(self._row(*divmod(key, len(self._teams) + 1)) for key in over.tolist())

    def every(self) -> Rows:
        """Rows of all teams that a student's first and final could both have."""
        return Rows.joined(
            self._row(number, team)
            for number, student in enumerate(self._students)
            for team in np.intersect1d(self._team[student.firsts], self._team[student.finals]).tolist()
        )

    def apart(self, first: int, final: int) -> bool:
        """Whether two columns of a student are in different teams."""
        return bool(self._team[first] != self._team[final])

    def _row(self, number: int, team: int) -> Rows:
        student = self._students[number]
        columns = student.columns[self._team[student.columns] == team]
        return Rows(
            np.zeros(len(columns), dtype=np.int64), columns, np.ones(len(columns)), np.array([-np.inf]),
            np.array([1.0]), ["E10"], [f"{student.student} {self._teams[team][1]}"],
        )  # fmt: skip
