"""Faults that were found once, each as the smallest partnership that showed it."""

import random
from datetime import date
from typing import Any

import numpy as np
import pytest

from allocator import reference
from allocator.engine import highs
from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.formulation.program import Program
from allocator.pipeline import allocate
from models.base import PE_NEEDED
from models.dataset import Dataset
from models.entities import EducatorEntry, Published
from models.plan import ProvisionalCode
from models.policy import Policy
from models.run import Limits
from tests import builders as b
from tests.agreement import compare
from tests.engine.partnerships import firsts
from tests.rules.case import LAST_FRIDAY, decision, exception, policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, final_place
from tests.strategies import generate, larger


def values(data: Dataset, settings: Policy | None = None) -> dict[str, int]:
    """Values of every tier, all of them proved."""
    tiers = allocate(data, settings or policy()).plan.tiers
    assert all(t.proved for t in tiers)
    return {t.tier: t.value for t in tiers}


def all_agree(data: Dataset, settings: Policy | None = None) -> bool:
    """Whether engine, reference, checker and brute force see the same."""
    return compare(data, settings or policy(), random.Random(1)) == []


def row(request: str, offer: str, standing: str, **changes: Any) -> Published:
    return Published(**{"request": request, "offer": offer, "standing": standing, "pe": "E1"} | changes)


def test_a_student_with_two_open_requests_is_complete_and_can_be_named() -> None:
    # "complete" counts paths there; when the PEs were named, the paths of the pairs left had to count the same.
    data = b.dataset(
        requests=BOTH_REQUESTS, offers=(b.offer("O1"), final_place("O2")),
        educators=(*EDUCATORS, b.educator("E3"), b.educator("E4", team="Y")),
    )  # fmt: skip
    plan = allocate(data, policy()).plan
    assert [(m.request, m.offer, m.pe) for m in plan.matches] == [("S1/first", "O1", "E1"), ("S1/final", "O2", "E2")]
    assert values(data)["complete"] == 1
    assert all_agree(data)


def test_an_empty_partnership_with_greedy_preferences_has_no_bands() -> None:
    settings = policy(preference_order="greedy")
    assert [name for name in values(Dataset(), settings) if name.startswith("preferences")] == []
    # One student is enough for five.
    assert len([name for name in values(b.dataset(), settings) if name.startswith("preferences")]) == 5


@pytest.mark.parametrize("most", [0, 1])
def test_the_published_match_of_a_request_set_aside_is_no_change(most: int) -> None:
    data = b.dataset(requests=(b.request(set_aside="unreadable"),), published=(row("S1/first", "O1", "in_force"),))
    assert values(data, policy(max_changes=most))["changes.offers"] == 0
    assert all_agree(data, policy(max_changes=most))


def test_a_request_that_a_fix_sends_elsewhere_is_no_change() -> None:
    data = b.dataset(
        offers=(b.offer("O1"), b.offer("O2")), decisions=(decision("fix", request="S1/first", offer="O2"),),
        published=(row("S1/first", "O1", "in_force"),),
    )  # fmt: skip
    assert values(data)["changes.offers"] == 0  # and max_changes is 0: counted, it would be a clash
    assert all_agree(data)


def test_a_final_on_no_pe_is_better_than_one_on_a_trainee_too_many() -> None:
    # Kept, its PE is gone, and only a stage 2 trainee reaches it. 1 final, 30% of 1 is 0: with the trainee
    # trainee_finals is 1 and own_educators 0; with "PE needed" 0 and 4. Whichever tier comes first decides.
    data = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(),), published=(row("S1/final", "O1", "kept", pe="E9"),),
        educators=(b.educator("E2", qualification="trainee_2", practice_assessor="university"),),
    )  # fmt: skip
    trainees_first = policy(tiers=("placed", "trainee_finals", "own_educators"))
    named = {t.tier: t.value for t in allocate(data, trainees_first).plan.tiers}
    assert (named["trainee_finals"], named["own_educators"]) == (0, 4)
    assert [m.pe for m in allocate(data, trainees_first).plan.matches] == [PE_NEEDED]
    # By default own educators, and before them firm (PE needed waits), come first.
    assert [m.pe for m in allocate(data, policy()).plan.matches] == ["E2"]
    assert values(data)["trainee_finals"] == 1
    assert all_agree(data)
    assert all_agree(data, trainees_first)


