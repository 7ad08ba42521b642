"""Reasons on generated partnerships: each is true by the checker, and lifting what it names makes the match legal."""

from collections import Counter

import pytest

from allocator.checker import check
from allocator.pipeline import allocate
from allocator.reasons.lifting import NAMED
from allocator.reasons.lifts import lifted
from models.catalogue import ALWAYS_ON
from models.dataset import Dataset
from models.plan import Match, Plan, Violation
from models.policy import Policy
from models.reasons import Near, Unplaced
from tests.strategies import generate, larger

LARGER = range(1, 13)


def with_match(plan: Plan, request: str, near: Near) -> Plan:
    """The plan with the match of a nearest place; with the PE whom its lifts name, where they name one."""
    pe = NAMED.format(near.offer) if any(x.kind == "educator" for x in near.lifts) else near.pe
    stated = [Match(request=m.request, offer=m.offer, pe=m.pe, start=m.start, end=m.end) for m in plan.matches]
    match = Match(request=request, offer=near.offer, pe=pe)
    return plan.model_copy(update={"matches": (*stated, match), "unplaced": (), "tiers": (), "forced_changes": None})


def broken(data: Dataset, chosen: Policy, plan: Plan) -> tuple[Violation, ...]:
    return check(data, chosen, plan).violations


def held_against_the_checker(data: Dataset, chosen: Policy, seen: Counter[str]) -> None:
    plan = allocate(data, chosen).plan
    for left in plan.unplaced:
        for near in left.nearest:
            seen["lines"] += 1
            held(data, chosen, plan, left, near, seen)


def held(data: Dataset, chosen: Policy, plan: Plan, left: Unplaced, near: Near, seen: Counter[str]) -> None:
    bare = near.model_copy(update={"lifts": ()})
    found = broken(data, chosen, with_match(plan, left.request, bare))
    # the reason is true, and nothing is left out
    assert {v.rule for v in found} == set(near.rules)
    assert [(v.rule, v.subjects, v.amount, v.limit) for v in found] == [
        (x.rule, x.subjects, x.amount, x.limit) for x in near.blocks
    ]
    # with the rules that it names switched off nothing stands in the way; but no switch makes a PE where there is none
    nobody = near.pe == f"TBC@{near.offer}" and any(v.rule in ("E15", "E19") and near.pe in v.subjects for v in found)
    if not set(near.rules) & set(ALWAYS_ON) and not nobody:
        off = Policy(**chosen.model_dump() | {"rules_off": tuple({*chosen.rules_off, *near.rules})})
        rest = broken(data, off, with_match(plan, left.request, bare))
        assert [v for v in rest if left.request in v.subjects] == []  # of others a fix may bind now
        seen["off"] += 1
    # with everything lifted that somebody can lift the match is legal, or waits for its first alone
    if near.lifts:
        seen["lifted"] += 1
        rest = broken(*lifted(data, chosen, near.lifts), with_match(plan, left.request, near))
        assert [v for v in rest if v.rule != "L06" or v.amount is not None] == []
        if rest:
            assert "once" in near.who
    assert near.who


@pytest.mark.parametrize("first", range(1, 121, 20))
def test_tiny_partnerships(first: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(first, first + 20):
        held_against_the_checker(*generate(seed), seen)
    assert seen["lines"] > 10
    assert seen["lifted"] > seen["lines"] // 4


@pytest.mark.parametrize("seed", LARGER)
def test_larger_partnerships(seed: int) -> None:
    held_against_the_checker(*larger(seed), Counter())
