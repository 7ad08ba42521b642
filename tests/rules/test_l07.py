"""L07, independent PEs, at its boundary."""

from tests import builders as b
from tests.engine.partnerships import INDEPENDENT
from tests.rules.admits import Admits, each_judge
from tests.rules.case import decision, policy


@each_judge
def test_an_exception_for_another_pe_or_offer_does_not_apply(admits: Admits) -> None:
    plan = (("S1/first", "O1", "I1"),)
    for facts, allowed in (({}, True), ({"pe": "I1"}, True), ({"pe": "I2"}, False), ({"offer": "O2"}, False)):
        given = decision("exception", rule="L07", request="S1/first", **facts)
        data = b.dataset(
            educators=(b.educator("I1", **INDEPENDENT), b.educator("I2", **INDEPENDENT)), decisions=(given,)
        )
        assert admits(data, policy(), plan) is allowed, facts
