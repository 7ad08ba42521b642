"""Every tier: small data, the optimum derived beside it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Commitment, EducatorEntry, Place, Published
from tests.builders import MONDAY, agency, dataset, educator, history, named, offer, request, student, tranche, travel
from tests.reference.conftest import Run, changed, values
from tests.reference.test_limits import crowd, kept

JULY = date(2026, 7, 6)
FINALS = {"requests": (request("S1/final"), request("S2/final")), "history": (history("S1"), history("S2"))}
PAIR = (student("S1"), student("S2"))


def only(run: Run, data: Dataset, tier: str, **settings: Any) -> int:
    """The optimum of a tier after ``placed``."""
    return list(values(run(data, "placed", tier, **settings)).values())[-1]


def test_placed_finals_come_before_firsts_and_both_before_later(run: Run) -> None:
    # One PE for one at a time: the final of S2 before the first of S1. In T2, later, O3 follows in July.
    data = dataset(
        tranches=(tranche(), tranche("T2", first_day=JULY, status="later")),
        students=(*PAIR, student("S3")),
        requests=(request("S1/first"), request("S2/final"), request("S3/first", tranche="T2")),
        history=(history("S2"),),
        offers=(offer(capacity=2), offer("O3", tranche="T2", earliest_start=JULY)),
    )
    result = run(data, "placed", placed_total=False)
    assert values(result) == {"placed.finals": 1, "placed.firsts": 0, "placed.later": 1}
    assert [m[0] for m in result.matches] == ["S2/final", "S3/first"]
    assert values(run(data, "placed")) == {"placed.total": 2}


def test_complete_counts_students_and_interns_as_the_policy_says(run: Run) -> None:
    # S1 has two requests, S2 (intern) one; one place in January, one in July, one PE. S1's first takes the January
    # place and its final July's: 1. S2 in January leaves S1 without a first, so without a final: 2, but 1 placed.
    data = dataset(
        students=(student("S1"), student("S2", scheme="intern")),
        requests=(request("S1/first"), request("S1/final"), request("S2/first")),
        offers=(offer(), offer("O2", team="Y", stage="final", areas=("adults",), earliest_start=JULY)),
        educators=(educator(long_arm=True),),
    )
    assert values(run(data, "placed", "complete", intern_counts=2)) == {"placed.total": 2, "complete": 1}
    assert values(run(data, "complete", "placed", intern_counts=2)) == {"complete": 2, "placed.total": 1}
    # By default an intern is one student: either way 1 is complete, and then two are placed.
    assert values(run(data, "complete", "placed")) == {"complete": 1, "placed.total": 2}
    # A request that is set aside is not met.
    aside = changed(data, requests=(*data.requests[:2], request("S2/first", set_aside="not read")))
    assert values(run(aside, "complete", intern_counts=2)) == {"complete": 1}


@pytest.mark.parametrize(
    ("person", "wish", "weight"),
    [
        ({}, {}, 0),
        ({}, {"repeat": True}, 1),
        ({"caring": True}, {"repeat": True}, 2),
        ({"limit_minutes": 90}, {}, 2),
        ({"adjustments": ("step-free",)}, {}, 2),
        ({"caring": True}, {"graduation_due": True}, 4),
        ({"waiting_since": date(2025, 1, 1)}, {"graduation_due": True}, 5),
        ({}, {"displaced": True}, 5),
    ],
)
def test_priority_is_the_greatest_weight(run: Run, person: dict[str, Any], wish: dict[str, Any], weight: int) -> None:
    data = dataset(students=(student(**person),), requests=(request(**wish),))
    assert only(run, data, "priority") == weight


def test_priority_chooses_who_is_placed(run: Run) -> None:
    # One place: the student who waits (5) before the carer (2).
    data = crowd(2, students=(student("S1", caring=True), student("S2", waiting_since=date(2025, 9, 1))))
    one = changed(data, offers=(offer(),))
    assert run(one, "placed", "priority").matches[0][0] == "S2/first"


def test_changes(run: Run) -> None:
    # S1 and S2 published at O1, which has one place left: one must move. S3 was kept there with E1, who is away until
    # the last day, so with a PE chosen anew: not counted.
    rows = tuple(kept(n, standing="in_force", pe="E2") for n in (1, 2))
    data = crowd(
        2, offers=(offer(capacity=1), offer("O2")), educators=(educator(load=2), educator("E2")), published=rows
    )
    assert values(run(data, "placed", "changes", max_changes=None)) == {
        "placed.total": 2, "changes.offers": 1, "changes.educators": 0,
    }  # fmt: skip
    # E2 is no longer registered: the other PE of the one who stays is no change, and both keep E1.
    gone = changed(data, educators=(educator(load=2), educator("E2", registered="no")))
    assert values(run(gone, "changes", max_changes=None)) == {"changes.offers": 1, "changes.educators": 0}
    # Both may stay, but E2 takes one: one has another PE.
    room = changed(data, offers=(offer(capacity=2),))
    assert values(run(room, "changes")) == {"changes.offers": 0, "changes.educators": 1}


def test_changes_are_not_a_tier_without_a_published_plan(run: Run) -> None:
    freed = Published(request="S1/first", offer="O1", standing="freed", status="declined")
    assert values(run(dataset(published=(freed,)), "placed", "changes")) == {"placed.total": 1}


def test_statutory_final(run: Run) -> None:
    # Two finals, one of two places statutory; the capacity of the other is 2, so the optimum is 1 by choice.
    offers = (offer(statutory_dfe="no"), offer("O2", capacity=2, statutory_regulator="no"))
    data = dataset(students=PAIR, offers=offers, educators=(educator(load=2),), **FINALS)
    assert only(run, data, "statutory_final") == 1
    assert only(run, data, "statutory_final", statutory_test="dfe") == 2
    # Firsts do not count.
    assert only(run, crowd(2), "statutory_final") == 0


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, 0),
        ({"offers": (offer(state="forecast"),)}, 1),
        ({"agencies": (agency(asks_decision=True),)}, 1),
        ({"decisions": (Decision(decision="agency_decision", id="D1", request="S1/first", agency="A", value="to_ask"),)}, 1),
        ({"agencies": (agency(asks_decision=True),), "published": (kept(1),)}, 0),
        ({"educators": ()}, 1),  # the pool TBC
        ({"offers": (offer(educators=(EducatorEntry(kind="own", qualification="PEPS1"),)),)}, 0),
        ({"educators": (educator(team=None),), "offers": (offer(on_site_supervisor="to_be_named"),)}, 1),
        ({"offers": (offer(on_site_supervisor="to_be_named"),)}, 0),
        ({"travel": ()}, 1),  # minutes unknown
        ({"travel": (), "published": (kept(1),)}, 0),
        ({"travel": (), "offers": (offer(place="P0"),)}, 0),  # at home: 15 minutes
        ({"offers": (offer(state="forecast"),), "published": (kept(1),)}, 1),
    ],
)  # fmt: skip
def test_firm_counts_what_waits(run: Run, parts: dict[str, Any], expected: int) -> None:
    assert only(run, dataset(**parts), "firm") == expected


def test_firm_travel_to_be_measured(run: Run) -> None:
    # 247 minutes estimated (test_eligible); within 1.5 x 165 but over 165: to be measured. At 247 it is not.
    places = (Place(place="P0", latitude=51.0, longitude=0.0), Place(place="P1", latitude=52.0, longitude=0.0))
    data = dataset(places=places, travel=())
    assert only(run, data, "firm", travel_limit=165) == 1
    assert only(run, data, "firm", travel_limit=247) == 0
    assert only(run, data, "firm", travel_limit=165, rules_off=("E04",)) == 0


def outside(inside: int, total: int) -> Dataset:
    """So many places with a partner, the rest with an agency outside."""
    offers = [offer("O1", capacity=inside)] if inside else []
    return crowd(
        total,
        agencies=(agency(), agency("B", membership="outside")),
        offers=(*offers, offer("O2", agency="B", capacity=total)),
        educators=(educator(load=total), educator("E2", employed_by="B", load=total)),
    )


def test_partner_share(run: Run) -> None:
    # 5 matches: ceil(3.75) = 4 from partners; 2 inside leave 2 short, 4 inside none.
    assert only(run, outside(2, 5), "partner_share") == 2
    assert only(run, outside(4, 5), "partner_share") == 0
    # At 80% of 5 exactly 4.
    assert only(run, outside(4, 5), "partner_share", partner_share_percent=80) == 0
    assert only(run, outside(4, 5), "partner_share", partner_share_percent=81) == 1


def test_own_educators(run: Run) -> None:
    # Five students, one with each PE: in the team 0, elsewhere 1, consultant 2, independent 3, own pool 0.
    people = (
        educator("E1"),
        educator("E2", team="Y", long_arm=True),
        educator("E3", employed_by="partnership", team=None, serves=("A",)),
        educator("E4", employed_by="independent", team=None, serves=("A",)),
    )
    entries = (*named("E1", "E2", "E3", "E4"), EducatorEntry(kind="own", qualification="PEPS1"))
    data = crowd(5, offers=(offer(capacity=5, educators=entries),), educators=people)
    assert only(run, data, "own_educators", independent_cap_percent=40) == 6
    # Three students take the team's two and the one elsewhere.
    three = crowd(3, offers=(offer(capacity=5, educators=entries),), educators=people)
    assert only(run, three, "own_educators") == 1


def test_trainee_finals(run: Run) -> None:
    # Two finals, both with a trainee: 2 - floor(0.6) = 2; at 50%: 2 - 1; at 100% none. A PEPS2 for one: 1.
    trainee = educator(qualification="trainee_2", practice_assessor="university", load=2)
    data = dataset(students=PAIR, offers=(offer(capacity=2),), educators=(trainee,), **FINALS)
    assert only(run, data, "trainee_finals") == 2
    assert only(run, data, "trainee_finals", trainee_finals_percent=50) == 1
    assert only(run, data, "trainee_finals", trainee_finals_percent=99) == 1
    assert only(run, data, "trainee_finals", trainee_finals_percent=100) == 0
    assert only(run, changed(data, educators=(trainee, educator("E2"))), "trainee_finals") == 1


def test_trainees_with_a_student_by_their_date(run: Run) -> None:
    def lacking(**needs: Any) -> int:
        return only(run, dataset(educators=(educator(needs_student_by=MONDAY), educator("E2", **needs))), "trainees")

    # One student, who starts on the 5th, for two PEs who need one by then.
    assert lacking(needs_student_by=MONDAY) == 1
    assert lacking(needs_student_by=MONDAY, withdrawn_from=date(2027, 1, 1)) == 0
    # E1 alone has the student on the day; by the 4th it is too late.
    late = dataset(educators=(educator(needs_student_by=date(2026, 1, 4)),))
    assert only(run, late, "trainees") == 1


def fair(number: int, **parts: Any) -> Dataset:
    """Partners A (3 full-time equivalents) and B (1), with many places each."""
    facts: dict[str, Any] = {
        "agencies": (agency(social_workers_fte=Decimal(3)), agency("B", social_workers_fte=Decimal(1))),
        "offers": (offer("O1", capacity=number), offer("O2", agency="B", team="Z", place="P2", capacity=number)),
        "educators": (educator(load=number), educator("E2", employed_by="B", team="Z", load=number)),
        "travel": (*travel(), *travel("P0", "P2", 60)),
    }
    return crowd(number, **facts | parts)


def test_fair_share_and_overload(run: Run) -> None:
    # D = 10: T = floor(7.5 + 0.5) = 8, quotas 6 and 2, tolerance max(1, 0): A 5 to 7, B 1 to 3. 10 = 7 + 3 holds.
    assert values(run(fair(10), "placed", "fair_share", "overload")) == {
        "placed.total": 10,
        "fair_share": 0,
        "overload": 0,
    }
    # With travel first all 10 go to A: 0 at B is 1 below its floor; 10 at A is 3 above its ceiling.
    assert values(run(fair(10), "placed", "travel", "fair_share", "overload")) == {
        "placed.total": 10, "travel": 200, "fair_share": 1, "overload": 3,
    }  # fmt: skip
    off = run(fair(10), "placed", "travel", "fair_share", "overload", rules_off=("L08",))
    assert values(off) == {"placed.total": 10, "travel": 200, "fair_share": 0, "overload": 0}


def test_fair_share_floor_is_lowered_by_commitments_and_by_what_was_offered(run: Run) -> None:
    def short(**parts: Any) -> int:
        return values(run(fair(10, **parts), "placed", "travel", "fair_share"))["fair_share"]

    # B's floor of 1 falls by half of 2 taken by another programme in a team of B; half of 1 is 0.
    assert short(commitments=(Commitment(agency="B", team="Z", number=2),)) == 0
    assert short(commitments=(Commitment(agency="B", team="Z", number=1),)) == 1
    assert short(commitments=(Commitment(agency="B", number=2, last_day=date(2026, 1, 4)),)) == 1
    # B offered nothing: no floor.
    offers = (offer("O1", capacity=10), offer("O2", agency="B", team="Z", place="P2", capacity=9, withdrawn=True))
    assert short(offers=offers) == 0


def test_fair_share_quotas_by_largest_remainder(run: Run) -> None:
    # D = 2, T = floor(1.5 + 0.5) = 2: shares 1.5 and 0.5, equal remainders; the greater weight takes the place:
    # quotas 2 and 0, A 1 to 3, B 0 to 1. Nearer B has both: 1 below A's floor, 1 above B's ceiling.
    near = {"travel": (*travel(minutes=60), *travel("P0", "P2", 5))}
    assert values(run(fair(2, **near), "placed", "travel", "fair_share", "overload")) == {
        "placed.total": 2, "travel": 10, "fair_share": 1, "overload": 1,
    }  # fmt: skip


def test_fair_share_counts_what_employers_find_but_not_other_employers_apprentices(run: Run) -> None:
    # Five firsts at A: D = 5, T = floor(4.25) = 4, of which A has 3: 2 to 4, so 1 above. With two requests that an
    # employer found D = 7, T = floor(5.75) = 5: shares 3.75 and 1.25, A 4: 3 to 5.
    def above(**extra: Any) -> int:
        data = fair(5)
        more = ("S6", "S7")
        found = tuple(request(f"{name}/first", found_by="employer") for name in more)
        people = tuple(student(name, **extra) for name in more)
        if extra:
            data = changed(data, requests=(*data.requests, *found), students=(*data.students, *people))
        return values(run(data, "placed", "travel", "overload"))["overload"]

    assert above() == 1
    assert above(scheme="apprentice", employer_agency="B") == 0
    assert above(scheme="apprentice", employer_agency="Z") == 1
    assert above(scheme="apprentice") == 1
    assert above(scheme="sponsored") == 0
    assert above(withdrawn=True) == 1


BY_POINTS: list[tuple[dict[str, Any], int, int]] = [
    # minutes 20 are worth 40; no area stated: half of 60; no agency stated: half of 0. 70 points.
    ({}, 20, 2),
    ({"preferred_areas": ("children",)}, 20, 1),  # 60 + 40
    ({"preferred_areas": ("adults", "children")}, 20, 1),  # 40 + 40
    ({"preferred_areas": ("adults", "health", "children")}, 20, 2),  # 20 + 40
    ({"preferred_areas": ("adults",)}, 20, 3),  # 0 + 40
    ({"preferred_areas": ("adults",)}, 60, 3),  # the target itself
    ({"preferred_areas": ("adults",)}, 75, 4),  # 40 x 15 / 30 = 20
    ({"preferred_areas": ("adults",)}, 76, 5),  # 40 x 14 / 30 = 18.67
    ({"preferred_areas": ("adults",), "limit_minutes": 70}, 65, 4),  # 40 x 5 / 10 = 20
    ({"preferred_areas": ("adults",), "limit_minutes": 50}, 50, 3),  # within min(target, limit)
]


@pytest.mark.parametrize(("person", "minutes", "band"), BY_POINTS)
def test_preference_bands_by_points(run: Run, person: dict[str, Any], minutes: int, band: int) -> None:
    data = dataset(students=(student(**person),), travel=travel(minutes=minutes))
    assert only(run, data, "preferences", preference_order="sum") == band


def test_preferred_agency_and_unknown_minutes(run: Run) -> None:
    # Area 0, agency 40 of (40, 10), travel unknown 20: 60 points.
    data = dataset(students=(student(preferred_areas=("adults",), preferred_agencies=("A",)),), travel=())
    assert only(run, data, "preferences", preference_order="sum", points_agency=(40, 10)) == 2
    second = dataset(students=(student(preferred_areas=("adults",), preferred_agencies=("B", "A")),), travel=())
    assert only(run, second, "preferences", preference_order="sum", points_agency=(40, 10)) == 4  # 10 + 20


def rankers() -> Dataset:
    """S1: O1 > O2. S2: O1 > O2 > O3. One place each: S1 and S2 compete for O1."""
    students = (
        student("S1", ranked_offers=(("O1",), ("O2",), ("O4",))),
        student("S2", ranked_offers=(("O1",), ("O3",), ("O2",))),
    )
    return crowd(2, students=students, offers=(offer("O1"), offer("O2"), offer("O3")))


def test_generous_greedy_and_sum(run: Run) -> None:
    # Pairs (band of S1, band of S2): (1, 2), (1, 3), (2, 1), (2, 2). Nobody in 3, fewest in 2: one. Ties are equal.
    assert values(run(rankers(), "placed", "preferences")) == {
        "placed.total": 2, "preferences.band3": 0, "preferences.band2": 1,
    }  # fmt: skip
    assert values(run(rankers(), "placed", "preferences", preference_order="greedy")) == {
        "placed.total": 2, "preferences.band1": 1, "preferences.band2": 1, "preferences.band3": 0,
    }  # fmt: skip
    assert values(run(rankers(), "placed", "preferences", preference_order="sum"))["preferences.sum"] == 3


def test_greedy_may_come_before_placed(run: Run) -> None:
    # S1 ranks O1; S2 ranks O1 alone; S1 could also go to O2, third. Greedy: one first choice, either student.
    students = (student("S1", ranked_offers=(("O1",), ("O3",), ("O2",))), student("S2", ranked_offers=(("O1",),)))
    data = crowd(2, students=students, offers=(offer("O1"), offer("O2")))
    assert values(run(data, "preferences", "placed", preference_order="greedy")) == {
        "preferences.band1": 1, "preferences.band2": 0, "preferences.band3": 1, "placed.total": 2,
    }  # fmt: skip


def test_bands_are_as_many_as_anybody_needs(run: Run) -> None:
    # A ranking of six and a student by points: six bands; a tie shares its rank; a kept match at an unlisted offer
    # falls in the last one.
    ranked = student("S2", ranked_offers=(("O2", "O3"), ("O4",), ("O5",), ("O6",), ("O7",), ("O8",)))
    data = crowd(2, students=(student("S1"), ranked), offers=(offer(capacity=2), offer("O3")))
    result = values(run(data, "placed", "preferences"))
    assert list(result) == ["placed.total", *(f"preferences.band{n}" for n in (6, 5, 4, 3, 2))]
    assert only(run, data, "preferences", preference_order="sum") == 2 + 1
    there = changed(data, published=(kept(2),))
    assert only(run, there, "preferences", preference_order="sum") == 2 + 6


def test_travel(run: Run) -> None:
    # Two students, one place at each of 20 and 60 minutes; unknown minutes count the limit of 90.
    offers = (offer(), offer("O2", place="P2"))
    data = crowd(2, offers=offers, travel=(*travel(), *travel("P0", "P2", 60)))
    assert only(run, data, "travel") == 80
    assert only(run, changed(data, travel=travel()), "travel") == 110


def test_lottery(run: Run) -> None:
    # blake2b of "1|T1|S1/first|O1" and "1|T1|S1/first|O2", 8 bytes, big-endian, modulo 1000: 728 and 121.
    data = dataset(offers=(offer(), offer("O2")))
    result = run(data, "placed", "lottery")
    assert values(result)["lottery"] == 728
    assert result.matches[0][1] == "O1"


def test_who_lost_out_before_has_more_for_better_bands(run: Run) -> None:
    # Area not stated 30, travel 40: band 2 of 5; 1000 x (5 + 1 - 2) beside the draw.
    data = dataset(students=(student(lost_out_before="January"),))
    assert values(run(data, "placed", "lottery"))["lottery"] == 4000 + 728
    assert values(run(data, "placed", "lottery", draw_lost_out=0))["lottery"] == 728


def test_programmes_left_out_are_in_no_tier_but_in_the_limits(run: Run) -> None:
    # One place, kept by the student who is left out: nobody else can have it, and nothing is counted.
    students = (student("S1", programme="BA"), student("S2"))
    data = crowd(2, students=students, offers=(offer(),), published=(kept(1),))
    tiers = ("placed", "complete", "two_statutory", "travel")
    assert values(run(data, *tiers, programmes_left_out=("BA",))) == {
        **dict.fromkeys(("placed.total", "complete", "two_statutory", "travel"), 0),
        "left_out": 1,
    }
    assert values(run(data, *tiers)) == {"placed.total": 1, "complete": 1, "two_statutory": 1, "travel": 20}
