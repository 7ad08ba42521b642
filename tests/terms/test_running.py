"""Placements of a round before that still run: they take room, and come before the final, by every judge."""

from datetime import date
from typing import Any

import pytest

from allocator import reference
from allocator.pipeline import allocate
from models.dataset import Dataset
from models.entities import Published, Team
from tests import builders as b
from tests.brute_force import solve
from tests.rules.case import policy
from tests.rules.limit_cases import firsts

BEFORE = b.tranche("T0", first_day=date(2025, 9, 1), status="past")


def placed(data: Dataset) -> list[str]:
    """Who is placed, the same by engine, reference and brute force; the checker passes it."""
    found = allocate(data, policy())
    assert found.check.passed
    names = [m.request for m in found.plan.matches]
    assert [r for r, _, _ in solve(data, policy()).best] == names
    assert [r for r, _, _ in reference.solve(data, policy()).matches] == names
    return names


def running(**changes: Any) -> Published:
    """S9/first of the round before, with E1, until Friday 9 January: O1 begins on Monday 5 January."""
    facts = {"request": "S9/first", "offer": "O9", "pe": "E1", "status": "started", "standing": "over"}
    return Published(**facts | {"start": date(2025, 10, 6), "end": date(2026, 1, 9)} | changes)


def with_running(row: Published, **parts: Any) -> Dataset:
    facts: dict[str, Any] = {
        "tranches": (b.tranche(), BEFORE), "students": (b.student("S1"), b.student("S9")),
        "requests": (b.request("S1/first"), b.request("S9/first", tranche="T0")),
        "offers": (b.offer("O1"), b.offer("O9", tranche="T0", earliest_start=date(2025, 10, 6))), "published": (row,),
    }  # fmt: skip
    return b.dataset(**facts | parts)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        # On 5 to 9 January E1 has one student already, and takes one.
        ({}, []),
        ({"status": "confirmed"}, []),
        # 4 January is a Sunday before the first day; and what ended, or was never agreed, does not run.
        ({"end": date(2026, 1, 4)}, ["S1/first"]),
        ({"status": "ended"}, ["S1/first"]),
        ({"pe": "E2"}, ["S1/first"]),
        # 70 days from 6 October 2025 are 14 weeks, to Friday 9 January 2026.
        ({"start": None, "end": None}, []),
    ],
)
def test_a_running_placement_takes_its_pes_load(row: dict[str, Any], found: list[str]) -> None:
    assert placed(with_running(running(**row))) == found


def test_a_student_who_has_left_runs_no_more() -> None:
    assert placed(with_running(running(), students=(b.student("S1"), b.student("S9", withdrawn=True)))) == ["S1/first"]


@pytest.mark.parametrize(
    "most",
    [{"agencies": (b.agency(maximum_at_once=1),)}, {"teams": (Team(agency="A", team="X", maximum_at_once=1),)}],
)
def test_a_running_placement_takes_the_agencys_and_the_teams_maximum(most: dict[str, Any]) -> None:
    two = {"educators": (b.educator("E1"), b.educator("E2"))}
    assert placed(with_running(running(), **two)) == ["S1/first"]
    assert placed(with_running(running(), **two, **most)) == []


@pytest.mark.parametrize(("end", "found"), [(date(2026, 1, 5), []), (date(2026, 1, 2), ["S1/final"])])
def test_a_running_first_comes_before_the_final(end: date, found: list[str]) -> None:
    row = running(request="S1/first", pe="E2", end=end)
    requests = (b.request("S1/final"), b.request("S1/first", tranche="T0"))
    assert placed(with_running(row, requests=requests)) == found


def test_a_final_that_would_start_too_early_says_until_when_its_first_runs() -> None:
    # The first runs until Friday 9 January, the final would start on Monday 5 January: 4 days before that.
    row = running(request="S1/first", pe="E2")
    data = with_running(row, requests=(b.request("S1/final"), b.request("S1/first", tranche="T0")))
    [left] = allocate(data, policy()).plan.unplaced
    words = "the first ends on 9 January 2026, after the final starts (5 January 2026)"
    assert left.reason == f"1 offer fits this request alone, but {words} (L06)."
    assert left.nearest[0].lifts[0].value is not None
    assert left.nearest[0].lifts[0].value.startswith("2026-01-12/")  # the Monday after


@pytest.mark.parametrize("kind", ["if_opened", "always"])
def test_a_minimum_that_a_kept_match_opens_and_nobody_fills_is_listed(kind: Any) -> None:
    # S1 is confirmed in a pod that asks for two, and nobody else is there.
    kept = Published(request="S1/first", offer="O1", pe="E1", status="confirmed", standing="kept")
    data = b.dataset(offers=(b.offer(capacity=2, minimum=2, minimum_kind=kind),), published=(kept,))
    assert placed(data) == ["S1/first"]
    found = allocate(data, policy())
    assert [(v.rule, v.amount, v.limit) for v in found.check.kept_despite] == [("L10", 1, 2)]
    assert found.plan.matches[0].kept_despite == ("L10",)


def test_beside_a_kept_match_only_as_many_as_the_minimum_asks() -> None:
    # The pod asks for three: S1 is there, and S2 alone would leave it at two; S2 and S3 make it three.
    kept = Published(request="S1/first", offer="O1", pe="E1", status="confirmed", standing="kept")
    parts: dict[str, Any] = {
        "offers": (b.offer(capacity=3, minimum=3),),
        "educators": (b.educator(load=3),),
        "published": (kept,),
    }
    assert placed(b.dataset(**parts, **firsts(2))) == ["S1/first"]
    assert placed(b.dataset(**parts, **firsts(3))) == ["S1/first", "S2/first", "S3/first"]
