"""The lexicographic search: bounds that no plan reaches, and runs that are stopped."""

import random
import threading

import numpy as np
import pytest

from allocator.engine import one_tier as one_tier_module
from allocator.engine import plan_on as plan_on_module
from allocator.engine.budget import Budget
from allocator.engine.objectives import SearchResult
from allocator.engine.search import Search
from allocator.formulation.program import INFINITY, Linear, Program, Vector
from allocator.pipeline import allocate
from models.dataset import Dataset
from models.policy import Tier
from models.run import Limits, Progress
from tests import builders as b
from tests.agreement import compare
from tests.brute_force import solve
from tests.engine.partnerships import cap_in_two_years, firsts, half_opened_offers, minimum_beyond_the_load
from tests.engine.small import at_most, program, vector
from tests.rules.case import policy
from tests.strategies import generate

FIRSTS = "placed.firsts"


# ---- bounds that no plan reaches -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("data", "placed"),
    # Half opened: 0 of a relaxed 1. The cap: 4 of a relaxed 5. Three half opened offers: 0 of a relaxed 3.
    [(minimum_beyond_the_load(), 0), (cap_in_two_years(), 4), (half_opened_offers(3), 0)],
    ids=["minimum", "cap", "minimum thrice"],
)
def test_a_bound_that_no_plan_reaches_is_searched_and_proved(data: Dataset, placed: int) -> None:
    outcome = allocate(data, policy())
    tier = next(t for t in outcome.plan.tiers if t.tier == FIRSTS)
    assert (tier.value, tier.bound, tier.proved, tier.conditional) == (placed, placed, True, False)
    # the relaxation's bound was not reached, so the tier had a search of its own
    assert next(r.method for r in outcome.run.tiers if r.tier == FIRSTS) == "search"
    assert all(t.proved for t in outcome.plan.tiers)


@pytest.mark.parametrize("data", [minimum_beyond_the_load(), cap_in_two_years()], ids=["minimum", "cap"])
def test_every_tier_after_it_is_that_of_the_brute_force(data: Dataset) -> None:
    assert compare(data, policy(), random.Random(1), ("engine",)) == []


def tiers(*order: tuple[str, dict[int, int]]) -> tuple[tuple[Tier, Linear], ...]:
    return tuple((Tier(name=name, sense="max"), Linear.of(terms.items())) for name, terms in order)


def unheard(_number: int, _tier: Tier, _value: int | None, _bound: int | None, _solution: Vector | None) -> None:
    return


def run(made: Program, order: tuple[tuple[Tier, Linear], ...], limits: Limits, gap: float = 0.0) -> SearchResult:
    return Search(made, order, Budget(limits, None), unheard, gap_percent=gap).run()


def two_triangles() -> tuple[Program, tuple[tuple[Tier, Linear], ...]]:
    """Two triangles in which every two exclude each other: how many, then the first of each for 1, the second for 3."""
    rows = [at_most(1, a + i, a + j) for a in (0, 3) for i, j in ((0, 1), (1, 2), (0, 2))]
    return program(6, *rows), tiers(("one", dict.fromkeys(range(6), 1)), ("two", {0: 1, 1: 3, 3: 1, 4: 3}))


def test_two_tiers_that_both_miss_their_bounds() -> None:
    # Relaxed 1.5 each, so the bound of both together is 3, in truth 2; then, relaxed with one each, 6, and 6 in truth.
    found = run(*two_triangles(), Limits())
    assert [(t.value, t.bound, t.proved) for t in found.tiers] == [(2, 2, True), (6, 6, True)]
    assert found.solution is not None
    assert found.solution.tolist() == [0, 1, 0, 0, 1, 0]


def test_the_last_tier_that_can_be_reached_is_found_by_halving() -> None:
    # Tiers 1, 2, 4 and 5 count free columns; the third counts two triangles and misses its bound (2, not 3).
    rows = [at_most(1, a + i, a + j) for a in (0, 3) for i, j in ((0, 1), (1, 2), (0, 2))]
    triangles = dict.fromkeys(range(6), 1)
    order = tiers(("one", {6: 1}), ("two", {7: 1}), ("three", triangles), ("four", {8: 1}), ("five", {0: 1, 9: 1}))
    found = run(program(10, *rows), order, Limits())
    assert [t.value for t in found.tiers] == [1, 1, 2, 1, 2]
    assert all(t.proved for t in found.tiers)


