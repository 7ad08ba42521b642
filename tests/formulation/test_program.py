"""Programs under construction: expressions, batches of rows, rows that cannot bind, impossible rows, shortfalls."""

import numpy as np
import pytest

from allocator.formulation.program import INFINITY, Lazy, Linear, Program, Rows
from tests.engine.small import batch, dense, vector

Written = tuple[dict[int, float], float, float, str, str]
"""Coefficients by column, lower and upper bound, rule and subject."""


def two_binaries() -> Program:
    made = Program()
    made.add_columns([1, 1])
    return made


def written(made: Program) -> list[Written]:
    """Every row of a program; no column comes twice in a row, and no entry is 0."""
    found: list[Written] = []
    for rows in made.batches:
        assert np.all(np.diff(rows.row) >= 0)  # in order of row
        assert np.all(rows.coefficient != 0)
        for i, key in enumerate(zip(rows.rules, rows.subjects, strict=True)):
            at = rows.row == i
            terms = dict(zip(rows.column[at].tolist(), rows.coefficient[at].tolist(), strict=True))
            assert len(terms) == at.sum()
            found.append((terms, rows.lower[i], rows.upper[i], *key))
    assert made.rows == len(found)
    return found


# ---- expressions ---------------------------------------------------------------------------------------------------
def test_expressions_add_up() -> None:
    # 1 + 2x - y and 3y + 4z, and again the first times -2
    one, two = Linear.of([(0, 2), (1, -1)], constant=1), Linear.sum_of([1, 2], vector(3, 4))
    total = Linear.total([one, two, one.times(-2)])
    assert total.constant == 1 - 2
    assert total.cost(4).tolist() == [2 - 4, -1 + 3 + 2, 4, 0]
    assert one.plus(6).constant == 7
    assert (one.constant, one.cost(2).tolist()) == (1, [2, -1])  # as it was
    assert Linear.sum_of([0, 2], -3, constant=5).cost(3).tolist() == [-3, 0, -3]


def test_nothing_is_an_expression_too() -> None:
    for nothing in (Linear.of(), Linear.sum_of(()), Linear.total([]), Linear.total([Linear.of(), Linear.sum_of([])])):
        assert (nothing.constant, nothing.cost(2).tolist(), nothing.value(vector(1, 1))) == (0, [0, 0], 0)


def test_values_of_expressions_count_the_constant_and_round_the_solution() -> None:
    expression = Linear.of([(0, 3), (1, -2), (0, 1)], constant=5)
    # 5 + 3 x 1 - 2 x 2 + 1 x 1
    assert expression.value(vector(0.9999999, 2.0000001)) == 5
    assert expression.cost(3).tolist() == [4, -2, 0]


# ---- columns -------------------------------------------------------------------------------------------------------
def test_columns_come_one_by_one_or_many_at_once_and_their_bounds_stay() -> None:
    # 3,000 columns in 1,000 steps of 3: storage grows more than once on the way.
    made = Program()
    for step in range(1_000):
        assert made.add_columns([step, 2 * step], lower=vector(0, step)).tolist() == [3 * step, 3 * step + 1]
        assert made.add_column(7, lower=-1, integer=False) == 3 * step + 2
    assert made.columns == len(made.lower) == len(made.upper) == len(made.integer) == 3_000
    steps = np.arange(1_000)
    assert np.array_equal(made.upper.reshape(-1, 3), np.stack([steps, 2 * steps, 0 * steps + 7], axis=1))
    assert np.array_equal(made.lower.reshape(-1, 3), np.stack([0 * steps, steps, 0 * steps - 1], axis=1))
    assert made.integer.reshape(-1, 3).tolist() == [[True, True, False]] * 1_000


def test_more_columns_at_once_than_there_is_room() -> None:
    made = two_binaries()
    assert made.add_columns(np.full(5_000, 3.0), integer=False)[-1] == 5_001
    assert made.upper.sum() == 2 + 5_000 * 3
    assert made.integer.sum() == 2
    assert made.add_columns([]).tolist() == []


