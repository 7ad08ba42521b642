"""What a policy accepts, what it refuses, and the flat order of tiers that it asks for."""

import re
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from models.catalogue import ALWAYS_ON, OFF_BY_DEFAULT, RULE_BY_ID, RULE_IDS, RULES
from models.policy import DEFAULT_TIERS, IMPROVED_BY_PLACING_FEWER, Policy, tier_order


def names(bands: int = 5, published: bool = False, **settings: Any) -> list[str]:
    return [tier.name for tier in tier_order(Policy(**settings), bands, published)]


# ---- tiers ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tier", sorted(IMPROVED_BY_PLACING_FEWER))
def test_what_placing_fewer_improves_may_not_come_before_placed(tier: str) -> None:
    with pytest.raises(ValidationError, match=f"tier '{tier}' could be improved by placing fewer"):
        Policy.model_validate({"tiers": (tier, "placed")})
    assert Policy.model_validate({"tiers": ("placed", tier)}).tiers == ("placed", tier)


@pytest.mark.parametrize("tier", sorted(set(DEFAULT_TIERS) - IMPROVED_BY_PLACING_FEWER - {"placed"}))
def test_the_others_may(tier: str) -> None:
    assert Policy.model_validate({"tiers": (tier, "placed")}).tiers[0] == tier


def test_greedy_preferences_alone_may_come_before_placed() -> None:
    order = ("preferences", "placed")
    assert Policy.model_validate({"tiers": order, "preference_order": "greedy"}).tiers == order
    for other in ("generous", "sum"):
        with pytest.raises(ValidationError, match="only preferences with preference_order greedy"):
            Policy.model_validate({"tiers": order, "preference_order": other})


def test_without_placed_nothing_that_placing_fewer_improves_is_a_tier() -> None:
    with pytest.raises(ValidationError, match="travel"):
        Policy(tiers=("travel",))
    assert Policy(tiers=("complete",)).tiers == ("complete",)
    assert Policy(tiers=()).tiers == ()


def test_a_tier_is_named_once_and_known() -> None:
    with pytest.raises(ValidationError, match="a tier may be named once"):
        Policy(tiers=("placed", "placed"))
    with pytest.raises(ValidationError, match="Input should be 'placed'"):
        Policy.model_validate({"tiers": ("happiness",)})


def test_the_default_order_is_allowed_and_complete() -> None:
    assert Policy().tiers == DEFAULT_TIERS


# ---- rules ---------------------------------------------------------------------------------------------------------
def test_unknown_rules_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValidationError, match="unknown rule E99, X1; allowed: E01, E02"):
        Policy(rules_off=("X1", "E04", "E99"))


@pytest.mark.parametrize("rule", ALWAYS_ON)
def test_what_is_always_on_cannot_be_switched_off(rule: str) -> None:
    with pytest.raises(ValidationError, match=f"{rule} cannot be switched off"):
        Policy(rules_off=(rule,))


def test_rules_off_are_sorted_and_named_once() -> None:
    settings = Policy(rules_off=("L02", "E04", "L02"))
    assert settings.rules_off == ("E04", "L02")
    assert [rule for rule in RULE_IDS if not settings.on(rule)] == ["E04", "E20", "L02", "L11"]
    assert settings == Policy(rules_off=("E04", "L02"))


@pytest.mark.parametrize("rule", OFF_BY_DEFAULT)
def test_rules_that_are_off_by_default_hold_where_they_are_switched_on(rule: str) -> None:
    assert not Policy().on(rule)
    assert Policy(rules_on=(rule,)).on(rule)
    assert not Policy(rules_on=(rule,), rules_off=(rule,)).on(rule)


def test_other_rules_are_not_switched_on() -> None:
    with pytest.raises(ValidationError, match="E04: not off by default; allowed: E20, L11"):
        Policy(rules_on=("E04", "L11"))


# ---- numbers -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("setting", "least", "most"),
    [
        ("independent_cap_percent", 0, 100),
        ("partner_share_percent", 0, 100),
        ("trainee_finals_percent", 0, 100),
        ("fair_share_tolerance_percent", 0, 100),
        ("currency_months", 0, 120),
        ("travel_limit", 60, 600),  # never below the target of 60
        ("travel_target", 0, 90),  # never above the limit of 90
        ("travel_estimate_percent", 100, 1000),
        ("road_factor_percent", 100, 300),
        ("days_first", 1, 400),
        ("days_final", 1, 400),
    ],
)
def test_numbers_have_their_range(setting: str, least: int, most: int) -> None:
    for inside in (least, most):
        assert getattr(Policy.model_validate({setting: inside}), setting) == inside
    for outside in (least - 1, most + 1):
        with pytest.raises(ValidationError):
            Policy.model_validate({setting: outside})


@pytest.mark.parametrize(
    "setting", ["seed", "max_changes", "placements_so_far", "independents_so_far", "near_km", "points_travel"]
)
def test_counts_are_not_negative(setting: str) -> None:
    assert getattr(Policy.model_validate({setting: 0}), setting) == 0
    with pytest.raises(ValidationError):
        Policy.model_validate({setting: -1})


@pytest.mark.parametrize("setting", ["car_near_speed", "car_far_speed", "public_near_speed", "public_far_speed"])
def test_speeds_are_at_least_1(setting: str) -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate({setting: 0})