def test_unknown_travel_of_a_locked_request_is_to_be_measured() -> None:
    # Locked: the policy's limit is not for it, so no minutes exclude; but nothing is known, and somebody has to measure.
    data = b.dataset(requests=(b.request(locked_agencies=("A",)),), travel=())
    [match] = allocate(data, policy()).plan.matches
    assert [w.code for w in match.waiting] == [ProvisionalCode.MEASURE]
    assert values(data)["firm"] == 1
    assert all_agree(data)


def test_a_kept_match_without_a_pe_waits_for_the_supervisor_too_and_counts_once() -> None:
    data = b.dataset(
        published=(row("S1/first", "O1", "kept", pe="E9"),), offers=(b.offer(on_site_supervisor="to_be_named"),),
        educators=(b.educator(registered="no"),),
    )  # fmt: skip
    [match] = allocate(data, policy()).plan.matches
    assert match.pe == PE_NEEDED
    assert [w.code for w in match.waiting] == [ProvisionalCode.EDUCATOR, ProvisionalCode.SUPERVISOR]
    assert values(data)["firm"] == 1
    assert all_agree(data)


@pytest.mark.parametrize("work", [3, 0, 5])
def test_a_stopped_run_states_exactly_what_its_matches_are_worth(work: int) -> None:
    # Columns of shortfalls were left greater than they need be, and the values stated with them.
    stopped = 0
    for data, settings in (*map(generate, range(1, 41)), *map(larger, range(1, 16))):
        outcome = allocate(data, settings, limits=Limits(work=work))
        assert outcome.check.passed
        if outcome.plan.clash is None:
            assert [t.value for t in outcome.plan.tiers] == [t.value for t in outcome.check.tiers]
        stopped += outcome.plan.stopped is not None
    assert stopped > 10  # so many have more to do than that


def test_with_l02_off_places_do_not_bound_what_pools_take() -> None:
    # One place, but the rule is off: E1 takes three (E2, elsewhere in the agency, could take one).
    data = b.dataset(educators=(b.educator("E1", load=3), b.educator("E2", team=None)), **firsts(3))
    settings = policy(rules_off=("L02",))
    assert values(data, settings)["placed.firsts"] == 3
    assert [m.pe for m in allocate(data, settings).plan.matches] == ["E1", "E1", "E1"]
    assert all_agree(data, settings)


def test_a_kept_match_stays_though_its_row_was_set_aside() -> None:
    data = b.dataset(requests=(b.request(set_aside="unreadable"),), published=(row("S1/first", "O1", "kept"),))
    assert [m.request for m in allocate(data, policy()).plan.matches] == ["S1/first"]


def test_two_different_fixes_of_one_request_are_both_set_aside() -> None:
    fixes = tuple(decision("fix", f"D{i}", request="S1/first", offer=f"O{i}") for i in (1, 2))
    plan = allocate(b.dataset(offers=(b.offer("O1"), b.offer("O2")), decisions=fixes), policy()).plan
    assert (plan.matches, plan.fixes_set_aside) == ((), ("S1/first",))
    # The reason names the contradiction, not a rule that O1 would break.
    assert "not listed" not in plan.unplaced[0].reason


def test_the_same_fix_twice_is_one_fix() -> None:
    fixes = tuple(decision("fix", f"D{i}", request="S1/first", offer="O2") for i in (1, 2))
    plan = allocate(b.dataset(offers=(b.offer("O1"), b.offer("O2")), decisions=fixes), policy()).plan
    assert [m.offer for m in plan.matches] == ["O2"]


def test_a_pe_of_a_fix_at_the_published_offer_is_no_change() -> None:
    data = b.dataset(
        educators=(b.educator("E1"), b.educator("E2")), published=(row("S1/first", "O1", "in_force"),),
        decisions=(decision("fix", request="S1/first", offer="O1", pe="E2"),),
    )  # fmt: skip
    assert values(data)["changes.educators"] == 0
    assert all_agree(data)


def test_offers_of_past_tranches_ask_for_nothing() -> None:
    past = b.offer("O2", tranche="T0", minimum=1, minimum_kind="always")
    data = b.dataset(tranches=(b.tranche("T0", status="past"), b.tranche()), offers=(b.offer(), past))
    outcome = allocate(data, policy())
    assert outcome.plan.clash is None
    assert outcome.check.passed
    assert reference.solve(data, policy()).status == "optimal"


