"""A dive: plans that hold and use what they may, none where there is none, and no more than the budget."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine import dive as dive_module
from allocator.engine import highs
from allocator.engine.budget import Budget
from allocator.engine.dive import Dive
from allocator.engine.face import Face
from allocator.engine.model import formulate
from allocator.formulation.program import INFINITY, Indexes, Program, Vector
from models.run import Limits
from tests.engine.small import Withheld, at_most, free, points, program, random_programs, vector
from tests.strategies import larger


def whole(made: Program) -> Indexes:
    """Every column: all are rounded."""
    return np.arange(made.columns)


def dive(made: Program, cost: Vector, budget: Budget | None = None, better_than: float = INFINITY) -> Vector | None:
    face = Face.of(made)
    return Dive(face, np.ones(made.columns, dtype=np.bool_), whole(made), budget or free()).plan(cost, better_than)


def test_a_whole_relaxation_is_the_plan() -> None:
    found = dive(program(3, at_most(1, 0, 1)), vector(-3, -2, -1))
    assert found is not None
    assert np.round(found).tolist() == [1, 0, 1]


def test_shares_are_rounded_until_everything_is_whole() -> None:
    # Every two of three exclude each other: relaxed a half of each; one is taken.
    found = dive(program(3, at_most(1, 0, 1), at_most(1, 1, 2), at_most(1, 0, 2)), vector(-1, -1, -1))
    assert found is not None
    assert np.round(found).sum() == 1


def test_what_is_found_holds_and_what_is_impossible_is_not_found() -> None:
    found_some = impossible = best = 0
    for made, cost in random_programs(150):
        face, found = Face.of(made), dive(made, cost)
        left = points(face)
        if not left:
            assert found is None
            impossible += 1
        elif found is not None:
            assert tuple(np.round(found).astype(int).tolist()) in left
            found_some += 1
            best += round(float(cost @ found)) == min(round(float(np.dot(cost, p))) for p in left)
    assert impossible > 10
    assert found_some > 80
    assert best > 70  # a heuristic


def test_columns_that_are_not_among_them_stay() -> None:
    face = Face.of(program(4, at_most(2, 0, 1, 2, 3)))
    face.lower[3] = 1
    among = np.array([True, False, True, False])
    found = Dive(face, among, np.arange(4), free()).plan(vector(-1, -9, -2, 0))
    assert found is not None
    assert np.round(found).tolist() == [0, 0, 1, 1]  # of two places the fourth has one, and the third is worth more


def test_only_something_better_than_the_plan_in_hand() -> None:
    made, cost = program(3, at_most(1, 0, 1), at_most(1, 1, 2), at_most(1, 0, 2)), vector(-2, -2, -2)
    # relaxed -3, in truth -2: costs are whole, so better than -1 may be there and better than -2 not
    assert dive(made, cost, better_than=-1) is not None
    assert dive(made, cost, better_than=-3) is None
    tight = program(2, at_most(1, 0, 1))
    assert dive(tight, vector(-1, -1), better_than=-1) is None
    assert dive(tight, vector(-1, -1), better_than=0) is not None


def test_withheld_rows_hold() -> None:
    luck, told = np.random.default_rng(21), 0
    for made, cost in random_programs(60):
        lazy = Withheld(*(at_most(1, *np.flatnonzero(luck.random(6) < 0.5).tolist()) for _ in range(3)))
        made.lazy = lazy
        found = dive(made, cost)
        if found is not None:
            assert Face.of(made).holds(np.round(found))
        told += len(lazy.told) > 0
    assert told > 10


def partnerships() -> Iterator[tuple[Face, Indexes, Vector]]:
    """Faces of partnerships, their matches, and the cost of placing as many as possible."""
    for seed in range(1, 41):
        model = formulate(Eligibility(*larger(seed)))
        face, count = Face.of(model.program), len(model.matches.x.request)
        cost = np.zeros(model.program.columns)
        cost[:count] = -1
        yield face, np.arange(count), cost


@pytest.mark.parametrize("warm_work", [dive_module.WARM_WORK, 0], ids=["simplex", "interior point"])
def test_partnerships_have_a_plan_as_good_as_any(warm_work: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dive_module, "WARM_WORK", warm_work)
    placed = best = 0
    for face, matches, cost in partnerships():
        everything = np.ones(len(cost), dtype=np.bool_)
        found = Dive(face, everything, matches, free()).plan(cost)
        truth = highs.search(face, cost, None, free(), None)
        if truth.solution is None:
            assert found is None
            continue
        best -= round(truth.bound)
        if found is not None:
            assert face.holds(found)
            assert face.whole(found)
            assert cost @ found >= truth.bound - 1e-6
            placed -= round(float(cost @ found))
    assert 0.9 * best <= placed <= best


def test_a_dive_ends_with_the_budget() -> None:
    made, cost = program(3, at_most(1, 0, 1)), vector(-1, -1, -1)
    stop = threading.Event()
    stop.set()
    assert dive(made, cost, Budget(Limits(), stop)) is None
    assert dive(made, cost, Budget(Limits(work=0), None)) is None
    budget = free()
    assert dive(made, cost, budget) is not None
    assert budget.work > 0
