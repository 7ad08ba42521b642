"""Sparse matrices line by line, beside the same numbers written out."""

import numpy as np
import pytest

from allocator.formulation.sparse import Sparse
from tests.engine.small import dense

# 1 0 -2 0
# 0 0  0 0
# 0 3  5 4
LINE, AT, VALUES = (0, 2, 2, 0, 2), (2, 3, 1, 0, 2), (-2.0, 4.0, 3.0, 1.0, 5.0)
WRITTEN = [[1, 0, -2, 0], [0, 0, 0, 0], [0, 3, 5, 4]]


@pytest.fixture
def made() -> Sparse:
    return Sparse.of(np.array(LINE), np.array(AT), np.array(VALUES), 3, 4)


def test_entries_come_in_any_order_and_stand_in_theirs(made: Sparse) -> None:
    assert dense(made).tolist() == WRITTEN
    assert (len(made), made.across) == (3, 4)
    assert made.at.tolist() == [0, 2, 1, 2, 3]
    assert made.line.tolist() == [0, 0, 2, 2, 2]


def test_a_matrix_turned_is_the_same_by_its_columns(made: Sparse) -> None:
    assert dense(made.turned()).T.tolist() == WRITTEN
    assert dense(made.turned().turned()).tolist() == WRITTEN


def test_some_lines_in_another_order(made: Sparse) -> None:
    assert dense(made.only(np.array([2, 0, 1, 2]))).tolist() == [WRITTEN[2], WRITTEN[0], WRITTEN[1], WRITTEN[2]]
    assert dense(made.only(np.zeros(0, dtype=np.int64))).shape == (0, 4)


def test_lines_after_one_another_and_beside_one_another(made: Sparse) -> None:
    single = Sparse.one(np.array([0.0, 7.0, 0.0, -1.0]))
    assert dense(made.then([single, made])).tolist() == [*WRITTEN, [0, 7, 0, -1], *WRITTEN]
    assert dense(made.then(())).tolist() == WRITTEN
    assert dense(made.lengthened(made)).tolist() == [row + row for row in WRITTEN]


def test_sums_of_lines_and_across_them(made: Sparse) -> None:
    # 1 x 1 - 2 x 3; nothing; 3 x 2 + 5 x 3 + 4 x 4
    assert made.summed(np.array([1.0, 2.0, 3.0, 4.0])).tolist() == [-5, 0, 37]
    # 1 x 2, 3 x 10, -2 x 2 + 5 x 10, 4 x 10
    assert made.spread(np.array([2.0, 99.0, 10.0])).tolist() == [2, 30, 46, 40]
    assert made.with_values(-made.values).summed(np.array([1.0, 2.0, 3.0, 4.0])).tolist() == [5, 0, -37]


def test_a_matrix_without_entries_lines_or_places() -> None:
    none = np.zeros(0, dtype=np.int64)
    for lines, across in ((0, 0), (0, 3), (2, 0), (2, 3)):
        empty = Sparse.of(none, none, np.zeros(0), lines, across)
        assert dense(empty).shape == (lines, across)
        assert dense(empty.turned()).shape == (across, lines)
        assert empty.summed(np.ones(across)).tolist() == [0] * lines
        assert empty.spread(np.ones(lines)).tolist() == [0] * across


def test_drawn_matrices() -> None:
    luck = np.random.default_rng(3)
    for _ in range(60):
        lines, across = int(luck.integers(1, 9)), int(luck.integers(1, 9))
        whole = luck.integers(-2, 3, size=(lines, across)).astype(float)
        line, at = np.nonzero(whole)
        order = luck.permutation(len(line))
        made = Sparse.of(line[order], at[order], whole[line, at][order], lines, across)
        assert np.array_equal(dense(made), whole)
        assert np.array_equal(dense(made.turned()), whole.T)
        some = luck.integers(0, lines, size=4)
        assert np.array_equal(dense(made.only(some)), whole[some])
        each = luck.integers(-9, 9, size=9).astype(np.float64)
        assert np.array_equal(made.summed(each[:across]), whole @ each[:across])
        assert np.array_equal(made.spread(each[:lines]), whole.T @ each[:lines])
