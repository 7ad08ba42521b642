"""Plans of every origin: made by hand, incomplete, with kept matches and fixes, or stating what is not so."""

from datetime import date, timedelta
from typing import Any

import pytest

from allocator.checker import check
from models.dataset import Dataset
from models.entities import EducatorEntry
from models.plan import CheckReport, Clash, Match, ProvisionalCode, Waiting
from models.reasons import Unplaced
from tests import builders as b
from tests.rules.case import LAST_FRIDAY, decision, plan_of, policy
from tests.rules.limit_cases import INDEPENDENT, firsts, match, pes, row

DAY = timedelta(days=1)


def judged(dataset: Dataset, *matches: Match, settings: dict[str, Any] | None = None, **changes: Any) -> CheckReport:
    chosen = policy(**settings or {})
    return check(dataset, chosen, plan_of(dataset, chosen, (), matches=matches, **changes))


def s1(**changes: Any) -> Match:
    return Match(**{"request": "S1/first", "offer": "O1", "pe": "E1"} | changes)


def rules(report: CheckReport) -> list[str]:
    return [v.rule for v in report.violations]


# ----------------------------------------------------------------------------------------------------- made by hand
def test_blank_pe_is_not_judged_and_the_rest_is() -> None:
    dataset = b.dataset(offers=(b.offer(stage="final"),), educators=(b.educator(registered="no"),))
    report = judged(dataset, s1(pe=None))
    assert rules(report) == ["E01"]
    assert report.not_judged == ("S1/first in O1: no PE is stated; the PE rules are not judged",)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"request": "S9/first"}, "L01"),
        ({"offer": "O9"}, "L01"),
        ({"pe": "E9"}, "L01"),
        # E1 reaches O1, so O1 has no pool; nor is O2's a pool of O1.
        ({"pe": "TBC@O1"}, "E19"),
        ({"pe": "TBC PEPS2@O2"}, "E19"),
    ],
)
def test_unknown_ids(wrong: dict[str, Any], rule: str) -> None:
    offers = (b.offer(), b.offer("O2", educators=(EducatorEntry(kind="tbc", qualification="PEPS2"),)))
    assert rules(judged(b.dataset(offers=offers), s1(**wrong))) == [rule]


def test_a_pool_of_another_offer_is_no_pe_even_without_e19() -> None:
    dataset = b.dataset(offers=(b.offer(), b.offer("O2")))
    assert rules(judged(dataset, s1(pe="TBC@O2"), settings={"rules_off": ("E19",)})) == ["L01"]


def test_an_offer_that_nobody_reaches_has_a_pool() -> None:
    dataset = b.dataset(educators=(b.educator(employed_by="B"),))
    assert rules(judged(dataset, s1(pe="TBC@O1"))) == []


@pytest.mark.parametrize(
    ("stated", "violated"),
    [
        ({"start": b.MONDAY, "end": LAST_FRIDAY}, []),
        ({"start": b.MONDAY}, []),
        ({"start": b.MONDAY + DAY}, ["E01"]),
        ({"end": LAST_FRIDAY - DAY}, ["E01"]),
    ],
)
def test_stated_dates_are_the_window(stated: dict[str, date], violated: list[str]) -> None:
    assert rules(judged(b.dataset(), s1(**stated))) == violated


def test_all_violations_are_reported_with_subjects_amount_and_limit() -> None:
    dataset = b.dataset(
        students=(b.student("S1", readiness="failed"), b.student("S2")), requests=(b.request("S1/first"), b.request("S2/first")),
        travel=b.travel(minutes=100), educators=(b.educator(registered="no"),),
    )  # fmt: skip
    report = judged(dataset, s1(), s1(request="S2/first"))
    found = [(v.rule, v.subjects, v.amount, v.limit) for v in report.violations]
    assert found == [
        ("E02", ("S1/first", "O1"), None, None),
        ("E04", ("S1/first", "O1"), 100, 90),
        ("E04", ("S2/first", "O1"), 100, 90),
        ("E12", ("S1/first", "O1", "E1"), None, None),
        ("E12", ("S2/first", "O1", "E1"), None, None),
        ("L02", ("O1", "S1/first", "S2/first"), 2, 1),
        ("L03", ("E1", "S1/first", "S2/first"), 2, 1),
    ]
    assert report.violations[1].message == "Travel (S1/first, O1): it is too far: 100 minutes measured, limit 90."


