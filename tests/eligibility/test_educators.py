"""Candidates of an offer and who of them is barred (S4)."""

from datetime import date
from typing import Any

import pytest

from allocator.eligibility import Eligibility
from allocator.eligibility.educators import EducatorEligibility
from allocator.terms.candidates import Slot
from models.entities import EducatorEntry, Published
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import LAST_FRIDAY, decision, exception, policy


def rules(settings: dict[str, Any] | None = None, **parts: Any) -> EducatorEligibility:
    return Eligibility(b.dataset(**parts), policy(**settings or {})).educator_rules


def eligibility(**parts: Any) -> Eligibility:
    return Eligibility(b.dataset(**parts), policy())


def candidates(offer: Any, settings: dict[str, Any] | None = None, **parts: Any) -> list[tuple[str, int]]:
    return [(c.pe, c.people) for c in rules(settings, offers=(offer,), **parts).candidates(offer)]


def slot(offer: Any = None, stage: Any = "first") -> Slot:
    return Slot(offer or b.offer(), stage, b.MONDAY, LAST_FRIDAY)


def test_blank_entries_are_everybody_in_reach_or_one_pool() -> None:
    educators = (
        b.educator("E1"), b.educator("E2", team="Y"), b.educator("E3", team="Y", long_arm=True), b.educator("E4", team=None),
        b.educator("E5", employed_by="B"), b.educator("E6", employed_by="independent", serves=("P1", "A")),
        b.educator("E7", employed_by="partnership", serves=("P2",)),
    )  # fmt: skip
    assert [pe for pe, _ in candidates(b.offer(), educators=educators)] == ["E1", "E3", "E4", "E6"]
    assert candidates(b.offer(capacity=2), educators=()) == [("TBC@O1", 2)]


@pytest.mark.parametrize("gone", [{}, {"withdrawn_from": b.MONDAY}, {"leaves_on": date(2026, 1, 4)}, {"load": 0}])
@pytest.mark.parametrize(
    ("setting", "listed", "unlisted"), [("never", 0, 0), ("where_none_listed", 0, 1), ("always", 1, 1)]
)
def test_whether_one_may_be_found_is_a_matter_of_the_list(
    setting: str, listed: int, unlisted: int, gone: dict[str, Any]
) -> None:
    # E1 of agency A counts as listed there or gone, and in another team; an independent who serves A does not.
    serving = b.educator("E2", employed_by="independent", team=None, serves=("A",))
    for team in ("X", "Y"):
        found = candidates(
            b.offer(), {"educators_to_be_found": setting}, educators=(b.educator("E1", team=team, **gone), serving)
        )
        assert [pe for pe, _ in found].count("TBC@O1") == listed
    found = candidates(b.offer(), {"educators_to_be_found": setting}, educators=(serving,))
    assert [pe for pe, _ in found] == ["E2", *["TBC@O1"] * unlisted]
    # A row of A that could not be used is a row of A.
    agencies = (b.agency(educators_set_aside=True),)
    found = candidates(b.offer(), {"educators_to_be_found": setting}, educators=(), agencies=agencies)
    assert [pe for pe, _ in found] == ["TBC@O1"] * listed


def test_with_e19_off_one_may_be_found_beside_named_pes_and_not_beside_pools() -> None:
    settings = {"rules_off": ("E19",), "educators_to_be_found": "always"}
    assert [pe for pe, _ in candidates(b.offer(educators=b.named("E1")), settings)] == ["E1", "TBC@O1"]
    own = (EducatorEntry(kind="own", qualification="PEPS2"),)
    assert [pe for pe, _ in candidates(b.offer(educators=own), settings)] == ["E1", "own PEPS2@O1"]


def test_without_a_place_only_the_agency_counts_for_reach() -> None:
    serving = (
        b.educator("E1", employed_by="independent", serves=("P1",)),
        b.educator("E2", employed_by="independent", serves=("A",)),
        b.educator("E3", team="Y"),
    )
    assert [pe for pe, _ in candidates(b.offer(place=None), educators=serving)] == ["E2"]


