"""Pathways: one column per allowed pair of classes of a student's first and final placement.

Rows that forbid single pairs leave the linear relaxation loose; a path column per allowed pair makes it tight. Offers
that look alike to every two-placement rule are one class; classes that may be followed by the same classes are merged
into a kind. Where few pairs of kinds are forbidden, kinds that the aims do not tell apart are merged further, and rows
keep apart what does not go together (see ``incompatible``). The same team twice (E10) would need a class per team: it
has lazy rows (see ``same_team``).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from allocator.eligibility import AsPublished, Codes
from allocator.formulation.classes import Classes, Reasons
from allocator.formulation.incompatible import Incompatible, components, incompatible_kinds
from allocator.formulation.matches import Formulation
from allocator.formulation.program import INFINITY, Indexes, Linear, Mask, Rows
from allocator.formulation.same_team import SameTeam, TwoRequests
from allocator.terms.horizon import StudentRequests
from allocator.terms.placement import Guarantee, of_offer, of_recorded, rests_on_an_answer
from models.entities import Request, Student

PAIR_RULE = "L06"
"""The rule of rows about a student's first and final, where no other is the reason."""


class StudentPaths(NamedTuple):
    """The path columns of a student with two open requests.

    ``matrix`` (shape: kinds of first x kinds of final) holds the path column of each two kinds that go together, but
    for matches that rows keep apart (``Paths.incompatible``), -1 elsewhere; ``first_alone`` and ``final_alone`` the
    column of each kind on its own (``final_alone`` -1: only with a first); ``statutory`` says which paths have two
    statutory placements; ``rests`` are the columns, alone or with both, on which the statutory guarantee rests on an
    answer that is not known.
    """

    matrix: Codes
    first_alone: Codes
    final_alone: Codes
    statutory: Mask
    rests: Codes

    @property
    def columns(self) -> Codes:
        """Paths with both placements."""
        return self.matrix[self.matrix >= 0]

    def beginning_at(self, number: int) -> "StudentPaths":
        """Columns that are numbered from 0, as those from a number on."""
        return StudentPaths(
            np.where(self.matrix >= 0, self.matrix + number, -1).astype(np.int32),
            (self.first_alone + number).astype(np.int32),
            np.where(self.final_alone >= 0, self.final_alone + number, -1).astype(np.int32),
            self.statutory,
            (self.rests + number).astype(np.int32),
        )


class Paths(NamedTuple):
    """Paths by student, and the kind of every ``x`` column among those of its student (-1: no paths).

    ``incompatible`` are the rows that keep matches of one student apart whose kinds have a path.
    """

    by_student: dict[str, StudentPaths]
    kind: Codes
    incompatible: range


def add_pathways(model: Formulation) -> Paths:
    """Add rows and columns of the two-placement rules of every student."""
    return _Pathways(model).add()


class _Kinds(NamedTuple):
    """Kinds of a request: the kind of each column; of each kind a class of it, its worth to L04, the rule to name.

    ``alone``: it may be there without the other placement, which L06 asks of a final that is no promise.
    """

    columns: Indexes
    kind: Codes
    example: Indexes
    guarantees: tuple[Guarantee, ...]
    rules: tuple[str, ...]
    alone: Mask

    def of(self, kinds: Mask) -> Indexes:
        """The columns of some kinds."""
        found: Indexes = self.columns[kinds[self.kind]]
        return found

    def by_guarantee(self, component: Codes) -> tuple["_Kinds", Codes]:
        """Kinds of one component and of equal worth as one, and the new number of each."""
        told = tuple(zip(self.guarantees, self.alone.tolist(), component.tolist(), strict=True))
        worth = tuple(dict.fromkeys(told))
        number = np.array([worth.index(t) for t in told], dtype=np.int32)
        named = [{rule for rule, t in zip(self.rules, told, strict=True) if t == w} for w in worth]
        rules = tuple(min(rules) if len(rules) == 1 else PAIR_RULE for rules in named)
        _, example = np.unique(number, return_index=True)
        guarantees = tuple(guarantee for guarantee, *_ in worth)
        merged = _Kinds(self.columns, number[self.kind], self.example[example], guarantees, rules, self.alone[example])
        return merged, number


class _Pairs(NamedTuple):
    """Kinds of a student's first and final, and which go together (shape: kinds of first x kinds of final)."""

    first: _Kinds
    final: _Kinds
    allowed: Mask

    def of(self, firsts: Indexes, first_class: Indexes, finals: Indexes, final_class: Indexes) -> "_Pairs":
        """Those of classes as those of a student's columns, each of a class."""
        first, final = self.first, self.final
        return self._replace(
            first=first._replace(columns=firsts, kind=first.kind[first_class]),
            final=final._replace(columns=finals, kind=final.kind[final_class]),
        )