def test_the_target_may_equal_the_limit_and_not_exceed_it() -> None:
    assert Policy(travel_target=90).travel_target == 90
    with pytest.raises(ValidationError, match="travel_target may not exceed travel_limit"):
        Policy(travel_target=91)


@pytest.mark.parametrize("day", ["09-01", "01-31", "12-01"])
def test_the_academic_year_starts_on_a_day_of_the_year(day: str) -> None:
    assert Policy(year_starts=day).year_starts == day


@pytest.mark.parametrize("day", ["9-1", "13-01", "00-10", "09-00", "09-32", "1 September"])
def test_and_on_nothing_else(day: str) -> None:
    with pytest.raises(ValidationError):
        Policy(year_starts=day)


def test_max_changes_may_have_no_limit() -> None:
    assert Policy(max_changes=None).max_changes is None
    assert Policy().max_changes == 0


def test_unknown_settings_are_refused_and_a_policy_is_frozen() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Policy.model_validate({"travel_limits": 80})
    with pytest.raises(ValidationError, match="frozen"):
        Policy().seed = 2  # type: ignore[misc]


# ---- tiers --------------------------------------------------------------------------------------------------------
def test_the_default_order_as_tiers() -> None:
    assert names() == [
        "placed.finals", "placed.firsts", "placed.later", "complete", "priority", "statutory_final", "two_statutory", "firm",
        "partner_share", "own_educators", "trainee_finals", "trainees", "fair_share", "overload",
        "preferences.band5", "preferences.band4", "preferences.band3", "preferences.band2", "travel", "lottery",
    ]  # fmt: skip


def test_changes_are_optimised_where_something_was_published() -> None:
    assert names(published=True)[4:7] == ["priority", "changes.offers", "changes.educators"]


@pytest.mark.parametrize(
    ("order", "bands", "expected"),
    [
        ("generous", 5, ["band5", "band4", "band3", "band2"]),  # whoever is not there is in band 1
        ("generous", 2, ["band2"]),
        ("generous", 1, []),
        ("generous", 0, []),
        ("greedy", 3, ["band1", "band2", "band3"]),
        ("greedy", 0, []),
        ("sum", 5, ["sum"]),
        ("sum", 0, ["sum"]),
    ],
)
def test_tiers_of_preferences(order: str, bands: int, expected: list[str]) -> None:
    assert names(bands, tiers=("placed", "preferences"), preference_order=order)[3:] == [
        f"preferences.{e}" for e in expected
    ]


def test_senses_of_tiers() -> None:
    found = {tier.name: tier.sense for tier in tier_order(Policy(preference_order="greedy"), 2, True)}
    assert {name for name, sense in found.items() if sense == "max"} == {
        "placed.finals", "placed.firsts", "placed.later", "complete", "priority", "statutory_final", "two_statutory",
        "preferences.band1", "preferences.band2", "lottery",
    }  # fmt: skip


def test_one_total_instead_of_three() -> None:
    assert names(tiers=("placed",), placed_total=True) == ["placed.total"]


def test_tiers_left_out_are_no_tiers() -> None:
    assert names(tiers=("complete", "placed", "travel")) == [
        "complete",
        "placed.finals",
        "placed.firsts",
        "placed.later",
        "travel",
    ]


# ---- digests -------------------------------------------------------------------------------------------------------
def test_equal_settings_have_equal_digests_and_every_setting_counts() -> None:
    assert Policy().digest == Policy(seed=1).digest
    assert len(Policy().digest) == 32
    others = [Policy(seed=2), Policy(as_of=date(2026, 1, 1)), Policy(rules_off=("E04",)), Policy(days_a_week={"BA": 4})]
    assert len({p.digest for p in (Policy(), *others)}) == 5


def test_order_of_rules_off_and_of_days_a_week_changes_no_digest() -> None:
    assert Policy(rules_off=("L02", "E04")).digest == Policy(rules_off=("E04", "L02")).digest
    assert Policy(days_a_week={"BA": 4, "MSW": 5}).digest == Policy(days_a_week={"MSW": 5, "BA": 4}).digest


def test_the_academic_year_of_a_day() -> None:
    days = (date(2026, 8, 31), date(2026, 9, 1), date(2027, 1, 1))
    assert [Policy().academic_year(d) for d in days] == [2025, 2026, 2026]
    assert Policy(year_starts="01-01").academic_year(date(2026, 1, 1)) == 2026


def test_statements_have_the_numbers_in_force() -> None:
    assert "at most 20% of" in Policy().stated(RULE_BY_ID["L07"])
    assert "at most 10% of" in Policy(independent_cap_percent=10).stated(RULE_BY_ID["L07"])
    assert "at most any number of" in Policy(max_changes=None).stated(RULE_BY_ID["max_changes"])
    assert not [r.id for r in RULES if "{" in Policy().stated(r)]


def test_every_number_of_a_statement_is_a_setting() -> None:
    # "at most 20%" was printed at a cap of 10%. What is left are stages, ids and counts of the rule itself.
    plain = {
        r.id: re.findall(r"\d+%?", re.sub(r"\{\w+\}|PEPS\d|stage \d|E\d+|L\d+|M\d+", "", r.statement)) for r in RULES
    }
    assert {id: found for id, found in plain.items() if found} == {"E01": ["10"]}
