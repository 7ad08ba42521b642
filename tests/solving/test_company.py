"""What a plan says of two students whom a decision puts together: how far nobody knows, and who waits for it."""

from typing import Any

import pytest

from allocator.pipeline import allocate
from models.dataset import Dataset
from models.entities import Published
from models.plan import ProvisionalCode
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import decision, policy

A, B = "A", "B"


def partnership(value: str | None = "15", kept: str | None = None, **changes: Any) -> Dataset:
    """S1 can be in A at P1 alone, S2 in B at P2 alone; nobody has measured from P1 to P2."""
    requests = (b.request("S1/first", locked_agencies=(A,)), b.request("S2/first", locked_agencies=(B,)))
    published = () if kept is None else (
        Published(request=f"{kept}/first", offer="O1", pe="E1", standing="kept", status="confirmed"),
    )  # fmt: skip
    facts: dict[str, Any] = {
        "agencies": (b.agency(A), b.agency(B)), "published": published,
        "offers": (b.offer("O1"), b.offer("O2", agency=B, place="P2")),
        "educators": (b.educator("E1"), b.educator("E2", employed_by=B)),
        "travel": (*b.travel("P0", "P1"), *b.travel("P0", "P2")),
        "decisions": (decision("together", student="S1", other="S2", value=value),),
    }  # fmt: skip
    return b.dataset(**facts | firsts(2) | {"requests": requests} | changes)


def waiting(data: Dataset) -> dict[str, list[tuple[str | None, str | None]]]:
    return {
        m.request: [(w.detail, w.who) for w in m.waiting if w.code == ProvisionalCode.BETWEEN]
        for m in allocate(data, policy()).plan.matches
    }


def test_minutes_that_nobody_knows_make_both_wait() -> None:
    team = "placements team"
    assert waiting(partnership()) == {
        "S1/first": [("P1 to P2, with S2", team)], "S2/first": [("P2 to P1, with S1", team)],
    }  # fmt: skip
    # who is kept waits for nothing
    assert waiting(partnership(kept="S1")) == {"S1/first": [], "S2/first": [("P2 to P1, with S1", team)]}


@pytest.mark.parametrize(("minutes", "placed"), [(15, 2), (16, 1)])
def test_once_it_is_measured_nobody_waits(minutes: int, placed: int) -> None:
    data = partnership(travel=(*b.travel("P0", "P1"), *b.travel("P0", "P2"), *b.travel("P2", "P1", minutes)))
    found = waiting(data)
    assert (len(found), list(found.values())) == (placed, [[]] * placed)


def test_without_minutes_only_one_agency_does() -> None:
    assert len(waiting(partnership(value=None))) == 1
