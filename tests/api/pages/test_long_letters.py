"""Letters with many rows are set closer: the template says from how many on."""

import pytest

from allocator.pipeline import allocate
from api.store.opening import Store
from tests import builders as b
from tests.api.pages.browsing import Visitor
from tests.api.pages.planned import a_planned_round
from tests.engine.partnerships import firsts
from tests.rules.case import policy


@pytest.mark.parametrize(("students", "long"), [(12, False), (13, True)])
def test_a_letter_to_an_agency_of_more_than_twelve_students_is_long(store: Store, students: int, long: bool) -> None:
    dataset = b.dataset(
        agencies=(b.agency("A"),), offers=(b.offer(capacity=students),), educators=(b.educator(load=students),),
        **firsts(students),
    )  # fmt: skip
    done = allocate(dataset, policy())
    assert len(done.plan.matches) == students
    round = a_planned_round(store, dataset, done)
    with Visitor(store, rounds=(round,)) as team:
        letters = team.get(f"/rounds/{round}/letters/agency").text
    assert ('class="letter long"' in letters) is long
    assert ('class="letter"' in letters) is not long
