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
from models.entities import TeamKey

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
    """student and team: sum of first's and final's matches with a site there, the lead or a spoke, <= 1."""

    def __init__(self, model: Formulation, students: Sequence[TwoRequests]) -> None:
        numbers: dict[TeamKey, int] = {}
        sites = [
            np.array([numbers.setdefault(s, len(numbers)) for s in dict.fromkeys(o.sites)], dtype=np.int32)
            for o in model.dataset.offers
        ]
        self._teams = list(numbers)
        self._sites = sites
        self._offer = model.x.offer
        of_offer = np.array([len(s) for s in sites], dtype=np.int64)
        first = np.concatenate([[0], np.cumsum(of_offer)])
        flat = np.concatenate([np.zeros(0, dtype=np.int32), *sites])
        # A column comes once for each of its sites.
        self._column: Indexes = np.repeat(np.arange(len(self._offer)), of_offer[self._offer])
        begins = np.cumsum(of_offer[self._offer]) - of_offer[self._offer]
        within = np.arange(len(self._column)) - np.repeat(begins, of_offer[self._offer])
        self._team: Codes = flat[first[self._offer[self._column]] + within]
        self._students = tuple(students)
        self._student: Codes = np.full(len(self._offer), -1, dtype=np.int32)
        for number, student in enumerate(self._students):
            self._student[student.columns] = number

    def broken(self, solution: Vector) -> Rows:
        """Rows of the students and teams where a solution has more than one."""
        values = solution[: len(self._offer)]
        used = np.flatnonzero((values[self._column] > TOLERANCE) & (self._student[self._column] >= 0))
        keys = self._student[self._column[used]].astype(np.int64) * (len(self._teams) + 1) + self._team[used]
        found, at = np.unique(keys, return_inverse=True)
        sums = np.bincount(at, weights=values[self._column[used]], minlength=len(found))
        over = found[sums > 1 + TOLERANCE]
        return Rows.joined(self._row(*divmod(key, len(self._teams) + 1)) for key in over.tolist())

    def every(self) -> Rows:
        """Rows of all teams that a student's first and final could both have."""
        return Rows.joined(
            self._row(number, team)
            for number, student in enumerate(self._students)
            for team in sorted(self._teams_of(student.firsts) & self._teams_of(student.finals))
        )

    def apart(self, first: int, final: int) -> bool:
        """Whether two columns of a student have no team in common."""
        return not self._teams_of(np.array([first])) & self._teams_of(np.array([final]))

    def _teams_of(self, columns: Indexes) -> set[int]:
        return {team for offer in set(self._offer[columns].tolist()) for team in self._sites[offer].tolist()}

    def _row(self, number: int, team: int) -> Rows:
        student = self._students[number]
        there = [team in self._sites[offer] for offer in self._offer[student.columns].tolist()]
        columns = student.columns[np.array(there, dtype=np.bool_)]
        return Rows(
            np.zeros(len(columns), dtype=np.int64), columns, np.ones(len(columns)), np.array([-np.inf]),
            np.array([1.0]), ["E10"], [f"{student.student} {self._teams[team][1]}"],
        )  # fmt: skip
