"""Every rule is known wherever it has to be, every setting belongs somewhere, and no module grows out of hand."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import allocator.limits
import allocator.rules
from allocator import checker, reference
from allocator.engine.tiers import TierExpressions
from allocator.limits.order import LIMIT_RULES
from allocator.rules.order import PAIR_RULES, PERSONAL_RULES, SLOT_RULES, TWO_PLACEMENT_RULES
from allocator.views.rulebook import as_markdown
from models.catalogue import ALWAYS_ON, EXCEPTION_RULES, JUDGED, OFF_BY_DEFAULT, RULE_BY_ID, RULE_IDS
from models.policy import DEFAULT_TIERS, Policy, TierName
from tests.rules.cases import CASES

ROOT = Path(__file__).parent.parent
PACKAGES = ("models", "allocator", "scenarios", "api", "benchmarks")
LONGEST_MODULE = 400
OWNERS_THAT_ARE_NO_RULE = ("-",)
"""``-``: settings of a run as a whole."""


def modules_with_a_rule(*packages: ModuleType) -> dict[str, list[str]]:
    """Names of the modules of some packages by their ``RULE``."""
    found: dict[str, list[str]] = {}
    for package in packages:
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            if hasattr(module, "RULE"):
                found.setdefault(module.RULE, []).append(info.name)
    return found


def test_every_judged_rule_has_one_engine_file() -> None:
    found = modules_with_a_rule(allocator.rules, allocator.limits)
    assert set(found) == set(JUDGED)
    assert [names for names in found.values() if len(names) > 1] == []


def test_every_judged_rule_is_checked_stated_and_has_a_case() -> None:
    assert set(JUDGED) == checker.CHECKED
    assert set(JUDGED) == reference.RULES
    assert set(JUDGED) == {case.rule for case in CASES}


def test_every_engine_file_is_in_a_list_that_applies_it() -> None:
    # E15 says who is a candidate at all (allocator.eligibility.educators), L06 among others is a path.
    listed = {m.RULE for m in (*PAIR_RULES, *SLOT_RULES, *PERSONAL_RULES, *TWO_PLACEMENT_RULES, *LIMIT_RULES)}
    assert set(JUDGED) - listed == {"E15"}


def test_rules_of_the_catalogue_are_named_once_and_sorted_into_kinds() -> None:
    assert len(RULE_BY_ID) == len(RULE_IDS)
    assert set(OFF_BY_DEFAULT) <= set(JUDGED) - set(ALWAYS_ON)
    assert set(EXCEPTION_RULES) <= set(JUDGED)
    assert [r for r in EXCEPTION_RULES if "W" not in RULE_BY_ID[r].kind] == []
    assert set(ALWAYS_ON) & set(JUDGED) == {"L01"}


@pytest.mark.parametrize("rule", JUDGED)
def test_every_judged_rule_can_be_said(rule: str) -> None:
    # A message reads "This offer cannot be used because <blocks>", and who can lift it.
    words = RULE_BY_ID[rule]
    assert words.title
    assert words.statement.endswith(".")
    assert words.blocks
    assert words.unblocked_by


@pytest.mark.parametrize("name", Policy.model_fields)
def test_every_setting_has_unit_meaning_and_a_known_owner(name: str) -> None:
    field = Policy.model_fields[name]
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    assert extra["unit"]
    assert field.description
    owner = extra["rule"]
    assert owner in (*RULE_IDS, *get_args(TierName), *OWNERS_THAT_ARE_NO_RULE)
    if owner in RULE_IDS and RULE_BY_ID[str(owner)].settings:
        # The speeds and distances of the travel estimate (E04) are too many for the rule's row of the catalogue.
        assert name in RULE_BY_ID[str(owner)].settings or owner == "E04"


@pytest.mark.parametrize("rule", RULE_IDS)
def test_every_setting_of_a_rule_exists_and_names_it(rule: str) -> None:
    for name in RULE_BY_ID[rule].settings:
        extra = Policy.model_fields[name].json_schema_extra
        assert isinstance(extra, dict)
        assert extra["rule"] == rule


def test_every_tier_has_an_expression_in_the_engine() -> None:
    assert set(DEFAULT_TIERS) == set(get_args(TierName))
    assert [tier for tier in DEFAULT_TIERS if not callable(getattr(TierExpressions, f"_{tier}", None))] == []


def test_the_rules_page_is_that_of_the_catalogue() -> None:
    assert (ROOT / "models" / "RULES.md").read_text(encoding="utf-8") == as_markdown()


def test_no_module_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }
    assert len(lengths) > 100
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}