def test_bounds_that_cannot_hold_together_are_given_up() -> None:
    # 2x + 2y <= 3, both 0 or 1. One: 2x + 2y, relaxed 3. Two: x - y, relaxed 1/2, so 0 and x = y = 3/4. Three: 2x, so
    # 3/2, rounded to 1: then x = 1/2, and nothing is left for four. In truth one is 2, and with x = 1 and y = 0 two is
    # 1, three 2 and four 0.
    order = tiers(("one", {0: 2, 1: 2}), ("two", {0: 1, 1: -1}), ("three", {0: 2}), ("four", {1: 1}))
    found = run(program(2, ({0: 2, 1: 2}, -INFINITY, 3.0)), order, Limits())
    assert [(t.value, t.bound, t.proved) for t in found.tiers] == [
        (2, 2, True),
        (1, 1, True),
        (2, 2, True),
        (0, 0, True),
    ]


def transport(size: int = 40) -> tuple[Program, tuple[tuple[Tier, Linear], ...]]:
    """``size`` by ``size`` columns, at most one of each row and of each column: hundreds of simplex steps."""
    luck = np.random.default_rng(3)
    rows = [at_most(1, *range(size * i, size * i + size)) for i in range(size)]
    rows += [at_most(1, *range(j, size * size, size)) for j in range(size)]
    worth = {c: int(luck.integers(1, 1000)) for c in range(size * size)}
    return program(size * size, *rows), tiers(("placed.total", dict.fromkeys(worth, 1)), ("worth", worth))


def test_a_relaxation_that_is_stopped_leaves_its_tier_without_a_bound() -> None:
    made, order = transport()
    found = run(made, order, Limits(work=1))
    assert found.stopped == "work limit"
    assert found.solution is not None
    assert [(t.value, t.bound, t.proved) for t in found.tiers] == [(0, None, False), (0, None, False)]
    assert [t.conditional for t in found.tiers] == [False, True]


def test_the_same_tiers_without_a_limit_are_proved() -> None:
    made, order = transport()
    found = run(made, order, Limits())
    # 40 rows and 40 columns with at most one each: 40 in all
    assert found.tiers[0].value == 40
    assert all(t.proved for t in found.tiers)


def test_a_plan_that_reaches_more_than_was_asked_is_not_given_up_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    # Three tiers of a column each, then the triangles, relaxed 3 and in truth 2: no plan reaches all four. Asked for
    # two tiers, the search has one that reaches three and has 2 in the fourth; one that reaches three and has 0 there
    # must not take its place.
    rows = [at_most(1, a + i, a + j) for a in (3, 6) for i, j in ((0, 1), (1, 2), (0, 2))]
    order = tiers(("one", {0: 1}), ("two", {1: 1}), ("three", {2: 1}), ("four", dict.fromkeys(range(3, 9), 1)))
    plans = {1: vector(1, 1, 1, 1, 0, 0, 1, 0, 0), 2: vector(1, 1, 1, 0, 0, 0, 0, 0, 0)}
    monkeypatch.setattr(Search, "_plan_on", lambda _self, _face, _relaxation, _relaxed, number: plans.get(number))
    heard: list[list[int]] = []

    def listen(_n: int, _l: Tier, _v: int | None, _b: int | None, solution: Vector | None) -> None:
        assert solution is not None
        heard.append([expression.value(solution) for _, expression in order])

    found = Search(program(9, *rows), order, Budget(Limits(), None), listen).run()
    assert heard == sorted(heard)
    assert [1, 1, 1, 2] in heard
    assert [t.value for t in found.tiers if t.proved] == [1, 1, 1, 2]


def test_a_first_plan_is_taken_where_it_holds_and_only_there() -> None:
    made, order = program(3, at_most(1, 0, 1)), tiers(("one", {0: 1, 1: 1}))

    def begun(*plan: float) -> list[float]:
        heard: list[list[float]] = []

        def listen(_n: int, _l: Tier, _v: int | None, _b: int | None, solution: Vector | None) -> None:
            assert solution is not None
            heard.append(solution.tolist())

        Search(made, order, Budget(Limits(), None), listen, start=vector(*plan)).run()
        return heard[0]

    assert begun(0, 1, 1) == [0, 1, 1]
    assert begun(1, 1, 1) == [0, 0, 0]  # the first two exclude each other


