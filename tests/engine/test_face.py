"""A face keeps exactly the solutions that reach a tier, whether or not the relaxation is tight."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from allocator.engine.face import Face, beside, inwards
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import INFINITY, Linear, Program, Rows
from tests.engine.small import RuleRow, Withheld, at_most, dense, free, points, program, random_programs, vector

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


def test_an_unproved_tier_is_no_worse() -> None:
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


def test_random_programs_behind_a_tier_that_is_held_to_no_worse() -> None:
    # Before, nothing held the next tier where the price of that "no worse" was what held its bound up.
    behind = 0
    for made, cost in random_programs(300):
        face, second = Face.of(made), np.roll(cost, 1)
        relaxed = Relaxation(face, free()).minimise(face, cost)
        if relaxed.ending == "infeasible":
            continue
        no_worse = face.reaching(cost, inwards(relaxed.value) + 1, relaxed, proved=False)
        relaxation = Relaxation(no_worse, free())
        relaxed = relaxation.minimise(no_worse, second)
        if relaxed.ending == "optimal":
            bound = inwards(relaxed.value)
            wanted = {p for p in points(no_worse) if round(float(np.dot(second, p))) == bound}
            assert points(no_worse.reaching(second, bound, relaxed)) == wanted
            behind += bool(wanted)
    assert behind > 100


def test_random_programs_tier_after_tier() -> None:
    for made, cost in random_programs(60):
        face, second = Face.of(made), np.roll(cost, 1)
        left = points(face)
        for tier in (cost, second):
            relaxed = Relaxation(face, free()).minimise(face, tier)
            if not left:
                break
            best = min(round(float(np.dot(tier, p))) for p in left)
            face = face.reaching(tier, best, relaxed)
            left = {p for p in left if round(float(np.dot(tier, p))) == best}
            assert points(face) == left


def test_holds_looks_at_columns_rows_and_tiers() -> None:
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


def test_beside_a_solution_that_holds_another_one_is_judged_as_by_itself() -> None:
    said = set()
    for made, _ in random_programs(40, columns=4):
        face = Face.of(made)
        every = [vector(*point) for point in itertools.product((0, 1, 2), repeat=4)]  # 2 is above a column's bound
        for known in [point for point in every if face.holds(point)][:3]:
            judged = [face.holds(point, known) for point in every]
            assert judged == [face.holds(point) for point in every]
            said |= set(judged)
    assert said == {True, False}


def test_holds_looks_at_rows_that_are_not_written_down() -> None:
    made = program(3)
    made.lazy = Withheld(at_most(1, 0, 1), ({1: 1, 2: 1}, 1.0, INFINITY))
    # the second or the third, and of the first two at most one
    assert points(Face.of(made)) == {(0, 1, 0), (0, 1, 1), (0, 0, 1), (1, 0, 1)}


def test_only_columns_that_have_to_be_whole_are_asked_whether_they_are() -> None:
    made = program(2)
    made.add_column(1, integer=False)
    face = Face.of(made)
    assert face.whole(vector(1, 0, 0.5))
    assert face.whole(vector(0.9999999, 1e-7, 0.5))
    assert not face.whole(vector(0.99, 0, 1))


# ---- columns that rows close ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "closed"),
    [
        (({0: 1, 1: 2}, -INFINITY, 0.0), {0: 0, 1: 0}),
        (({0: 1, 1: 2}, -3.0, 0.0), {0: 0, 1: 0}),
        (({0: 1, 1: -1}, 0.0, 0.0), {}),  # both or neither
        (({0: 1, 1: 2}, -INFINITY, 1.0), {1: 0}),  # room for one that counts 1
        (({0: -1, 1: -2}, 0.0, INFINITY), {0: 0, 1: 0}),
        (({0: 1, 1: 2, 2: 1}, 4.0, INFINITY), {0: 1, 1: 1, 2: 1}),
        (({0: 1, 3: 1}, -INFINITY, 1.0), {0: 0}),  # the fourth is 1
    ],
)
def test_a_row_without_room_closes_its_columns(row: RuleRow, closed: dict[int, int]) -> None:
    made = program(3)
    made.add_column(1, lower=1)
    terms, lower, upper = row
    made.add_row(Linear.of(terms.items()), rule="L02", subject="O1", lower=lower, upper=upper)
    face = Face.of(made)
    assert {c: face.lower[c] for c in np.flatnonzero(~face.open[:3]).tolist()} == closed
    assert np.array_equal(face.lower[~face.open], face.upper[~face.open])
    assert (made.lower.tolist(), made.upper.tolist()) == ([0, 0, 0, 1], [1, 1, 1, 1])  # the program stays as it was


def test_rows_that_cannot_hold_leave_no_point() -> None:
    for row in (({0: 1, 1: 1}, 1.0, 0.0), ({0: 1, 1: 1}, 3.0, INFINITY), ({}, 1.0, INFINITY)):
        assert points(Face.of(program(2, row))) == set()


def points_by_rows(made: Program, rows: Sequence[int] | None = None) -> set[tuple[int, ...]]:
    """Every whole point by the rows as they were added, or by some of them."""
    written = Rows.joined(made.batches)
    matrix, wanted = dense(written.matrix(made.columns)), range(made.rows) if rows is None else rows
    return {
        point for point in itertools.product(*(range(int(u) + 1) for u in made.upper))
        if all(written.lower[i] <= matrix[i] @ point <= written.upper[i] for i in wanted)
    }  # fmt: skip


def test_a_face_has_the_points_of_its_rows_closed_columns_or_not() -> None:
    luck, closed = np.random.default_rng(4), 0
    for made, _ in random_programs(60):
        for _ in range(2):  # rows of 0 and 1 with little room
            terms = {c: int(luck.integers(0, 2)) for c in range(made.columns)}
            room = float(luck.integers(0, 2))
            made.add_row(Linear.of(terms.items()), rule="L02", subject="O1", upper=room)
        face = Face.of(made)
        closed += bool((~face.open).any())
        assert points(face) == points_by_rows(made)
    assert closed > 20


def test_some_rows_of_a_program() -> None:
    made = program(4, at_most(1, 0, 1), at_most(0, 2), at_most(1, 1, 3))
    written = Face.written(made)
    assert written.open.all()  # bounds as they were written down, whatever the second row says
    for rows in ([0, 2], [1], [], [0, 1, 2]):
        left_out = ~np.isin(np.arange(3), rows)
        some = written._replace(
            row_lower=np.where(left_out, -np.inf, written.row_lower),
            row_upper=np.where(left_out, np.inf, written.row_upper),
        ).tightened()
        assert points(some) == points_by_rows(made, rows)
        # the row that closes the third asks for nothing where it is left out
        assert some.open.tolist() == [True, True, 1 not in rows, True]


def test_the_matrix_is_the_same_by_row_and_by_column() -> None:
    for made, _ in random_programs(10):
        matrix = Face.of(made).matrix
        assert np.array_equal(dense(matrix.by_row), dense(matrix.by_column).T)


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


def test_beside_a_relaxed_solution_what_is_whole_stays_and_the_rest_is_open() -> None:
    """Of (1, 0, 1/2, 1/2) the first is kept; with x0 + x2 <= 1 that closes x2, and x3 and the second stay open."""
    face = Face.of(program(4, at_most(1, 0, 2)))
    near = beside(face, vector(1, 0, 0.5, 0.5))
    assert near.lower.tolist() == [1, 0, 0, 0]
    assert near.upper.tolist() == [1, 1, 0, 1]
    assert points(near) < points(face)


def test_beside_a_point_of_another_face_is_the_face_itself() -> None:
    face = Face.of(program(2))._replace(upper=vector(0, 1))
    assert beside(face, vector(1, 0)) is face
