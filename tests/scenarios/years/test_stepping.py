"""One year's register to the next: six students, four PEs, every number by hand."""

from datetime import date
from typing import Any

import pytest

from allocator.pipeline import allocate
from allocator.reading.reader import register_of
from allocator.settling.settling import settle
from allocator.views.facts import Facts
from models.register import Page, Register
from scenarios.running import Base, Bench
from scenarios.years.lines import YEAR
from scenarios.years.pattern import Pattern
from scenarios.years.rates import Rates
from scenarios.years.stepping import Stepped, next_year
from tests.scenarios.partnership import TODAY, Sheets

ALL_WELL = Rates(ready=100, passed=100, children_leave=0, adults_leave=0, on_to_peps2=0)
PASSED = {"clearance": "passed", "readiness": "passed", "home": "CR0"}


def small(**changes: Any) -> Sheets:
    """January is decided, May comes later, next January's finals are asked for already.

    S1 and S2 (BA): first in January, final in May. S3, S4 (MSW): first in May, final next January. S5, S6 (MSW): final
    in January. Every student has an offer that fits: 2 firsts and 2 finals in January, 2 firsts and 2 finals in May.
    P1 and P2 are PEPS2; T1 trains for PEPS1, N is PEPS1.
    """
    made: Sheets = {
        "Tranches": [
            {"tranche": "JAN27", "first_day": "2027-01-04", "last_end": "2027-07-30", "status": "deciding"},
            {"tranche": "MAY27", "first_day": "2027-05-31", "last_end": "2027-12-17", "status": "later"},
            {"tranche": "JAN28", "first_day": "2028-01-03", "last_end": "2028-07-28", "status": "later"},
        ],
        "Students": [{"student": f"S{n}", "programme": "BA" if n < 3 else "MSW"} | PASSED for n in range(1, 7)],
        "Requests": [
            *({"student": s, "stage": stage, "tranche": t} for s in ("S1", "S2") for stage, t in (("first", "JAN27"), ("final", "MAY27"))),
            *({"student": s, "stage": stage, "tranche": t} for s in ("S3", "S4") for stage, t in (("first", "MAY27"), ("final", "JAN28"))),
            *({"student": s, "stage": "final", "tranche": "JAN27"} for s in ("S5", "S6")),
        ],
        "History": [{"student": s, "stage": "first", "agency": "C", "team": "Z", "areas": "older adults", "statutory_regulator": "yes"} for s in ("S5", "S6")],
        "Agencies": [
            {"agency": "A", "kind": "authority", "membership": "primary", "directorate": "children"},
            {"agency": "B", "kind": "trust", "membership": "primary", "directorate": "adults"},
        ],
        "Teams": [
            {"agency": a, "team": "X", "place": "CR0", "areas": area, "statutory_regulator": "yes", "statutory_dfe": "yes"}
            for a, area in (("A", "children"), ("B", "adults"))
        ] + [
            {"agency": "A", "team": "Y", "place": "CR0", "areas": "youth justice", "statutory_regulator": "yes", "statutory_dfe": "yes"},
        ],
        "Offers": [
            {"offer": "O1", "agency": "A", "team": "X", "tranche": "JAN27", "stage": "final", "capacity": 2, "educators": "P1"},
            {"offer": "O2", "agency": "B", "team": "X", "tranche": "JAN27", "stage": "first", "capacity": 2, "educators": "P2; T1"},
            {"offer": "O3", "agency": "A", "team": "Y", "tranche": "MAY27", "stage": "first", "capacity": 2, "educators": "N"},
            {"offer": "O4", "agency": "A", "team": "X", "tranche": "MAY27", "stage": "final", "capacity": 2, "educators": "P1"},
            {"offer": "O5", "agency": "B", "team": "X", "tranche": "JAN28", "stage": "final", "capacity": 2, "educators": "P2", "state": "forecast"},
        ],
        "Educators": [
            {"pe": "P1", "employed_by": "A", "team": "X", "qualification": "PEPS2", "load": 2, "registered": "yes", "current_until": "2035-01-01"},
            {"pe": "P2", "employed_by": "B", "team": "X", "qualification": "PEPS2", "load": 2, "registered": "yes", "current_until": "2035-01-01"},
            {"pe": "T1", "employed_by": "B", "team": "X", "qualification": "trainee_1", "practice_assessor": "P2", "registered": "yes", "needs_student_by": "2027-03-01"},
            {"pe": "N", "employed_by": "A", "team": "Y", "qualification": "PEPS1", "load": 2, "registered": "yes", "current_until": "2035-01-01"},
        ],
    }  # fmt: skip
    return made | changes


