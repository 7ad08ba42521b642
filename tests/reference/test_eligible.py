"""Rules about one request, offer and PE: for each a dataset just beyond the boundary and one just within it.

The dull request runs from Monday 2026-01-05; 70 working days without bank holidays are 14 weeks: to Friday 2026-04-10.
"""

from datetime import date
from typing import Any

import pytest

from allocator.reference import RULES, solve
from models.catalogue import JUDGED
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import EducatorEntry, Place, Published
from models.policy import Policy
from tests.builders import (
    MONDAY,
    agency,
    dataset,
    educator,
    history,
    named,
    offer,
    request,
    student,
    tranche,
    travel,
)
from tests.reference.conftest import changed

LAST = date(2026, 4, 10)
WORDS = ("never", "where_none_listed", "always")
FINAL = {"requests": (request("S1/final"),)}


def decide(kind: str, **facts: Any) -> Decision:
    return Decision(**{"decision": kind, "id": "D1"} | facts)


def but(part: str, **changes: Any) -> dict[str, Any]:
    """The dull partnership but for one fact of its student, request, offer or PE."""
    builder = {"students": student, "requests": request, "offers": offer, "educators": educator}[part]
    return {part: (builder(**changes),)}


def excused(rule: str, value: str, **facts: Any) -> dict[str, Any]:
    return {"decisions": (decide("exception", rule=rule, request="S1/first", value=value, **facts),)}


def barred(kind: str, **facts: Any) -> dict[str, Any]:
    return {"decisions": (decide(kind, **facts),)}


NEARLY = but("offers", latest_end=date(2026, 4, 3))
REPEAT = history(agency="A", team="Y", outcome="failed", pe="E9")
ONLY_E1 = {"offers": (offer(educators=named("E1")),)}

CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("E01", "stage", but("offers", stage="final"), but("offers", stage="first")),
    ("E01", "tranche", but("offers", tranche="T2") | {"tranches": (tranche(), tranche("T2"))}, {}),
    ("E01", "end of the offer", but("offers", latest_end=date(2026, 4, 9)), but("offers", latest_end=LAST)),
    ("E01", "end of the request", but("requests", latest_end=date(2026, 4, 9)), but("requests", latest_end=LAST)),
    # From Saturday 10 January the first working day is Monday the 12th.
    (
        "E01", "start",
        but("offers", earliest_start=date(2026, 1, 10), latest_start=date(2026, 1, 11)),
        but("offers", earliest_start=date(2026, 1, 10), latest_start=date(2026, 1, 12)),
    ),
    # To Friday 3 April there are 65 working days: 5 days short will do, 4 will not.
    ("E01", "days short", NEARLY | excused("E01", "4"), NEARLY | excused("E01", "5", pe="E7")),
    # 70 placement days at 4 a week need ceil(5 x 70 / 4) = 88 working days: 17 weeks and 3 days, to 2026-05-06.
    (
        "E01", "four days a week",
        but("offers", days_a_week=4, latest_end=date(2026, 5, 5)),
        but("offers", days_a_week=4, latest_end=date(2026, 5, 6)),
    ),
    ("E01", "bank holiday", but("offers", latest_end=LAST) | {"bank_holidays": (date(2026, 4, 3),)}, {}),
    ("E02", "readiness", but("students", readiness="failed"), but("students", readiness="pending")),
    ("E02", "clearance", but("students", clearance="failed"), but("students", clearance="not_known")),
    ("E03", "driver", but("offers", driver_essential="yes"), but("offers", driver_essential="yes") | but("students", drives="not_known")),
    (
        "E03", "driving covered",
        but("offers", driver_essential="yes", features=("driving covered",)),
        but("offers", driver_essential="yes", features=("driving covered",)) | but("students", adjustments=("driving covered",)),
    ),
    ("E04", "measured", {"travel": travel(minutes=91)}, {"travel": travel(minutes=90)}),
    ("E04", "measured the other way", {"travel": travel("P1", "P0", 91)}, {"travel": travel("P1", "P0", 90)}),
    ("E04", "the student's limit", {"travel": travel(minutes=31)} | but("students", limit_minutes=30), {"travel": travel(minutes=30)} | but("students", limit_minutes=30)),
    ("E04", "exception", {"travel": travel(minutes=96)} | excused("E04", "95"), {"travel": travel(minutes=95)} | excused("E04", "95")),
    ("E04", "locked", {"travel": travel(minutes=91)}, {"travel": travel(minutes=91)} | but("requests", locked_agencies=("A",))),
    ("E05", "agency", but("students", excluded_agencies=("A",)), but("students", excluded_agencies=("B",))),
    ("E05", "team", but("students", excluded_teams=(("A", "X"),)), but("students", excluded_teams=(("A", "Y"),))),
    ("E05", "own job", but("students", employer_agency="A", employer_team="X"), but("students", employer_agency="A", employer_team="Y")),
    ("E05", "PE", but("students", excluded_educators=("E1",)), but("students", excluded_educators=("E2",))),
    (
        "E06", "declined",
        barred("agency_decision", request="S1/first", agency="A", value="declined"),
        barred("agency_decision", request="S1/first", agency="A", value="to_ask"),
    ),
    (
        "E07", "cannot",
        but("students", adjustments=("step-free",)) | but("offers", cannot=("step-free",)),
        but("students", adjustments=("step-free",)),
    ),
    ("E08", "agency", but("requests", locked_agencies=("B",)), but("requests", locked_agencies=("A", "B"))),
    (
        "E08", "authority",
        but("requests", locked_agencies=("A",), locked_authorities=("W",)),
        but("requests", locked_agencies=("A",), locked_authorities=("W",)) | but("offers", authorities=("V", "W")),
    ),
    ("E09", "university", but("offers", universities=("V",)), but("offers", universities=("U", "V"))),
    ("E09", "programme", but("offers", programmes=("BA",)), but("offers", programmes=("MSW",))),
    # The last day of the reservation is still reserved, and today is Monday the 5th.
    (
        "E09", "reserved",
        but("offers", reserved_for="BA", reserved_until=MONDAY),
        but("offers", reserved_for="BA", reserved_until=date(2026, 1, 4)),
    ),
    ("E09", "reserved without end", but("offers", reserved_for="S2"), but("offers", reserved_for="S1")),
    ("E09", "days a week", but("requests", days_a_week_most=4) | but("offers", days_a_week=5), but("requests", days_a_week_most=4)),
    ("E10", "history", {"history": (history(agency="A", team="X"),)}, {"history": (history(agency="A", team="Y"),)}),
    ("E11", "PEPS1 on a final", FINAL | {"history": (history(),)} | but("educators", qualification="PEPS1"), but("educators", qualification="PEPS1")),
    ("E11", "stage 1 trainee on a final", FINAL | {"history": (history(),)} | but("educators", qualification="trainee_1"), FINAL | {"history": (history(),)} | but("educators", qualification="trainee_2")),
    (
        "E11", "assessor of a trainee",
        but("educators", qualification="trainee_1", practice_assessor="E1"),
        but("educators", qualification="trainee_1", practice_assessor="university"),
    ),
    (
        "E11", "assessor must be PEPS2",
        ONLY_E1 | {"educators": (educator(qualification="trainee_2", practice_assessor="E2"), educator("E2", qualification="PEPS1"))},
        ONLY_E1 | {"educators": (educator(qualification="trainee_2", practice_assessor="E2"), educator("E2"))},
    ),
    ("E12", "registered", but("educators", registered="no"), but("educators", registered="not_checked")),
    ("E12", "refresher", but("educators", current_until=date(2026, 1, 4)), but("educators", current_until=MONDAY)),
    # 24 months after 2024-01-04 is the day before the start.
    (
        "E12", "last student",
        but("educators", current_until=None, last_student=date(2024, 1, 4)),
        but("educators", current_until=None, last_student=date(2024, 1, 5)),
    ),
    (
        "E12", "exception",
        but("educators", current_until=date(2025, 1, 1)) | excused("E12", "2026-01-04"),
        but("educators", current_until=date(2025, 1, 1)) | excused("E12", "2026-01-05", pe="E1"),
    ),
    ("E13", "leaves", but("educators", leaves_on=date(2026, 4, 9)), but("educators", leaves_on=LAST)),
    ("E13", "available", but("educators", available_from=date(2026, 1, 6)), but("educators", available_from=MONDAY)),
    # Saturday the 11th of April is after the window; the 10th is its last day.
    ("E13", "absent", but("educators", absent_from=LAST), but("educators", absent_from=date(2026, 4, 11))),
    ("E13", "absent until", but("educators", absent_to=MONDAY), but("educators", absent_to=date(2026, 1, 4))),
    ("E13", "declined the offer", barred("declined", request="S1/first", offer="O1", agency="B"), barred("declined", request="S1/first", offer="O2", agency="A")),
    ("E13", "declined the team", barred("declined", student="S1", agency="A", team="X"), barred("declined", student="S1", agency="A", team="Y")),
    ("E13", "declined the agency", barred("declined", student="S1", agency="A"), barred("declined", student="S2", agency="A")),
    ("E13", "declined the PE", barred("declined", student="S1", pe="E1"), barred("declined", student="S1", pe="E2", agency="A")),
    (
        "E14", "no supervisor",
        but("offers", on_site_supervisor="no") | but("educators", team=None),
        but("offers", on_site_supervisor="to_be_named") | but("educators", team=None),
    ),
    ("E16", "withdrawn offer", but("offers", withdrawn=True), {}),
    ("E16", "do not match", barred("do_not_match", student="S1", agency="A"), barred("do_not_match", student="S1", agency="B")),
    ("E16", "do not match with this PE", barred("do_not_match", request="S1/first", pe="E1"), barred("do_not_match", request="S2/first", pe="E1")),
    ("E17", "ranked", but("students", ranked_offers=(("O2",),)) | {"offers": (offer("O1", educators=named("E1")), offer("O2", withdrawn=True))}, but("students", ranked_offers=(("O2",), ("O3", "O1")))),
    ("E18", "team", {"history": (history(agency="A", team="X", outcome="failed"),)} | {"decisions": (decide("exception", rule="E18", request="S1/first", value="agency"),)}, {"history": (history(agency="B", team="X", outcome="failed"),)}),
    ("E18", "agency", {"history": (REPEAT,)}, {"history": (REPEAT,)} | excused("E18", "agency")),
    ("E18", "PE", {"history": (history(outcome="ended_early", pe="E1"),)}, {"history": (history(outcome="ended_early", pe="E1"),)} | excused("E18", "PE")),
    ("E18", "PEPS2", but("requests", repeat=True) | but("educators", qualification="PEPS1"), but("requests", repeat=True) | but("educators", qualification="PEPS1") | excused("E18", "PEPS2")),
    # E2 is named, so E1 is not a PE of this offer; E2 may not supervise.
    (
        "E19", "named PE only",
        {"offers": (offer(educators=named("E2")),), "educators": (educator(), educator("E2", registered="no"))},
        {"offers": (offer(educators=named("E2", "E1")),), "educators": (educator(), educator("E2", registered="no"))},
    ),
]  # fmt: skip


