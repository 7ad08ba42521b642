"""Every rule at its boundary: silent on the legal plan, and exactly that rule on the illegal one."""

import pytest

from allocator.checker import CHECKED, check
from models.catalogue import ALWAYS_ON, JUDGED
from tests.rules.cases import CASES, Case, plan_of


@pytest.mark.parametrize("case", CASES, ids=str)
def test_legal_plan_is_silent(case: Case) -> None:
    report = check(case.dataset, case.policy, plan_of(case.dataset, case.policy, case.legal_plan))
    assert report.violations == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_illegal_plan_names_exactly_that_rule(case: Case) -> None:
    report = check(case.dataset, case.policy, plan_of(case.dataset, case.policy, case.illegal_plan))
    assert {v.rule for v in report.violations} == {case.rule}


@pytest.mark.parametrize("case", [c for c in CASES if c.rule not in ALWAYS_ON], ids=str)
def test_illegal_plan_is_silent_once_only_that_rule_is_off(case: Case) -> None:
    policy = case.policy_without
    assert check(case.dataset, policy, plan_of(case.dataset, policy, case.illegal_plan)).violations == ()


def test_every_judged_rule_is_checked_and_has_a_case() -> None:
    assert frozenset(JUDGED) == CHECKED
    assert {c.rule for c in CASES} == set(JUDGED)


def test_case_names_are_unique() -> None:
    assert len({str(c) for c in CASES}) == len(CASES)
