"""Every tier's arithmetic; each expected number is derived beside it."""

from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

import pytest

from allocator.checker import check
from models.entities import Commitment, EducatorEntry
from models.plan import TierResult
from models.policy import DEFAULT_TIERS
from tests import builders as b
from tests.checker.judged import changed, tiers_of, wide
from tests.rules.case import decision, plan_of, policy
from tests.rules.limit_cases import INDEPENDENT, firsts, match, pes, row

MONDAY_AFTER = date(2026, 4, 13)
"""The first working day after a first from 2026-01-05 (70 days, 14 weeks)."""


def test_order_and_senses_are_the_policys() -> None:
    found = check(b.dataset(), policy(), plan_of(b.dataset(), policy(), ())).tiers
    expected = [
        ("placed.finals", "max"), ("placed.firsts", "max"), ("placed.later", "max"), ("complete", "max"),
        ("priority", "max"), ("statutory_final", "max"), ("two_statutory", "max"), ("firm", "min"),
        ("partner_share", "min"), ("own_educators", "min"), ("trainee_finals", "min"), ("trainees", "min"),
        ("fair_share", "min"), ("overload", "min"), ("preferences.band5", "min"), ("preferences.band4", "min"),
        ("preferences.band3", "min"), ("preferences.band2", "min"), ("travel", "min"), ("lottery", "max"),
    ]  # fmt: skip
    assert [(t.tier, t.sense) for t in found] == expected


def test_placed_by_stage_and_tranche() -> None:
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", status="later")),
        students=tuple(map(b.student, ("S1", "S2", "S3"))),
        requests=(b.request("S1/first"), b.request("S2/final"), b.request("S3/final", tranche="T2")),
        offers=(b.offer("O1", capacity=2), b.offer("O2", tranche="T2")),
        educators=pes(3),
    )
    triples = (("S1/first", "O1", "E1"), ("S2/final", "O1", "E2"), ("S3/final", "O2", "E3"))
    found = tiers_of(dataset, triples)
    # One final and one first in the tranche being decided; S3's final is in a later one.
    assert (found["placed.finals"], found["placed.firsts"], found["placed.later"]) == (1, 1, 1)
    assert tiers_of(dataset, triples, placed_total=True)["placed.total"] == 3


def test_complete_counts_interns_as_the_policy_says_and_requests_set_aside_as_not_met() -> None:
    dataset = b.dataset(
        students=(b.student("S1", scheme="intern"), b.student("S2"), b.student("S3"), b.student("S4"), b.student("S5")),
        requests=(
            b.request("S1/first"), b.request("S2/first"), b.request("S3/first"), b.request("S3/final"),
            b.request("S4/first"), b.request("S4/final", set_aside="unreadable"), b.request("S5/first"),
        ),
        offers=(wide(),),
        educators=pes(1, load=9),
    )  # fmt: skip
    triples = tuple((r, "O1", "E1") for r in ("S1/first", "S2/first", "S3/first", "S4/first"))
    # S1 (intern) 1, or as the policy says 2; S2 1; S3 and S4 lack a final, S5 its first.
    assert tiers_of(dataset, triples)["complete"] == 2
    assert tiers_of(dataset, triples, intern_counts=2)["complete"] == 3


@pytest.mark.parametrize(
    ("student", "request_", "weight"),
    [
        ({}, {"displaced": True, "graduation_due": True}, 5),
        ({"waiting_since": date(2025, 1, 1)}, {"repeat": True}, 5),
        ({"caring": True}, {"graduation_due": True}, 4),
        ({"adjustments": ("step-free",)}, {"repeat": True}, 2),
        ({"limit_minutes": 60}, {}, 2),
        ({"caring": True}, {}, 2),
        ({}, {"repeat": True}, 1),
        ({}, {}, 0),
    ],
)
def test_priority_is_the_greatest_weight(student: dict[str, Any], request_: dict[str, Any], weight: int) -> None:
    dataset = b.dataset(students=(b.student(**student),), requests=(b.request(**request_),))
    assert tiers_of(dataset, (match(1, "O1", "E1"),))["priority"] == weight
    assert tiers_of(dataset, ())["priority"] == 0


def test_priority_adds_over_placed_requests() -> None:
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2", caring=True), b.student("S3", caring=True)),
        requests=(b.request("S1/first", displaced=True), b.request("S2/first"), b.request("S3/first")),
        offers=(wide(),), educators=pes(1, load=9),
    )  # fmt: skip
    # 5 for S1 and 2 for S2; S3 is not placed.
    assert tiers_of(dataset, (match(1, "O1", "E1"), match(2, "O1", "E1")))["priority"] == 7