def test_bounds_can_be_changed_where_they_are() -> None:
    made = two_binaries()
    made.lower[0] = made.upper[1] = 0.5
    assert (made.lower.tolist(), made.upper.tolist()) == ([0.5, 0], [1, 0.5])


# ---- rows ----------------------------------------------------------------------------------------------------------
def test_equal_columns_of_a_row_are_summed_and_zeros_dropped() -> None:
    made = two_binaries()
    # x + 2x + y - y <= 2 is 3x <= 2
    made.add_row(Linear.of([(0, 1), (0, 2), (1, 1), (1, -1)]), rule="L02", subject="O1", upper=2)
    assert written(made) == [({0: 3}, -INFINITY, 2, "L02", "O1")]


def test_the_constant_of_an_expression_is_no_part_of_its_row() -> None:
    made = two_binaries()
    made.add_row(Linear.sum_of([0, 1], constant=9), rule="L02", subject="O1", upper=1)
    assert written(made) == [({0: 1, 1: 1}, -INFINITY, 1, "L02", "O1")]


def test_a_row_that_cannot_bind_is_left_out() -> None:
    made = two_binaries()
    made.add_row(Linear.sum_of([0, 1]), rule="L02", subject="O1", upper=2)  # at most 2 of 2
    made.add_row(Linear.of([(0, 1), (1, -1)]), rule="L02", subject="O2", lower=-1, upper=1)  # -1 to 1 by itself
    assert (written(made), made.rows) == ([], 0)
    made.add_row(Linear.of([(0, 1), (1, -1)]), rule="L02", subject="O3", lower=0)
    assert [subject for *_, subject in written(made)] == ["O3"]


def test_what_binds_depends_on_the_bounds_of_columns() -> None:
    made = Program()
    made.add_columns([3, 5], lower=vector(1, 2))
    both = Linear.of([(0, 2), (1, -1)])  # from 2 x 1 - 5 = -3 to 2 x 3 - 2 = 4
    made.add_row(both, rule="L02", subject="idle", lower=-3, upper=4)
    assert written(made) == []
    made.add_row(both, rule="L02", subject="most", upper=3)
    made.add_row(both, rule="L02", subject="least", lower=-2)
    assert [subject for *_, subject in written(made)] == ["most", "least"]


def test_an_empty_row_that_is_impossible_is_kept() -> None:
    made = Program()
    made.add_row(Linear.of(), rule="L10", subject="O1", lower=0, upper=0)
    made.add_row(Linear.of(), rule="L10", subject="O2", lower=1)
    made.add_row(Linear.of(), rule="L10", subject="O3", upper=-1)
    assert written(made) == [({}, 1, INFINITY, "L10", "O2"), ({}, -INFINITY, -1, "L10", "O3")]


def test_rows_of_a_batch_that_cannot_bind_are_left_out_and_the_others_renumbered() -> None:
    made = Program()
    made.add_columns([1] * 4)
    made.add_rows(batch({"idle": ({0: 1, 1: 1}, -INFINITY, 2), "one": ({2: 1}, 1, 1)}))
    made.add_rows(
        batch(
            {
                "first": ({0: 1, 1: 1}, -INFINITY, 1),
                "idle": ({2: 1, 3: 1}, 0, INFINITY),
                "impossible": ({}, 1, 1),
                "idle too": ({1: -1, 3: 2}, -1, 2),  # from -1 to 2
                "last": ({1: -1, 3: 2}, 0, 1),
            }
        )
    )
    made.add_rows(batch({"idle": ({0: 1}, 0, 1)}))
    made.add_rows(Rows.none())
    assert written(made) == [
        ({2: 1}, 1, 1, "L02", "one"),
        ({0: 1, 1: 1}, -INFINITY, 1, "L02", "first"),
        ({}, 1, 1, "L02", "impossible"),
        ({1: -1, 3: 2}, 0, 1, "L02", "last"),
    ]
    assert made.origins == [("L02", subject) for subject in ("one", "first", "impossible", "last")]