def test_a_program_without_columns_and_with_an_impossible_row_is_a_clash() -> None:
    # Nobody may be placed at all, so there is no column; HiGHS calls an empty model optimal whatever its rows say.
    data = b.dataset(offers=(b.offer(minimum=1, minimum_kind="always", stage="final"),))
    clash = allocate(data, policy(tiers=("placed",))).plan.clash
    assert clash is not None
    assert [(m.rule, m.subject) for m in clash.members] == [("L10", "O1")]


def test_an_empty_program_has_a_solution() -> None:
    found = highs.search(Face.of(Program()), np.zeros(0), None, Budget(Limits(), None), None)
    assert found.ending == "optimal"
    assert found.solution is not None


def test_the_load_of_a_merged_pool_is_said_of_all_its_members() -> None:
    # Three are fixed to O1, where E1 and E2 take one each.
    fixes = tuple(decision("fix", f"D{i}", request=f"S{i}/first", offer="O1") for i in (1, 2, 3))
    data = b.dataset(
        offers=(b.offer(capacity=3),), educators=(b.educator("E1"), b.educator("E2")), decisions=fixes, **firsts(3)
    )
    clash = allocate(data, policy()).plan.clash
    assert clash is not None
    [sentence] = [m.sentence for m in clash.members if m.rule == "L03"]
    assert "E1" in sentence
    assert "E2" in sentence


def test_what_a_decision_forbids_is_told_as_such() -> None:
    data = b.dataset(decisions=(decision("do_not_match", request="S1/first", offer="O1"),))
    [left] = allocate(data, policy()).plan.unplaced
    assert "a decision forbids it (E16)" in left.reason


def test_a_fix_to_an_offer_that_is_not_listed_is_set_aside_with_or_without_a_pe() -> None:
    for pe in (None, "E1"):
        data = b.dataset(decisions=(decision("fix", request="S1/first", offer="O9", pe=pe),))
        assert allocate(data, policy()).plan.fixes_set_aside == ("S1/first",)


def test_entries_of_one_pool_add_up() -> None:
    # One own PEPS2 and two more: three students at once, of four places.
    own = EducatorEntry(kind="own", qualification="PEPS2")
    data = b.dataset(offers=(b.offer(capacity=4, educators=(own, own.model_copy(update={"places": 2}))),), **firsts(4))
    assert values(data)["placed.firsts"] == 3
    assert all_agree(data)


def test_with_e19_off_a_named_pe_who_is_gone_stays_gone() -> None:
    gone = b.educator("E1", withdrawn_from=b.MONDAY)
    data = b.dataset(offers=(b.offer(educators=b.named("E1")),), educators=(gone, b.educator("E2")))
    settings = policy(rules_off=("E19",))
    assert [m.pe for m in allocate(data, settings).plan.matches] == ["E2"]
    assert all_agree(data, settings)


def test_the_cap_counts_a_kept_match_whose_pe_is_chosen_anew_in_the_limit_alone() -> None:
    # So far 1 of 1 independent; the kept match has no PE. The test of what stands takes 100 x 1 > 50 x 1: no new one,
    # although 2 of 2 placements would count 100 x 1 <= 50 x 2 for the limit.
    data = b.dataset(
        published=(row("S1/first", "O1", "kept", pe="E9"),), offers=(b.offer(),),
        educators=(b.educator("I1", employed_by="independent", team=None, serves=("A",)),),
    )  # fmt: skip
    settings = policy(
        independent_cap_percent=50, placements_so_far=1, independents_so_far=1, educators_to_be_found="never"
    )
    assert [m.pe for m in allocate(data, settings).plan.matches] == [PE_NEEDED]
    assert all_agree(data, settings)


def test_an_exception_for_one_pe_lets_that_one_alone_take_a_repeat_in_the_agency() -> None:
    # S1 failed in team Z of A; the exception "agency" is for E2.
    given = decision("exception", "X1", rule="E18", request="S1/first", value="agency", pe="E2")
    data = b.dataset(
        history=(b.history(agency="A", team="Z", outcome="failed"),), decisions=(given,),
        educators=(b.educator("E1"), b.educator("E2")),
    )  # fmt: skip
    assert [m.pe for m in allocate(data, policy()).plan.matches] == ["E2"]
    assert all_agree(data)