# ---------------------------------------------------------------------------------------------------------- statutory
def statutory(**flags: Any) -> dict[str, int]:
    """S1 has first and final, S2 a first, S3 a final after history, S4 a final without a first; all placed."""
    dataset = b.dataset(
        students=tuple(map(b.student, ("S1", "S2", "S3", "S4"))),
        requests=(b.request("S1/first"), b.request("S1/final"), b.request("S2/first"), b.request("S3/final"), b.request("S4/final")),
        offers=(wide(offer="O1"), wide(offer="O2", earliest_start=MONDAY_AFTER, **flags)),
        educators=pes(1, load=9),
        history=(b.history("S3"),),
    )  # fmt: skip
    triples = (
        ("S1/first", "O1", "E1"), ("S1/final", "O2", "E1"), ("S2/first", "O1", "E1"), ("S3/final", "O2", "E1"),
        ("S4/final", "O2", "E1"),
    )  # fmt: skip
    return tiers_of(dataset, triples)


def test_statutory_final_and_two_statutory() -> None:
    found = statutory()
    # Three finals, all in O2. Two statutory: S1 and S3 (history); S2 has only a first, which is; S4's is not recorded.
    assert (found["statutory_final"], found["two_statutory"]) == (3, 3)


def test_statutory_by_equivalence_counts_and_not_known_does_not() -> None:
    assert statutory(statutory_regulator="by_equivalence")["statutory_final"] == 3
    found = statutory(statutory_regulator="not_known")
    # Only S2, whose first in O1 is statutory.
    assert (found["statutory_final"], found["two_statutory"]) == (0, 1)


# ---------------------------------------------------------------------------------------------- waiting, partners, PEs
TBC = EducatorEntry(kind="tbc", qualification="PEPS2")


@pytest.mark.parametrize(
    ("offer", "pe", "parts", "waits"),
    [
        ({}, "E1", {}, 0),
        ({"state": "forecast"}, "E1", {}, 1),
        ({"educators": (TBC,)}, "TBC PEPS2@O1", {}, 1),
        ({"educators": (EducatorEntry(kind="own", qualification="PEPS2"),)}, "own PEPS2@O1", {}, 0),
        ({"on_site_supervisor": "to_be_named", "team": "Y"}, "E1", {}, 1),
        ({"on_site_supervisor": "to_be_named"}, "E1", {}, 0),
        ({}, "E1", {"agencies": (b.agency(asks_decision=True),)}, 1),
        ({}, "E1", {"agencies": (b.agency(asks_decision=True),),
                    "decisions": (decision("agency_decision", request="S1/first", agency="A", value="accepted"),)}, 0),
        # No measured time and no coordinates: to be measured.
        ({}, "E1", {"travel": ()}, 1),
        # Two reasons are still one match.
        ({"state": "forecast", "educators": (TBC,)}, "TBC PEPS2@O1", {"travel": ()}, 1),
    ],
)  # fmt: skip
def test_firm_counts_matches_that_wait(offer: dict[str, Any], pe: str, parts: dict[str, Any], waits: int) -> None:
    dataset = b.dataset(**{"offers": (b.offer(**offer),), "educators": (b.educator(long_arm=True),)} | parts)
    assert tiers_of(dataset, (match(1, "O1", pe),))["firm"] == waits


def test_firm_of_kept_matches_leaves_out_agency_and_travel() -> None:
    parts: dict[str, Any] = {
        "agencies": (b.agency(asks_decision=True),),
        "travel": (),
        "published": (row("S1/first", "O1", "kept"),),
    }
    assert tiers_of(b.dataset(**parts), (match(1, "O1", "E1"),))["firm"] == 0
    forecast = b.dataset(**parts | {"offers": (b.offer(state="forecast"),)})
    assert tiers_of(forecast, (match(1, "O1", "E1"),))["firm"] == 1


def test_firm_without_the_rules_that_ask() -> None:
    asks = b.dataset(agencies=(b.agency(asks_decision=True),), travel=(), offers=(b.offer(team="Y", on_site_supervisor="to_be_named"),),
                     educators=(b.educator(long_arm=True),))  # fmt: skip
    assert tiers_of(asks, (match(1, "O1", "E1"),))["firm"] == 1
    assert tiers_of(asks, (match(1, "O1", "E1"),), rules_off=("E04", "E06", "E14"))["firm"] == 0


