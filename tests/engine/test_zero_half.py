"""Cuts: what half a sum of rows says when it is rounded; every whole point of a face holds them."""

import numpy as np
import pytest

from allocator.engine.face import Face, inwards
from allocator.engine.relaxation import Relaxation
from allocator.engine.zero_half import zero_half_cuts
from allocator.formulation.program import Linear, Program, Rows
from tests.engine.small import at_most, dense, free, points, program, random_programs, vector


def written(cuts: Rows) -> list[tuple[list[float], float]]:
    """Coefficients and the most of each cut."""
    columns = int(cuts.column.max(initial=-1)) + 1
    return list(zip(dense(cuts.matrix(columns)).tolist(), cuts.upper.tolist(), strict=True))


def test_of_three_of_whom_each_two_exclude_each_other_one_is_left() -> None:
    # (x0 + x1) + (x1 + x2) + (x0 + x2) <= 3, so x0 + x1 + x2 <= 1.5, and these are whole.
    face = Face.of(program(3, at_most(1, 0, 1), at_most(1, 1, 2), at_most(1, 0, 2)))
    assert written(zero_half_cuts(face, Rows.none(), vector(0.5, 0.5, 0.5))) == [([1, 1, 1], 1)]


def test_a_column_at_its_upper_bound_is_counted_from_there() -> None:
    # As before, of 3 x3 more: each row has room for 2 and x3 takes 1 of it. With t = 1 - x3 the sum of the rows is
    # 2 (x0 + x1 + x2) - 3 t <= 3, half of it rounded down x0 + x1 + x2 - 2 t <= 1, which is x0 + x1 + x2 + 2 x3 <= 3.
    face = Face.of(program(4, at_most(2, 0, 1, 3), at_most(2, 1, 2, 3), at_most(2, 0, 2, 3)))
    assert written(zero_half_cuts(face, Rows.none(), vector(0.5, 0.5, 0.5, 1))) == [([1, 1, 1, 2], 3)]


def test_rows_that_ask_for_something_are_added_up_too() -> None:
    # Each two of three have to have one: x0 + x1 + x2 >= 1.5, so 2.
    made = program(3)
    for pair in ([0, 1], [1, 2], [0, 2]):
        made.add_row(Linear.sum_of(pair), rule="R", subject="", lower=1)
    assert written(zero_half_cuts(Face.of(made), Rows.none(), vector(0.5, 0.5, 0.5))) == [([-1, -1, -1], -2)]


def test_a_row_that_was_added_counts() -> None:
    face = Face.of(program(3, at_most(1, 0, 1), at_most(1, 1, 2)))
    assert written(zero_half_cuts(face, Rows.none(), vector(0.5, 0.5, 0.5))) == []
    one = np.array([0, 0])
    added = Rows(one, np.array([0, 2]), np.ones(2), np.array([-np.inf]), np.ones(1), ["R"], [""])
    assert written(zero_half_cuts(face, added, vector(0.5, 0.5, 0.5))) == [([1, 1, 1], 1)]


def test_a_whole_solution_is_not_cut_off() -> None:
    face = Face.of(program(3, at_most(1, 0, 1), at_most(1, 1, 2), at_most(1, 0, 2)))
    assert written(zero_half_cuts(face, Rows.none(), vector(0, 1, 0))) == []


def ring(number: int) -> Program:
    """So many students, of whom no two neighbours in a ring may be placed."""
    return program(number, *(at_most(1, *sorted((i, (i + 1) % number))) for i in range(number)))


@pytest.mark.parametrize("number", [3, 5, 9])
def test_a_relaxation_of_an_odd_ring_is_cut_to_what_is_possible(number: int) -> None:
    # Half of each, such as 4.5 of nine. Half the sum of all rows is 9 / 2, so four.
    face, cost = Face.of(ring(number)), -np.ones(number)
    relaxation = Relaxation(face, free())
    relaxed = relaxation.minimise(face, cost)
    assert relaxed.value == pytest.approx(-number / 2)
    found = relaxation.cut(face, cost, relaxed, 0)
    assert found.value == pytest.approx(-(number // 2))
    assert found.other_rows  # the cut holds the bound up, so that the tier needs a row of its own


def test_a_bound_that_the_plan_in_hand_meets_is_not_cut() -> None:
    face, cost = Face.of(ring(5)), -np.ones(5)
    relaxation = Relaxation(face, free())
    relaxed = relaxation.minimise(face, cost)
    assert relaxation.cut(face, cost, relaxed, -2) is relaxed  # -2.5 rounded inwards


def test_every_whole_point_holds_and_bounds_stay_below_the_best() -> None:
    number = better = 0
    for made, cost in random_programs(300):
        face = Face.of(made)
        whole = [vector(*point) for point in points(face)]
        if not whole:
            continue
        best = min(float(cost @ point) for point in whole)
        relaxation = Relaxation(face, free())
        relaxed = relaxation.minimise(face, cost)
        cuts = zero_half_cuts(face, Rows.none(), relaxed.solution)
        matrix = cuts.matrix(len(cost))
        assert all((matrix.summed(point) <= cuts.upper).all() for point in whole)
        assert (matrix.summed(relaxed.solution) > cuts.upper).all()
        found = relaxation.cut(face, cost, relaxed, round(best))
        assert relaxed.value - 1e-6 <= found.value <= best + 1e-6
        number, better = number + len(cuts.lower), better + (inwards(found.value) > inwards(relaxed.value))
    assert min(number, better) > 20
