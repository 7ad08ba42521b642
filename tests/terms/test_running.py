"""Placements of a round before that still run: they take room, and come before the final, by every judge."""

from datetime import date
from typing import Any

import pytest

from allocator import reference
from allocator.pipeline import allocate
from allocator.terms.view import Terms
from models.dataset import Dataset
from models.entities import Published, Team
from tests import builders as b
from tests.brute_force import solve
from tests.rules.case import policy
from tests.rules.limit_cases import firsts

ELSEWHERE: dict[str, Any] = {"team": "Y", "areas": ("older people",)}
"""Another team and area than O1's: a final there follows a first here."""
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
        "offers": (b.offer("O1"), b.offer("O9", tranche="T0", earliest_start=date(2025, 10, 6), **parts.pop("host", {}))), "published": (row,),
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
    assert placed(with_running(row, requests=requests, host=ELSEWHERE)) == found


def test_a_final_that_would_start_too_early_says_until_when_its_first_runs() -> None:
    # The first runs until Friday 9 January, the final would start on Monday 5 January: 4 days before that.
    row = running(request="S1/first", pe="E2")
    requests = (b.request("S1/final"), b.request("S1/first", tranche="T0"))
    data = with_running(row, requests=requests, host=ELSEWHERE)
    [left] = allocate(data, policy()).plan.unplaced
    words = "the first ends on 9 January 2026, after the final starts (5 January 2026)"
    assert left.reason == f"1 offer fits this request alone, but {words} (L06)."
    assert left.nearest[0].lifts[0].value is not None
    assert left.nearest[0].lifts[0].value.startswith("2026-01-12/")  # the Monday after


# ---- the first of a final (S1.7) --------------------------------------------------------------------------------------


def beside_running(first: dict[str, Any], final: dict[str, Any], **parts: Any) -> Dataset:
    """S1's first of the round before runs at O9 (team Y), its final is to be placed at O1 (team X)."""
    there: dict[str, Any] = ELSEWHERE | {"tranche": "T0", "earliest_start": date(2025, 9, 29)}
    facts: dict[str, Any] = {
        "requests": (b.request("S1/final"), b.request("S1/first", tranche="T0")),
        "offers": (b.offer("O1", **final), b.offer("O9", **there | first)),
    }
    # 70 days from 29 September 2025 are 14 weeks, to Friday 2 January 2026: the final may start on 5 January.
    return with_running(running(request="S1/first", pe="E9", start=None, end=None), **facts | parts)


def test_the_guarantee_looks_at_a_first_that_still_runs() -> None:
    # Where the first is not known the final has to be statutory; the one that runs is, so that it need not be (L04).
    no, yes = {"statutory_regulator": "no"}, {"statutory_regulator": "yes"}
    assert placed(beside_running(yes, no)) == ["S1/final"]
    assert placed(beside_running(no, no)) == []
    assert placed(beside_running(no, yes)) == ["S1/final"]
    # Nobody has said it of the first: the final is placed, and waits for the answer.
    asked = allocate(beside_running({"statutory_regulator": "not_known"}, no), policy())
    assert [(w.code.name, w.detail, w.who) for w in asked.plan.matches[0].waiting if w.code.name == "STATUTORY"] == [
        ("STATUTORY", "O9", "A")
    ]
    assert {t.tier: t.value for t in asked.plan.tiers}["firm"] == 1
    both = allocate(beside_running(yes, yes), policy())
    assert {t.tier: t.value for t in both.plan.tiers}["two_statutory"] == 1


def test_the_contrast_looks_at_a_first_that_still_runs() -> None:
    same: dict[str, Any] = {"areas": ("mental health",), "setting": "ward"}
    assert placed(beside_running(same, same)) == []
    assert placed(beside_running(same, same | {"areas": ("older people",)})) == ["S1/final"]
    assert placed(beside_running(same, same | {"setting": "hub"})) == ["S1/final"]


def test_the_final_of_a_locked_student_may_contrast_by_team_with_a_first_that_still_runs() -> None:
    same: dict[str, Any] = {"areas": ("mental health",), "setting": "ward"}
    locked = (b.request("S1/final", locked_agencies=("A",)), b.request("S1/first", tranche="T0"))
    assert placed(beside_running(same, same, requests=locked)) == ["S1/final"]


def test_the_final_is_not_in_the_team_where_a_placement_still_runs() -> None:
    assert placed(beside_running({"team": "X"}, {})) == []
    # And in no team where something else of the student's still runs.
    row = running(request="S1/final", pe="E9", end=date(2026, 1, 2))
    again: dict[str, Any] = {
        "requests": (b.request("S1/final/2", repeat=True), b.request("S1/final", tranche="T0")),
        "published": (row,),
    }
    assert placed(beside_running({"team": "X"}, {}, **again)) == []
    assert placed(beside_running({}, {}, **again)) == ["S1/final/2"]


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ({"authorities": ("P",)}, []),
        ({"authorities": ("Q",)}, ["S1/final"]),
        ({"authorities": ()}, []),
        ({"authorities": (), "not_known": ("authorities",)}, ["S1/final"]),
    ],
)
def test_an_interns_final_is_with_the_authority_where_the_first_still_runs(
    first: dict[str, Any], found: list[str]
) -> None:
    students = (b.student("S1", scheme="intern"), b.student("S9"))
    assert placed(beside_running(first, {"authorities": ("Q",)}, students=students)) == found


