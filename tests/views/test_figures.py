"""Monitored figures, firm and with provisional, by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from allocator.views.counts import educator_places, not_heard_from, offer_count, programme_rows, spare, waits_of
from allocator.views.facts import Facts
from allocator.views.figures import (
    Figure,
    figures,
    independents_of_year,
    stage_two,
    trainee_finals,
    waiting_requests,
)
from allocator.views.independents import by_definition
from allocator.views.past import PastYears, is_misnamed, past_words, why_beside_none
from allocator.views.share import Share
from allocator.views.year import Year, year_shown, year_words
from models.decisions import Decision
from models.entities import Commitment, Past, Published
from models.plan import ProvisionalCode, Waiting
from models.policy import Policy
from tests import builders as b
from tests.report.looking import POLICY, facts_of, match

PENDING = (Waiting(code=ProvisionalCode.READINESS, who="the university"),)


def finals(**changes: Any) -> Facts:
    """Five finals: S1 BA firm, S2 MSW provisional, S3 MSW firm outside, S4 Step Up firm, S5 apprentice not placed."""
    programmes = {"S1": "BA", "S2": "MSW", "S3": "MSW", "S4": "PgDip", "S5": "BA"}
    schemes: dict[str, Any] = {"S4": "step_up", "S5": "apprentice"}
    parts: dict[str, Any] = {
        "students": tuple(b.student(s, programme=p, scheme=schemes.get(s)) for s, p in programmes.items()),
        "requests": tuple(b.request(f"{s}/final") for s in programmes),
        "history": (b.history("S1"), b.history("S2", statutory_regulator="no"), b.history("S3"), b.history("S4")),
        "agencies": (b.agency("A"), b.agency("B", membership="outside")),
        "offers": (
            b.offer("O1", capacity=3),
            b.offer("O2", agency="B", statutory_regulator="no"),
        ),
        "educators": (
            b.educator("E1", load=2),
            b.educator("E2", qualification="trainee_2", practice_assessor="university", fall_back="E1"),
            b.educator("E3", employed_by="independent", team=None, serves=("B",)),
        ),
    }
    matches = (
        match("S1/final", "O1", "E1"),
        match("S2/final", "O1", "E2", waiting=PENDING),
        match("S3/final", "O2", "E3"),
        match("S4/final", "O1", "E1"),
    )
    policy = changes.pop("policy", POLICY)
    return facts_of(b.dataset(**parts | changes), *matches, policy=policy)


def by_title(facts: Facts, group: str = "BA, MSW and others") -> dict[str, Figure]:
    return {f.title: f for f in figures(Year(facts)) if f.group == group}


def test_partners_placements_firm_and_with_provisional() -> None:
    rows = by_title(finals())
    # BA and MSW: S1 and S2 at A (partner, statutory), S3 at B (outside). Firm: S1, S3.
    assert rows["Statutory placements provided by partners"].firm == Share(1, 2)
    assert rows["Statutory placements provided by partners"].all == Share(2, 3)
    assert rows["All placements provided by partners"].all == Share(2, 3)


def test_two_statutory_and_a_statutory_final_by_programme() -> None:
    rows = by_title(finals())
    assert rows["BA students with two statutory placements"].all == Share(1, 1)
    # MSW: S2's first was not statutory, S3's final is not: 0 of 2; a statutory final: S2.
    assert rows["MSW students with two statutory placements"].all == Share(0, 2)
    assert rows["MSW students with a statutory final"].all == Share(1, 2)
    assert rows["MSW students with a statutory final"].firm == Share(0, 2)
    # Of those placed alone: firm is S3 only, whose final is not statutory.
    assert rows["MSW students with a statutory final"].placed == (Share(0, 1), Share(1, 2))


def test_who_is_due_counts_placed_or_not_and_once() -> None:
    names = ("S1/final", "S2/final", "S3/final", "S4/final", "S4/final/2", "S5/final", "S6/final")
    dataset = b.dataset(
        tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later")),
        students=(
            *(b.student(f"S{n}", programme="BA") for n in range(1, 6)),
            b.student("S6", programme="BA", withdrawn=True),
        ),
        requests=tuple(
            b.request(n, attempt=2 if n.endswith("/2") else 1, tranche="T2" if n == "S5/final" else "T1") for n in names
        ),
        history=tuple(b.history(f"S{n}") for n in range(1, 7)),
        offers=(b.offer(capacity=4),),
        published=(
            Published(request="S4/final", offer="O1", standing="over", status="ended_early", start=date(2025, 10, 1)),
        ),
    )
    row = by_title(facts_of(dataset, match("S1/final"), match("S2/final")))["BA students with a statutory final"]
    # Due: S1, S2, S3 and S4, who repeats and counts once, by the attempt that is not placed; not S5 (next year), nor
    # S6, who has withdrawn. Placed: S1, S2.
    assert (row.all, row.placed) == (Share(2, 4), (Share(2, 2), Share(2, 2)))
    assert row.all_words == "50% (2 of 4); of those placed 100% (2 of 2)"


def test_the_partners_part_of_the_statutory_placements() -> None:
    # Statutory: S1 and S2 at A, a partner; S3's at B is not: all partners' and all of them.
    rows = by_title(finals())
    assert rows["Partners' part of the statutory placements"].all == Share(2, 2)
    # Were B's statutory too: 3 statutory, 2 of partners; B is outside.
    offers = (b.offer("O1", capacity=3), b.offer("O2", agency="B"))
    rows = by_title(finals(offers=offers))
    assert rows["Statutory placements provided by partners"].all == Share(2, 3)
    assert rows["Partners' part of the statutory placements"].all == Share(2, 3)


def test_the_policy_names_the_test_that_counts() -> None:
    policy = Policy(as_of=POLICY.as_of, statutory_test="dfe")
    # By the DfE's test every first and every offer is statutory.
    assert by_title(finals(policy=policy))["MSW students with two statutory placements"].all == Share(2, 2)


def test_independents_of_placements_and_of_people() -> None:
    rows = by_title(finals())
    assert rows["Placements with independent PEs"].all == Share(1, 3)
    # People: E1, E2, E3, of whom E3 is independent; firm: E1, E3.
    assert rows["Independent PEs, of the PEs used"].all == Share(1, 3)
    assert rows["Independent PEs, of the PEs used"].firm == Share(1, 2)


def test_step_up_and_apprentices_stand_apart() -> None:
    groups = {f.group for f in figures(Year(finals()))}
    assert groups == {"BA, MSW and others", "Step Up", "Apprentices"}
    # No apprentice is placed; one is due.
    assert by_title(finals(), "Apprentices")["Students with a statutory final"].all == Share(0, 1)
    assert by_title(finals(), "Step Up")["Students with two statutory placements"].all == Share(1, 1)


def test_past_years_stand_beside_the_figure_that_they_name() -> None:
    past = (
        Past(year="2019-20", measure="M02 BA two statutory", value=Decimal(48)),
        Past(year="2020-21", measure="m02 ba Two Statutory", value=Decimal(86), of=29, target=Decimal(90)),
        Past(year="2020-21", measure="M01", value=Decimal(80)),
        Past(year="2019-20", measure="M02 Step Up two statutory", value=Decimal(50)),
        Past(year="2019-20", measure="Statutory placements provided by partners", value=Decimal(1)),
    )
    rows = by_title(finals(past=past))
    words = [past_words(p, share=True) for p in rows["BA students with two statutory placements"].past]
    assert words == ["48%", "86% of 29"]
    # The measure's own words come before its title, and that before the rule's id, which means the first of its figures;
    # each year by itself, so that a year that is named otherwise than the next is not lost.
    assert [p and p.value for p in rows["Statutory placements provided by partners"].past] == [1, 80]
    assert rows["All placements provided by partners"].past == (None, None)
    step_up = by_title(finals(past=past), "Step Up")["Students with two statutory placements"]
    assert [p and p.value for p in step_up.past] == [50, None]
    assert all(f.past == () for f in figures(Year(finals())))


def test_a_measure_that_looks_like_a_rule_and_is_none_is_misnamed() -> None:
    names = ("M01", "m1", "M 2 BA", "M99", "M02 BA statutory", "Motorway placements", "Happy students", "M2024 intake")
    assert [is_misnamed(name) for name in names] == [True, True, True, True, True, False, False, False]


def test_a_measure_of_whom_nobody_is_this_year_is_not_said_to_be_misspelt() -> None:
    # M02 exists, and has no row in a year in which no BA student is due a final.
    assert "counts nobody this year" in why_beside_none("M02 BA two statutory")
    assert why_beside_none("M99") == "no figure is called so"
    assert why_beside_none("Happy students") == ""


def test_a_past_year_that_stands_beside_no_figure_is_a_measure_of_their_own() -> None:
    # 2019-20 stands twice, once by the measure's words; the other is not dropped.
    past = (
        Past(year="2019-20", measure="M01 statutory by partners", value=Decimal(68)),
        Past(year="2019-20", measure="M01", value=Decimal(70)), Past(year="2020-21", measure="M01", value=Decimal(80)),
    )  # fmt: skip
    facts = finals(past=past)
    shown = by_title(facts)["Statutory placements provided by partners"].past
    assert [p and p.value for p in shown] == [68, 80]
    assert PastYears(facts).others(p for f in figures(Year(facts)) for p in f.past) == ["M01"]
    assert PastYears(facts).others(past) == []


def test_finals_on_trainees_with_their_fall_back() -> None:
    facts = finals()
    assert [(m.request, fall_back) for m, fall_back in trainee_finals(facts)] == [("S2/final", "E1")]
    assert by_title(facts)["Finals that rest on trainees"].all == Share(1, 3)
    own = facts_of(b.dataset(requests=(b.request("S1/final"),)), match("S1/final", pe="own trainee_2@O1"))
    assert [fall_back for _, fall_back in trainee_finals(own)] == ["no fall-back"]


def test_the_year_counts_from_the_policys_first_day_and_leaves_other_years_out() -> None:
    facts = finals()
    assert year_words(year_shown(facts)) == "2025-26"  # T1 starts on 5 January 2026
    later = facts_of(
        b.dataset(
            tranches=(b.tranche(), b.tranche("T2", first_day=date(2026, 9, 7), status="later")),
            requests=(b.request(), b.request("S2/first", tranche="T2")),
            students=(b.student(), b.student("S2")),
            offers=(b.offer(), b.offer("O2", tranche="T2", earliest_start=date(2026, 9, 7))),
        ),
        match(),
        match("S2/first", "O2", start=date(2026, 9, 7), end=date(2026, 12, 11)),
    )
    # The second starts in 2026-27: one placement in the figures.
    assert by_title(later)["All placements provided by partners"].all == Share(1, 1)


def test_the_cap_of_the_year_counts_earlier_placements_and_leaves_exceptions_out() -> None:
    over = Published(request="S9/first", offer="O1", standing="over", pe="E3", status="ended", start=date(2025, 9, 15))
    extra: dict[str, Any] = {
        "students": tuple(b.student(f"S{n}") for n in (1, 2, 3, 4, 5, 9)),
        "requests": (*(b.request(f"S{n}/final") for n in range(1, 6)), b.request("S9/first")),
        "published": (over,),
    }
    policy = Policy(as_of=POLICY.as_of, placements_so_far=10, independents_so_far=2)
    # 4 matches + 1 published and over + 10 = 15; independents: S3 (E3), S9 (E3), + 2 = 4.
    assert independents_of_year(Year(finals(policy=policy, **extra))) == Share(4, 15)
    exception = Decision(decision="exception", id="D1", request="S3/final", rule="L07", by="lead", why="no other PE")
    assert independents_of_year(Year(finals(policy=policy, decisions=(exception,), **extra))) == Share(3, 15)
    # S99 is on no sheet any more (E3); an employer found S9's, confirmed: 4 + 2 + 10 = 16; S3, S99, + 2 = 4 independents.
    gone = over.model_copy(update={"request": "S99/first"})
    theirs = Published(request="S9/first", offer="O1", standing="kept", status="confirmed", start=date(2026, 1, 5))
    found = b.request("S9/first", found_by="employer")
    more = extra | {"requests": (*extra["requests"][:-1], found), "published": (gone, theirs)}
    assert independents_of_year(Year(finals(policy=policy, **more))) == Share(4, 16)
    # What is not in Published is of today's year: on 31 August of 2024-25, and the year shown is 2025-26.
    before = Policy(as_of=date(2025, 8, 31), placements_so_far=10, independents_so_far=2)
    assert independents_of_year(Year(finals(policy=before, **extra))) == Share(2, 5)


def test_pes_at_stage_two() -> None:
    # E1 and E3 are PEPS2, E2 is a trainee; a withdrawn one does not count.
    assert stage_two(finals()) == Share(2, 3)
    gone = (b.educator("E1"), b.educator("E2", withdrawn_from=date(2025, 12, 1)))
    assert stage_two(facts_of(b.dataset(educators=gone))) == Share(1, 1)


def test_who_qualifies_before_the_start_is_no_trainee() -> None:
    def facts(on: date) -> Facts:
        educators = (
            b.educator("E1", load=2),
            b.educator("E2", qualification="trainee_2", practice_assessor="E1", qualifies_on=on, becomes="PEPS2"),
        )
        return finals(educators=educators)

    # S2's final with E2 starts on 5 January 2026; today is 21 November 2025.
    assert by_title(facts(date(2026, 1, 6)))["Finals that rest on trainees"].all.part == 1
    assert by_title(facts(date(2026, 1, 5)))["Finals that rest on trainees"].all.part == 0
    assert [stage_two(facts(day)) for day in (date(2025, 11, 22), date(2025, 11, 21))] == [Share(1, 2), Share(2, 2)]


def test_waiting_requests_longest_first_and_displaced_ones() -> None:
    dataset = b.dataset(
        students=(
            b.student("S1", waiting_since=date(2025, 9, 1)),
            b.student("S2", waiting_since=date(2025, 5, 1)),
            b.student("S3"),
        ),
        requests=(b.request(), b.request("S2/first"), b.request("S3/first", displaced=True)),
    )
    rows = [(r.request, since, result) for r, since, result in waiting_requests(facts_of(dataset, match()))]
    assert rows == [
        ("S2/first", date(2025, 5, 1), "not placed"),
        ("S1/first", date(2025, 9, 1), "firm"),
        ("S3/first", None, "not placed"),
    ]


def test_requests_by_programme() -> None:
    rows = {(r.group, r.stage): r for r in programme_rows(finals())}
    assert list(rows) == [("BA", "final"), ("MSW", "final"), ("Apprentices", "final"), ("Step Up", "final")]
    msw = rows["MSW", "final"]
    # S2 provisional at A, S3 firm at B, which is outside.
    assert (msw.to_place, msw.firm, msw.provisional, msw.none, msw.outside) == (2, 1, 1, 0, 1)
    assert msw.waits == "readiness pending 1"
    assert rows["Apprentices", "final"].none == 1


def test_a_row_names_the_three_most_frequent_reasons() -> None:
    codes = (ProvisionalCode.READINESS, ProvisionalCode.CLEARANCE, ProvisionalCode.MEASURE, ProvisionalCode.TO_ASK)
    facts = facts_of(b.dataset(), match(waiting=tuple(Waiting(code=c) for c in codes)))
    assert programme_rows(facts)[0].waits == ("agency to ask 1; clearance pending 1; readiness pending 1")
    assert waits_of(facts, facts.matches).endswith("; travel to be measured 1")


def test_late_means_after_the_first_working_day_of_the_tranche() -> None:
    dataset = b.dataset(bank_holidays=(date(2026, 1, 5),))
    # With Monday a bank holiday the first working day is Tuesday 6 January.
    on_time = facts_of(dataset, match(start=date(2026, 1, 6)))
    late = facts_of(dataset, match(start=date(2026, 1, 7)))
    assert [programme_rows(f)[0].late for f in (on_time, late)] == [0, 1]


def test_a_match_without_a_pe_is_provisional() -> None:
    for pe in (None, "PE needed", "TBC@O1"):
        row = programme_rows(facts_of(b.dataset(), match(pe=pe)))[0]
        assert (row.provisional, row.waits) == (1, "PE to be named 1")
    assert programme_rows(facts_of(b.dataset(), match(pe="own PEPS2@O1")))[0].firm == 1


def test_offers_are_counted_in_places() -> None:
    offers = (
        b.offer("O1", capacity=3),
        b.offer("O2", state="forecast"),
        b.offer("O3", withdrawn=True, capacity=2),
        b.offer("O4", reserved_for="BA", reserved_until=date(2025, 11, 21)),
        b.offer("O5", reserved_for="BA", reserved_until=date(2025, 11, 20)),  # released since yesterday
    )
    count = offer_count(facts_of(b.dataset(offers=offers), match()), offers)
    # Standing: 3 + 1 + 1 + 1 = 6 places, 5 firm, 1 forecast; used 1, unused 5; withdrawn 2.
    assert count == (6, 5, 1, 1, 1, 5, 2)
    # Two more are held by decision at O1, and one at O4, whose place is reserved already: 1 + 2 held.
    held = (("O1", 2), ("O4", 1))
    holds = tuple(Decision(decision="hold", id=f"D{o}", offer=o, places=n) for o, n in held)
    assert offer_count(facts_of(b.dataset(offers=offers, decisions=holds), match()), offers).held == 3


def test_spare_is_the_load_less_students_and_commitments_at_once() -> None:
    educator = b.educator("E1", load=4)
    dataset = b.dataset(
        students=(b.student("S1"), b.student("S2")),
        requests=(b.request(), b.request("S2/first")),
        offers=(b.offer(capacity=2),),
        educators=(educator,),
        commitments=(Commitment(pe="E1", number=1, first_day=date(2026, 2, 2)),),
    )
    # At once: S1 and S2 one after the other count 1, together 2; one commitment from February.
    apart = facts_of(dataset, match(), match("S2/first", start=date(2026, 6, 1), end=date(2026, 9, 4)))
    together = facts_of(dataset, match(), match("S2/first"))
    assert [spare(f, educator) for f in (apart, together)] == [4 - 1 - 1, 4 - 2 - 1]
    assert educator_places(together) == [("PEPS2", "in a team", 1, 1, 1)]


def test_agencies_not_heard_from_are_partners_without_answer_and_without_offer() -> None:
    agencies = (
        b.agency("A"),  # offers
        b.agency("B").model_copy(update={"name": "Borough B"}),
        b.agency("C", heard_from=date(2025, 10, 1)),
        b.agency("D", membership="outside"),
    )
    assert not_heard_from(facts_of(b.dataset(agencies=agencies))) == ["Borough B"]


def test_independents_by_every_definition_and_which_one_the_cap_binds() -> None:
    facts = finals()
    rows = {row.words: row for row in by_definition(facts, facts.matches)}
    # S1 and S4 with E1, S2 with E2, all in the team at A; S3 at B, which is no member, with E3, an independent.
    assert {words: row.placements for words, row in rows.items() if row.placements.part} == dict.fromkeys(
        (
            "independents and the partnership's practice consultants",
            "independents",
            "PEs who are not in the team",
            "PEs whom no member employs (yearly return)",
        ),
        Share(1, 4),
    )
    assert rows["independents"].people == Share(1, 3)
    assert [row.words for row in rows.values() if row.binds] == [
        "independents and the partnership's practice consultants"
    ]
    assert rows["PEs of agencies that are no members"].placements == Share(0, 4)


def test_a_definition_of_ones_own_stands_first_and_binds() -> None:
    facts = finals(policy=Policy(as_of=POLICY.as_of, independent_counts=("off_site", "outside")))
    first = by_definition(facts, facts.matches)[0]
    assert first.words == "PEs of agencies that are no members and PEs who are not in the team"
    assert first.binds
    assert by_title(facts)["Placements with independent PEs"].all == Share(1, 3)
