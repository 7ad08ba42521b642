"""A face keeps exactly the solutions that reach a level, whether or not the relaxation is tight."""

import numpy as np
import pytest

from allocator.engine.face import Face, inwards
from allocator.engine.program import INFINITY, Program
from allocator.engine.relaxation import Relaxation
from tests.engine.small import at_most, free, points, program, random_programs, vector

# Every two of three exclude each other: whole points place one, the relaxation one and a half.
TRIANGLE = program(3, at_most(1, 0, 1), at_most(1, 1, 2), at_most(1, 0, 2))


def test_a_tight_relaxation_keeps_the_optimal_points() -> None:
    face = Face.of(program(3, at_most(1, 0, 1)))
    cost = vector(-3, -2, -1)
    relaxed = Relaxation(face, free()).minimise(face, cost)
    # x + y <= 1 allows (1, 0, 1): -3 - 1 = -4; next best (0, 1, 1): -3.
    assert relaxed.ending == "optimal"
    assert relaxed.value == pytest.approx(-4)
    reached = face.reaching(cost, -4, relaxed)
    assert points(reached) == {(1, 0, 1)}
    assert reached.extra == ()  # reduced costs say it all


def test_ties_stay_and_no_dense_row_is_needed() -> None:
    # Of two columns that cost the same exactly one is taken, whatever the third does.
    face = Face.of(program(3, at_most(1, 0, 1)))
    cost = vector(-1, -1, 0)
    relaxed = Relaxation(face, free()).minimise(face, cost)
    reached = face.reaching(cost, -1, relaxed)
    assert points(reached) == {(1, 0, 0), (1, 0, 1), (0, 1, 0), (0, 1, 1)}
    assert reached.extra == ()


def test_a_bound_rounded_inwards_keeps_the_points_that_reach_it() -> None:
    face = Face.of(TRIANGLE)
    cost = vector(-1, -1, -1)
    relaxed = Relaxation(face, free()).minimise(face, cost)
    assert relaxed.value == pytest.approx(-1.5)
    assert inwards(relaxed.value) == -1
    reached = face.reaching(cost, -1, relaxed)
    assert points(reached) == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
    assert [(low, high) for _, low, high in reached.extra] == [(-1, -1)]


def test_an_unproved_level_is_no_worse() -> None:
    face = Face.of(TRIANGLE)
    cost = vector(-1, -1, -1)
    relaxed = Relaxation(face, free()).minimise(face, cost)
    # "at most 0 and perhaps better": nothing placed stays possible, and so does every better point
    assert points(face.reaching(cost, 0, relaxed, proved=False)) == points(face)
    assert points(face.reaching(cost, -1, relaxed, proved=False)) == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}


def test_random_programs_keep_exactly_the_points_of_the_bound() -> None:
    reached_bounds = missed_bounds = 0
    for made, cost in random_programs(150):
        face = Face.of(made)
        relaxed = Relaxation(face, free()).minimise(face, cost)
        if relaxed.ending == "infeasible":
            assert points(face) == set()
            continue
        bound = inwards(relaxed.value)
        wanted = {p for p in points(face) if round(float(np.dot(cost, p))) == bound}
        assert points(face.reaching(cost, bound, relaxed)) == wanted
        reached_bounds += bool(wanted)
        missed_bounds += not wanted
    # both kinds have been met
    assert reached_bounds > 20
    assert missed_bounds > 20


def test_random_programs_level_after_level() -> None:
    for made, cost in random_programs(60):
        face, second = Face.of(made), np.roll(cost, 1)
        left = points(face)
        for level in (cost, second):
            relaxed = Relaxation(face, free()).minimise(face, level)
            if not left:
                break
            best = min(round(float(np.dot(level, p))) for p in left)
            face = face.reaching(level, best, relaxed)
            left = {p for p in left if round(float(np.dot(level, p))) == best}
            assert points(face) == left


def test_holds_looks_at_columns_rows_and_levels() -> None:
    face = Face.of(TRIANGLE)
    assert face.holds(vector(1, 0, 0))
    assert not face.holds(vector(1, 1, 0))  # a row
    assert not face.holds(vector(2, 0, 0))  # above a column's bound
    assert not face.holds(vector(-1, 0, 0))  # below it
    dense = face._replace(extra=((vector(1, 1, 1), 1.0, 1.0),))
    assert dense.holds(vector(0, 1, 0))
    assert not dense.holds(vector(0, 0, 0))
    lowest = Face.of(program(2, ({0: 1, 1: 1}, 1.0, INFINITY)))
    assert not lowest.holds(vector(0, 0))


def test_a_program_without_columns_has_one_point() -> None:
    assert points(Face.of(Program())) == {()}


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (2.0, 2),
        (2.0000005, 2),  # a solver's dust
        (1.9999995, 2),
        (2.1, 3),
        (-1.5, -1),
        # 1e-6 of a thousand in every thousand: 5,000,000 may be off by 0.005
        (5_000_000.004, 5_000_000),
        (5_000_000.01, 5_000_001),
    ],
)
def test_bounds_are_rounded_inwards(value: float, bound: int) -> None:
    assert inwards(value) == bound
