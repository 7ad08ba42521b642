"""E10 within a plan: first and final of a student not in one team. Written down only for teams where a solution does.

A row per student and team that both placements could have would be more than all other rows together, and hardly any
of them ever binds.
"""

from collections.abc import Sequence
from functools import cached_property
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
        return self._rows(over, *self._entries)

    def every(self) -> Rows:
        """Rows of all teams that a student's first and final could both have."""
        keys, columns = self._entries
        is_first = np.zeros(len(self._offer), dtype=np.bool_)
        is_first[np.concatenate([np.zeros(0, dtype=np.int64), *(s.firsts for s in self._students)])] = True
        both = np.intersect1d(keys[is_first[columns]], keys[~is_first[columns]])
        return self._rows(both, keys, columns)

    def apart(self, first: int, final: int) -> bool:
        """Whether two columns of a student have no team in common."""
        return not self._teams_of(np.array([first])) & self._teams_of(np.array([final]))

    def _teams_of(self, columns: Indexes) -> set[int]:
        return {team for offer in set(self._offer[columns].tolist()) for team in self._sites[offer].tolist()}

    @cached_property
    def _entries(self) -> tuple[Indexes, Indexes]:
        """Student and team, as one number, and column, of all that have a student here; in this order."""
        here = np.flatnonzero(self._student[self._column] >= 0)
        keys = self._student[self._column[here]].astype(np.int64) * (len(self._teams) + 1) + self._team[here]
        order = np.lexsort((self._column[here], keys))
        return keys[order], self._column[here][order]

    def _rows(self, wanted: Indexes, keys: Indexes, columns: Indexes) -> Rows:
        """A row for each student and team that is wanted, in order."""
        row = np.searchsorted(wanted, keys)
        used = np.flatnonzero(np.isin(keys, wanted))
        found = [divmod(key, len(self._teams) + 1) for key in wanted.tolist()]
        return Rows(
            row[used], columns[used], np.ones(len(used)), np.full(len(wanted), -np.inf), np.ones(len(wanted)),
            ["E10"] * len(wanted), [f"{self._students[n].student} {self._teams[team][1]}" for n, team in found],
        )  # fmt: skip
