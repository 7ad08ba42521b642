"""Pathways: one column per allowed pair of classes of a student's first and final placement.

Rows that forbid single pairs leave the linear relaxation loose; a path column per allowed pair makes it tight. Offers
that look alike to every two-placement rule are one class; classes that may be followed by the same classes are merged
into a kind. The same team twice (E10) would need a class per team: it is a lazy row per team that both could have.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.eligibility import Codes
from allocator.engine.classes import Classes
from allocator.engine.formulation import Formulation
from allocator.engine.kept import KeptMatch
from allocator.engine.program import Indexes, Linear, Mask, Rows
from allocator.terms.horizon import StudentRequests
from allocator.terms.placement import of_history, of_offer
from models.entities import Request


class StudentPaths(NamedTuple):
    """The path columns of a student with two open requests.

    ``matrix`` (shape: kinds of first x kinds of final) holds the path column of each allowed pair, -1 elsewhere;
    ``first_alone`` and ``final_alone`` the column of each kind on its own (``final_alone`` -1: only with a first);
    ``statutory`` says which paths have two statutory placements.
    """

    matrix: Codes
    first_alone: Codes
    final_alone: Codes
    statutory: Mask

    @property
    def columns(self) -> Codes:
        """Paths with both placements."""
        return self.matrix[self.matrix >= 0]


class Paths(NamedTuple):
    """Paths by student, and the kind of every ``x`` column among those of its student (-1: no paths)."""

    by_student: dict[str, StudentPaths]
    kind: Codes


def add_pathways(model: Formulation) -> Paths:
    """Add rows and columns of the two-placement rules of every student."""
    return _Pathways(model).add()


class _Kinds(NamedTuple):
    """Kinds of a request: the kind of each of its columns, a class that stands for each kind, statutory or not."""

    columns: Indexes
    kind: Codes
    example: Indexes
    statutory: Mask


class _Batch:
    """Entries and rows collected for the program, so that it is grown once."""

    def __init__(self) -> None:
        self._rows: list[Indexes] = []
        self._columns: list[Indexes] = []
        self._coefficients: list[NDArray[np.float64]] = []
        self._rules: list[str] = []
        self._subjects: list[str] = []
        self._upper: list[float] = []

    def begin(self, rule: str, subject: str, upper: float = 0) -> int:
        """A new row; returns its number."""
        self._rules.append(rule)
        self._subjects.append(subject)
        self._upper.append(upper)
        return len(self._rules) - 1

    def put(self, rows: Indexes, columns: Indexes, coefficient: float) -> None:
        """Entries with one coefficient."""
        self._rows.append(rows)
        self._columns.append(columns)
        self._coefficients.append(np.full(len(rows), float(coefficient)))

    def rows(self, *, equal: bool, lazy: bool = False) -> Rows:
        """Everything collected, in order of row."""
        nothing = np.zeros(0, dtype=np.int64)
        row, column = np.concatenate([nothing, *self._rows]), np.concatenate([nothing, *self._columns])
        order = np.argsort(row, kind="stable")
        upper = np.array(self._upper, dtype=float)
        lower = upper if equal else np.full(len(upper), -np.inf)
        coefficient = np.concatenate([np.zeros(0), *self._coefficients])
        return Rows(row[order], column[order], coefficient[order], lower, upper, self._rules, self._subjects, lazy)


class _Pathways:
    def __init__(self, model: Formulation) -> None:
        self.model = model
        self.classes = Classes(model)
        self.kept: dict[str, KeptMatch] = {k.request.request: k for k in model.kept}
        self._flow, self._alone, self._teams = _Batch(), _Batch(), _Batch()
        self._next = model.program.columns
        self._needs_first = model.policy.on("L06")
        self._kind: Codes = np.full(len(model.x.request), -1, dtype=np.int32)
        self._numbers: dict[tuple[str, str], int] = {}
        for offer in model.dataset.offers:
            self._numbers.setdefault((offer.agency, offer.team), len(self._numbers))
        self._team = np.array([self._numbers[o.agency, o.team] for o in model.dataset.offers], dtype=np.int64)

    def add(self) -> Paths:
        model, found = self.model, dict[str, StudentPaths]()
        for student in model.eligibility.horizon.by_student.values():
            if student.final is None:
                continue
            if student.first is None:
                self._with_history(student, student.final)
            elif student.first.request in self.kept:
                self._beside_kept(student, self.kept[student.first.request], student.final)
            elif student.final.request in self.kept:
                self._beside_kept(student, self.kept[student.final.request], student.first)
            else:
                found[student.student.student] = self._both_open(student, student.first, student.final)
        model.program.add_columns(np.ones(self._next - model.program.columns), integer=False)
        model.program.add_rows(self._flow.rows(equal=True))
        model.program.add_rows(self._alone.rows(equal=False))
        model.program.add_rows(self._teams.rows(equal=False, lazy=True))
        return Paths(found, self._kind)

    def _open_columns(self, request: Request) -> Indexes:
        columns = self.model.columns_of.get(request.request, np.zeros(0, dtype=np.int64))
        return columns[~self.model.x.kept[columns]]

    # ---- one of the two is given -------------------------------------------------------------------------------
    def _with_history(self, student: StudentRequests, final: Request) -> None:
        eligibility, locked = self.model.eligibility, self.model.eligibility.horizon.is_locked(final)
        row = eligibility.horizon.recorded_first(final.student)
        given = None if row is None else of_history(row, self.model.policy)
        columns = self._open_columns(final)
        codes = self.classes.codes(locked=locked, by_team=locked)[self.model.x.slot[columns]]
        for code in np.unique(codes).tolist():
            if given is None:
                broken = eligibility.broken_with_history(final, self.classes.placements[code])
            else:
                broken = self.classes.broken(student.student, given if locked else given.anywhere, code)
            self._forbid(columns[codes == code], broken, final.request)

    def _beside_kept(self, student: StudentRequests, kept: KeptMatch, other: Request) -> None:
        if other.request in self.kept:
            return
        horizon, policy = self.model.eligibility.horizon, self.model.policy
        final = other if other.stage == "final" else kept.request
        locked = horizon.is_locked(final)
        given = of_offer(kept.offer, policy, *kept.window, locked=horizon.is_locked(kept.request))
        columns = self._open_columns(other)
        own = locked and other is final
        codes = self.classes.codes(locked=own, by_team=locked)[self.model.x.slot[columns]]
        beside = given if locked else given.anywhere
        for code in np.unique(codes).tolist():
            broken = self.classes.broken(student.student, beside, code, given_is_first=kept.request.stage == "first")
            self._forbid(columns[codes == code], broken, other.request)
        if policy.on("E10"):
            same_team = self._team[self.model.x.offer[columns]] == self._numbers.get(
                (kept.offer.agency, kept.offer.team)
            )
            self._forbid(columns[same_team], ("E10",), other.request)

    def _forbid(self, columns: Indexes, rules: tuple[str, ...], subject: str) -> None:
        if rules and len(columns):
            self.model.program.add_row(Linear.sum_of(columns), rule=rules[0], subject=subject, upper=0)

    # ---- both are open -----------------------------------------------------------------------------------------
    def _both_open(self, student: StudentRequests, first: Request, final: Request) -> StudentPaths:
        locked, name = self.model.eligibility.horizon.is_locked(final), student.student.student
        slots = self.model.x.slot
        firsts, finals = self._open_columns(first), self._open_columns(final)
        first_codes, first_class = np.unique(
            self.classes.codes(locked=False, by_team=locked)[slots[firsts]], return_inverse=True
        )
        final_codes, final_class = np.unique(
            self.classes.codes(locked=locked, by_team=locked)[slots[finals]], return_inverse=True
        )
        broken = self.classes.broken_matrix(student.student, first_codes, final_codes, by_team=locked)
        allowed = broken == 0
        of_first = _kinds(firsts, first_class, self.classes.statutory(first_codes), allowed)
        of_final = _kinds(finals, final_class, self.classes.statutory(final_codes), allowed.T)
        paths = self._number(allowed[np.ix_(of_first.example, of_final.example)], of_first, of_final)
        for kind, alone in enumerate(paths.first_alone.tolist()):
            self._balance("L06", name, of_first.columns[of_first.kind == kind], paths.matrix[kind], alone)
        for kind, alone in enumerate(paths.final_alone.tolist()):
            with_first, why = paths.matrix[:, kind], "L06"
            if not (with_first >= 0).any():
                reasons = broken[:, of_final.example[kind]]
                why = self.classes.first_rule(int(reasons[0])) if len(reasons) else "L06"
            self._balance(why, name, of_final.columns[of_final.kind == kind], with_first, alone)
        if not self._needs_first:
            whole = np.concatenate([paths.columns, paths.first_alone, paths.final_alone]).astype(np.int64)
            row = self._alone.begin("L05", name, 1)
            self._alone.put(np.full(len(whole), row), whole, 1)
        if self.model.policy.on("E10"):
            self._not_the_same_team(name, firsts, finals)
        self._kind[of_first.columns], self._kind[of_final.columns] = of_first.kind, of_final.kind
        return paths

    def _number(self, allowed: Mask, of_first: _Kinds, of_final: _Kinds) -> StudentPaths:
        """Columns for the allowed pairs of kinds, then for each kind that may be alone."""
        matrix = np.full(allowed.shape, -1, dtype=np.int32)
        matrix[allowed] = self._next + np.arange(int(allowed.sum()))
        self._next += int(allowed.sum())
        first_alone = self._next + np.arange(allowed.shape[0])
        self._next += allowed.shape[0]
        final_alone = np.full(allowed.shape[1], -1)
        if not self._needs_first:
            final_alone = self._next + np.arange(allowed.shape[1])
            self._next += allowed.shape[1]
        both = of_first.statutory[:, None] & of_final.statutory
        return StudentPaths(matrix, first_alone.astype(np.int32), final_alone.astype(np.int32), both[allowed])

    def _balance(self, rule: str, name: str, columns: Indexes, paths: Codes, alone: int) -> None:
        """The matches of a kind are as many as the paths that go through it."""
        row = self._flow.begin(rule, name)
        out = paths[paths >= 0].astype(np.int64)
        if alone >= 0:
            out = np.append(out, alone)
        self._flow.put(np.full(len(columns), row), columns, 1)
        self._flow.put(np.full(len(out), row), out, -1)

    def _not_the_same_team(self, name: str, firsts: Indexes, finals: Indexes) -> None:
        team_of_first, team_of_final = (self._team[self.model.x.offer[c]] for c in (firsts, finals))
        common = np.intersect1d(team_of_first, team_of_final)
        if not len(common):
            return
        teams = list(self._numbers)
        rows = [self._teams.begin("E10", f"{name} {teams[t][1]}", 1) for t in common.tolist()]
        for columns, team in ((firsts, team_of_first), (finals, team_of_final)):
            at = np.isin(team, common)
            self._teams.put(rows[0] + np.searchsorted(common, team[at]), columns[at], 1)


def _kinds(columns: Indexes, class_of: Indexes, statutory: Mask, allowed: Mask) -> _Kinds:
    """Merge classes of equal statutory flag that go with the same classes of the other placement."""
    facts = np.concatenate([statutory[:, None], allowed], axis=1)
    _, example, kind = np.unique(facts, axis=0, return_index=True, return_inverse=True)
    return _Kinds(columns, kind.ravel()[class_of].astype(np.int32), example, statutory[example])