def stepped(rates: Rates = ALL_WELL, seed: int = 1, **changes: Any) -> Stepped:
    return after(register_of(small(**changes)), rates, seed)[0]


def after(register: Register, rates: Rates, seed: int) -> tuple[Stepped, Facts]:
    bench = Bench(Base("small", register, {}, TODAY))
    outcome = allocate(bench.reading.dataset, bench.reading.policy)
    assert outcome.check.passed
    facts = Facts(bench.reading.dataset, outcome.plan.policy, outcome.plan)
    return next_year(Pattern(bench.register, bench.reading.dataset), bench.register, facts, 0, rates, seed), facts


def asked(made: Stepped) -> list[tuple[str, str, str]]:
    """Student, stage, round of what is asked for in rounds to come."""
    past = {r.values["tranche"] for r in made.register.pages["Tranches"].rows if r.values["status"] == "past"}
    return [
        (r.values["student"], r.values["stage"], r.values["tranche"])
        for r in made.register.pages["Requests"].rows if r.values["tranche"] not in past
    ]  # fmt: skip


def column(made: Stepped, sheet: str, *columns: str) -> list[Any]:
    rows = made.register.pages.get(sheet, Page(sheet)).rows
    return [tuple(r.get(c) for c in columns) if len(columns) > 1 else r.get(columns[0]) for r in rows]


def there(made: Stepped) -> set[str]:
    return {pe for pe, last in column(made, "Educators", "pe", "leaves_on") if last is None}


def test_where_all_goes_well_everybody_moves_on() -> None:
    # All ten requests but next January's two finals are of this year: 8 due, 8 placed (see the docstring of small).
    made, facts = after(register_of(small()), ALL_WELL, 1)
    assert len(facts.match_of) == 10
    # S1, S2 (May) and S5, S6 (January) pass their finals; S3 and S4 go on; copies of S1 to S4, who had firsts, come.
    assert made.flow == (4, 0, 0, 0, 4, 0, 0)
    assert asked(made) == [
        ("S1~1", "final", "MAY28"), ("S1~1", "first", "JAN28"), ("S2~1", "final", "MAY28"), ("S2~1", "first", "JAN28"),
        ("S3", "final", "JAN28"), ("S3~1", "final", "JAN29"), ("S3~1", "first", "MAY28"),
        ("S4", "final", "JAN28"), ("S4~1", "final", "JAN29"), ("S4~1", "first", "MAY28"),
    ]  # fmt: skip
    # S3's and S4's firsts in May are history (70 days from 31 May 2027 end in September)
    assert [h for h in column(made, "History", "student", "stage", "agency", "outcome") if h[0] in ("S3", "S4")] == [
        ("S3", "first", "A", "passed"), ("S4", "first", "A", "passed"),
    ]  # fmt: skip


