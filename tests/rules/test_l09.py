"""L09, intern's authority, at its boundary."""

import pytest

from tests import builders as b
from tests.rules.admits import Admits, assert_boundary, cases_of, each_judge
from tests.rules.case import Case, policy

RULE = "L09"


@each_judge
@pytest.mark.parametrize("case", cases_of(RULE), ids=str)
def test_boundary(case: Case, admits: Admits) -> None:
    assert_boundary(case, admits)


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
