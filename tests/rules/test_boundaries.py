"""Every rule at its boundary: the legal plan, the one just beyond, and that plan with only the rule off."""

import pytest

from models.catalogue import ALWAYS_ON
from tests.rules.admits import Admits, each_judge
from tests.rules.cases import CASES, Case


@each_judge
@pytest.mark.parametrize("case", CASES, ids=str)
def test_boundary(case: Case, admits: Admits) -> None:
    assert admits(case.dataset, case.policy, case.legal_plan)
    assert not admits(case.dataset, case.policy, case.illegal_plan)
    if case.rule not in ALWAYS_ON:
        assert admits(case.dataset, case.policy_without, case.illegal_plan)