def test_partner_share_is_the_shortfall_below_three_quarters_rounded_up() -> None:
    agencies = (b.agency("A"), b.agency("B", membership="secondary"), b.agency("C", membership="outside"))
    dataset = b.dataset(
        agencies=agencies, offers=(wide(), wide(offer="O2", agency="B"), wide(offer="O3", agency="C")), **firsts(5)
    )
    # 5 matches: ceil(3.75) = 4 from partners are wanted; A and B have 1 each, so 2 short.
    triples = (match(1, "O1", "E1"), match(2, "O2", "E1"), *(match(i, "O3", "E1") for i in (3, 4, 5)))
    assert tiers_of(dataset, triples)["partner_share"] == 2
    # 4 matches: 3 wanted, 3 there.
    triples = (match(1, "O1", "E1"), match(2, "O2", "E1"), match(3, "O2", "E1"), match(4, "O3", "E1"))
    assert tiers_of(dataset, triples)["partner_share"] == 0
    # All 4 asked from partners, 3 there.
    assert tiers_of(dataset, triples, partner_share_percent=100)["partner_share"] == 1


def test_own_educators_costs() -> None:
    educators = (
        b.educator("E1"),
        b.educator("E2", team=None),
        b.educator("E3", **INDEPENDENT | {"employed_by": "partnership"}),
        b.educator("E4", **INDEPENDENT),
    )
    dataset = b.dataset(
        educators=educators, offers=(wide(educators=(*b.named("E1", "E2", "E3", "E4"), TBC)),), **firsts(6),
        published=(row("S6/first", "O1", "kept", pe="E9"),),
    )  # fmt: skip
    triples = (
        *(match(i, "O1", f"E{i}") for i in (1, 2, 3, 4)),
        match(5, "O1", "TBC PEPS2@O1"),
        match(6, "O1", "PE needed"),
    )
    # In the team 0, elsewhere 1, consultant 2, independent 3, pool 0, PE needed 4.
    assert tiers_of(dataset, triples)["own_educators"] == 10


def test_trainee_finals_above_thirty_percent_rounded_down() -> None:
    number = 4
    dataset = b.dataset(
        students=tuple(b.student(f"S{i}") for i in range(1, number + 1)),
        requests=tuple(b.request(f"S{i}/final") for i in range(1, number + 1)),
        offers=(wide(educators=(*b.named("E1", "E2"), EducatorEntry(kind="own", qualification="trainee_2", places=2))),),
        educators=(b.educator("E1", load=9), b.educator("E2", load=9, qualification="trainee_2")),
    )  # fmt: skip
    finals = [f"S{i}/final" for i in range(1, number + 1)]
    # floor(30 x 4 / 100) = 1 may rest on trainees; three do, one of them the team's own: 2 too many.
    educators = ("E1", "E2", "E2", "own trainee_2@O1")
    triples = tuple((f, "O1", e) for f, e in zip(finals, educators, strict=True))
    assert tiers_of(dataset, triples)["trainee_finals"] == 2
    assert tiers_of(dataset, triples, trainee_finals_percent=75)["trainee_finals"] == 0


def test_trainees_who_need_a_student_by_a_date() -> None:
    by = b.MONDAY
    educators = (
        b.educator("E1", needs_student_by=by),
        b.educator("E2", needs_student_by=by - timedelta(days=1)),
        b.educator("E3", needs_student_by=by),
        b.educator("E4", needs_student_by=by, withdrawn_from=date(2027, 1, 1)),
        b.educator("E5"),
    )
    dataset = b.dataset(educators=educators, offers=(wide(),), **firsts(2))
    # Both start on Monday: in time for E1, a day late for E2; E3 has nobody; E4 is withdrawn, E5 needs nobody.
    assert tiers_of(dataset, (match(1, "O1", "E1"), match(2, "O1", "E2")))["trainees"] == 2


# --------------------------------------------------------------------------------------------------------- fair share
def test_fair_share_and_overload() -> None:
    agencies = (
        b.agency("A", social_workers_fte=30),
        b.agency("B", social_workers_fte=10),
        b.agency("C", membership="outside", social_workers_fte=9),
    )
    dataset = b.dataset(
        agencies=agencies, offers=(wide(), wide(offer="O2", agency="B"), wide(offer="O3", agency="C")), **firsts(12)
    )
    # D = 12; T = floor(0.75 x 12 + 1/2) = 9. A 6.75, B 2.25: by largest remainder 7 and 2.
    # Tolerances max(1, 15 x 7 // 100) = 1 and 1: ranges 6..8 and 1..3; C is outside.
    triples = tuple(match(i, "O1" if i <= 5 else "O2", "E1") for i in range(1, 12))
    found = tiers_of(dataset, triples)
    # A has 5, 1 short of 6; B has 6, 3 over 3.
    assert (found["fair_share"], found["overload"]) == (1, 3)
    found = tiers_of(dataset, triples, rules_off=("L08",))
    assert (found["fair_share"], found["overload"]) == (0, 0)


