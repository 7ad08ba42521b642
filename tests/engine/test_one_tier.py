"""A tier whose relaxed bound no plan reaches: farther and farther from it, then everywhere."""

from typing import Any

import numpy as np
import pytest

from allocator.engine import highs, one_tier
from allocator.engine.budget import Budget
from allocator.engine.face import Face, Relaxed
from allocator.engine.highs import Searched
from allocator.engine.objectives import objective_of
from allocator.engine.one_tier import FARTHER, OneTier
from allocator.engine.plan_on import SEARCH_SHARE
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import Linear, Program
from models.policy import Tier
from models.run import Limits

NOTHING = np.zeros(5)


def case(told: list[tuple[int, int]], *, gap: float = 0.0) -> tuple[OneTier, Face, Relaxed]:
    # As many as possible of five in a ring of which no two neighbours go together, each worth 10: two, relaxed 2.5.
    program = Program()
    columns = program.add_columns(np.ones(5))
    for i in range(5):
        program.add_row(Linear.sum_of(columns[[i, (i + 1) % 5]]), rule="R", subject=str(i), upper=1)
    worth = Linear.of([(i, 10) for i in range(5)])
    objective = objective_of(program, Tier(name="placed", sense="max"), worth)
    tier = OneTier(
        program, objective, NOTHING, Budget(Limits(), None), gap, lambda value, bound, plan: told.append((value, bound))
    )
    face = Face.of(program)
    return tier, face, Relaxation(face, Budget(Limits(), None)).minimise(face, objective.cost())


def test_all_that_is_better_is_searched_at_once_where_it_is_hardly_more() -> None:
    # All five columns are open near the bound already: what is better than nothing is searched, and its best is 20.
    told: list[tuple[int, int]] = []
    tier, face, relaxed = case(told)
    assert tier.near_the_bound(face, relaxed, np.zeros(5, dtype=np.bool_)) == -20
    assert sum(tier.best) == 2
    assert told == [(0, -25), (-20, -20)]


def test_the_best_is_found_a_little_from_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    # Relaxed 25 (-25 minimised), the best 20: within 1 and then 4 of the bound there is nothing, within 16 there is.
    monkeypatch.setattr(one_tier, "HARDLY_MORE", 0)
    told: list[tuple[int, int]] = []
    tier, face, relaxed = case(told)
    assert relaxed.value == pytest.approx(-25)
    assert tier.near_the_bound(face, relaxed, np.zeros(5, dtype=np.bool_)) == -20
    assert sum(tier.best) == 2
    assert told == [(0, -25), (0, -23), (-20, -20)]


def test_a_plan_among_the_columns_given_says_how_far_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    # Columns 0 and 3 make 20 at once; what is better is ruled out within 1, then within 4, which is all there is.
    monkeypatch.setattr(one_tier, "HARDLY_MORE", 0)
    told: list[tuple[int, int]] = []
    tier, face, relaxed = case(told)
    assert tier.near_the_bound(face, relaxed, np.arange(5) % 3 == 0) == -20
    assert told == [(-20, -25), (-20, -23), (-20, -20)]


def test_a_gap_that_is_allowed_ends_the_search() -> None:
    # 20 found and 25 possible: 25% of 20.
    told: list[tuple[int, int]] = []
    tier, face, relaxed = case(told, gap=25.0)
    assert tier.near_the_bound(face, relaxed, np.arange(5) % 3 == 0) == -25
    assert told == [(-20, -25)]


def test_a_search_near_the_bound_that_takes_long_may_take_longer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each is stopped with 22 as the most that is possible: of whole tens and a plan of 20 that leaves a bound of 22.
    shares: list[int | None] = []

    def stopped(*given: Any) -> Searched:
        shares.append(given[4])
        return Searched("stopped", None, -22.0)

    monkeypatch.setattr(highs, "search", stopped)
    tier, face, relaxed = case([])
    tier.best = np.array([1.0, 0, 1, 0, 0])
    assert tier.near_the_bound(face, relaxed, np.zeros(5, dtype=np.bool_)) == -22
    assert shares == [SEARCH_SHARE, SEARCH_SHARE, FARTHER * SEARCH_SHARE]


def test_everywhere_is_searched_with_more_and_more_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_tier, "SEARCH_SHARE", 1)
    tier, face, _ = case([])
    assert tier.everywhere(face, -25) == -20
    assert sum(tier.best) == 2
