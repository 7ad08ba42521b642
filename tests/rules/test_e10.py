"""E10, not the same team twice, at its boundary."""

import pytest

from tests.rules.admits import Admits, assert_boundary, cases_of, each_judge
from tests.rules.case import Case

RULE = "E10"


@each_judge
@pytest.mark.parametrize("case", cases_of(RULE), ids=str)
def test_boundary(case: Case, admits: Admits) -> None:
    assert_boundary(case, admits)
