"""How far a run is, in words, from what it tells."""

from typing import Any

import pytest

from allocator.views.working import Working, working
from models.run import Progress


def step(number: int = 2, value: int = 5, bound: int | None = 7) -> dict[str, Any]:
    told = Progress("solve", "placed.firsts", number, 20, value, bound, 30, 54, 6.2)
    return {**told._asdict(), "gap": None if bound is None else abs(bound - value)}


def test_before_a_run_tells_anything_it_begins() -> None:
    assert working({}) == Working("It begins", 0, 0, 0, 0, None)


def test_the_tier_it_works_on_is_counted_from_one_and_those_before_it_are_done() -> None:
    found = working(step())
    assert found.step.startswith("Aim 3 of 20: ")
    assert (found.done, found.of, found.placed, found.live, found.gap) == (2, 20, 30, 54, 2)
    assert working(step(bound=None)).gap is None


def test_after_the_last_tier_is_proved_the_reasons_are_looked_for() -> None:
    found = working(step(number=19, bound=5))
    assert found.step.startswith("Every aim is proved.")
    assert (found.done, found.of) == (20, 20)
    assert working(step(number=19)).step.startswith("Aim 20 of 20")  # not proved yet


def test_while_pairs_are_looked_at_nobody_is_counted_as_not_placed() -> None:
    found = working({**Progress("pairs", None, 0, 0, None, None, 0, 54, 0.1)._asdict(), "gap": None})
    assert (found.step, found.live) == ("Which offers fit whom", 0)


@pytest.mark.parametrize("told", [{"phase": "moves", "done": 2, "of": 5}, {"phase": "cases", "done": 2, "failed": 0, "cases": 5}])  # fmt: skip
def test_other_kinds_of_runs_count_what_they_looked_at(told: dict[str, Any]) -> None:
    assert working(told) == Working("2 of 5 looked at", 2, 5, 0, 0, None)
