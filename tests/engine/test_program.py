"""Programs under construction: rows that cannot bind, impossible rows, shortfalls."""

from allocator.engine.program import INFINITY, Linear, Program, Row
from tests.engine.small import vector


def two_binaries() -> Program:
    made = Program()
    made.add_column(1)
    made.add_column(1)
    return made


def test_equal_columns_of_a_row_are_summed_and_zeros_dropped() -> None:
    made = two_binaries()
    # x + 2x + y - y <= 2 is 3x <= 2
    made.add_row([(0, 1), (0, 2), (1, 1), (1, -1)], rule="L02", subject="O1", upper=2)
    assert made.rows == [Row(((0, 3),), -INFINITY, 2, "L02", "O1")]


def test_a_row_that_cannot_bind_is_left_out() -> None:
    made = two_binaries()
    made.add_row([(0, 1), (1, 1)], rule="L02", subject="O1", upper=2)  # at most 2 of 2
    made.add_row([(0, 1), (1, -1)], rule="L02", subject="O2", lower=-1, upper=1)  # from -1 to 1 by itself
    assert made.rows == []
    made.add_row([(0, 1), (1, -1)], rule="L02", subject="O3", lower=0)
    assert [r.subject for r in made.rows] == ["O3"]


def test_an_empty_row_that_is_impossible_is_kept() -> None:
    made = Program()
    made.add_row([], rule="L10", subject="O1", lower=0, upper=0)
    made.add_row([], rule="L10", subject="O2", lower=1)
    assert [r.subject for r in made.rows] == ["O2"]


def test_values_of_expressions_count_the_constant_and_round_the_solution() -> None:
    expression = Linear(5, ((0, 3), (1, -2), (0, 1)))
    # 5 + 3 x 1 - 2 x 2 + 1 x 1
    assert expression.value(vector(0.9999999, 2.0000001)) == 5
    assert expression.cost(3).tolist() == [4, -2, 0]


def test_a_shortfall_is_the_rounded_up_need_and_never_below_0() -> None:
    made = two_binaries()
    # 7 - 3x - 2y, by 2: at most 7 / 2 rounded up, 4
    missing = made.add_shortfall(Linear(7, ((0, -3), (1, -2))), 2, rule="shortfall", subject="A")
    assert made.upper[missing] == 4
    # (7 - 3) / 2 = 2; (7 - 3 - 2) / 2 = 1; a solver may leave more
    assert made.tidied(vector(1, 0, 4))[missing] == 2
    assert made.tidied(vector(1, 1, 3))[missing] == 1
    assert made.tidied(vector(0, 1, 4))[missing] == 3  # 5 / 2, rounded up


def test_a_shortfall_of_what_is_there_in_plenty_is_0() -> None:
    made = two_binaries()
    missing = made.add_shortfall(Linear(1, ((0, -1), (1, -1))), 1, rule="shortfall", subject="A")
    assert made.tidied(vector(1, 1, 1))[missing] == 0


def test_tidying_rounds_whole_columns_alone() -> None:
    made = two_binaries()
    made.add_column(1, integer=False)
    assert made.tidied(vector(0.9999999, 1e-9, 0.25)).tolist() == [1, 0, 0.25]