ENTRIES = (
    *b.named("E2", "E9"), EducatorEntry(kind="tbc"), EducatorEntry(kind="tbc", qualification="PEPS1", places=2),
    EducatorEntry(kind="own", qualification="PEPS2"), EducatorEntry(kind="own", qualification="PEPS2", places=2),
)  # fmt: skip


def test_named_pes_and_pools_are_the_only_ones() -> None:
    # E9 is not listed; TBC has the offer's capacity; own PEPS2 is 1 and 2 more.
    educators = (b.educator("E1"), b.educator("E2", employed_by="B", load=3))
    found = candidates(b.offer(capacity=4, educators=ENTRIES), educators=educators)
    assert found == [("E2", 3), ("own PEPS2@O1", 3), ("TBC PEPS1@O1", 2), ("TBC@O1", 4)]


def test_with_e19_off_entries_add_to_those_in_reach() -> None:
    educators = (b.educator("E1"), b.educator("E2", employed_by="B"))
    found = candidates(b.offer(educators=ENTRIES), {"rules_off": ("E19",)}, educators=educators)
    assert [pe for pe, _ in found] == ["E1", "E2", "own PEPS2@O1", "TBC PEPS1@O1", "TBC@O1"]


def test_with_e15_off_everybody_reaches() -> None:
    educators = (b.educator("E1", employed_by="B"), b.educator("E2", employed_by="B", withdrawn_from=b.MONDAY))
    settings = {"rules_off": ("E15",), "educators_to_be_found": "never"}
    assert candidates(b.offer(), settings, educators=educators) == [("E1", 1)]


@pytest.mark.parametrize(
    "gone", [{"withdrawn_from": b.MONDAY}, {"leaves_on": date(2026, 1, 4)}], ids=["withdrawn", "left before"]
)
def test_where_all_named_are_gone_others_stand_in_for_whom_the_plan_in_force_has_there(gone: dict[str, Any]) -> None:
    facts = {"offers": (b.offer(educators=b.named("E1")),), "educators": (b.educator("E1", **gone), b.educator("E2"))}
    assert eligibility(**facts).educators("S1/first", "O1") == ()
    for standing, pes in (("in_force", ("E2",)), ("freed", ())):
        row = Published(request="S1/first", offer="O1", pe="E1", status="proposed", standing=standing)
        assert eligibility(**facts, published=(row,)).educators("S1/first", "O1") == pes
    elsewhere = Published(request="S1/first", offer="O2", pe="E1", status="proposed", standing="in_force")
    assert eligibility(**facts, published=(elsewhere,)).educators("S1/first", "O1") == ()


def test_a_pe_withdrawn_from_a_later_day_may_take_what_ends_before() -> None:
    # E1 is there until September, and E13 says which windows end in time; others reach, to stand in for E1.
    educators = (b.educator("E1", withdrawn_from=date(2026, 9, 1)), b.educator("E2"))
    assert candidates(b.offer(educators=b.named("E1")), educators=educators) == [("E1", 1), ("E2", 1)]
    alone = (b.educator("E1", withdrawn_from=date(2026, 9, 1)),)
    assert candidates(b.offer(educators=b.named("E1")), educators=alone) == [("E1", 1)]
    # Withdrawn on the first day is gone.
    gone = (b.educator("E1", withdrawn_from=b.MONDAY),)
    assert candidates(b.offer(educators=b.named("E1")), educators=gone) == []


def test_a_named_pe_who_leaves_on_the_first_day_is_not_gone_before_it() -> None:
    educators = (b.educator("E1", leaves_on=b.MONDAY), b.educator("E2"))
    assert candidates(b.offer(educators=b.named("E1")), educators=educators) == [("E1", 1)]