def test_who_is_neither_matched_nor_unplaced() -> None:
    dataset = b.dataset(**firsts(2))
    nobody = judged(dataset)
    assert (rules(nobody), nobody.not_judged) == (
        [], ("S1/first: without a place in this plan", "S2/first: without a place in this plan"),
    )  # fmt: skip

    def listed(*names: str) -> tuple[Unplaced, ...]:
        return tuple(Unplaced(request=name, code="x", reason="x") for name in names)

    assert rules(judged(dataset, s1(), unplaced=listed("S2/first"))) == []
    # S1 is missing; then S1 is both; then S9 is unknown.
    assert rules(judged(dataset, unplaced=listed("S2/first"))) == ["statement"]
    assert rules(judged(dataset, s1(), unplaced=listed("S1/first", "S2/first"))) == ["statement"]
    assert rules(judged(dataset, s1(), unplaced=listed("S2/first", "S9/first"))) == ["statement"]


def test_a_plan_with_a_clash_places_nobody() -> None:
    clash = Clash(members=(), confirmed=True)
    report = judged(b.dataset(published=(row("S1/first", "O1", "kept"),)), clash=clash)
    assert (report.violations, report.tiers, len(report.not_judged)) == ((), (), 1)
    assert rules(judged(b.dataset(), s1(), clash=clash)) == ["statement"]


def test_without_a_today_reservations_hold_and_so_far_has_no_year() -> None:
    dataset = b.dataset(
        offers=(b.offer(reserved_for="V", reserved_until=date(2020, 1, 1)),),
        educators=(b.educator("E1", **INDEPENDENT),),
    )
    report = judged(dataset, s1(), settings={"as_of": None, "placements_so_far": 9})
    assert (rules(report), len(report.not_judged)) == (["E09", "L07"], 2)
    # Where the caller's policy is silent, the plan's own says what today is: released, and 1 of 10 is independent.
    stated = plan_of(dataset, policy(), (match(1, "O1", "E1"),))
    assert check(dataset, policy(as_of=None, placements_so_far=9), stated).violations == ()


# -------------------------------------------------------------------------------------------------------------- kept
def kept(dataset: dict[str, Any] | None = None, **published: Any) -> Dataset:
    return b.dataset(**{"published": (row("S1/first", "O1", "kept", **published),)} | (dataset or {}))


TWO_OFFERS = {"offers": (b.offer("O1"), b.offer("O2")), "educators": pes(2)}


def test_a_kept_match_may_not_move_nor_be_dropped_nor_change_its_pe() -> None:
    dataset = kept(TWO_OFFERS)
    assert rules(judged(dataset, s1())) == []
    assert rules(judged(dataset, s1(offer="O2"))) == ["kept"]
    assert rules(judged(dataset)) == ["kept"]
    assert rules(judged(dataset, s1(pe="E2"))) == ["kept"]
    assert rules(judged(dataset, s1(pe="PE needed"))) == ["kept"]


def test_a_kept_match_has_its_published_dates() -> None:
    dataset = kept(start=date(2026, 2, 2), end=date(2026, 5, 29))
    assert rules(judged(dataset, s1(start=date(2026, 2, 2), end=date(2026, 5, 29)))) == []
    assert rules(judged(dataset, s1(start=b.MONDAY))) == ["kept"]


def test_a_kept_match_is_exempt_from_eligibility_and_what_it_breaks_is_listed() -> None:
    dataset = kept({"offers": (b.offer(stage="final"),), "educators": (b.educator(registered="no"),)})
    report = judged(dataset, s1())
    assert (rules(report), [v.rule for v in report.kept_despite]) == ([], ["E01", "E12"])


@pytest.mark.parametrize(
    "gone", [{"withdrawn_from": LAST_FRIDAY}, {"leaves_on": LAST_FRIDAY - DAY}, {"absent_from": date(2026, 3, 2)}]
)
def test_the_pe_of_a_kept_match_who_is_away_is_chosen_anew_or_needed(gone: dict[str, Any]) -> None:
    educators = (b.educator("E1", **gone), b.educator("E2"), b.educator("E3", registered="no"))
    dataset = kept({"educators": educators})
    assert rules(judged(dataset, s1(pe="E2"))) == []
    assert rules(judged(dataset, s1(pe="PE needed"))) == []
    # The new PE is judged as any other; E1 is away.
    assert rules(judged(dataset, s1(pe="E3"))) == ["E12"]
    assert "E13" in rules(judged(dataset, s1(pe="E1")))


def test_a_withdrawal_after_the_end_leaves_the_kept_pe() -> None:
    dataset = kept({"educators": (b.educator("E1", withdrawn_from=LAST_FRIDAY + DAY), b.educator("E2"))})
    assert rules(judged(dataset, s1())) == []
    assert rules(judged(dataset, s1(pe="E2"))) == ["kept"]