def test_fair_share_floor_falls_by_the_allowance_and_never_exceeds_what_is_offered() -> None:
    agencies = (b.agency("A", social_workers_fte=1),)
    parts: dict[str, Any] = {"agencies": agencies, "offers": (wide(),)} | firsts(8)
    # D = 8, T = 6: quota 6, tolerance 1, floor 5, of which one match is there.
    assert tiers_of(b.dataset(**parts), (match(1, "O1", "E1"),))["fair_share"] == 4
    # Commitments of 2 + 3 give an allowance of 2: floor 3. The one that ended before the first day does not count.
    commitments = (
        Commitment(agency="A", number=2), Commitment(agency="A", team="Z", number=3, first_day=date(2027, 1, 1)),
        Commitment(agency="A", number=8, last_day=b.MONDAY - timedelta(days=1)),
    )  # fmt: skip
    assert tiers_of(b.dataset(**parts, commitments=commitments), (match(1, "O1", "E1"),))["fair_share"] == 2
    # Three places are offered: floor 3. A withdrawn offer and one of a past tranche offer nothing.
    few = (wide(3), wide(offer="O2", withdrawn=True), wide(offer="O3", tranche="T0"))
    tranches = (b.tranche(), b.tranche("T0", status="past"))
    assert (
        tiers_of(b.dataset(**parts | {"offers": few, "tranches": tranches}), (match(1, "O1", "E1"),))["fair_share"] == 2
    )


# --------------------------------------------------------------------------------------- preferences, travel, lottery
def test_ranked_offers_band_by_dense_rank() -> None:
    dataset = b.dataset(
        students=tuple(b.student(f"S{i}", ranked_offers=(("O1",), ("O2", "O3"), ("O4",))) for i in (1, 2, 3)),
        requests=tuple(b.request(f"S{i}/first") for i in (1, 2, 3)),
        offers=tuple(b.offer(f"O{i}") for i in (1, 2, 3, 4, 5)), educators=pes(3),
    )  # fmt: skip
    triples = (match(1, "O1", "E1"), match(2, "O3", "E2"), match(3, "O4", "E3"))
    # Ranks 1, 2, 3; everybody ranks, so there are 3 bands.
    found = tiers_of(dataset, triples)
    assert {k: v for k, v in found.items() if k.startswith("pref")} == {"preferences.band3": 1, "preferences.band2": 1}
    assert tiers_of(dataset, triples, preference_order="sum")["preferences.sum"] == 6
    greedy = tiers_of(dataset, triples, preference_order="greedy")
    assert [greedy[f"preferences.band{i}"] for i in (1, 2, 3)] == [1, 1, 1]
    # An unlisted offer is in the last band.
    unlisted = tiers_of(dataset, (match(1, "O5", "E1"),), preference_order="sum", rules_off=("E17",))
    assert unlisted["preferences.sum"] == 3


@pytest.mark.parametrize(
    ("student", "minutes", "settings", "band"),
    [
        # Area 60, agency 0, travel 40 up to 60 minutes: 100.
        ({"preferred_areas": ("children", "adults")}, 60, {}, 1),
        # 75 minutes: 40 x (90 - 75) / (90 - 60) = 20, with 60 for the area 80, band 1; a minute more is less.
        ({"preferred_areas": ("children",)}, 75, {}, 1),
        ({"preferred_areas": ("children",)}, 76, {}, 2),
        # Second area 40 + 20 = 60: band 2; third 20 + 20 = 40: band 3; not preferred 0 + 20: band 4.
        ({"preferred_areas": ("adults", "children")}, 75, {}, 2),
        ({"preferred_areas": ("adults", "a", "children")}, 75, {}, 3),
        ({"preferred_areas": ("adults",)}, 75, {}, 4),
        # Beyond three ranks 0; 90 minutes 0: band 5.
        ({"preferred_areas": ("adults", "a", "b", "children")}, 90, {}, 5),
        # No preferred area counts half, 30, with 40 for travel 70: band 2.
        ({}, 60, {}, 2),
        # The student's limit of 40 is below the target: all points up to 40 minutes, then none. 30 + 40, 30 + 0.
        ({"limit_minutes": 40}, 40, {}, 2),
        ({"limit_minutes": 40}, 41, {}, 4),
        # Agencies by rank 10: 30 + 10 + 40 = 80, half of it where none is preferred: 75.
        ({"preferred_agencies": ("A",)}, 60, {"points_agency": (10,)}, 1),
        ({}, 60, {"points_agency": (10,)}, 2),
    ],
)
def test_bands_by_points(student: dict[str, Any], minutes: int, settings: dict[str, Any], band: int) -> None:
    dataset = b.dataset(students=(b.student(**student),), travel=b.travel(minutes=minutes))
    found = tiers_of(dataset, (match(1, "O1", "E1"),), preference_order="sum", rules_off=("E04",), **settings)
    assert found["preferences.sum"] == band


