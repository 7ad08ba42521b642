"""Relaxations: the same value and face with few columns as with all, from any face to any other, however solved."""

import gc
import weakref

import numpy as np
import pytest

from allocator.engine import highs
from allocator.engine import relaxation as relaxation_module
from allocator.engine.face import Face, Relaxed, inwards
from allocator.engine.highs import INTERIOR_STEP
from allocator.engine.relaxation import Relaxation, Working
from allocator.formulation.program import INFINITY, Indexes, Vector
from tests.engine.small import (
    RuleRow,
    Withheld,
    at_most,
    dense,
    free,
    points,
    program,
    random_programs,
    vector,
    wide_programs,
)


def assert_optimal(face: Face, cost: Vector, relaxed: Relaxed) -> None:
    """The solution holds, and duals of the rows give the same value as a bound (strong duality): both are right."""
    assert relaxed.ending == "optimal"
    assert face.holds(relaxed.solution)
    assert relaxed.value == pytest.approx(float(cost @ relaxed.solution))
    assert not relaxed.other_rows
    duals, reduced = relaxed.row_duals, relaxed.reduced_costs
    assert np.allclose(reduced, cost - dense(face.matrix.by_row).T @ duals)  # of all columns, those outside too
    bound = 0.0
    for d, low, high in ((reduced, face.lower, face.upper), (duals, face.row_lower, face.row_upper)):
        bound += float(d[d > 1e-9] @ low[d > 1e-9] + d[d < -1e-9] @ high[d < -1e-9])
    assert bound == pytest.approx(relaxed.value, abs=1e-6)


def few(plan: Vector, number: int = 5, owner: Indexes | None = None) -> Working:
    """Some columns and those of a plan; everybody has the same owner, unless they are given."""
    columns = plan > 0
    columns[np.random.default_rng(3).choice(len(plan), number, replace=False)] = True
    return Working(columns, np.zeros(len(plan), dtype=np.int64) if owner is None else owner)


# ---- rows that join ------------------------------------------------------------------------------------------------
def test_rows_that_a_plan_does_not_fill_join_once_they_are_broken() -> None:
    """Limits of 1, 2 and 3 on three pairs; the plan fills the first alone, and each of the others binds one tier.

    The second tier takes both of the pair (2 of at most 2: nothing is broken); the third weighs 5 and 4 of columns
    7 and 8, of which one may be had beside column 6, which is taken: 5.
    """
    made = program(9, at_most(1, 0, 1), at_most(2, 3, 4, 5), at_most(2, 6, 7, 8))
    made.lower[6] = 1
    face = Face.of(made)
    plan = np.zeros(9)
    plan[[0, 6]] = 1
    relaxation = Relaxation(face, free())
    relaxation.begin_at(face, plan)
    assert rows_of(relaxation) == 1
    free_pair = relaxation.minimise(face, vector(0, 0, 0, -1, -1, 0, 0, 0, 0))
    assert (free_pair.value, rows_of(relaxation)) == (-2, 1)
    bound = relaxation.minimise(face, vector(0, 0, 0, 0, 0, 0, 0, -5, -4))
    assert (bound.value, rows_of(relaxation)) == (-5, 2)
    assert bound.row_duals[2] <= -4


def rows_of(relaxation: Relaxation) -> int:
    return int(relaxation._holding.solver.getNumRow())


@pytest.mark.parametrize("few_columns", [False, True])
def test_rows_that_join_give_the_value_of_all(few_columns: bool) -> None:
    joined = 0
    for made, plan, cost in wide_programs(25):
        face = Face.of(made)
        relaxation = Relaxation(face, free(), few(plan)._replace(warm=True) if few_columns else None)
        relaxation.begin_at(face, plan)
        before = rows_of(relaxation)
        for objective in (cost, -cost, cost[::-1].copy()):
            found = relaxation.minimise(face, objective)
            assert_optimal(face, objective, found)
            assert found.value == pytest.approx(Relaxation(face, free()).minimise(face, objective).value)
        joined += rows_of(relaxation) > before
    assert joined > 5