def test_pools_of_an_offer_are_named_like_anybody() -> None:
    # Two own PEs (one student each) and one to be named, for three firsts: own comes before to be named (firm).
    entries = (EducatorEntry(kind="tbc", places=1), EducatorEntry(kind="own", qualification="PEPS1", places=2))
    data = b.dataset(offers=(b.offer(capacity=3, educators=entries),), **firsts(3))
    assert [m.pe for m in allocate(data, policy()).plan.matches] == ["own PEPS1@O1", "own PEPS1@O1", "TBC@O1"]
    assert values(data)["firm"] == 1
    assert all_agree(data)


def test_a_kept_match_outside_its_offers_dates_counts_on_its_own_days() -> None:
    # Kept in the week of LAST_FRIDAY; its PE is free for another from Monday 13 April, and not before.
    monday, friday = date(2026, 4, 6), LAST_FRIDAY
    after = b.offer("O2", earliest_start=date(2026, 4, 13))
    data = b.dataset(
        published=(row("S1/first", "O1", "kept", start=monday, end=friday),), offers=(b.offer("O1"), after, b.offer("O3")),
        **firsts(2),
    )  # fmt: skip
    assert {m.request: m.offer for m in allocate(data, policy()).plan.matches} == {"S1/first": "O1", "S2/first": "O2"}
    assert all_agree(data)


def test_the_new_pe_of_a_kept_repeat_may_be_in_its_agency() -> None:
    # S1.5: a kept match keeps its offer whatever E18 says of the agency (S3.13); only S4.9 judges its new PE, and a PE
    # to be named is a PEPS2. So it is TBC@O1 (cost 0), not "PE needed" (cost 4). Found by the agreement run.
    data = b.dataset(
        requests=(b.request("S1/final/2", attempt=2),),
        history=(b.history(stage="final", agency="A", team=None, outcome="failed"),),
        educators=(),
        published=(Published(request="S1/final/2", offer="O1", standing="kept", status="meeting_booked"),),
    )
    [match] = allocate(data, policy()).plan.matches
    assert match.pe == "TBC@O1"


def test_more_trainees_at_one_offer_than_pools_are_counted() -> None:
    # Three finals at O1, where the trainee E1 takes three and E2 one. E1 has two or three of them: T - 30% of 3 finals
    # is 2 - 0 at best. The shortfall had room for one only, as if a count to a pool were at most 1, and one final went.
    names = ("S1", "S2", "S3")
    data = b.dataset(
        students=tuple(map(b.student, names)), requests=tuple(b.request(f"{n}/final") for n in names),
        history=tuple(map(b.history, names)), offers=(b.offer(capacity=3),),
        educators=(b.educator("E1", qualification="trainee_2", load=3, practice_assessor="university"), b.educator("E2")),
    )  # fmt: skip
    found = values(data)
    assert (found["placed.finals"], found["trainee_finals"]) == (3, 2)
    assert all_agree(data)


def test_an_exception_for_every_pe_sets_those_apart_whom_it_concerns() -> None:
    # E1 is no longer current; an exception lets S1 have E1 all the same. O1 has two places, and E1 and E2 take one each:
    # S1 has E1 and S2 or S3 E2. They were one pool of two, so S2 and S3 went there, and nobody could be named for one.
    data = b.dataset(
        offers=(b.offer(capacity=2),), educators=(b.educator("E1", current_until=date(2025, 1, 1)), b.educator("E2")),
        decisions=(exception("E12", "2027-01-01", request="S1/first"),), **firsts(3),
    )  # fmt: skip
    named = {m.request: m.pe for m in allocate(data, policy()).plan.matches}
    assert named.pop("S1/first") == "E1"
    assert list(named.values()) == ["E2"]
    assert all_agree(data)


def test_with_l03_off_a_plan_on_the_way_names_somebody_for_everybody() -> None:
    # E1 and E2 are one pool that takes two at once, and nothing holds three of them back.
    data = b.dataset(offers=(b.offer(capacity=3),), educators=(b.educator("E1"), b.educator("E2")), **firsts(3))
    settings = policy(rules_off=("L03",))
    assert [m.pe for m in allocate(data, settings).plan.matches] == ["E1", "E1", "E1"]
    assert all_agree(data, settings)


