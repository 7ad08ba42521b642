"""L09, intern's authority, at its boundary."""

from tests import builders as b
from tests.rules.admits import Admits, each_judge
from tests.rules.case import policy


@each_judge
def test_a_first_without_recorded_authorities_is_not_judged(admits: Admits) -> None:
    data = b.dataset(
        students=(b.student(scheme="intern"),), requests=(b.request("S1/final"),), history=(b.history(authorities=()),),
        offers=(b.offer(authorities=("L",)),),
    )  # fmt: skip
    assert admits(data, policy(), (("S1/final", "O1", "E1"),))


@each_judge
def test_students_who_are_no_interns_are_not_judged(admits: Admits) -> None:
    data = b.dataset(
        requests=(b.request("S1/final"),),
        history=(b.history(authorities=("M",)),),
        offers=(b.offer(authorities=("L",)),),
    )
    assert admits(data, policy(), (("S1/final", "O1", "E1"),))
