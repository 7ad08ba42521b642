"""The guarantee of two statutory placements phased in by groups: a tier for each, in the order of the policy."""

import pytest

from allocator.pipeline import allocate
from allocator.views.words import tier_words
from models.policy import Policy, tier_order
from tests import builders as b
from tests.rules.case import policy
from tests.test_regressions import all_agree

# Two finals, whose firsts were statutory, and one statutory place of two: one of the two students has two statutory.
DATA = b.dataset(
    students=(b.student("S1", programme="BA"), b.student("S2", programme="MSW")),
    requests=(b.request("S1/final"), b.request("S2/final")),
    history=(b.history("S1"), b.history("S2")),
    offers=(b.offer("O1"), b.offer("O2", statutory_regulator="no")),
    educators=(b.educator("E1", load=2),),
)


@pytest.mark.parametrize(
    ("groups", "placed_in_o1", "tiers"),
    [
        (("BA",), "S1/final", {"two_statutory.BA": 1, "two_statutory.others": 0}),
        (("MSW", "BA final"), "S2/final", {"two_statutory.MSW": 1, "two_statutory.BA final": 0, "two_statutory.others": 0}),
        # Nobody of the BA has a first to place: all are others.
        (("BA first", "MSW"), "S2/final", {"two_statutory.BA first": 0, "two_statutory.MSW": 1, "two_statutory.others": 0}),
    ],
)  # fmt: skip
def test_the_first_group_of_the_order_has_the_statutory_place(
    groups: tuple[str, ...], placed_in_o1: str, tiers: dict[str, int]
) -> None:
    plan = allocate(DATA, policy(two_statutory_for=groups)).plan
    assert [m.request for m in plan.matches if m.offer == "O1"] == [placed_in_o1]
    assert {t.tier: t.value for t in plan.tiers if t.tier.startswith("two_statutory")} == tiers
    assert all(t.proved for t in plan.tiers)
    assert all_agree(DATA, policy(two_statutory_for=groups))


def test_without_groups_there_is_one_tier() -> None:
    assert [t.name for t in tier_order(Policy(), 5, False) if "two_statutory" in t.name] == ["two_statutory"]


def test_each_tier_is_said_in_words() -> None:
    said = [tier_words(f"two_statutory.{g}", "generous").rpartition(": ")[2] for g in ("MSW", "BA final", "others")]
    assert said == ["MSW", "BA with a final to place", "everybody else"]