# ---- few columns ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("owners", [1, 7, 0], ids=["one owner", "seven owners", "no owner"])
@pytest.mark.parametrize("each", [1, relaxation_module.COLUMNS_EACH])
def test_few_columns_give_the_value_of_all(owners: int, each: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxation_module, "COLUMNS_EACH", each)
    outside = 0
    for made, plan, cost in wide_programs(25):
        face = Face.of(made)
        owner = np.arange(made.columns) % owners if owners else np.full(made.columns, -1)
        relaxation = Relaxation(face, free(), few(plan, owner=owner))
        whole, some = Relaxation(face, free()).minimise(face, cost), relaxation.minimise(face, cost)
        assert some.value == pytest.approx(whole.value)
        assert_optimal(face, cost, whole)
        assert_optimal(face, cost, some)
        assert np.all(some.solution[~relaxation.inside] == 0)
        outside += int((~relaxation.inside).sum())
    assert outside > 25 * 5  # of 60 columns each; otherwise all were there and nothing was priced


def test_few_columns_keep_the_same_face() -> None:
    for made, plan, cost in wide_programs(12, columns=40, rows=10):
        whole = Face.of(made)
        best = round(highs.search(whole, cost, None, free(), None).bound)
        kept = []
        for relaxation in (Relaxation(whole, free()), Relaxation(whole, free(), few(plan))):
            relaxed = relaxation.minimise(whole, cost)
            assert inwards(relaxed.value) <= best
            kept.append(whole.reaching(cost, best, relaxed))
        # whatever comes next has the same optimum on both
        for second in (np.roll(cost, 7), -np.roll(cost, 3), np.roll(cost, 11)):
            one, two = (highs.search(face, second, None, free(), None) for face in kept)
            assert one.ending == two.ending == "optimal"
            assert one.bound == pytest.approx(two.bound)


def test_random_programs_keep_exactly_the_points_of_the_bound_with_two_columns_to_begin_with() -> None:
    reached = 0
    for made, cost in random_programs(100):
        face = Face.of(made)
        start = (np.arange(6) < 2) | (face.lower > 0)  # as in a plan, what has to be more than 0 is there
        relaxed = Relaxation(face, free(), Working(start, np.arange(6))).minimise(face, cost)
        left = points(face)
        if relaxed.ending == "infeasible":
            assert left == set()
            continue
        bound = inwards(relaxed.value)
        wanted = {p for p in left if round(float(np.dot(cost, p))) == bound}
        assert points(face.reaching(cost, bound, relaxed)) == wanted
        reached += bool(wanted)
    assert reached > 20


TEN = program(10, at_most(1, *range(10)))
"""At most one of ten columns."""