def test_a_batch_all_of_which_binds_stays_as_it_is() -> None:
    made, rows = two_binaries(), batch({"a": ({0: 1, 1: 1}, -INFINITY, 1), "b": ({0: 1, 1: -1}, 0, 0)})
    made.add_rows(rows)
    assert made.batches == [rows]
    assert [subject for *_, subject in written(made)] == ["a", "b"]


def test_batches_are_joined_one_after_the_other() -> None:
    one = batch({"a": ({0: 1}, 0, 1), "b": ({}, 1, 1)})
    two = batch({"c": ({1: 2, 2: -3}, -1, 4)})
    joined = Rows.joined([one, Rows.none(), two])
    assert dense(joined.matrix(4)).tolist() == [[1, 0, 0, 0], [0, 0, 0, 0], [0, 2, -3, 0]]
    assert (joined.lower.tolist(), joined.upper.tolist()) == ([0, 1, -1], [1, 1, 4])
    assert (list(joined.rules), list(joined.subjects)) == (["L02"] * 3, ["a", "b", "c"])
    assert dense(Rows.joined([]).matrix(3)).shape == (0, 3)


def test_without_rules_that_need_it_no_row_is_lazy() -> None:
    lazy = Program().lazy
    assert isinstance(lazy, Lazy)
    assert len(lazy.every().lower) == len(lazy.broken(vector(1, 1)).lower) == 0


# ---- shortfalls ----------------------------------------------------------------------------------------------------
def test_a_shortfall_is_the_rounded_up_need_and_never_below_0() -> None:
    made = two_binaries()
    # 7 - 3x - 2y, by 2: at most 7 / 2 rounded up, 4
    missing = made.add_shortfall(Linear.of([(0, -3), (1, -2)], constant=7), 2, rule="shortfall", subject="A")
    assert made.upper[missing] == 4
    # (7 - 3) / 2 = 2; (7 - 3 - 2) / 2 = 1; a solver may leave more
    assert made.tidied(vector(1, 0, 4))[missing] == 2
    assert made.tidied(vector(1, 1, 3))[missing] == 1
    assert made.tidied(vector(0, 1, 4))[missing] == 3  # 5 / 2, rounded up


def test_a_shortfall_of_what_is_there_in_plenty_is_0() -> None:
    made = two_binaries()
    missing = made.add_shortfall(Linear.of([(0, -1), (1, -1)], constant=1), 1, rule="shortfall", subject="A")
    assert made.tidied(vector(1, 1, 1))[missing] == 0


@pytest.mark.parametrize(
    ("terms", "constant", "unit", "most"),
    [
        ({0: 1, 1: 1}, 0, 1, 8),  # 3 + 5
        ({0: 100, 1: -30}, 0, 100, 3),  # 300 - 30 x 2 = 240, by 100 rounded up
        ({0: 100, 1: -30}, -150, 100, 1),  # 90
        ({0: 1}, -3, 1, 0),  # never anything
        ({0: 1}, -9, 1, 0),
        ({0: -1}, 2, 1, 1),  # the first is at least 1
        ({0: 1, 1: -1}, 0, 2, 1),  # 3 - 2
    ],
)
def test_the_greatest_shortfall_is_that_of_the_columns_bounds(
    terms: dict[int, int], constant: int, unit: int, most: int
) -> None:
    # A column may count more than one: 1 to 3 and 2 to 5 here.
    made = Program()
    made.add_columns([3, 5], lower=vector(1, 2))
    missing = made.add_shortfall(Linear.of(terms.items(), constant), unit, rule="shortfall", subject="A")
    assert made.upper[missing] == most


def test_tidying_rounds_whole_columns_alone() -> None:
    made = two_binaries()
    made.add_column(1, integer=False)
    assert made.tidied(vector(0.9999999, 1e-9, 0.25)).tolist() == [1, 0, 0.25]
