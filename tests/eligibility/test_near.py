"""What was judged for a dataset is right for one near it, and is taken only where it is."""

from typing import Any

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.eligibility.neighbours import are_alike, requests_spoken_of
from models.dataset import Dataset
from tests import builders as b
from tests.eligibility.test_table import table_of
from tests.engine.partnerships import firsts, remade
from tests.engine.test_carried import drawn
from tests.rules.case import decision, policy
from tests.solving.questions import cases


def test_pairs_near_are_those_of_everybody_judged_anew() -> None:
    """Six decisions one after the other, each judged beside the one before."""
    met = 0
    for seed, (base, settings) in enumerate(cases(40, 6)):
        luck, data, near = np.random.default_rng(seed), base, Eligibility(base, settings)
        for number in range(6 if data.requests and data.offers and data.educators else 0):
            data = drawn(data, luck, number)[1]
            near, cold = near.near(data, near.policy), Eligibility(data, settings)
            assert table_of(near) == table_of(cold)
            assert (near.fixed, near.fixes_set_aside) == (cold.fixed, cold.fixes_set_aside)
            met += near.beside is not None
    assert met > 100


def two() -> Dataset:
    return b.dataset(offers=(b.offer("O1"), b.offer("O2")), **firsts(2))


@pytest.mark.parametrize(
    ("said", "spoken_of"),
    [
        ({"request": "S1/first", "offer": "O1"}, {"S1/first"}),
        ({"student": "S2", "offer": "O1"}, {"S2/first"}),
        ({"offer": "O1", "pe": "E1"}, None),  # everybody
    ],
)
def test_of_whom_a_decision_speaks(said: dict[str, Any], spoken_of: set[str] | None) -> None:
    one, other = two(), remade(two(), decisions=(decision("do_not_match", "D1", **said),))
    assert are_alike(one, other)
    assert requests_spoken_of(one, other) == requests_spoken_of(other, one) == spoken_of
    assert Eligibility(one, policy()).near(other, policy()).beside == spoken_of
    assert table_of(Eligibility(one, policy()).near(other, policy())) == table_of(Eligibility(other, policy()))


def test_of_the_answers_of_agencies_a_no_is_alike_and_a_yes_is_not() -> None:
    """A1 asks about every student: S1 at O1 waits for its answer, and no longer once that is yes."""
    asks = remade(two(), agencies=(b.agency("A1", asks_decision=True),))
    said = {"request": "S1/first", "student": "S1", "agency": "A1"}
    no = remade(asks, decisions=(decision("agency_decision", "D1", value="declined", **said),))
    yes = remade(asks, decisions=(decision("agency_decision", "D1", value="accepted", **said),))
    assert [are_alike(asks, no), are_alike(asks, yes), are_alike(no, yes)] == [True, False, False]
    assert requests_spoken_of(asks, no) == frozenset({"S1/first"})
    both = remade(yes, decisions=(*yes.decisions, *no.decisions))  # of two answers the last counts
    assert are_alike(yes, both)
    for one, other in ((asks, no), (yes, both)):
        assert table_of(Eligibility(one, policy()).near(other, policy())) == table_of(Eligibility(other, policy()))


def test_what_is_withdrawn_is_alike_and_what_comes_back_is_not() -> None:
    gone = remade(two(), offers=(b.offer("O1", withdrawn=True), b.offer("O2")))
    assert are_alike(two(), gone)
    assert not are_alike(gone, two())
    fewer = remade(two(), offers=(b.offer("O1", withdrawn=True, capacity=2), b.offer("O2")))
    assert not are_alike(two(), fewer)
    assert not are_alike(two(), remade(two(), offers=(b.offer("O1"),)))


def test_under_another_policy_everybody_is_judged_anew() -> None:
    assert Eligibility(two(), policy()).near(two(), policy(travel_limit=80)).beside is None


def test_with_decisions_switched_off_a_withdrawn_offer_takes_somebody() -> None:
    """Without E16 nothing excludes O1 (S3.0): who is not spoken of may have it, as if everybody were judged anew."""
    without = policy(rules_off=("E16",))
    gone = remade(two(), offers=(b.offer("O1", withdrawn=True), b.offer("O2")))
    banned = remade(gone, decisions=(decision("do_not_match", "D1", request="S1/first", offer="O2"),))
    for one, other in ((two(), gone), (gone, banned)):
        assert table_of(Eligibility(one, without).near(other, without)) == table_of(Eligibility(other, without))
