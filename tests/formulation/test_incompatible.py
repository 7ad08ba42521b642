"""What does not go together, as rows: whole placements are kept apart exactly, and relaxed ones are hardly in between."""

from typing import Any, NamedTuple

import highspy
import numpy as np
import pytest
from numpy.typing import NDArray

from allocator.formulation.incompatible import Incompatible, components, incompatible_kinds

MANY = 10_000


def rows_of(forbidden: NDArray[np.bool_], firsts: list[int], finals: list[int]) -> set[tuple[tuple[int, ...], ...]]:
    """The rows as kinds of first, kinds of final, groups of the one and of the other."""
    found = incompatible_kinds(forbidden, np.array(firsts, dtype=np.int32), np.array(finals, dtype=np.int32), MANY)
    assert found is not None
    return {tuple(tuple(np.flatnonzero(part).tolist()) for part in row) for row in found}


def test_one_group_has_the_conditions_of_hall() -> None:
    # Firsts 0, 1 and finals 0, 1, 2: final 0 not with 0, final 1 not with 0 nor 1. What some finals have in common:
    # 0 (of finals 0 and 1), and 0 and 1 (of final 1).
    forbidden = np.array([[1, 1, 0], [0, 1, 0]], dtype=np.bool_)
    assert rows_of(forbidden, [0, 0], [0, 0, 0]) == {((0,), (0, 1), (0,), (0,)), ((0, 1), (1,), (0,), (0,))}


def test_each_group_has_rows_of_its_own() -> None:
    # First 0 is of group 0 and goes with neither final; final 0 is of group 0, final 1 of group 1. The rows: 0 and both
    # finals; 0 and each of them. All are unions of groups, between which there is no path then.
    assert rows_of(np.array([[1, 1], [0, 0]], dtype=np.bool_), [0, 1], [0, 1]) == set()
    # With another first of group 0 that goes with both, they are needed.
    forbidden = np.array([[1, 1], [0, 0]], dtype=np.bool_)
    assert rows_of(forbidden, [0, 0], [0, 1]) == {
        ((0,), (0, 1), (0,), (0, 1)), ((0,), (0,), (0,), (0,)), ((0,), (1,), (0,), (1,)),
    }  # fmt: skip


