"""E13, away or declined, at its boundary."""

from tests import builders as b
from tests.rules.admits import Admits, each_judge
from tests.rules.case import decision, policy


@each_judge
def test_a_declined_team_without_an_agency_is_that_name_anywhere(admits: Admits) -> None:
    data = b.dataset(decisions=(decision("declined", student="S1", team="X", party="student"),))
    assert not admits(data, policy(), (("S1/first", "O1", "E1"),))


@each_judge
def test_a_declined_row_that_names_nothing_bars_nothing(admits: Admits) -> None:
    data = b.dataset(decisions=(decision("declined", student="S1", party="student"),))
    assert admits(data, policy(), (("S1/first", "O1", "E1"),))


@each_judge
def test_whoever_declined_one_student_may_take_another(admits: Admits) -> None:
    data = b.dataset(
        students=(b.student("S1"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")),
        decisions=(decision("declined", student="S1", pe="E1", party="agency"),),
    )  # fmt: skip
    assert not admits(data, policy(), (("S1/first", "O1", "E1"),))
    assert admits(data, policy(), (("S2/first", "O1", "E1"),))