def test_a_pe_withdrawn_from_september_still_supervises_from_january_to_april() -> None:
    # 70 days from 5 January end on 10 April. E1 is named and the only one; it was "TBC" that took the place.
    leaving = b.educator("E1", withdrawn_from=date(2026, 9, 1))
    data = b.dataset(offers=(b.offer(educators=b.named("E1")),), educators=(leaving,))
    assert [m.pe for m in allocate(data, policy()).plan.matches] == ["E1"]
    assert all_agree(data)
    sooner = b.dataset(
        offers=(b.offer(educators=b.named("E1")),), educators=(b.educator("E1", withdrawn_from=LAST_FRIDAY),)
    )
    assert allocate(sooner, policy()).plan.matches == ()
    assert all_agree(sooner)


def test_ranked_offers_of_one_stage_do_not_bar_the_other() -> None:
    # S1 ranks O1 for the first, and nothing that takes finals: O2 may have the final, banded by points.
    data = b.dataset(
        students=(b.student(ranked_offers=(("O1",),)),), requests=BOTH_REQUESTS,
        offers=(b.offer("O1", stage="first"), final_place("O2"), b.offer("O3", stage="first", team="Z")), educators=EDUCATORS,
    )  # fmt: skip
    plan = allocate(data, policy()).plan
    assert [(m.request, m.offer) for m in plan.matches] == [("S1/first", "O1"), ("S1/final", "O2")]
    assert all_agree(data)


def test_who_lost_out_before_comes_first_in_the_draw() -> None:
    # Two equal students and one place: with either marked, that one has it, whatever the seed; unmarked, seeds differ.
    def placed(marked: str, seed: int, weight: int = 1000) -> str:
        students = tuple(b.student(s, lost_out_before="January" if s == marked else None) for s in ("S1", "S2"))
        data = b.dataset(**firsts(2) | {"students": students})
        assert all_agree(data, policy(seed=seed, draw_lost_out=weight))
        [match] = allocate(data, policy(seed=seed, draw_lost_out=weight)).plan.matches
        return match.request.split("/")[0]

    assert {placed("S1", seed) for seed in range(4)} == {"S1"}
    assert {placed("S2", seed) for seed in range(4)} == {"S2"}
    assert {placed("S2", seed, 0) for seed in range(6)} == {"S1", "S2"}


def test_the_draw_is_another_in_each_tranche() -> None:
    # One place, five equal students: the same seed gives it to others in other rounds.
    def placed(name: str) -> str:
        parts = firsts(5)
        requests = tuple(r.model_copy(update={"tranche": name}) for r in parts["requests"])
        data = b.dataset(
            **parts | {"requests": requests, "tranches": (b.tranche(name),), "offers": (b.offer(tranche=name),)}
        )
        [match] = allocate(data, policy()).plan.matches
        return match.request

    assert len({placed(f"T{i}") for i in range(8)}) > 2


def test_a_told_match_whose_pe_is_gone_gets_another_before_an_aim_and_after_a_place() -> None:
    # S1 was told O1 with E1, who has left; E2 and the pool of O2 could take S2, E2 alone S1's. With O2 both have a PE:
    # firm waits for the pool either way (1), own_educators is 0 against 4 for "PE needed".
    gone = b.educator("E1", withdrawn_from=date(2026, 1, 1))
    kept = Published(
        request="S1/first", offer="O1", pe="E1", standing="kept", status="proposed", student_told_on=date(2025, 12, 1)
    )
    pool = EducatorEntry(kind="tbc", qualification="PEPS2")
    facts: dict[str, Any] = firsts(2) | {"educators": (gone, b.educator("E2")), "published": (kept,)}

    def who(*entries: EducatorEntry) -> list[tuple[str, str | None]]:
        offers = (b.offer(educators=b.named("E1", "E2")), b.offer("O2", educators=(*b.named("E2"), *entries)))
        data = b.dataset(**facts, offers=offers)
        assert all_agree(data)
        return [(m.request, m.pe) for m in allocate(data, policy()).plan.matches]

    assert who(pool) == [("S1/first", "E2"), ("S2/first", "TBC PEPS2@O2")]
    # Where S2 has a place with E2 or none, `placed` comes first (2 against 1), and S1 reads "PE needed".
    assert who() == [("S1/first", PE_NEEDED), ("S2/first", "E2")]