class _Shape(NamedTuple):
    """What the classes of a first and of a final make of them, whoever the student.

    ``columns`` of the kinds are the classes themselves; ``merged`` are the pairs that have paths, ``apart`` the rows
    beside them, ``paths`` the columns of the paths, numbered from 0, and ``number`` how many they are.
    """

    pairs: _Pairs
    merged: _Pairs
    apart: tuple[Incompatible, ...]
    paths: StudentPaths
    number: int


class _Flow:
    """Rows ``matches of a kind = paths through it``, collected so that the program is grown once."""

    def __init__(self) -> None:
        self._entries: list[tuple[Indexes, Indexes, float]] = []
        self.rules: list[str] = []
        self.subjects: list[str] = []

    def begin(self, rules: Sequence[str], subject: str) -> int:
        """Rows for one student's request; returns the number of the first."""
        first = len(self.rules)
        self.rules += rules
        self.subjects += [subject] * len(rules)
        return first

    def put(self, rows: Indexes, columns: Indexes, coefficient: float) -> None:
        """Entries with one coefficient."""
        self._entries.append((rows, columns, coefficient))

    def rows(self, lower: float, upper: float) -> Rows:
        """Everything collected, in order of row."""
        nothing = np.zeros(0, dtype=np.int32)
        row = np.concatenate([nothing, *(r.astype(np.int32) for r, _, _ in self._entries)])
        column = np.concatenate([nothing, *(c.astype(np.int32) for _, c, _ in self._entries)])
        coefficient = np.repeat(
            np.array([k for _, _, k in self._entries], dtype=float),
            np.array([len(c) for _, c, _ in self._entries], dtype=np.int64),
        )
        order, number = np.argsort(row, kind="stable"), len(self.rules)
        return Rows(
            row[order], column[order], coefficient[order], np.full(number, lower), np.full(number, upper),
            self.rules, self.subjects,
        )  # fmt: skip