def test_whose_authority_nobody_has_said_waits_for_it() -> None:
    students = (b.student("S1", scheme="intern"), b.student("S9"))
    data = beside_running({"not_known": ("authorities",), "authorities": ()}, {}, students=students)
    assert ("authorities of O9", "A") in [(w.detail, w.who) for w in allocate(data, policy()).plan.matches[0].waiting]


def test_a_row_of_history_speaks_for_the_placement_that_still_runs() -> None:
    # In the sheet Offers the first is like the final; History says what it became, in the same team.
    same: dict[str, Any] = {"areas": ("mental health",), "setting": "ward"}
    told = b.history(agency="A", team="Y", areas=("older people",), setting="ward", start=None)
    assert placed(beside_running(same, same, history=(told,))) == ["S1/final"]
    assert placed(beside_running(same, same, history=(b.history(agency="A", team="Y", **same),))) == []
    # It broke down: then no first is recorded, and what it was like binds nothing.
    assert placed(
        beside_running(same, same, history=(b.history(agency="A", team="Y", outcome="ended_early", **same),))
    ) == ["S1/final"]


@pytest.mark.parametrize(("start", "found"), [(date(2025, 9, 28), []), (date(2025, 9, 30), ["S1/final"]), (None, [])])
def test_of_a_first_before_and_one_that_still_runs_the_later_is_the_first(start: date | None, found: list[str]) -> None:
    # The one that runs began on 29 September 2025; the row of History is of another team, Z.
    same: dict[str, Any] = {"areas": ("mental health",), "setting": "ward"}
    other = b.history(team="Z", areas=("older people",), setting="ward", start=start)
    assert placed(beside_running(same, same, history=(other,))) == found


def test_a_kept_final_stays_whatever_the_first_that_still_runs_is_like() -> None:
    same: dict[str, Any] = {"areas": ("mental health",), "setting": "ward"}
    row = running(request="S1/first", pe="E9", start=None, end=None)
    kept = Published(request="S1/final", offer="O1", pe="E1", status="confirmed", standing="kept")
    data = beside_running(same, same, published=(row, kept))
    assert placed(data) == ["S1/final"]
    assert allocate(data, policy()).plan.matches[0].kept_despite == ("L05",)


def test_the_recorded_first_is_the_latest_that_passed() -> None:
    rows = (
        b.history(agency="early", start=date(2024, 1, 1)),
        b.history(agency="late", start=date(2025, 1, 1)),
        b.history(agency="blank", start=None),  # earliest of all
        b.history(agency="failed", start=date(2025, 6, 1), outcome="failed"),
        b.history(agency="final", stage="final", start=date(2025, 7, 1)),
    )
    latest = Terms(b.dataset(history=rows), policy()).recorded_first("S1")
    assert latest is not None
    assert latest.agency == "late"
    assert Terms(b.dataset(history=rows[3:]), policy()).recorded_first("S1") is None


def test_of_equal_dates_the_last_row_is_the_first_placement() -> None:
    rows = (b.history(agency="one"), b.history(agency="two"))
    found = Terms(b.dataset(history=rows), policy()).recorded_first("S1")
    assert found is not None
    assert found.agency == "two"


# ---- minima beside a kept match ------------------------------------------------------------------------------------------


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


def test_nobody_is_pushed_into_a_pod_that_a_kept_match_opened() -> None:
    # The pod O1 asks for two and S1 is there. S2 prefers O2 (area "adults", band 1), and has it: the one that O1 lacks is
    # listed. Where S2 has no other place, the tier `placed` fills the pod: 1 + 1 are the two that it asks for.
    kept = Published(request="S1/first", offer="O1", pe="E1", status="confirmed", standing="kept")
    pod = b.offer(capacity=2, minimum=2, educators=b.named("E1"))
    other = b.offer("O2", team="Y", areas=("adults",), educators=b.named("E2"))
    facts: dict[str, Any] = firsts(2) | {
        "students": (b.student("S1"), b.student("S2", preferred_areas=("adults",))),
        "educators": (b.educator("E1", load=2), b.educator("E2", team="Y")), "published": (kept,),
    }  # fmt: skip
    found = allocate(b.dataset(**facts, offers=(pod, other)), policy())
    assert [(m.request, m.offer) for m in found.plan.matches] == [("S1/first", "O1"), ("S2/first", "O2")]
    assert [(v.rule, v.amount, v.limit) for v in found.check.kept_despite] == [("L10", 1, 2)]
    alone = allocate(b.dataset(**facts, offers=(pod,)), policy())
    assert [(m.request, m.offer) for m in alone.plan.matches] == [("S1/first", "O1"), ("S2/first", "O1")]
    assert alone.check.kept_despite == ()