# ---- who is barred -------------------------------------------------------------------------------------------------
def test_every_rule_that_bars_somebody_is_named() -> None:
    # PEPS1 on a final, not registered, away, and off-site without a supervisor.
    poor = b.educator("E1", qualification="PEPS1", registered="no", leaves_on=date(2026, 2, 1), team=None)
    offer = b.offer(on_site_supervisor="no")
    found = rules(offers=(offer,), educators=(poor,))
    assert found.barred_at(slot(offer, "final")) == {"E1": ("E11", "E12", "E13", "E14")}
    [candidate] = found.candidates(offer)
    assert found.broken_rules(b.request("S1/final"), slot(offer, "final"), candidate) == ("E11", "E12", "E13", "E14")
    assert found.allowed(b.request("S1/final"), slot(offer, "final")) == ()


def test_personal_rules_are_about_the_students_who_have_them() -> None:
    students = (b.student("S1", excluded_educators=("E1",)), b.student("S2"))
    decisions = (
        decision("declined", "D1", student="S1", pe="E2", party="student"),
        decision("do_not_match", "D2", request="S1/first", pe="E3"),
    )
    educators = tuple(b.educator(f"E{i}") for i in (1, 2, 3, 4))
    found = rules(students=students, requests=firsts(2)["requests"], decisions=decisions, educators=educators)
    assert [c.pe for c in found.allowed(b.request("S1/first"), slot())] == ["E4"]
    assert [c.pe for c in found.allowed(b.request("S2/first"), slot())] == ["E1", "E2", "E3", "E4"]
    broken = {c.pe: found.broken_rules(b.request("S1/first"), slot(), c) for c in found.candidates(b.offer())}
    assert broken == {"E1": ("E05",), "E2": ("E13",), "E3": ("E16",), "E4": ()}


def test_a_pe_barred_from_an_offer_is_barred_for_everybody() -> None:
    found = rules(
        decisions=(decision("do_not_match", offer="O1", pe="E1"),), educators=(b.educator("E1"), b.educator("E2"))
    )
    assert [c.pe for c in found.allowed(b.request(), slot())] == ["E2"]


def test_exceptions_lift_e11_and_e12_but_never_registration() -> None:
    lapsed = date(2025, 12, 31)
    educators = (
        b.educator("E1", current_until=lapsed), b.educator("E2", current_until=lapsed, registered="no"),
        b.educator("E3", qualification="PEPS1"), b.educator("E4", team="Z"),
    )  # fmt: skip
    decisions = (exception("E12", "2026-06-01", request="S1/final"), exception("E11", "E4", request="S1/final"))
    found = rules(requests=(b.request("S1/final"),), educators=educators, decisions=decisions)
    broken = {
        c.pe: found.broken_rules(b.request("S1/final"), slot(stage="final"), c) for c in found.candidates(b.offer())
    }
    assert broken == {"E1": (), "E2": ("E12",), "E3": ()}
    # To a pool there is nothing to lift.
    pool = rules(offers=(b.offer(educators=ENTRIES[2:3]),), decisions=decisions, requests=(b.request("S1/final"),))
    [candidate] = pool.candidates(b.offer(educators=ENTRIES[2:3]))
    assert pool.broken_rules(b.request("S1/final"), slot(stage="final"), candidate) == ()


def test_repeats_ask_for_another_pe_and_a_peps2() -> None:
    educators = (b.educator("E1"), b.educator("E2", qualification="trainee_2"), b.educator("E3"))
    row = b.history(outcome="failed", pe="E1", agency=None)
    found = rules(educators=educators, history=(row,))
    assert [c.pe for c in found.allowed(b.request(), slot())] == ["E3"]


def test_a_listed_educator_is_seen_from_any_offer() -> None:
    found = rules(educators=(b.educator("E1", employed_by="B"),))
    seen = found.listed("E1", b.offer())
    assert seen is not None
    assert (seen.basis, seen.people) == ("elsewhere", 1)
    assert found.listed("TBC@O1", b.offer()) is None
