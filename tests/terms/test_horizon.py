"""Which requests are live, and what was published (S1)."""

from typing import Any

import pytest

from allocator.terms.horizon import Horizon
from models.entities import Published
from tests import builders as b
from tests.rules.case import policy

TRANCHES = (b.tranche("T0", status="past"), b.tranche("T1"), b.tranche("T2", status="later"))


def horizon(**parts: Any) -> Horizon:
    return Horizon(b.dataset(**parts), policy())


def test_live_requests_are_neither_past_nor_withdrawn_nor_the_employers_nor_over() -> None:
    names = [f"S{i}" for i in range(1, 7)]
    requests = tuple(
        b.request(f"{n}/first", **facts)
        for n, facts in zip(
            names, ({}, {"tranche": "T0"}, {"tranche": "T2"}, {}, {"found_by": "employer"}, {}), strict=True
        )
    )
    found = horizon(
        tranches=TRANCHES, requests=requests, students=tuple(b.student(n, withdrawn=n == "S4") for n in names),
        published=(Published(request="S6/first", offer="O1", standing="over", status="ended"),),
    )  # fmt: skip
    assert [r.request for r in found.live] == ["S1/first", "S3/first"]
    assert not found.has_published


@pytest.mark.parametrize(
    ("standing", "published"), [("kept", True), ("in_force", True), ("freed", False), ("over", False)]
)
def test_a_published_plan_is_one_with_kept_or_standing_rows(standing: str, published: bool) -> None:
    row = Published.model_validate({"request": "S1/first", "offer": "O1", "standing": standing})
    found = horizon(published=(row,))
    assert found.has_published is published
    assert list(found.kept) == (["S1/first"] if standing == "kept" else [])
    assert list(found.in_force) == (["S1/first"] if standing == "in_force" else [])


def test_first_and_final_of_a_student_stand_together() -> None:
    found = horizon(requests=(b.request("S1/final"), b.request("S1/first")))
    both = found.by_student["S1"]
    assert both.first is not None
    assert both.final is not None
    assert (both.first.request, both.final.request) == ("S1/first", "S1/final")


def test_locked_and_counted() -> None:
    found = Horizon(b.dataset(), policy(programmes_left_out=("BA",)))
    assert found.counted(b.request())
    assert not Horizon(b.dataset(), policy(programmes_left_out=("MSW",))).counted(b.request())
    requests = (b.request(), b.request(locked_agencies=("A",)), b.request(locked_authorities=("L",)))
    assert [found.is_locked(r) for r in requests] == [False, True, True]