def test_rounds_offers_and_the_day_are_364_days_later() -> None:
    made = stepped()
    assert column(made, "Tranches", "tranche", "status", "first_day")[-3:] == [
        ("JAN28", "deciding", date(2028, 1, 3)), ("MAY28", "later", date(2028, 5, 29)), ("JAN29", "later", date(2029, 1, 1)),
    ]  # fmt: skip
    # JAN28 has what January has now, not the one forecast that is listed for it, which is JAN29's
    offers = [o for o in column(made, "Offers", "offer", "tranche", "capacity") if "~" in o[0]]
    assert offers == [
        ("O1~1", "JAN28", 2), ("O2~1", "JAN28", 2), ("O3~1", "MAY28", 2), ("O4~1", "MAY28", 2), ("O5~1", "JAN29", 2),
    ]  # fmt: skip
    assert {r.get("setting"): r.get("value") for r in made.register.pages["Policy"].rows} == {"as_of": TODAY + YEAR}


def test_placements_that_still_run_or_count_in_the_year_stay_and_others_do_not() -> None:
    # On 30 November 2027 S1's and S2's finals of May (100 days from 31 May end in October) are over, and began in the
    # academic year before that of JAN28: nothing is kept.
    assert column(stepped(), "Published", "request") == []
    # A May that begins on 19 July 2027: 100 days end in December, so that they run; the round is past, the offer listed.
    late = [
        {**t, "first_day": "2027-07-19", "last_end": "2027-12-31"} if t["tranche"] == "MAY27" else t
        for t in small()["Tranches"]
    ]
    made = stepped(Tranches=late)
    assert column(made, "Published", "request", "offer", "status") == [
        ("S1/final", "O4", "started"), ("S2/final", "O4", "started"),
    ]  # fmt: skip
    assert "O4" in column(made, "Offers", "offer")
    read = settle(made.register, {}, TODAY + YEAR).dataset
    assert {p.request: p.standing for p in read.published} == {"S1/final": "over", "S2/final": "over"}
    assert not [i for i in read.issues if i.sheet == "Published"]


def test_trainees_with_a_student_qualify_and_others_begin() -> None:
    # T1 has S1 or S2 (the tier for trainees who need a student): PEPS1. One new trainee, as T1; N has students in May.
    made = stepped()
    pes = dict(column(made, "Educators", "pe", "qualification"))
    assert pes == {"P1": "PEPS2", "P2": "PEPS2", "T1": "PEPS1", "N": "PEPS1", "T1~1": "trainee_1"}
    assert (made.educators.left, made.educators.to_peps1, made.educators.began_peps1) == (0, 1, 1)
    # who is like T1 is named where T1 is, and needs a student 364 days later
    offers = dict(column(made, "Offers", "offer", "educators"))
    assert offers["O2~1"] == ("P2", "T1", "T1~1")
    new = next(r for r in made.register.pages["Educators"].rows if r.values["pe"] == "T1~1")
    assert new.values["needs_student_by"] == date(2027, 3, 1) + YEAR


def test_pes_leave_at_the_rates_of_their_services() -> None:
    # Children's: P1, N; adults': P2, T1. Half of each leave: 1 + 1. None trains on: 4 - 2 and a new trainee are 3.
    made = stepped(Rates(ready=100, passed=100, children_leave=50, adults_leave=50, on_to_peps2=0))
    assert made.educators.left == 2
    assert len(there(made)) == 3
    gone = {"P1", "P2", "T1", "N"} - there(made)
    assert len(gone & {"P1", "N"}) == len(gone & {"P2", "T1"}) == 1
    named = {name for one in column(made, "Offers", "educators") for name in one or ()}
    assert not named & gone
    # who has said so goes first: N, so that P1 stays
    leaving = [{**pe, "leaves_on": "2027-08-31"} if pe["pe"] == "N" else pe for pe in small()["Educators"]]
    sure = stepped(Rates(ready=100, passed=100, children_leave=50, adults_leave=0, on_to_peps2=0), Educators=leaving)
    assert there(sure) == {"P1", "P2", "T1", "T1~1"}
    # and stays listed, so that A's PEs are known as before
    assert ("N", date(2027, 8, 31)) in column(sure, "Educators", "pe", "leaves_on")