@pytest.mark.parametrize(
    ("owner", "joined"),
    [
        (np.zeros(10, dtype=np.int64), [2, 7]),  # the best two of the one owner; with them it is solved
        (np.arange(10) // 5, [2, 3, 7, 8]),  # the best two of each five
        (np.full(10, -1), list(range(1, 10))),  # all that improve
    ],
    ids=["one owner", "two owners", "no owner"],
)
def test_the_best_few_of_each_owner_join(owner: Indexes, joined: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxation_module, "COLUMNS_EACH", 2)
    cost = -vector(1, 2, 9, 5, 2, 2, 3, 8, 4, 2)  # the first is there to begin with, the others are better
    face = Face.of(TEN)
    relaxation = Relaxation(face, free(), Working(np.arange(10) == 0, owner))
    assert relaxation.minimise(face, cost).value == pytest.approx(-9)
    assert np.flatnonzero(relaxation.inside).tolist() == [0, *joined]


def test_closed_columns_do_not_join() -> None:
    face = Face.of(TEN)
    face.upper[2] = 0
    relaxation = Relaxation(face, free(), Working(np.arange(10) == 0, np.zeros(10, dtype=np.int64)))
    assert relaxation.minimise(face, -vector(1, 2, 9, 5, 2, 2, 3, 8, 4, 2)).value == pytest.approx(-8)
    assert not relaxation.inside[2]


def test_what_has_to_be_more_than_0_counts_wherever_it_is() -> None:
    # At most one of two; the second is not there to begin with. Once it has to be 1 (rows implied it on the way), the
    # first is 0.
    whole = Face.of(program(2, at_most(1, 0, 1)))
    relaxation = Relaxation(whole, free(), Working(np.array([True, False]), np.zeros(2, dtype=np.int64)))
    cost = vector(-1, 0)
    assert relaxation.minimise(whole, cost).value == pytest.approx(-1)
    taken = whole._replace(lower=vector(0, 1))
    relaxed = relaxation.minimise(taken, cost)
    assert relaxed.value == pytest.approx(0)
    assert taken.holds(relaxed.solution)
    # and from the start
    begun = Relaxation(taken, free(), Working(np.array([True, False]), np.zeros(2, dtype=np.int64)))
    assert_optimal(taken, cost, begun.minimise(taken, cost))


def test_infeasible_only_for_want_of_columns() -> None:
    # Two of the last five are asked for, and none of them is there; the cheapest two cost 3 and 4.
    face = Face.of(program(10, (dict.fromkeys(range(5, 10), 1), 2.0, INFINITY)))
    cost = vector(1, 1, 1, 1, 1, 7, 3, 5, 4, 6)
    relaxed = Relaxation(face, free(), Working(np.arange(10) < 3, np.zeros(10, dtype=np.int64))).minimise(face, cost)
    assert relaxed.value == pytest.approx(7)
    assert_optimal(face, cost, relaxed)


def test_infeasible_with_all_columns_there_are() -> None:
    face = Face.of(program(4, ({0: 1, 1: 1, 2: 1}, 2.0, INFINITY), at_most(1, 0, 1, 2)))
    relaxation = Relaxation(face, free(), Working(np.arange(4) == 3, np.zeros(4, dtype=np.int64)))
    assert relaxation.minimise(face, vector(1, 1, 1, 1)).ending == "infeasible"
    # and it goes on: on the face without the last row's limit two are taken
    wider = face._replace(row_upper=face.row_upper + 1)
    assert relaxation.minimise(wider, vector(1, 2, 4, 1)).value == pytest.approx(3)


# ---- from face to face ---------------------------------------------------------------------------------------------
Step = tuple[Face, Vector]


def chain(face: Face, costs: list[Vector], relaxation: Relaxation) -> list[Step]:
    """Face and objective of each tier, every bound taken as reached; it ends where the next face has no solution."""
    found: list[Step] = []
    for cost in costs:
        found.append((face, cost))
        relaxed = relaxation.minimise(face, cost)
        if relaxed.ending == "infeasible":
            break
        face = face.reaching(cost, inwards(relaxed.value), relaxed)
    return found


def assert_as_fresh(steps: list[Step], relaxation: Relaxation) -> None:
    """Each step gives what a relaxation made for it alone gives."""
    for face, cost in steps:
        fresh, found = Relaxation(face, free()).minimise(face, cost), relaxation.minimise(face, cost)
        assert found.ending == fresh.ending
        if fresh.ending == "optimal":
            assert found.value == pytest.approx(fresh.value, abs=1e-6)
            assert face.holds(found.solution)


@pytest.mark.parametrize("large", [False, True])
def test_from_any_face_to_any_other(large: bool) -> None:
    luck, with_tiers = np.random.default_rng(1), 0
    for made, plan, cost in wide_programs(15):
        whole = Face.of(made)
        relaxation = Relaxation(whole, free(), few(plan) if large else None)
        first = chain(whole, [cost, np.roll(cost, 9), -np.roll(cost, 4), np.roll(cost, 20)], relaxation)
        # another branch: other tiers at the same places
        second = chain(whole, [-np.roll(cost, 30), np.roll(cost, 9), np.roll(cost, 2)], relaxation)
        steps = first + second
        with_tiers += sum(len(face.extra) > 0 for face, _ in steps)
        order = luck.permutation(len(steps)).tolist()
        assert_as_fresh([steps[i] for i in order], relaxation)
    assert with_tiers > 20


def test_back_to_a_face_with_fewer_tiers_and_on_to_a_tier_with_another_bound() -> None:
    # a + b + c <= 2 and the tier a + b >= 1 (as at most -1 of -a - b), or exactly 2.
    face, tier = Face.of(program(3, at_most(2, 0, 1, 2))), vector(-1, -1, 0)
    at_least_one = face._replace(extra=((tier, -INFINITY, -1.0),))
    both = face._replace(extra=((tier, -2.0, -2.0),))
    other = face._replace(extra=((vector(0, 0, 1), 0.0, 0.0),))
    two_tiers = face._replace(extra=(*at_least_one.extra, *other.extra))
    relaxation, cost = Relaxation(face, free()), vector(3, 2, -1)
    expected = [(face, -1), (at_least_one, 1), (both, 5), (face, -1), (other, 0), (two_tiers, 2), (at_least_one, 1)]
    for here, value in expected:
        assert relaxation.minimise(here, cost).value == pytest.approx(value)


def test_tiers_price_columns_that_are_not_there() -> None:
    # One of three is asked for by a tier; the cheapest is not there, and looks dear until the tier pays for it.
    face = Face.of(program(3))._replace(extra=((vector(-1, -1, -1), -INFINITY, -1.0),))
    relaxation = Relaxation(face, free(), Working(np.array([True, True, False]), np.zeros(3, dtype=np.int64)))
    relaxed = relaxation.minimise(face, vector(5, 9, 3))
    assert relaxed.value == pytest.approx(3)
    # it is at its upper bound, so it may be paid more than it costs; the others cost 2 and 6 more than it
    first, second, third = relaxed.reduced_costs.tolist()
    assert third <= 0 <= first
    assert (first - third, second - third) == pytest.approx((2, 6))


# ---- rows that are not written down --------------------------------------------------------------------------------
def lazy_and_written(columns: int, rows: list[RuleRow], withheld: list[RuleRow]) -> tuple[Face, Face, Withheld]:
    """The same face twice: some rows held back, and all of them written."""
    made, lazy = program(columns, *rows), Withheld(*withheld)
    made.lazy = lazy
    return Face.of(made), Face.of(program(columns, *rows, *withheld)), lazy


def drawn_rows(luck: np.random.Generator, columns: int, number: int) -> list[RuleRow]:
    """At most one or two of half of the columns."""
    return [
        at_most(float(luck.integers(1, 3)), *np.flatnonzero(luck.random(columns) < 0.5).tolist()) for _ in range(number)
    ]


@pytest.mark.parametrize("large", [False, True])
def test_withheld_rows_count_as_if_they_were_written(large: bool) -> None:
    luck, told, held_up = np.random.default_rng(2), 0, 0
    for _ in range(40):
        here, written, lazy = lazy_and_written(30, drawn_rows(luck, 30, 4), drawn_rows(luck, 30, 6))
        relaxation = Relaxation(here, free(), few(np.zeros(30), 3) if large else None)
        for _ in range(3):  # what was told once is not told again
            cost = luck.integers(-9, 3, size=30).astype(float)
            found, fresh = relaxation.minimise(here, cost), Relaxation(written, free()).minimise(written, cost)
            assert found.value == pytest.approx(fresh.value)
            assert here.holds(found.solution)
            held_up += found.other_rows
        assert len(lazy.told) == len(set(lazy.told))
        told += len(lazy.told)
    assert 40 < told < 40 * 6  # some of them, not all
    assert held_up > 20


def test_a_value_that_a_withheld_row_holds_up_needs_its_tier_as_a_row() -> None:
    # At most one of two, withheld, and the third for itself: the tier is 2; written rows alone would allow 3.
    here, written, lazy = lazy_and_written(3, [], [at_most(1, 0, 1)])
    cost = vector(-1, -1, -1)
    relaxed = Relaxation(here, free()).minimise(here, cost)
    assert relaxed.value == pytest.approx(-2)
    assert (relaxed.other_rows, lazy.told) == (True, ["lazy 0"])
    reached = here.reaching(cost, -2, relaxed)
    assert [(low, high) for _, low, high in reached.extra] == [(-2, -2)]
    assert points(reached) == points(written.reaching(cost, -2, Relaxation(written, free()).minimise(written, cost)))
    assert points(reached) == {(1, 0, 1), (0, 1, 1)}


def test_withheld_rows_keep_exactly_the_points_of_the_bound() -> None:
    luck, reached = np.random.default_rng(6), 0
    for _ in range(80):
        here, written, _ = lazy_and_written(6, drawn_rows(luck, 6, 2), drawn_rows(luck, 6, 3))
        cost = luck.integers(-4, 3, size=6).astype(float)
        relaxed = Relaxation(here, free()).minimise(here, cost)
        bound = inwards(relaxed.value)
        wanted = {p for p in points(written) if round(float(np.dot(cost, p))) == bound}
        assert points(here.reaching(cost, bound, relaxed)) == wanted
        reached += bool(wanted)
    assert reached > 40


def test_tiers_and_withheld_rows_and_columns_come_in_any_order() -> None:
    # Rows join after tiers and tiers after rows, and columns that join have entries in all of them.
    luck, tiers = np.random.default_rng(8), 0
    for _ in range(20):
        here, _, _ = lazy_and_written(30, drawn_rows(luck, 30, 4), drawn_rows(luck, 30, 6))
        relaxation = Relaxation(here, free(), few(np.zeros(30), 2))
        costs = [luck.integers(-9, 3, size=30).astype(float) for _ in range(5)]
        steps = chain(here, costs, relaxation)
        tiers += sum(len(face.extra) for face, _ in steps)
        assert_as_fresh(steps[::-1], relaxation)
        assert_as_fresh(steps, relaxation)
    assert tiers > 20


# ---- how it is solved ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("large", [False, True])
def test_the_interior_point_gives_the_same(large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxation_module, "WARM_WORK", 0)  # no simplex step from a last basis
    for made, plan, cost in wide_programs(15):
        whole, budget = Face.of(made), free()
        relaxation = Relaxation(whole, budget, few(plan) if large else None)
        assert_optimal(whole, cost, relaxation.minimise(whole, cost))
        assert budget.work >= INTERIOR_STEP
        assert_as_fresh(chain(whole, [cost, np.roll(cost, 9), -np.roll(cost, 4)], relaxation), relaxation)


def test_rows_that_all_meet_in_one_point_end_without_shifted_bounds() -> None:
    # every basis is the point 0, as no row leaves any column room: -x1 - x2 + 2 x3 <= 0 and the like, in all orders
    luck = np.random.default_rng(12)
    for _ in range(20):
        terms = [luck.integers(-2, 3, size=40) for _ in range(30)]
        made = program(40, *(({c: int(k) for c, k in enumerate(row) if k}, -INFINITY, 0.0) for row in terms))
        face, cost = Face.written(made), luck.integers(-9, 10, size=40).astype(float)
        assert_optimal(face, cost, Relaxation(face, free()).minimise(face, cost))


def test_a_large_program_begins_with_the_interior_point_and_goes_on_from_its_basis() -> None:
    made, plan, cost = next(wide_programs(1, columns=300, rows=60))
    face, budget = Face.of(made), free()
    relaxation = Relaxation(face, budget, Working(np.ones(300, dtype=np.bool_), np.zeros(300, dtype=np.int64)))
    relaxation.minimise(face, cost)
    begun = budget.work
    assert begun >= INTERIOR_STEP
    changed = cost.copy()
    changed[:5] += 1
    relaxation.minimise(face, changed)
    assert budget.work - begun < INTERIOR_STEP  # simplex steps alone
    assert face.holds(plan)


def test_closing_most_columns_takes_no_step_from_where_the_last_solve_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxation_module, "MOSTLY_NEEDLESS", 2)
    made, _, cost = next(wide_programs(1, columns=300, rows=60))
    face, budget = Face.written(made), free()
    relaxation = Relaxation(face, budget)
    solution = relaxation.minimise(face, cost).solution
    begun = budget.work
    assert begun > 0
    fewer = face._replace(upper=np.where(solution > 0, face.upper, 0))  # the same is the best of what is left
    dearer = cost + np.where(solution > 0, 0, 1)  # and not at the ends that cost least, so that it is solved
    assert relaxation.minimise(fewer, dearer).value == pytest.approx(cost @ solution)
    assert relaxation.basis is not None
    assert len(relaxation.basis.columns) < 300  # loaded anew
    assert budget.work == begun


def test_a_relaxation_that_nobody_needs_is_freed() -> None:
    # HiGHS holds what it calls where Python's search for circles does not see it: 1,000 runs held 48 MB each.
    face = Face.written(next(wide_programs(1, columns=30, rows=6))[0])
    relaxation = Relaxation(face, free())
    relaxation.minimise(face, np.ones(30))
    held = weakref.ref(relaxation)
    del relaxation
    gc.collect()
    assert held() is None
