"""max_changes, published matches that may move, at its boundary."""

import pytest

from tests.rules.admits import Admits, assert_boundary, cases_of, each_judge
from tests.rules.case import Case

RULE = "max_changes"


@each_judge
@pytest.mark.parametrize("case", cases_of(RULE), ids=str)
def test_boundary(case: Case, admits: Admits) -> None:
    assert_boundary(case, admits)
