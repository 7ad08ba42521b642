"""E18, repeat placements, at its boundary."""

from tests import builders as b
from tests.rules.admits import Admits, each_judge
from tests.rules.case import policy


@each_judge
def test_a_failed_row_without_an_agency_bars_no_place(admits: Admits) -> None:
    data = b.dataset(history=(b.history(outcome="failed", agency=None, team=None),))
    assert admits(data, policy(), (("S1/first", "O1", "E1"),))


@each_judge
def test_a_failed_row_without_a_team_bars_the_agency(admits: Admits) -> None:
    data = b.dataset(history=(b.history(outcome="failed", agency="A", team=None),))
    assert not admits(data, policy(), (("S1/first", "O1", "E1"),))