class _Pathways:
    def __init__(self, model: Formulation) -> None:
        self.model = model
        self.classes = Classes(model)
        self.kept: dict[str, AsPublished] = {k.request.request: k for k in model.kept}
        self._flow, self._alone, self._incompatible = _Flow(), _Flow(), _Flow()
        self._known: dict[tuple[bytes, bytes, bytes], tuple[Incompatible, ...] | None] = {}
        self._shapes: dict[object, _Shape] = {}
        self._pairs: list[TwoRequests] = []
        self._next = model.program.columns
        self._numbers: dict[str, int] = {}
        self._needs_first = model.policy.on("L06")
        self._kind: Codes = np.full(len(model.x.request), -1, dtype=np.int32)

    def add(self) -> Paths:
        model, found = self.model, dict[str, StudentPaths]()
        for student in model.eligibility.horizon.by_student.values():
            for request in (student.first, student.final):
                if request is not None and request.request not in self.kept:
                    self._alone_in(student.student, request)
            if student.final is None:
                continue
            self._after_running(student.student.student, student.final)
            if student.first is None:
                self._with_history(student, student.final)
            elif student.first.request in self.kept:
                self._beside_kept(student, self.kept[student.first.request], student.final)
            elif student.final.request in self.kept:
                self._beside_kept(student, self.kept[student.final.request], student.first)
            else:
                found[student.student.student] = self._both_open(student, student.first, student.final)
        numbers = self._numbers
        model.program.add_columns(
            np.ones(self._next - model.program.columns), integer=False,
            names=lambda: [f"{name} {number}" for name, count in numbers.items() for number in range(count)],
        )  # fmt: skip
        model.program.add_rows(self._flow.rows(0, 0))
        model.program.add_rows(self._alone.rows(-INFINITY, 1))
        before = model.program.rows
        model.program.add_rows(self._incompatible.rows(-INFINITY, 0))
        if model.policy.on("E10"):
            model.program.lazy = SameTeam(model, self._pairs)
        return Paths(found, self._kind, range(before, model.program.rows))

    def _open_columns(self, request: Request) -> Indexes:
        columns = self.model.columns_of.get(request.request, np.zeros(0, dtype=np.int64))
        return columns[~self.model.x.kept[columns]]

    def _alone_in(self, student: Student, request: Request) -> None:
        """Places that are none for this student, whatever the other placement (L09: interns)."""
        eligibility = self.model.eligibility
        if not eligibility.alone_rules(student):
            return
        columns = self._open_columns(request)
        codes = self.classes.codes(locked=False, by_team=False)[self.model.x.slot[columns]]
        for code in sorted(set(codes.tolist())):
            broken = eligibility.broken_alone(student, self.classes.placements[code])
            self._forbid(columns[codes == code], broken, request.request)

    def _after_running(self, student: str, final: Request) -> None:
        """A first of a round before that still runs comes before the final, whatever other first there is (S5.4)."""
        ends = [r.window[1] for r in self.model.running if r.student == student and r.stage == "first"]
        if self._needs_first and ends:
            columns, slots = self._open_columns(final), self.model.slots
            at = self.model.x.slot[columns].tolist()
            too_soon = np.array([slots[s].window[0] <= max(ends) for s in at], dtype=np.bool_)
            self._forbid(columns[too_soon], ("L06",), student)

    # ---- one of the two is given -------------------------------------------------------------------------------
    def _with_history(self, student: StudentRequests, final: Request) -> None:
        eligibility, locked = self.model.eligibility, self.model.eligibility.horizon.is_locked(final)
        row = eligibility.terms.recorded_first(final.student)
        given = None if row is None else of_recorded(self.model.terms, row)
        columns = self._open_columns(final)
        codes = self.classes.codes(locked=locked, by_team=locked)[self.model.x.slot[columns]]
        for code in sorted(set(codes.tolist())):
            if given is None:
                broken = eligibility.broken_with_history(final, self.classes.placements[code])
            else:
                broken = self.classes.broken(student.student, given if locked else given.anywhere, code)
            self._forbid(columns[codes == code], broken, final.request)

    def _beside_kept(self, student: StudentRequests, kept: AsPublished, other: Request) -> None:
        if other.request in self.kept:
            return
        horizon, policy = self.model.eligibility.horizon, self.model.policy
        final = other if other.stage == "final" else kept.request
        locked = horizon.is_locked(final)
        given = of_offer(self.model.terms, kept.offer, *kept.window, locked=horizon.is_locked(kept.request))
        columns = self._open_columns(other)
        own = locked and other is final
        codes = self.classes.codes(locked=own, by_team=locked)[self.model.x.slot[columns]]
        beside = given if locked else given.anywhere
        for code in sorted(set(codes.tolist())):
            broken = self.classes.broken(student.student, beside, code, given_is_first=kept.request.stage == "first")
            self._forbid(columns[codes == code], broken, other.request)
        if policy.on("E10"):
            at_site = self.model.columns_with_a_site_in(kept.offer.sites)
            self._forbid(np.intersect1d(columns, at_site), ("E10",), other.request)

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
            self.classes.codes(locked=locked, by_team=locked)[slots[finals]] * 2 + self.model.x.stands[finals],
            return_inverse=True,
        )
        least = self.model.policy.least_statutory(student.student.programme)
        rules = self.model.eligibility.two_placement_rules(student.student)
        key = first_codes.tobytes(), final_codes.tobytes(), rules, locked, least
        if key not in self._shapes:
            self._shapes[key] = self._shape(student.student, first_codes, final_codes, locked=locked, least=least)
        shape = self._shapes[key]
        pairs = shape.pairs.of(firsts, first_class, finals, final_class)
        merged = shape.merged.of(firsts, first_class, finals, final_class)
        paths = shape.paths.beginning_at(self._next)
        self._next += shape.number
        self._numbers[name] = shape.number
        self._balance(name, merged.first, paths.matrix, paths.first_alone)
        self._balance(name, merged.final, paths.matrix.T, paths.final_alone)
        for row in shape.apart:
            self._keep_apart(name, pairs, row, paths)
        if not self._needs_first or (final_codes % 2 == 1).any():
            whole = np.concatenate([paths.columns, paths.first_alone, paths.final_alone[paths.final_alone >= 0]])
            self._alone.put(np.full(len(whole), self._alone.begin(["L05"], name)), whole, 1)
        self._pairs.append(TwoRequests(name, firsts, finals))
        self._kind[firsts], self._kind[finals] = merged.first.kind, merged.final.kind
        return paths

    def _shape(self, student: Student, firsts: Indexes, finals: Indexes, *, locked: bool, least: int) -> _Shape:
        """What classes make of a student's first and final; ``finals`` are twice their classes, and one if alone."""
        alone, finals = finals % 2 == 1, finals // 2
        broken = self.classes.broken_matrix(student, firsts, finals, by_team=locked)
        allowed = broken == 0
        rules = [self._why(column) for column in broken.T]
        first_worth, final_worth = self.classes.guarantees(firsts), self.classes.guarantees(finals)
        of_first = _kinds(first_worth, [PAIR_RULE] * len(allowed), allowed, np.ones(len(allowed), dtype=np.bool_))
        of_final = _kinds(final_worth, rules, allowed.T, alone | (not self._needs_first))
        pairs = _Pairs(of_first, of_final, allowed[np.ix_(of_first.example, of_final.example)])
        merged, apart = self._merged(pairs) if self._needs_first else (pairs, ())
        return _Shape(pairs, merged, apart, *_numbered(merged, least))

    def _merged(self, pairs: _Pairs) -> tuple[_Pairs, tuple[Incompatible, ...]]:
        """Kinds merged by what they are worth, and the rows for what does not go together; as they were if too many."""
        of_first, of_final = components(pairs.allowed)
        first, first_group = pairs.first.by_guarantee(of_first)
        final, final_group = pairs.final.by_guarantee(of_final)
        key = pairs.allowed.tobytes(), first_group.tobytes(), final_group.tobytes()
        if key not in self._known:
            self._known[key] = incompatible_kinds(
                ~pairs.allowed, first_group, final_group, most=sum(pairs.allowed.shape)
            )
        rows = self._known[key]
        if rows is None:
            return pairs, ()
        allowed = np.zeros((len(first.rules), len(final.rules)), dtype=np.bool_)
        np.logical_or.at(allowed, np.ix_(first_group, final_group), pairs.allowed)
        return _Pairs(first, final, allowed), rows

    def _keep_apart(self, name: str, pairs: _Pairs, row: Incompatible, paths: StudentPaths) -> None:
        """Matches of these kinds are no more than the paths that begin or end in their groups."""
        why = pairs.final.rules[int(np.flatnonzero(row.finals)[0])] if row.firsts.all() else PAIR_RULE
        matches = np.concatenate([pairs.first.of(row.firsts), pairs.final.of(row.finals)])
        through = (row.begins[:, None] | row.ends) & (paths.matrix >= 0)
        final_alone = paths.final_alone[row.ends]
        whole = np.concatenate([paths.matrix[through], paths.first_alone[row.begins], final_alone[final_alone >= 0]])
        number = self._incompatible.begin([why], name)
        self._incompatible.put(np.full(len(matches), number), matches, 1)
        self._incompatible.put(np.full(len(whole), number), whole, -1)

    def _why(self, broken: Reasons) -> str:
        """The rule to name for a class of finals: where no first goes with it, what the first of them breaks."""
        return self.classes.first_rule(int(broken[0])) if len(broken) and broken.all() else PAIR_RULE

    def _balance(self, name: str, kinds: _Kinds, paths: Codes, alone: Codes) -> None:
        """The matches of each kind are as many as the paths that go through it (``paths``: a row for each kind)."""
        first = self._flow.begin(kinds.rules, name)
        self._flow.put(first + kinds.kind, kinds.columns, 1)
        through, _ = np.nonzero(paths >= 0)
        self._flow.put(first + through, paths[paths >= 0], -1)
        single = np.flatnonzero(alone >= 0)
        self._flow.put(first + single, alone[single], -1)


