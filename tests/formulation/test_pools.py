"""Who is interchangeable: pools of educators, and whoever is one alone."""

from datetime import date
from typing import Any

import pytest

from allocator.eligibility import Eligibility
from allocator.engine.model import formulate
from models.dataset import Dataset
from models.entities import Commitment, EducatorEntry, Published
from tests import builders as b
from tests.engine.partnerships import INDEPENDENT, firsts
from tests.rules.case import decision, policy


def pools(data: Dataset, chosen: dict[str, str] | None = None, **settings: Any) -> set[tuple[str, ...]]:
    """Members of every pool of the model."""
    model = formulate(Eligibility(data, policy(**settings)), chosen).matches
    return {p.members for p in model.pools.by_pe.values()}


def three(**parts: Any) -> Dataset:
    """E1, E2 and E10, alike, and two firsts."""
    educators = tuple(b.educator(pe) for pe in ("E1", "E2", "E10"))
    return b.dataset(**{"educators": educators} | firsts(2) | parts)


def test_educators_whom_nothing_tells_apart_are_one_pool_in_natural_order() -> None:
    assert pools(three()) == {("E1", "E2", "E10")}


def test_individuals_once_it_is_decided_who_goes_where() -> None:
    assert pools(three(), chosen={"S1/first": "O1"}) == {("E1",), ("E2",), ("E10",)}


@pytest.mark.parametrize(
    "parts",
    [
        {"decisions": (decision("do_not_match", request="S1/first", pe="E2"),)},
        {"decisions": (decision("declined", student="S2", pe="E2", party="student"),)},
        {"published": (Published(request="S1/first", offer="O1", standing="in_force", pe="E2"),)},
        {"commitments": (Commitment(pe="E2", number=1, last_day=date(2026, 2, 1)),)},
        {"students": (b.student("S1", excluded_educators=("E2",)), b.student("S2"))},
        {"history": (b.history("S1", outcome="failed", pe="E2", agency="B"),)},
        {"educators": (b.educator("E1"), b.educator("E2", needs_student_by=date(2026, 2, 1)), b.educator("E10"))},
        {"educators": (b.educator("E1"), b.educator("E2", load=2), b.educator("E10"))},
        {"educators": (b.educator("E1"), b.educator("E2", qualification="PEPS1"), b.educator("E10"))},
        {"educators": (b.educator("E1"), b.educator("E2", qualification="PEPS1", qualifies_on=date(2026, 2, 1), becomes="PEPS2"), b.educator("E10"))},  # PEPS1 at the start
        {"educators": (b.educator("E1"), b.educator("E2", team=None), b.educator("E10"))},  # another basis
        {"educators": (b.educator("E1"), b.educator("E2", **INDEPENDENT), b.educator("E10"))},
    ],
    ids=["do not match", "declined", "published", "commitment", "excluded", "failed with", "needs a student", "load",
         "qualification", "qualifies after the start", "basis", "counted by the cap"],
)  # fmt: skip
def test_whoever_is_named_or_different_is_alone(parts: dict[str, Any]) -> None:
    assert pools(three(**parts)) == {("E1", "E10"), ("E2",)}


def test_who_has_qualified_by_every_start_is_one_with_the_others() -> None:
    new = b.educator("E2", qualification="PEPS1", qualifies_on=b.MONDAY, becomes="PEPS2")
    assert pools(three(educators=(b.educator("E1"), new, b.educator("E10")))) == {("E1", "E2", "E10")}


def test_a_passed_placement_with_a_pe_sets_nobody_apart() -> None:
    assert pools(three(history=(b.history("S1", pe="E2", agency="B"),))) == {("E1", "E2", "E10")}


def test_reaching_other_offers_sets_apart() -> None:
    # O2 in team Y is reached by E2 alone, who is long-arm, so in O1 too E2 is a pool of one.
    educators = (b.educator("E1"), b.educator("E2", long_arm=True), b.educator("E10"))
    data = three(offers=(b.offer("O1"), b.offer("O2", team="Y")), educators=educators)
    assert pools(data) == {("E1", "E10"), ("E2",)}


def test_who_may_take_one_request_more_by_an_exception_is_alone() -> None:
    # E2 is not current; the exception, for whichever PE, is for S1 alone.
    educators = (b.educator("E1"), b.educator("E2", current_until=date(2025, 1, 1)), b.educator("E10"))
    excepted = (decision("exception", rule="E12", value="2027-01-01", request="S1/first"),)
    assert pools(three(educators=educators, decisions=excepted)) == {("E1", "E10"), ("E2",)}
    assert pools(three(educators=educators)) == {("E1", "E10")}


def test_entries_of_an_offer_are_pools_by_themselves() -> None:
    entries = (
        EducatorEntry(kind="own", qualification="PEPS2", places=2),
        EducatorEntry(kind="tbc"),
        *b.named("E1", "E2"),
    )
    model = formulate(Eligibility(three(offers=(b.offer(educators=entries, capacity=3),)), policy())).matches
    found = {p.name: (p.members, p.load, p.listed) for p in model.pools.by_pe.values()}
    assert found == {
        "E1": (("E1", "E2"), 1, True),
        "own PEPS2@O1": (("own PEPS2@O1",), 2, False),
        "TBC@O1": (("TBC@O1",), 3, False),
    }