def test_travel_not_known_counts_half_the_points_and_the_policys_limit() -> None:
    dataset = b.dataset(students=(b.student(preferred_areas=("children",)),), travel=())
    found = tiers_of(dataset, (match(1, "O1", "E1"),), preference_order="sum")
    # 60 + 20 = 80: band 1. Travel counts 90 minutes.
    assert (found["preferences.sum"], found["travel"]) == (1, 90)


def test_number_of_bands_is_the_worst_rank_or_five() -> None:
    ranked = b.student("S1", ranked_offers=tuple((f"O{i}",) for i in range(1, 8)))
    dataset = b.dataset(students=(ranked, b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")))
    assert [t for t in tiers_of(dataset, ()) if t.startswith("pref")] == [
        f"preferences.band{i}" for i in (7, 6, 5, 4, 3, 2)
    ]
    alone = changed(dataset, requests=(b.request("S2/first"),))
    assert "preferences.band6" not in tiers_of(alone, ())


def test_travel_adds_minutes() -> None:
    dataset = b.dataset(
        offers=(wide(), wide(offer="O2", place="P2")), travel=b.travel() + b.travel("P2", "P0", 35), **firsts(2)
    )
    # 20 minutes, and 35 by the row in the other direction.
    assert tiers_of(dataset, (match(1, "O1", "E1"), match(2, "O2", "E1")))["travel"] == 55


def test_lottery_draws_by_seed_tranche_request_and_offer() -> None:
    def ticket(text: str) -> int:
        return int(blake2b(text.encode(), digest_size=8).hexdigest(), 16) % 1000

    dataset = b.dataset(offers=(wide(),), **firsts(2))
    triples = (match(1, "O1", "E1"), match(2, "O1", "E1"))
    drawn = ticket("7|T1|S1/first|O1") + ticket("7|T1|S2/first|O1")
    assert tiers_of(dataset, triples, seed=7)["lottery"] == drawn
    # No area stated 30, travel 40: band 2 of 5, so 300 x (5 + 1 - 2) more for S2, who lost out before.
    lost = changed(dataset, students=(b.student("S1"), b.student("S2", lost_out_before="January")))
    assert tiers_of(lost, triples, seed=7, draw_lost_out=300)["lottery"] == drawn + 1200


# ------------------------------------------------------------------------------------------------------------- scope
def test_programmes_left_out_count_in_no_tier_but_in_limits() -> None:
    students = (b.student("S1"), b.student("S2", programme="APP", waiting_since=date(2025, 1, 1)))
    dataset = b.dataset(students=students, requests=(b.request("S1/first"), b.request("S2/first")), educators=pes(2))
    chosen = policy(programmes_left_out=("APP",))
    report = check(dataset, chosen, plan_of(dataset, chosen, (match(1, "O1", "E1"), match(2, "O1", "E2"))))
    found = {t.tier: t.value for t in report.tiers}
    assert (found["placed.firsts"], found["complete"], found["priority"], found["travel"]) == (1, 1, 0, 20)
    assert found["left_out"] == 1
    assert [v.rule for v in report.violations] == ["L02"]


def test_only_tiers_of_the_policy_are_listed_in_its_order() -> None:
    assert list(tiers_of(b.dataset(), (), tiers=("complete", "placed"), placed_total=True)) == [
        "complete",
        "placed.total",
    ]
    assert set(DEFAULT_TIERS) >= {t.partition(".")[0] for t in tiers_of(b.dataset(), ())}


def test_stated_tiers_are_compared() -> None:
    chosen = policy()
    stated = (
        TierResult(tier="placed.firsts", sense="max", value=1),
        TierResult(tier="complete", sense="max", value=2),
        TierResult(tier="travel", sense="max", value=20),
        TierResult(tier="placed.total", sense="max", value=1),
    )
    report = check(b.dataset(), chosen, plan_of(b.dataset(), chosen, (match(1, "O1", "E1"),), tiers=stated))
    # One first is placed (right); complete is 1; travel is minimised; the policy asks for no total.
    assert [(v.rule, v.subjects, v.amount, v.limit) for v in report.violations] == [
        ("tiers", ("complete",), 2, 1), ("tiers", ("placed.total",), None, None), ("tiers", ("travel",), None, None),
    ]  # fmt: skip
