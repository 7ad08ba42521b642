"""Bounds that rows imply: as narrow as single rows make them, and never past a whole point that holds."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from allocator.engine.propagation import PASSES, Interval, propagated
from allocator.formulation.program import INFINITY, Mask, Program, Rows
from tests.engine.small import RuleRow, at_most, batch, dense, program, random_programs


def tightened(
    made: Program, first: list[int] | None = None, passes: int = PASSES
) -> tuple[list[float], list[float], bool]:  # fmt: skip
    """Lower and upper bounds of the columns, and whether every row may hold."""
    written = Rows.joined(made.batches)
    matrix = written.matrix(made.columns)
    (lower, upper), _, possible = propagated(
        matrix, matrix.turned(), Interval(written.lower, written.upper), Interval(made.lower.copy(), made.upper.copy()),
        made.integer, None if first is None else np.array(first, dtype=np.int64), passes,
    )  # fmt: skip
    assert np.all(lower <= upper)
    return lower.tolist(), upper.tolist(), possible


def three(row: RuleRow) -> Program:
    """Three binaries and one that is 1 to 3, with a row."""
    made = program(3)
    made.add_column(3, lower=1)
    made.batches = [batch({"row": row})]
    return made


@pytest.mark.parametrize(
    ("row", "lower", "upper"),
    [
        (({0: 1, 1: 2}, -INFINITY, 0.0), [0, 0, 0, 1], [0, 0, 1, 3]),  # no room
        (({0: 1, 1: 2}, 0.0, 0.0), [0, 0, 0, 1], [0, 0, 1, 3]),
        (({0: 1, 1: 2}, -INFINITY, 1.0), [0, 0, 0, 1], [1, 0, 1, 3]),  # room for the first, not for the second
        (({0: 1, 1: -1}, 1.0, INFINITY), [1, 0, 0, 1], [1, 0, 1, 3]),  # a - b >= 1
        (({0: 1, 1: 1, 2: 1}, 3.0, INFINITY), [1, 1, 1, 1], [1, 1, 1, 3]),  # all are needed
        (({0: 2, 1: 3}, 4.0, INFINITY), [1, 1, 0, 1], [1, 1, 1, 3]),  # neither is enough
        (({0: 1, 3: 2}, -INFINITY, 4.0), [0, 0, 0, 1], [1, 1, 1, 2]),  # d <= 4 / 2
        (({0: 1, 3: 2}, -INFINITY, 5.0), [0, 0, 0, 1], [1, 1, 1, 2]),  # d <= 5 / 2, rounded inwards
        (({0: 1, 3: 2}, 4.0, INFINITY), [0, 0, 0, 2], [1, 1, 1, 3]),  # d >= 3 / 2
        (({0: -3, 3: 1}, 0.0, 0.0), [1, 0, 0, 3], [1, 1, 1, 3]),  # d = 3a, and d is at least 1
        (({0: 1, 1: 1}, -INFINITY, 1.0), [0, 0, 0, 1], [1, 1, 1, 3]),  # either: nothing about one alone
        (({0: 1, 1: -1}, 0.0, 0.0), [0, 0, 0, 1], [1, 1, 1, 3]),  # both or neither
    ],
)
def test_what_one_row_implies(row: RuleRow, lower: list[int], upper: list[int]) -> None:
    assert tightened(three(row)) == (lower, upper, True)


@pytest.mark.parametrize(
    "row",
    [
        ({0: 1, 1: 1, 2: 1}, 4.0, INFINITY),  # three at most
        ({3: 1}, -INFINITY, 0.0),  # one at least
        ({0: 2}, 1.0, 1.0),  # a half
        ({0: 2, 3: 4}, 5.0, 5.0),  # a = 1/2 with d = 1; nothing else is near
    ],
)
def test_a_row_that_cannot_hold_is_told(row: RuleRow) -> None:
    assert not tightened(three(row))[2]


def test_one_row_leads_to_the_next() -> None:
    # a = 1, so b = 0, so c = 1 (b + c = 1), so d = 0 (c + d <= 1); e + f stays open.
    rows = [({0: 1}, 1.0, 1.0), at_most(1, 0, 1), ({1: 1, 2: 1}, 1.0, 1.0), at_most(1, 2, 3), at_most(1, 4, 5)]
    made = program(6, *rows)
    assert tightened(made) == ([1, 0, 1, 0, 0, 0], [1, 0, 1, 0, 1, 1], True)
    # the last but one says nothing by itself, and nothing changed that would bring another row in
    assert tightened(made, [3, 4])[1] == [1] * 6
    assert tightened(made, [0])[:2] == tightened(made)[:2]


def test_columns_that_need_not_be_whole_are_only_ever_fixed() -> None:
    made = Program()
    made.add_columns([1, 1, 1], integer=False)
    made.add_column(1)
    written = program(
        4, ({0: 2}, -INFINITY, 1.0), at_most(0, 1), ({2: 1}, 1.0, INFINITY), ({0: 2, 3: 2}, 1.0, INFINITY)
    )
    made.batches = written.batches
    # the first is at most 1/2, which is left to the solver
    assert tightened(made) == ([0, 0, 1, 0], [1, 0, 1, 1], True)


def test_passes_are_limited_and_what_is_found_by_then_holds() -> None:
    # x1 = 1, and each next is at least as great: one more in every pass
    rows: list[RuleRow] = [({0: 1}, 1.0, 1.0), *(({i: 1, i + 1: -1}, -INFINITY, 0.0) for i in range(9))]
    assert tightened(program(10, *rows))[0] == [1] * 10
    lower, upper, possible = tightened(program(10, *rows), passes=3)
    assert 0 < sum(lower) < 10
    assert (upper, possible) == ([1] * 10, True)


def by_hand(made: Program) -> tuple[list[int], list[int]] | None:
    """The same in fractions, row by row and column by column until nothing changes; None where nothing is left."""
    written = Rows.joined(made.batches)
    matrix = dense(written.matrix(made.columns)).astype(int).tolist()
    lower, upper = made.lower.astype(int).tolist(), made.upper.astype(int).tolist()
    sides = [(row, written.upper[i]) for i, row in enumerate(matrix)]
    sides += [([-k for k in row], -written.lower[i]) for i, row in enumerate(matrix)]
    while True:
        before = [*lower], [*upper]
        for row, limit in sides:
            if math.isinf(limit):
                continue
            least = sum(k * (lower[c] if k > 0 else upper[c]) for c, k in enumerate(row))
            if least > limit:
                return None
            for c, k in enumerate(row):
                step = Fraction(int(limit) - least, abs(k)) if k else Fraction(0)
                if k > 0:
                    upper[c] = min(upper[c], math.floor(lower[c] + step))
                elif k < 0:
                    lower[c] = max(lower[c], math.ceil(upper[c] - step))
            if any(a > z for a, z in zip(lower, upper, strict=True)):
                return None
        if before == (lower, upper):
            return lower, upper


def points(made: Program, lower: list[float], upper: list[float]) -> set[tuple[int, ...]]:
    """Whole points within bounds that hold every row."""
    written = Rows.joined(made.batches)
    matrix = dense(written.matrix(made.columns))
    found = itertools.product(*(range(int(a), int(z) + 1) for a, z in zip(lower, upper, strict=True)))
    return {p for p in found if np.all(matrix @ p >= written.lower) and np.all(matrix @ p <= written.upper)}


def test_random_programs_are_as_narrow_as_single_rows_make_them_and_lose_no_point() -> None:
    luck, narrower, impossible = np.random.default_rng(13), 0, 0
    for made, _ in random_programs(150):
        for _ in range(2):
            chosen: Mask = luck.random(made.columns) < 0.4
            extra = at_most(float(luck.integers(0, 2)), *np.flatnonzero(chosen).tolist())
            made.batches += program(made.columns, extra).batches
        lower, upper, possible = tightened(made)
        expected = by_hand(made)
        assert possible == (expected is not None)
        every = points(made, made.lower.tolist(), made.upper.tolist())
        if expected is None:
            assert every == set()
            impossible += 1
            continue
        assert (lower, upper) == expected
        assert points(made, lower, upper) == every
        narrower += (lower, upper) != (made.lower.tolist(), made.upper.tolist())
    assert narrower > 50
    assert impossible > 5
