"""The check of a plan with one match more, where rows say something else: what the whole check gives, and cheaper."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from allocator.checker import LiftedCheck, lifted, violations
from allocator.checker.lifted import OWN
from models.dataset import Dataset
from models.decisions import Decision
from models.plan import Match
from models.policy import Policy
from tests import builders as b
from tests.agreement import as_plan, random_plan
from tests.rules.case import plan_of, policy
from tests.strategies import generate, larger

OTHERS = tuple(generate(seed)[0] for seed in range(900, 912))
"""Partnerships whose rows lend the values that are tried."""
READ_BY_EACH_OTHER = {("decisions", "rule"), ("decisions", "value")}
"""Reading leaves no value that the rule of its row cannot have."""
EXCEPTIONS = {"E01": "8", "E04": "200", "E11": "P1", "E12": "2030-01-01", "E18": "agency", "L07": None}


def values(collection: str, field: str, data: Dataset) -> list[Any]:
    """What the rows of some partnerships have in a field; of its own one where the field may refer to a row."""
    lenders = (data, *OTHERS) if field in OWN.get(collection, ()) else (data,)
    return [getattr(row, field) for one in lenders for row in getattr(one, collection)]


def variants(data: Dataset, luck: random.Random) -> Iterator[Dataset]:
    """One or two rows changed in a field: first in those that are a row's own, then in any field of any collection."""
    own = [(c, f) for c, fields in OWN.items() for f in sorted(fields)]
    every = [
        (c, f) for c in Dataset.model_fields if c not in ("bank_holidays", "issues") and getattr(data, c)
        for f in list(type(getattr(data, c)[0]).model_fields)[1:] if (c, f) not in READ_BY_EACH_OTHER
    ]  # fmt: skip
    # the first field is what others refer to
    for some in ([c] for c in own + luck.sample(every, min(len(every), 25))):
        made = data
        for collection, field in [*some, luck.choice(own)]:
            rows = list(getattr(made, collection))
            if rows:
                at = luck.randrange(len(rows))
                rows[at] = rows[at].model_copy(update={field: luck.choice(values(collection, field, data))})
                made = made.model_copy(update={collection: tuple(rows)})
        yield made
    for rule, value in EXCEPTIONS.items():
        new = Decision(
            decision="exception",
            id=f"new {rule}",
            rule=rule,
            value=value,
            request=luck.choice([r.request for r in data.requests] or ["S1/first"]),
        )
        yield data.model_copy(update={"decisions": (*data.decisions, new)})
    if data.decisions:
        yield data.model_copy(update={"decisions": data.decisions[1:]})


def held_against_the_check(data: Dataset, chosen: Policy, luck: random.Random) -> int:
    plan = as_plan(data, chosen, random_plan(data, chosen, luck)).model_copy(update={"unplaced": ()})
    check, number = LiftedCheck(data, chosen, plan), 0
    for made in variants(data, luck):
        offer = luck.choice([*(o.offer for o in data.offers), "nowhere"])
        pe = luck.choice([*(e.pe for e in data.educators), f"TBC@{offer}", f"own PEPS2@{offer}", "nobody", None])
        match = Match(request=luck.choice([r.request for r in data.requests] or ["S1/first"]), offer=offer, pe=pe)
        more = plan.model_copy(update={"matches": (*plan.matches, match)})
        assert check.violations(made, chosen, match) == violations(made, chosen, more)
        number += 1
    return number


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Gets an entry for each whole check that is made for a narrow one."""
    made: list[int] = []

    def counted(*case: Any) -> Any:
        made.append(1)
        return violations(*case)

    monkeypatch.setattr(lifted, "violations", counted)
    return made


@pytest.mark.parametrize("first", range(0, 200, 40))
def test_it_gives_what_the_whole_check_gives(first: int, whole: list[int]) -> None:
    number = sum(held_against_the_check(*generate(seed), random.Random(seed)) for seed in range(first, first + 40))
    assert len(whole) < number * 3 / 4  # and without making it, where a row alone says something else


@pytest.mark.parametrize("seed", range(12))
def test_so_it_does_where_there_are_more_requests(seed: int, whole: list[int]) -> None:
    held_against_the_check(*larger(seed), random.Random(seed))


def test_another_setting_and_a_second_match_of_a_request_are_judged_whole(whole: list[int]) -> None:
    data, first = b.dataset(), Match(request="S1/first", offer="O1", pe="E1")
    none, one = (plan_of(data, policy(), triples) for triples in ((), (("S1/first", "O1", "E1"),)))
    assert LiftedCheck(data, policy(), none).violations(data, policy(), first) == ()
    assert not whole
    assert LiftedCheck(data, policy(), none).violations(data, policy(travel_limit=60), first) == violations(
        data, policy(travel_limit=60), one
    )
    assert [v.rule for v in LiftedCheck(data, policy(), one).violations(data, policy(), first)] == ["L01"]
    assert len(whole) == 2


def test_a_match_whose_offer_is_another_is_judged_anew(whole: list[int]) -> None:
    # the plan's match is legal; at an offer that now cannot meet the adjustment it breaks E07
    data = b.dataset(students=(b.student(adjustments=("hoist",)),))
    one = plan_of(data, policy(), (("S1/first", "O1", "E1"),))
    cannot = data.model_copy(update={"offers": (data.offers[0].model_copy(update={"cannot": ("hoist",)}),)})
    nobody = Match(request="unknown", offer="O1", pe="E1")
    found = LiftedCheck(data, policy(), one).violations(cannot, policy(), nobody)
    assert {v.rule for v in found} == {"L01", "E07"}
    assert not whole