def _numbered(kinds: _Pairs, least: int) -> tuple[StudentPaths, int]:
    """Columns for the allowed pairs of kinds, then for each kind that may be alone, from 0; and how many they are."""
    of_first, of_final, allowed = kinds
    matrix, number = np.full(allowed.shape, -1, dtype=np.int32), int(allowed.sum())
    matrix[allowed] = np.arange(number)
    first_alone = number + np.arange(allowed.shape[0])
    number += allowed.shape[0]
    final_alone = np.where(of_final.alone, number + np.cumsum(of_final.alone) - 1, -1)
    number += int(of_final.alone.sum())
    pairs = [(of_first.guarantees[i], of_final.guarantees[j]) for i, j in np.argwhere(allowed).tolist()]
    both = np.array([first == final == "statutory" for first, final in pairs], dtype=np.bool_)
    rests = [np.array([rests_on_an_answer(first, final, least) for first, final in pairs], dtype=np.bool_)]
    for which in (of_first, of_final):  # of two that are asked for each one has to be
        rests.append(np.array([least == 2 and g == "not_known" for g in which.guarantees], dtype=np.bool_))
    columns: tuple[Indexes, ...] = (matrix[allowed], first_alone, final_alone)
    resting = np.concatenate([c[r] for c, r in zip(columns, rests, strict=True)]).astype(np.int32)
    paths = StudentPaths(
        matrix, first_alone.astype(np.int32), final_alone.astype(np.int32), both, resting[resting >= 0]
    )
    return paths, number


def _kinds(guarantees: tuple[Guarantee, ...], rules: Sequence[str], allowed: Mask, alone: Mask) -> _Kinds:
    """Merge classes of equal statutory flag that go with the same classes of the other placement, or with none."""
    numbers: dict[tuple[Guarantee, bool, bytes], int] = {}
    example: list[int] = []
    kind = np.empty(len(guarantees), dtype=np.int32)
    for row, (flag, single, partners) in enumerate(zip(guarantees, alone.tolist(), allowed, strict=True)):
        kind[row] = numbers.setdefault((flag, single, partners.tobytes()), len(numbers))
        if len(numbers) > len(example):
            example.append(row)
    at = np.array(example, dtype=np.int64)
    worth, named = tuple(guarantees[row] for row in example), tuple(rules[row] for row in example)
    return _Kinds(np.arange(len(guarantees)), kind, at, worth, named, alone[at])