def test_what_kept_matches_alone_exceed_is_listed() -> None:
    parts = {"published": (row("S1/first", "O1", "kept"), row("S2/first", "O1", "kept"))} | firsts(2)
    report = judged(
        b.dataset(agencies=(b.agency(maximum_at_once=1, maximum_in_year=1),), **parts), s1(), s1(request="S2/first")
    )
    # Two in a capacity of 1, two at once in A where 1 is allowed, two with a PE of load 1, two in a year of 1.
    found = [(v.rule, v.amount, v.limit) for v in report.kept_despite]
    assert (rules(report), found) == ([], [("L02", 2, 1), ("L02", 2, 1), ("L03", 2, 1), ("L10", 2, 1)])


def test_a_day_on_which_kept_matches_exceed_takes_no_new_one_while_other_days_do() -> None:
    # O1 is kept twice until 2026-04-10 where the team may have one; O2 starts on Monday 2026-04-13.
    offers = (
        b.offer("O1", capacity=2),
        b.offer("O2", earliest_start=date(2026, 4, 13)),
        b.offer("O3", earliest_start=LAST_FRIDAY),
    )
    parts = {"published": (row("S1/first", "O1", "kept"), row("S2/first", "O1", "kept", pe="E2")), "offers": offers,
             "educators": pes(3), "agencies": (b.agency(maximum_at_once=1),)} | firsts(3)  # fmt: skip
    dataset = b.dataset(**parts)
    both = (s1(), s1(request="S2/first", pe="E2"))
    assert rules(judged(dataset, *both, s1(request="S3/first", offer="O2", pe="E3"))) == []
    report = judged(dataset, *both, s1(request="S3/first", offer="O3", pe="E3"))
    assert [(v.rule, v.amount, v.limit, v.subjects) for v in report.violations] == [
        ("L02", 3, 1, ("A", "S1/first", "S2/first", "S3/first"))
    ]
    assert "2026-04-10" in report.violations[0].message


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        # S1 and S2 are at A until Friday 2026-04-10, where two may be: from Monday 2026-04-06 there are three on 5 days.
        (date(2026, 4, 6), "agency A at once on 2026-04-06, the worst of 5 working days"),
        (LAST_FRIDAY, "agency A at once on 2026-04-10"),
    ],
)
def test_the_worst_day_is_named_and_how_many_there_are(starts: date, said: str) -> None:
    offers = (b.offer("O1", capacity=2), b.offer("O2", earliest_start=starts))
    dataset = b.dataset(agencies=(b.agency(maximum_at_once=2),), offers=offers, educators=pes(3), **firsts(3))
    matches = s1(), s1(request="S2/first", pe="E2"), s1(request="S3/first", offer="O2", pe="E3")
    [found] = judged(dataset, *matches).violations
    assert (found.rule, found.amount, found.limit) == ("L02", 3, 2)
    assert found.detail == said


def test_pair_rules_bind_a_new_placement_and_not_two_kept_ones() -> None:
    # First and final in one team, of one area and setting, neither statutory, the final first: all wrong.
    parts: dict[str, Any] = {
        "requests": (b.request("S1/first"), b.request("S1/final")), "educators": pes(2),
        "offers": (b.offer("O1", statutory_regulator="no"), b.offer("O2", statutory_regulator="no")),
    }  # fmt: skip
    matches = (s1(), s1(request="S1/final", offer="O2", pe="E2"))
    final, first = row("S1/final", "O2", "kept", pe="E2"), row("S1/first", "O1", "kept")
    wrong = ["E10", "L04", "L05", "L06"]
    assert rules(judged(b.dataset(**parts), *matches)) == wrong
    # A new first must fit the kept final; a kept final alone needs no first.
    assert rules(judged(b.dataset(published=(final,), **parts), *matches)) == wrong
    assert rules(judged(b.dataset(published=(final,), **parts), matches[1])) == []
    both = judged(b.dataset(published=(first, final), **parts), *matches)
    assert (rules(both), [v.rule for v in both.kept_despite]) == ([], wrong)


def test_a_kept_final_after_history_is_not_enforced() -> None:
    dataset = b.dataset(
        requests=(b.request("S1/final"),), history=(b.history(statutory_regulator="no"),),
        offers=(b.offer(statutory_regulator="no"),), published=(row("S1/final", "O1", "kept"),),
    )  # fmt: skip
    report = judged(dataset, s1(request="S1/final"))
    assert (rules(report), [v.rule for v in report.kept_despite]) == ([], ["L04"])