def plan(parts: dict[str, Any], rules_off: tuple[str, ...] = ()) -> tuple[tuple[str, str, str], ...]:
    # The contrast and the guarantee of a student with history are not what these cases are about.
    off = {"L04", "L05", *rules_off}
    return solve(
        dataset(**parts), Policy(as_of=MONDAY, tiers=("placed",), placed_total=True, rules_off=tuple(off))
    ).matches


@pytest.mark.parametrize(("rule", "what", "beyond", "within"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundary(rule: str, what: str, beyond: dict[str, Any], within: dict[str, Any]) -> None:
    # Beyond the boundary nothing is possible until the rule, and only that rule, is off; within it one match is.
    # (A team that the student failed in is barred twice, by E10 and by E18.)
    others = ("E10",) if (rule, what) == ("E18", "team") else ()
    assert plan(beyond, others) == ()
    assert len(plan(beyond, (rule, *others))) == 1
    assert len(plan(within, others)) == 1


def test_every_rule_is_stated_and_tested() -> None:
    assert set(JUDGED) == RULES
    # E15 is tested below; E20 is off by default, and tested with all judges in tests/rules.
    assert {rule for rule in RULES if rule.startswith("E")} == {case[0] for case in CASES} | {"E15", "E20"}


def chosen(data: Dataset, **settings: Any) -> list[str]:
    """PEs that could take the one request: every one in turn, the others barred; all may be independent (L07)."""
    policy = Policy(as_of=MONDAY, tiers=("placed",), independent_cap_percent=100, **settings)
    found: list[str] = []
    barred_so_far: list[Decision] = []
    while True:
        step = changed(data, decisions=(*data.decisions, *barred_so_far))
        matches = solve(step, policy).matches
        if not matches:
            return sorted(found)
        found.append(matches[0][2])
        barred_so_far.append(Decision(decision="do_not_match", id=f"B{len(found)}", request="S1/first", pe=found[-1]))


PEOPLE = (
    educator("E1"),
    educator("E2", team="Y"),
    educator("E3", team="Y", long_arm=True),
    educator("E4", team=None),
    educator("E5", employed_by="B", team="X", long_arm=True),
    educator("E6", employed_by="partnership", team=None, serves=("A",)),
    educator("E7", employed_by="independent", team=None, serves=("P1",)),
    educator("E8", employed_by="independent", team=None),
    educator("E9", withdrawn_from=MONDAY),
)


def test_e15_reach() -> None:
    # E2 is in another team, E5 in another agency, E8 serves nothing, E9 is gone.
    assert chosen(dataset(educators=PEOPLE)) == ["E1", "E3", "E4", "E6", "E7"]
    assert chosen(dataset(educators=PEOPLE), rules_off=("E15",)) == [f"E{n}" for n in range(1, 9)]


def test_e15_a_named_educator_is_in_reach() -> None:
    assert chosen(dataset(educators=PEOPLE, offers=(offer(educators=named("E5", "E2", "E9")),))) == ["E2", "E5"]


def test_one_to_be_named_is_there_as_the_policy_says() -> None:
    # E1 of A is in another team. With nobody of A on the list, or with `always`, somebody may be named.
    listed, unlisted = dataset(educators=(educator(team="Y"),)), dataset(educators=())
    assert [chosen(listed, educators_to_be_found=s) for s in WORDS] == [[], [], ["TBC@O1"]]
    assert [chosen(unlisted, educators_to_be_found=s) for s in WORDS] == [[], ["TBC@O1"], ["TBC@O1"]]


def test_where_all_named_have_gone_nobody_new_is_taken() -> None:
    # E7 is not listed and E9 gone; E1 reaches the team, and may stand in for whom the plan in force has there.
    parts = {"offers": (offer(educators=named("E7", "E9")),), "educators": PEOPLE[:1] + PEOPLE[8:]}
    assert chosen(dataset(**parts)) == []
    row = Published(request="S1/first", offer="O1", pe="E9", status="proposed", standing="in_force")
    assert chosen(dataset(**parts, published=(row,))) == ["E1"]


def test_pools_are_beside_named_educators() -> None:
    entries = (
        *named("E1"),
        EducatorEntry(kind="tbc", qualification="PEPS1"),
        EducatorEntry(kind="own", qualification="trainee_1"),
    )
    data = dataset(offers=(offer(educators=entries),), educators=PEOPLE[:4])
    assert chosen(data) == ["E1", "TBC PEPS1@O1", "own trainee_1@O1"]
    # With E19 off the entries name nobody, but their pools exist.
    assert chosen(data, rules_off=("E19",)) == ["E1", "E3", "E4", "TBC PEPS1@O1", "own trainee_1@O1"]


def test_e11_exception_names_an_assessor() -> None:
    def final(assessor: str) -> Dataset:
        return dataset(
            **FINAL,
            history=(history(),),
            offers=(offer(educators=named("E1")),),
            educators=(educator(qualification="PEPS1"), educator("E2")),
            decisions=(decide("exception", rule="E11", request="S1/final", value=assessor),),
        )

    policy = Policy(as_of=MONDAY, tiers=("placed",))
    assert solve(final("E2"), policy).matches == (("S1/final", "O1", "E1"),)
    # A PE is not their own assessor.
    assert solve(final("E1"), policy).matches == ()


def test_e18_exception_for_one_educator_lifts_the_agency_for_that_one() -> None:
    data = dataset(
        history=(REPEAT,),
        educators=(educator(), educator("E2")),
        **excused("E18", "agency", pe="E2"),
    )
    assert chosen(data) == ["E2"]


def test_e04_estimates_exclude_only_beyond_one_and_a_half_times_the_limit() -> None:
    # One degree of latitude is 6371.0088 km x pi / 180 = 111.195 km, and 1.3 times that by road 144.554 km.
    # Public transport: 15 + 60 x 8 / 18 + 60 x 136.554 / 40 = 15 + 26.667 + 204.831 = 246.497, so 247 minutes.
    def apart(limit: int) -> int:
        data = dataset(
            places=(Place(place="P0", latitude=51.0, longitude=0.0), Place(place="P1", latitude=52.0, longitude=0.0)),
            travel=(),
        )
        return len(solve(data, Policy(as_of=MONDAY, tiers=("placed",), travel_limit=limit)).matches)

    # 1.5 x 164 = 246 < 247 <= 1.5 x 165 = 247.5.
    assert (apart(164), apart(165)) == (0, 1)


def test_e06_asks_no_agency_that_does_not_decide() -> None:
    waiting = solve(dataset(agencies=(agency(asks_decision=True),)), Policy(as_of=MONDAY, tiers=("placed", "firm")))
    assert [tier.value for tier in waiting.tiers] == [0, 1, 0, 1]