def test_components_are_what_pairs_that_go_together_link() -> None:
    # Firsts 0 and 1 by final 1; first 2 and final 0; first 3 and final 2 go with nothing.
    allowed = np.array([[0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=np.bool_)
    first, final = components(allowed)
    assert (first.tolist(), final.tolist()) == ([0, 0, 1, -1], [1, 0, -1])


def test_a_chain_of_pairs_is_one_component() -> None:
    # 0 with final 0, which 1 has, too; 1 with final 1, which 2 has, too.
    first, final = components(np.array([[1, 0], [1, 1], [0, 1]], dtype=np.bool_))
    assert (first.tolist(), final.tolist()) == ([0, 0, 0], [0, 0])


def test_groups_of_two_components_have_no_row_together() -> None:
    # Two authorities, each with two firsts and two finals, of which the first of either do not go together. In one
    # group all that is common to some finals has a row: 0; 2; 0 and 1; 2 and 3; 0, 2 and 3 ... With a group for each
    # authority there is one row in each: first 0 and final 0; first 2 and final 2.
    forbidden = np.array([[1, 0, 1, 1], [0, 0, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0]], dtype=np.bool_)
    groups = [0, 0, 1, 1]
    assert rows_of(forbidden, groups, groups) == {((0,), (0,), (0,), (0,)), ((2,), (2,), (1,), (1,))}
    assert len(rows_of(forbidden, [0] * 4, [0] * 4)) > 2


def test_more_rows_than_asked_for_are_none() -> None:
    # Three finals, each not with one first of its own: three rows.
    forbidden, one = np.eye(3, dtype=np.bool_), np.zeros(3, dtype=np.int32)
    assert incompatible_kinds(forbidden, one, one, 2) is None
    found = incompatible_kinds(forbidden, one, one, 3)
    assert found is not None
    assert len(found) == 3


def test_what_goes_together_needs_no_rows() -> None:
    assert (
        incompatible_kinds(
            np.zeros((2, 3), dtype=np.bool_), np.zeros(2, dtype=np.int32), np.zeros(3, dtype=np.int32), 0
        )
        == ()
    )
    assert (
        incompatible_kinds(
            np.zeros((0, 0), dtype=np.bool_), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), 0
        )
        == ()
    )


# ---- against brute force ------------------------------------------------------------------------------------------
class Case(NamedTuple):
    """A student: which kinds are forbidden together, and the group of each."""

    forbidden: NDArray[np.bool_]
    first: NDArray[np.int32]
    final: NDArray[np.int32]

    @classmethod
    def drawn(cls, luck: np.random.Generator) -> "Case":
        """Up to seven kinds on either side, up to three groups, few or many pairs forbidden."""
        kinds, finals = luck.integers(1, 8, 2).tolist()
        groups = int(luck.integers(1, 4))
        forbidden = luck.random((kinds, finals)) < luck.choice([0.1, 0.2, 0.4, 0.7])
        first, final = (np.unique(luck.integers(0, groups, n), return_inverse=True)[1] for n in (kinds, finals))
        return cls(forbidden, first.astype(np.int32), final.astype(np.int32))

    def rows(self) -> tuple[Incompatible, ...]:
        """The rows."""
        found = incompatible_kinds(self.forbidden, self.first, self.final, MANY)
        assert found is not None
        return found


@pytest.mark.parametrize("seed", range(20))
def test_rows_keep_apart_exactly_what_is_forbidden_unless_there_is_no_path(seed: int) -> None:
    luck = np.random.default_rng(seed)
    for _ in range(20):
        case = Case.drawn(luck)
        path = np.zeros((case.first.max() + 1, case.final.max() + 1), dtype=np.bool_)
        for i, j in np.argwhere(~case.forbidden).tolist():
            path[case.first[i], case.final[j]] = True
        for (i, j), forbidden in np.ndenumerate(case.forbidden):
            both = any(row.firsts[i] and row.finals[j] for row in case.rows())  # 1 + 1 matches, one path
            assert (both or not path[case.first[i], case.final[j]]) == forbidden
        for row in case.rows():  # one match of a row always has its path counted
            assert set(case.first[row.firsts].tolist()) == set(np.flatnonzero(row.begins).tolist())
            assert set(case.final[row.finals].tolist()) == set(np.flatnonzero(row.ends).tolist())


class Relaxed:
    """The linear relaxation of a student: matches of kinds, paths between groups, firsts alone."""

    def __init__(self, case: Case) -> None:
        self._case = case
        kinds, finals = case.forbidden.shape
        self.options: list[list[int]] = [[]]  # columns of every whole solution
        number = kinds + finals
        alone = number + np.arange(case.first.max() + 1)
        number += len(alone)
        path: dict[tuple[int, int], int] = {}
        for i in range(kinds):
            self.options.append([i, int(alone[case.first[i]])])
            for j in np.flatnonzero(~case.forbidden[i]).tolist():
                key = int(case.first[i]), int(case.final[j])
                number += path.setdefault(key, number) == number
                self.options.append([i, kinds + j, path[key]])
        self.columns = number
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        for _ in range(number):
            solver.addVar(0, 1)
        self._solver = solver
        self._row(0, 1, [(i, 1) for i in range(kinds)])
        for g in range(len(alone)):
            through = [c for (first, _), c in path.items() if first == g]
            here = np.flatnonzero(case.first == g).tolist()
            self._row(0, 0, [*((i, 1) for i in here), *((c, -1) for c in [*through, int(alone[g])])])
        for g in range(case.final.max() + 1):
            through = [c for (_, final), c in path.items() if final == g]
            here = (kinds + np.flatnonzero(case.final == g)).tolist()
            self._row(0, 0, [*((i, 1) for i in here), *((c, -1) for c in through)])
        for row in case.rows():
            used = [*np.flatnonzero(row.firsts).tolist(), *(kinds + np.flatnonzero(row.finals)).tolist()]
            whole = [c for (first, final), c in path.items() if row.begins[first] or row.ends[final]]
            whole += alone[row.begins].tolist()
            self._row(-np.inf, 0, [*((c, 1) for c in used), *((c, -1) for c in whole)])

    def _row(self, lower: float, upper: float, entries: list[tuple[int, int]]) -> None:
        columns, values = (
            np.array([c for c, _ in entries], dtype=np.int32),
            np.array([v for _, v in entries], dtype=float),
        )
        self._solver.addRow(lower, upper, len(entries), columns, values)

    def most(self, worth: NDArray[np.float64]) -> float:
        """The greatest worth of a relaxed solution."""
        self._solver.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), -worth)
        self._solver.run()
        return -float(self._solver.getInfo().objective_function_value)


@pytest.mark.parametrize("seed", range(10))
def test_no_relaxed_solution_is_worth_more_than_a_whole_one(seed: int) -> None:
    # With up to nine kinds and three groups 1 in 10,000 was: rows of two groups of three are not written down.
    luck = np.random.default_rng(100 + seed)
    for _ in range(20):
        relaxed = Relaxed(Case.drawn(luck))
        for _ in range(10):
            worth = luck.integers(-6, 7, relaxed.columns).astype(float)
            best = max(float(worth[option].sum()) for option in relaxed.options)
            assert relaxed.most(worth) == pytest.approx(best, abs=1e-6)
