"""What a question changes: decisions, places and settings, and nothing else."""

import pytest
from pydantic import ValidationError

from allocator.solving import Question
from tests import builders as b
from tests.rules.case import decision, policy


def test_nothing_asked_is_nothing_changed() -> None:
    data, settings = b.dataset(), policy()
    assert Question().changed(data, settings) == (data, settings)


def test_places_are_added_and_taken_but_never_below_none() -> None:
    data = b.dataset(offers=(b.offer("O1", capacity=2), b.offer("O2"), b.offer("O3")))
    changed, _ = Question(places=(("O1", 1), ("O2", -3))).changed(data, policy())
    assert [o.capacity for o in changed.offers] == [3, 0, 1]


def test_a_fix_takes_the_place_of_the_one_that_stands() -> None:
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2")),
        decisions=(decision("fix", "D1", request="S1/first", offer="O1"), decision("declined", "D2", agency="A")),
    )
    changed, _ = Question(fixed=(("S1/first", "O2", "E1"),)).changed(data, policy())
    kinds = [(d.decision, d.request, d.offer, d.pe) for d in changed.decisions]
    assert kinds == [("declined", None, None, None), ("fix", "S1/first", "O2", "E1")]


def test_decisions_are_lifted_by_id() -> None:
    data = b.dataset(decisions=(decision("fix", "D1", request="S1/first", offer="O1"), decision("declined", "D2")))
    changed, _ = Question(without=("D1",)).changed(data, policy())
    assert [d.id for d in changed.decisions] == ["D2"]


def test_a_setting_that_the_policy_does_not_allow_is_refused() -> None:
    with pytest.raises(ValidationError):
        Question(settings=(("independent_cap_percent", 101),)).changed(b.dataset(), policy())
    with pytest.raises(ValidationError):
        Question(settings=(("independent_cap", 10),)).changed(b.dataset(), policy())
