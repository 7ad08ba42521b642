"""Prices of limits: bisection finds every setting at which the answer changes, and no other."""

from functools import cache

import pytest

from allocator.solving import Solver
from models.policy import Policy
from scenarios.errors import EditError
from scenarios.pricing import PRICED, prices, steps_of, worst_band
from scenarios.results import CaseResult
from scenarios.running import Base, Bench, Solution
from tests.scenarios.partnership import TODAY, register
from tests.strategies import generate

RANGES = {
    "independent_cap_percent": (0, 60),
    "travel_limit": (60, 75),
    "max_changes": (0, 4),
    "currency_months": (0, 24),
}


def solution(placed: int | None) -> Solution:
    """A setting with so many placed, or without a plan."""
    dataset, policy = generate(1)
    plan = Solver(dataset, policy).base
    found = CaseResult(scenario="s", case="c", base="b", problem=None if placed is not None else "no plan")
    tier = {"tier": "placed.total", "sense": "max", "value": placed or 0, "bound": placed or 0, "proved": True}
    return Solution(found, plan.model_copy(update={"tiers": (type(plan.tiers[0]).model_validate(tier),)}))


def test_steps_cover_every_setting_once_and_few_are_solved() -> None:
    # 0 to 6 no plan, 7 to 19 four placed, 20 to 40 five placed
    asked: list[int] = []

    def at(value: int) -> Solution:
        asked.append(value)
        return solution(None if value < 7 else 4 if value < 20 else 5)

    steps = steps_of(at, 0, 40)
    assert [(s.first, s.last) for s in steps] == [(0, 6), (7, 19), (20, 40)]
    assert len(asked) == len(set(asked))
    assert len(asked) <= 2 + 2 * 6  # two ends, and two points found among 40 by halving


def test_one_setting_and_an_empty_range() -> None:
    assert [(s.first, s.last) for s in steps_of(lambda _: solution(1), 3, 3)] == [(3, 3)]
    with pytest.raises(EditError, match="the range from 4 to 3 is empty"):
        steps_of(lambda _: solution(1), 4, 3)


def test_the_worst_band_is_the_last_that_anybody_is_in() -> None:
    def bands(*counts: int, placed: int = 3) -> CaseResult:
        tiers = [
            {"tier": f"preferences.band{n}", "sense": "min", "value": count}
            for n, count in zip((5, 4, 3, 2), counts, strict=True)
        ]
        return CaseResult.model_validate({"scenario": "s", "case": "c", "base": "b", "tiers": tiers, "placed": placed})

    assert worst_band(bands(0, 2, 0, 1)) == 4
    assert worst_band(bands(0, 0, 0, 0)) == 1
    assert worst_band(bands(0, 0, 0, 0, placed=0)) is None


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("seed", range(1, 4))
def test_every_setting_by_itself_gives_the_same_steps(name: str, seed: int) -> None:
    """Each setting of the range is solved cold: within a step all are equal, and a looser limit is never worse."""
    dataset, drawn = generate(seed)
    low, high = RANGES[name]
    plain = drawn.model_dump() | {"travel_target": 30}

    @cache
    def at(value: int) -> Solution:
        policy = Policy.model_validate(plain | {name: value})
        plan = Solver(dataset, policy).base
        problem = None if plan.clash is None else "clash"
        return Solution(CaseResult(scenario="s", case=str(value), base="b", tiers=plan.tiers, problem=problem), plan)

    def values(value: int) -> tuple[object, ...]:
        plan = at(value).plan
        assert plan is not None
        return ("clash",) if plan.clash is not None else tuple(t.value for t in plan.tiers if t.tier != "lottery")

    for step in steps_of(at, low, high):
        for value in range(step.first, step.last + 1):
            assert values(value) == values(step.first), f"{name} {value} is not as at {step.first}"


def test_what_can_be_priced_is_a_number_of_the_policy() -> None:
    assert all(isinstance(Policy.model_fields[name].default, int) for name in PRICED)


def test_settings_without_a_plan_are_a_range_and_the_ends_are_settings() -> None:
    # travel_target is 45 unless set, and may not exceed travel_limit: 40 to 44 cannot be.
    bench = Bench(Base("b", register(), {"travel_target": "45"}, TODAY))
    answer = prices(bench, "travel_limit", 40, 46)
    assert answer.failed == ("travel_limit from 40 to 44: travel_limit=40: travel_target may not exceed travel_limit",)
    assert answer.sentence.startswith("Requests with a place: 2 of 3 from 45 to 46.")
    assert prices(bench, "travel_limit", 40, 44).proof == "There is no plan, so nothing is proved."
    with pytest.raises(EditError, match="travel_limit cannot be 10000: allowed: a whole number from 1 to 600"):
        prices(bench, "travel_limit", 40, 10_000)
