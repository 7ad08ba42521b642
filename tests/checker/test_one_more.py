"""What one match more breaks: the same as the check of the whole plan says with it, less what it says without."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.checker import OneMore, check
from models.dataset import Dataset
from models.plan import Match, Plan, Violation
from models.policy import Policy
from tests import builders as b
from tests.agreement import as_plan, random_plan
from tests.engine.partnerships import firsts
from tests.rules.case import decision, plan_of, policy
from tests.strategies import larger, partnerships


def difference(data: Dataset, chosen: Policy, plan: Plan, match: Match) -> Counter[Violation]:
    """By two whole checks."""
    bare = plan.model_copy(update={"unplaced": (), "tiers": ()})
    more = bare.model_copy(update={"matches": (*plan.matches, match)})
    before, after = (set(check(data, chosen, p).violations) for p in (bare, more))
    return Counter(after - before)


def held_against_the_check(data: Dataset, chosen: Policy, luck: random.Random) -> None:
    written = random_plan(data, chosen, luck)
    plan = as_plan(data, chosen, written)
    one_more = OneMore(data, chosen, plan)
    pes = [e.pe for e in data.educators]
    for request in data.requests:
        for offer in data.offers:
            for pe in {*one_more.educators(offer.offer), *luck.sample(pes, min(1, len(pes)))}:
                match = Match(request=request.request, offer=offer.offer, pe=pe)
                found = one_more.breaks(match)
                assert Counter(found) == difference(data, chosen, plan, match)
            held_against_every_educator(data, chosen, plan, request.request, offer.offer, pes)


def held_against_every_educator(
    data: Dataset, chosen: Policy, plan: Plan, request: str, offer: str, pes: list[str]
) -> None:
    """Of all PEs, whoever is of the offer and whoever is not, the first with whom least is broken."""
    one_more, match = OneMore(data, chosen, plan), Match(request=request, offer=offer)
    educators = list(dict.fromkeys((*one_more.educators(offer), *pes)))
    if educators:
        each = [OneMore(data, chosen, plan).breaks(match.model_copy(update={"pe": pe})) for pe in educators]
        fewest = min(range(len(each)), key=lambda n: (len({v.rule for v in each[n]}), len(each[n])))
        assert one_more.least(match, educators) == (educators[fewest], each[fewest])


@settings(max_examples=60)
@given(partnerships(), st.integers(0, 10**6))
def test_one_more_is_the_difference_of_two_checks(case: tuple[Dataset, Policy], seed: int) -> None:
    held_against_the_check(*case, random.Random(seed))


@pytest.mark.parametrize("seed", range(6))
def test_so_it_is_where_there_are_more_requests(seed: int) -> None:
    held_against_the_check(*larger(seed), random.Random(seed))


def test_everything_that_is_broken_is_named_with_numbers() -> None:
    # O1 has one place and A takes one in the year; S2 would be the second in both, and E1 takes one at a time.
    data = b.dataset(agencies=(b.agency(maximum_in_year=1),), **firsts(2))
    plan = plan_of(data, policy(), (("S1/first", "O1", "E1"),))
    found = OneMore(data, policy(), plan).breaks(Match(request="S2/first", offer="O1", pe="E1"))
    assert [(v.rule, v.amount, v.limit) for v in found] == [("L02", 2, 1), ("L03", 2, 1), ("L10", 2, 1)]


def test_where_nothing_is_broken_it_says_nothing() -> None:
    data = b.dataset()
    assert (
        OneMore(data, policy(), plan_of(data, policy(), ())).breaks(Match(request="S1/first", offer="O1", pe="E1"))
        == ()
    )


def test_an_exception_may_be_for_another_pe() -> None:
    """S1 repeats a placement that failed at A, which is allowed with E2: E1, who comes first, is not named by E18."""
    allowed = decision("exception", "X", request="S1/first", rule="E18", value="agency", pe="E2", why="agreed")
    data = b.dataset(
        offers=(b.offer("O1", educators=b.named("E1", "E2")),), educators=(b.educator("E1"), b.educator("E2")),
        decisions=(allowed,), history=(b.history("S1", agency="A", team="Old", outcome="failed"),),
        requests=(b.request(repeat=True),),
    )  # fmt: skip
    nothing = plan_of(data, policy(), ())
    assert OneMore(data, policy(), nothing).least(Match(request="S1/first", offer="O1"), ("E1", "E2")) == ("E2", ())
