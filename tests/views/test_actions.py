"""Who can open a place, in the words of a meeting that goes round the table by agency."""

from allocator.views.actions import holder
from models.reasons import Near
from tests import builders as b
from tests.report.looking import facts_of


def test_an_agency_that_can_open_a_place_is_named_once() -> None:
    facts = facts_of(b.dataset(agencies=(b.agency().model_copy(update={"name": "North Adults"}),)))
    both = "the university (the lock); the agency (one more place); the agency (name another PE); the agency (dates)"
    near = Near(offer="O1", rules=("L02",), sentence="", who=both)
    assert holder(facts, near) == "the university (the lock); North Adults (one more place; name another PE; dates)"
    assert holder(facts, near.model_copy(update={"offer": "GONE"})) == both