def test_peps1_go_on_to_train_for_peps2() -> None:
    # All PEPS1 of today (N; T1 becomes one this year) go on: trainee_2, assessed by the university.
    made = stepped(ALL_WELL.model_copy(update={"on_to_peps2": 100}))
    rows = {r.values["pe"]: r for r in made.register.pages["Educators"].rows}
    assert (rows["N"].values["qualification"], rows["N"].values["practice_assessor"]) == ("trainee_2", "university")
    assert rows["T1"].values["qualification"] == "PEPS1"
    assert made.educators.began_peps2 == 1


def test_who_assesses_a_trainee_may_still_assess_or_is_named_anew() -> None:
    # P2 is current until 2035: T1 has no student here (no firsts in January), and keeps P2. P2's last student was in
    # July 2026, and 24 months later is July 2028, before the last round of next year (January 2029): named anew, for the
    # new trainee, too. Neither has the finals that they offer.
    def assessors(**p2: Any) -> dict[str, Any]:
        pes = [{**pe, **p2} if pe["pe"] == "P2" else pe for pe in small()["Educators"]]
        asked_now = [r for r in small()["Requests"] if r["student"] in ("S5", "S6")]
        rows = column(stepped(Educators=pes, Requests=asked_now), "Educators", "pe", "practice_assessor")
        return {pe: assessor for pe, assessor in rows if pe.startswith("T1")}

    assert assessors() == {"T1": "P2", "T1~1": "P2"}
    assert assessors(current_until=None, last_student="2026-07-31") == {"T1": None, "T1~1": None}


def test_who_fails_repeats_once() -> None:
    # Nobody passes. The firsts of S1 to S4 are failed, so the finals of S1 and S2 in May are not begun; S5 and S6 fail
    # their finals: 6 failed. All have a second attempt: BA firsts in JAN28, MSW firsts in MAY28, finals in JAN28.
    made = stepped(ALL_WELL.model_copy(update={"passed": 0}))
    assert made.flow == (4, 0, 6, 0, 0, 0, 0)
    own = [a for a in asked(made) if "~" not in a[0]]
    assert own == [
        ("S1", "final", "MAY28"), ("S1", "first", "JAN28"), ("S2", "final", "MAY28"), ("S2", "first", "JAN28"),
        ("S3", "final", "JAN29"), ("S3", "first", "MAY28"), ("S4", "final", "JAN29"), ("S4", "first", "MAY28"),
        ("S5", "final", "JAN28"), ("S6", "final", "JAN28"),
    ]  # fmt: skip
    repeats = [r.values for r in made.register.pages["Requests"].rows if r.values["student"] == "S5"]
    assert [(r["attempt"], r["repeat"]) for r in repeats] == [(2, "yes")]
    # a second failure is the last
    again = small()
    again["Requests"] = [{**r, "attempt": 2} if r["student"] == "S5" else r for r in again["Requests"]]
    made = stepped(ALL_WELL.model_copy(update={"passed": 0}), Requests=again["Requests"])
    assert made.flow.gave_up == 1
    assert "S5" not in column(made, "Students", "student")


def test_who_is_not_placed_waits_for_the_next_round_of_the_programme() -> None:
    # January has one final: one of S5 and S6 waits for JAN28, since today.
    offers = [{**o, "capacity": 1} if o["offer"] == "O1" else o for o in small()["Offers"]]
    made = stepped(Offers=offers)
    assert made.flow.waiting == 1
    (name,) = [a[0] for a in asked(made) if a[0] in ("S5", "S6")]
    assert asked(made).count((name, "final", "JAN28")) == 1
    row = next(r for r in made.register.pages["Students"].rows if r.values["student"] == name)
    assert row.values["waiting_since"] == TODAY


def test_who_is_not_ready_has_the_first_a_round_later() -> None:
    # Nobody is ready: BA firsts are in January alone, MSW ones in May alone, so all four of the new are a year later.
    made = stepped(ALL_WELL.model_copy(update={"ready": 0}))
    assert made.flow[:2] == (4, 4)
    new = [a for a in asked(made) if "~" in a[0]]
    assert ("S1~1", "first", "JAN29") in new
    assert ("S1~1", "final", "MAY29") in new
    assert ("S3~1", "first", "MAY29") in new


