"""E18, repeat placements, at its boundary."""

import pytest

from tests import builders as b
from tests.rules.admits import Admits, assert_boundary, cases_of, each_judge
from tests.rules.case import Case, policy

RULE = "E18"


@each_judge
@pytest.mark.parametrize("case", cases_of(RULE), ids=str)
def test_boundary(case: Case, admits: Admits) -> None:
    assert_boundary(case, admits)


@each_judge
def test_a_failed_row_without_an_agency_bars_no_place(admits: Admits) -> None:
    data = b.dataset(history=(b.history(outcome="failed", agency=None, team=None),))
    assert admits(data, policy(), (("S1/first", "O1", "E1"),))


@each_judge
def test_a_failed_row_without_a_team_bars_the_agency(admits: Admits) -> None:
    data = b.dataset(history=(b.history(outcome="failed", agency="A", team=None),))
    assert not admits(data, policy(), (("S1/first", "O1", "E1"),))