def test_independents_kept_alone_over_the_cap_are_listed() -> None:
    dataset = kept({"educators": (b.educator("E1", **INDEPENDENT),)})
    report = judged(dataset, s1())
    assert (rules(report), [(v.rule, v.amount, v.limit) for v in report.kept_despite]) == ([], [("L07", 1, 0)])


# ------------------------------------------------------------------------------------------------------------- fixes
def test_a_fix_of_a_kept_request_is_ignored() -> None:
    dataset = kept(TWO_OFFERS | {"decisions": (decision("fix", request="S1/first", offer="O2"),)})
    assert rules(judged(dataset, s1())) == []


def test_two_different_fixes_are_both_set_aside() -> None:
    fixes = (
        decision("fix", "D1", request="S1/first", offer="O1"),
        decision("fix", "D2", request="S1/first", offer="O2"),
    )
    dataset = b.dataset(decisions=fixes, **TWO_OFFERS)
    assert rules(judged(dataset, s1())) == ["E16"]
    assert rules(judged(dataset)) == []


def test_a_fix_that_no_pe_can_serve_is_set_aside() -> None:
    parts: dict[str, Any] = {
        "offers": (b.offer(educators=b.named("E1")),),
        "decisions": (decision("fix", request="S1/first", offer="O1"),),
    }
    assert rules(judged(b.dataset(**parts))) == ["E16"]
    assert rules(judged(b.dataset(**parts, educators=(b.educator(registered="no"),)))) == []


def test_a_fix_to_an_unknown_offer_is_set_aside() -> None:
    dataset = b.dataset(decisions=(decision("fix", request="S1/first", offer="O9"),))
    assert rules(judged(dataset)) == []
    assert rules(judged(dataset, s1())) == ["E16"]


@pytest.mark.parametrize(
    ("educators", "entries"),
    [
        # Without E19 the named E1, who is not registered, may be joined by E2, by a pool, or by the PE to be named.
        ((b.educator("E1", registered="no"), b.educator("E2")), b.named("E1")),
        ((b.educator("E1", registered="no"),), (*b.named("E1"), EducatorEntry(kind="own", qualification="PEPS2"))),
        ((b.educator("E1", registered="no", withdrawn_from=date(2030, 1, 1)),), b.named("E1")),
    ],
)
def test_a_fix_with_a_blank_pe_binds_where_somebody_may_supervise(educators: Any, entries: Any) -> None:
    dataset = b.dataset(
        educators=educators,
        offers=(b.offer(educators=entries),),
        decisions=(decision("fix", request="S1/first", offer="O1"),),
    )
    # It binds, so that leaving the request out breaks it.
    settings = {"rules_off": ("E19",), "educators_to_be_found": "always"}
    assert rules(judged(dataset, settings=settings)) == ["E16"]


def test_a_fix_and_a_prohibition_of_the_same_pair() -> None:
    decisions = (
        decision("fix", request="S1/first", offer="O1"),
        decision("do_not_match", "D2", request="S1/first", offer="O1"),
    )
    # The forbidding one stands: the fix is set aside and the request is not placed.
    assert rules(judged(b.dataset(decisions=decisions))) == []
    assert rules(judged(b.dataset(decisions=decisions), s1())) == ["E16", "E16"]


# -------------------------------------------------------------------------------------------------------- statements
@pytest.mark.parametrize(
    ("stated", "violated"),
    [
        ({"basis": "in_team"}, []),
        ({"basis": "elsewhere"}, ["statement"]),
        ({"basis": "in_team", "kept": True}, ["statement"]),
        ({"kept": True}, ["statement"]),
        # Readiness does not count in "firm" and is not compared; a forecast offer would, and O1 is firm.
        ({"basis": "in_team", "waiting": (Waiting(code=ProvisionalCode.READINESS),)}, []),
        ({"waiting": (Waiting(code=ProvisionalCode.FORECAST),)}, ["statement"]),
    ],
)
def test_what_a_match_says_of_itself(stated: dict[str, Any], violated: list[str]) -> None:
    assert rules(judged(b.dataset(), s1(**stated))) == violated


def test_what_a_match_leaves_unsaid() -> None:
    dataset = b.dataset(offers=(b.offer(state="forecast"),))
    # A match that states nothing is made by hand; one that states its basis states what it waits for.
    assert rules(judged(dataset, s1())) == []
    assert rules(judged(dataset, s1(basis="in_team"))) == ["statement"]
    assert rules(judged(dataset, s1(basis="in_team", waiting=(Waiting(code=ProvisionalCode.FORECAST),)))) == []
    assert rules(judged(kept(), s1(basis="in_team"))) == ["statement"]
    assert rules(judged(kept(), s1(basis="in_team", kept=True))) == []