@pytest.mark.parametrize(("intake", "admitted"), [(50, 2), (100, 4), (150, 6), (0, 0)])
def test_the_intake_is_so_many_percent_of_this_years(intake: float, admitted: int) -> None:
    made = stepped(ALL_WELL.model_copy(update={"intake": intake}))
    assert made.flow.admitted == admitted
    names = column(made, "Students", "student")
    assert sum("~" in name for name in names) == admitted
    assert len(names) == len(set(names))


def test_who_asks_for_a_first_alone_asks_for_the_final_that_others_like_them_have_now() -> None:
    # S1 has no final yet. Finals alone are those of other BA students: S7 in January. S1's is in JAN28.
    changed = small()
    changed["Requests"] = [r for r in changed["Requests"] if (r["student"], r["stage"]) != ("S1", "final")]
    changed["Requests"].append({"student": "S7", "stage": "final", "tranche": "JAN27"})
    changed["Students"].append({"student": "S7", "programme": "BA"} | PASSED)
    made = after(register_of(changed), ALL_WELL, 1)[0]
    assert [a for a in asked(made) if a[0] == "S1"] == [("S1", "final", "JAN28")]
    # and where nobody like them has a final none is due: firsts alone are asked for
    changed["Requests"] = [r for r in changed["Requests"] if r["stage"] == "first"]
    assert after(register_of(changed), ALL_WELL, 1)[0].flow.no_final == 4


def test_decisions_about_what_is_over_are_over() -> None:
    decisions = [
        {"decision": "do_not_match", "request": "S3/final", "pe": "P2", "by": "lead", "on": "2026-11-20"},
        {"decision": "do_not_match", "request": "S5/final", "pe": "P2", "by": "lead", "on": "2026-11-20"},
        {"decision": "do_not_match", "request": "S4/final", "offer": "O5", "by": "lead", "on": "2026-11-20"},
    ]  # fmt: skip
    assert column(stepped(Decisions=decisions), "Decisions", "request") == ["S3/final"]


def test_who_withdrew_does_not_come_back_and_a_place_that_is_agreed_ahead_stays_agreed() -> None:
    # S5 withdraws: 3 students finish. S3's final of JAN28 is confirmed at O5, which takes nobody else.
    made = stepped(
        Decisions=[
            {"decision": "withdraw", "about": "student", "request": "S5/final", "by": "lead", "on": "2026-11-20"}
        ],
        Published=[{"request": "S3/final", "offer": "O5", "pe": "P2", "status": "confirmed"}],
    )
    assert "S5" not in column(made, "Students", "student")
    assert made.flow.finished == 3
    assert column(made, "Published", "request", "offer") == [("S3/final", "O5")]
    assert ("O5", "JAN28", 1) in column(made, "Offers", "offer", "tranche", "capacity")
    assert settle(made.register, {}, TODAY + YEAR).dataset.published[0].standing == "kept"


def test_what_is_kept_for_a_student_or_ranked_by_one_is_over() -> None:
    offers = [{**o, "reserved_for": "S5"} if o["offer"] == "O1" else o for o in small()["Offers"]]
    students = [{**s, "ranked_offers": "O5"} if s["student"] == "S3" else s for s in small()["Students"]]
    made = stepped(Offers=offers, Students=students)
    assert {o: r for o, r in column(made, "Offers", "offer", "reserved_for") if r} == {}
    assert [r for r in column(made, "Students", "ranked_offers") if r] == []


def test_the_same_seed_gives_the_same_year_and_another_another() -> None:
    rates = Rates(ready=50, passed=50, children_leave=50, adults_leave=50)
    assert stepped(rates).register == stepped(rates).register
    assert any(stepped(rates, seed).register != stepped(rates).register for seed in range(2, 6))