def test_no_solution_at_all_is_said_by_none() -> None:
    found = run(program(2, ({0: 1, 1: 1}, 3.0, INFINITY)), tiers(("one", {0: 1})), Limits())
    assert found == SearchResult(None, (), (), None)


def test_without_tiers_any_plan_will_do() -> None:
    found = run(program(2, ({0: 1, 1: 1}, 1.0, INFINITY)), (), Limits())
    assert found.solution is not None
    assert found.solution.sum() >= 1
    assert found.tiers == ()


# ---- a tier that takes long ---------------------------------------------------------------------------------------
def knapsacks(columns: int = 40, rows: int = 5) -> tuple[Program, tuple[tuple[Tier, Linear], ...]]:
    """Choosing among columns under several capacities; many thousand steps for any solver."""
    luck = np.random.default_rng(11)
    capacities = []
    for _ in range(rows):
        weights = {c: int(luck.integers(20, 99)) for c in range(columns)}
        capacities.append((weights, -INFINITY, float(sum(weights.values()) // 3)))
    worth = {c: int(luck.integers(20, 99)) for c in range(columns)}
    return program(columns, *capacities), tiers(("placed.total", worth))


def test_small_shares_of_work_lead_to_the_same_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    made, order = knapsacks(24, 4)
    whole = run(made, order, Limits())
    for module in (one_tier_module, plan_on_module):
        monkeypatch.setattr(module, "SEARCH_SHARE", 200)
    parts = run(made, order, Limits())
    assert whole.tiers == parts.tiers
    assert whole.tiers[0].proved


def test_a_gap_ends_a_tier_early_and_nothing_is_called_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (one_tier_module, plan_on_module):
        monkeypatch.setattr(module, "SEARCH_SHARE", 200)
    made, order = knapsacks()
    [tier] = run(made, order, Limits(), gap=20.0).tiers
    assert tier.bound is not None
    assert tier.value < tier.bound
    assert 100 * (tier.bound - tier.value) <= 20 * tier.value
    assert not tier.proved


def test_a_work_limit_keeps_the_best_and_an_honest_bound() -> None:
    made, order = knapsacks()
    found = run(made, order, Limits(work=2_000))
    [tier] = found.tiers
    assert found.stopped == "work limit"
    assert found.solution is not None
    assert tier.bound is not None
    assert order[0][1].value(found.solution) == tier.value <= tier.bound
    assert not tier.proved


# ---- runs that are stopped -----------------------------------------------------------------------------------------
LIMITED = [Limits(work=0), Limits(work=1), Limits(work=20), Limits(work=40), Limits(seconds=0)]


@pytest.mark.parametrize("limits", LIMITED, ids=str)
def test_a_limited_run_ends_with_a_plan_that_passes_and_says_why(limits: Limits) -> None:
    outcome = allocate(cap_in_two_years(), policy(), limits=limits)
    assert outcome.plan.stopped == ("time limit" if limits.seconds == 0 else "work limit")
    assert outcome.check.passed
    stated = {t.tier: t.value for t in outcome.plan.tiers}
    assert stated == {t.tier: t.value for t in outcome.check.tiers}
    assert not all(t.proved for t in outcome.plan.tiers)


@pytest.mark.parametrize("work", [0, 20, 40, 1_000])
def test_equal_work_limits_give_equal_plans(work: int) -> None:
    first, second = (allocate(cap_in_two_years(), policy(), limits=Limits(work=work)).plan for _ in range(2))
    assert first.model_dump_json() == second.model_dump_json()


def test_no_tier_is_better_than_a_bound_of_a_stopped_run() -> None:
    # The bound of every unconditional tier holds for the true optimum as well.
    for seed in range(1, 9):
        data, settings = generate(seed)
        truth = dict(solve(data, settings).tiers)
        for work in (0, 100):
            for tier in allocate(data, settings, limits=Limits(work=work)).plan.tiers:
                if tier.bound is not None and not tier.conditional:
                    better = truth[tier.tier] <= tier.bound if tier.sense == "max" else truth[tier.tier] >= tier.bound
                    assert better, (seed, work, tier)


def test_a_bound_of_a_stopped_run_is_of_what_is_possible_with_the_tiers_before_as_they_are() -> None:
    # Two triangles again: 3 of the first tier is a bound that no plan reaches, and with 3 (all halves) the second
    # tier would be 4. With 2, which is possible, it is 6. Before, a run that was stopped there said "at most 4".
    stop = threading.Event()

    def stop_behind_the_second(number: int, _tier: Tier, _value: int | None, bound: int | None, _: object) -> None:
        if number == 1 and bound is not None:
            stop.set()

    made, order = two_triangles()
    found = Search(made, order, Budget(Limits(), stop), stop_behind_the_second).run()
    assert found.stopped == "interrupted"
    assert [t.bound for t in found.tiers] == [3, None]


def test_a_stop_signal_set_before_the_run_ends_it_at_once() -> None:
    stop = threading.Event()
    stop.set()
    outcome = allocate(cap_in_two_years(), policy(), stop=stop)
    assert outcome.plan.stopped == "interrupted"
    assert outcome.check.passed


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_stop_signal_set_while_it_runs_ends_it_with_what_there_is(after: int) -> None:
    stop = threading.Event()
    heard: list[Progress] = []

    def listen(event: Progress) -> None:
        heard.append(event)
        if len(heard) == after:
            stop.set()

    outcome = allocate(cap_in_two_years(), policy(), stop=stop, progress=listen)
    assert outcome.plan.stopped == "interrupted"
    assert outcome.check.passed
    assert len(heard) >= after


def test_a_stopped_run_keeps_what_must_be_kept() -> None:
    # "Nothing" breaks the minimum that always holds, so even a run without any work places somebody.
    data = b.dataset(offers=(b.offer(minimum=1, minimum_kind="always"),))
    outcome = allocate(data, policy(), limits=Limits(work=0))
    assert [m.request for m in outcome.plan.matches] == ["S1/first"]
    assert outcome.check.passed


# ---- what a run says while it works --------------------------------------------------------------------------------
def test_progress_tells_value_and_bound_of_every_tier() -> None:
    heard: list[Progress] = []
    plan = allocate(b.dataset(**firsts(2)), policy(), progress=heard.append).plan
    assert heard[0][:2] == ("pairs", None)
    assert heard[0].live == 2
    solving = heard[1:]
    assert {e.phase for e in solving} == {"solve"}
    assert {e.tiers for e in solving} == {len(plan.tiers)}
    names = [t.tier for t in plan.tiers]
    assert all(names[e.number] == e.tier for e in solving)
    assert [e.seconds for e in heard] == sorted(e.seconds for e in heard)
    # Of two firsts one has the one place: the last word on each tier is its bound, and one is placed.
    for tier in plan.tiers:
        assert tier.bound in [e.bound for e in solving if e.tier == tier.tier]
    assert solving[-1].placed == 1


def test_progress_of_a_tier_with_its_own_search_names_both() -> None:
    heard: list[Progress] = []
    allocate(cap_in_two_years(), policy(), progress=heard.append)
    assert (FIRSTS, 4, 4) in [(e.tier, e.value, e.bound) for e in heard]
    assert (FIRSTS, 4, 5) in [(e.tier, e.value, e.bound) for e in heard]  # before that, the relaxed bound


def test_the_gap_of_a_run_is_never_called_proof() -> None:
    outcome = allocate(b.dataset(), policy(), limits=Limits(gap_percent=1.0))
    assert outcome.plan.stopped is None
    assert all(t.value == t.bound and not t.proved for t in outcome.plan.tiers)


def test_every_limit_ends_in_a_stop_or_in_proof() -> None:
    # Found with a limit just above the work of a whole run: a relaxation was told to stop by its own count, the budget
    # then saw less work than the limit, and the run went on with tiers that nobody had solved.
    data = cap_in_two_years()
    whole = allocate(data, policy()).run.work
    for limit in (*range(0, whole - 30, 15), *range(whole - 30, whole + 60, 3)):
        plan = allocate(data, policy(), limits=Limits(work=limit)).plan
        assert plan.stopped == "work limit" or all(t.proved for t in plan.tiers)
