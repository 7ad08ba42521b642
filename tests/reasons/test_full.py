"""Why a request was not placed where offers fit it: who holds their places and PEs, and what is used up."""

from datetime import date
from typing import Any

import pytest

from allocator.pipeline import allocate
from allocator.reasons import Reasons
from allocator.reasons import unplaced as unplaced_module
from allocator.reasons.unplaced import NOT_TRIED
from allocator.solving import Solver
from models.entities import Commitment, Published
from models.reasons import Blocked
from tests import builders as b
from tests.engine.partnerships import INDEPENDENT, firsts
from tests.reasons.explained import explained
from tests.rules.case import LAST_FRIDAY, decision, policy


def test_a_place_held_by_another_request() -> None:
    # One place for two: the draw decides who has it, the other is told who that is.
    data = b.dataset(**firsts(2))
    plan = allocate(data, policy()).plan
    [match], [left] = plan.matches, plan.unplaced
    assert {match.request, left.request} == {"S1/first", "S2/first"}
    assert (left.code, left.eligible_offers, left.holders, left.removed) == ("L02", 1, (match.request,), ())
    assert left.reason == f"1 offer fits this request alone, but the places are taken by {match.request} (L02)."
    [near] = left.nearest
    # Everything that blocks it: one place more would not do, as its PE takes one at a time.
    assert (near.offer, near.rules, near.minutes) == ("O1", ("L02", "L03"), 20)
    held = f"its place is held by {match.request}; E1 takes at most 1 at once, held by {match.request}"
    assert near.sentence == f"O1 (A, X): {held}."
    assert near.who == "the agency (one more place); the agency (name another PE)"
    assert [(x.kind, x.sentence) for x in near.lifts] == [
        ("place", "O1 has 1 place more"), ("educator", "O1 names one PE more (a PEPS2)"),
    ]  # fmt: skip


HOLD = decision("hold", "D9", request="S3/first", offer="O1", places=1, until=date(2026, 6, 30), by="AB")
HELD_FOR = "for S3/first until 30 June 2026 (decision D9)"


def test_a_place_held_for_another_request() -> None:
    # Of two places one is held for S3, who failed; the other one has who was drawn.
    people = firsts(3)
    people["students"] = (*people["students"][:2], b.student("S3", readiness="failed"))
    parts = people | {"offers": (b.offer(capacity=2),), "educators": (b.educator(load=3),)}
    plan = allocate(b.dataset(decisions=(HOLD,), **parts), policy()).plan
    [match], [left] = plan.matches, [u for u in plan.unplaced if u.request != "S3/first"]
    assert left.code == "L02"
    assert left.reason == (
        f"1 offer fits this request alone, but the places are taken by {match.request} or held {HELD_FOR} (L02)."
    )
    [near] = left.nearest
    assert near.sentence == f"O1 (A, X): its 2 places are held by {match.request} and {HELD_FOR}."
    # Whoever decided it can release it: nothing else stands in the way.
    assert [(x.kind, x.subject, x.sentence) for x in near.lifts] == [
        ("decision", "D9", "decision D9 (hold, by AB) is undone")
    ]
    assert left.change is not None
    assert left.change.sentence == (
        "Decision D9 (hold, by AB) is undone: then O1 is possible, and nobody else has to move."
    )
    assert left.instead is not None
    assert left.instead.losers == (match.request,)


def test_a_place_held_and_nobody_there() -> None:
    left = explained(b.dataset(decisions=(HOLD.model_copy(update={"request": None}),)))
    held = "for nobody yet until 30 June 2026 (decision D9)"
    assert left.reason == f"1 offer fits this request alone, but the places are held {held} (L02)."
    assert left.nearest[0].sentence == f"O1 (A, X): its place is held {held}."


def test_a_hold_that_is_undone_and_a_place_more() -> None:
    # Two kept matches at one place, and one held besides: with S1 there are 3 + 1 held of 1, 3 too many. Undoing it
    # leaves 2, for which O1 would have to have 2 places more.
    kept = tuple(Published(request=f"S{n}/first", offer="O1", pe="E1", standing="kept") for n in (2, 3))
    row = HOLD.model_copy(update={"request": None})
    data = b.dataset(decisions=(row,), published=kept, educators=(b.educator(load=4),), **firsts(3))
    assert [x.sentence for x in explained(data).nearest[0].lifts] == [
        "decision D9 (hold, by AB) is undone", "O1 has 2 places more",
    ]  # fmt: skip


def test_a_large_plan_is_confirmed_for_few_requests_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    # One place for four: each of the three left has one nearest place, so a plan of 1 match counts 3 x 1. 8 judged
    # matches allow 8 // 3 = 2 requests.
    monkeypatch.setattr(unplaced_module, "JUDGED", 8)
    left = allocate(b.dataset(**firsts(4)), policy()).plan.unplaced
    assert [u.nearest[0].who == NOT_TRIED for u in left] == [False, False, True]


def test_many_requests_are_asked_about_fewer_places_each(monkeypatch: pytest.MonkeyPatch) -> None:
    # Four for no place at each of five offers: 8 places in all are 2 for each request.
    monkeypatch.setattr(unplaced_module, "ASKED", 8)
    monkeypatch.setattr(unplaced_module, "ASKED_AT_LEAST", 1)
    offers = tuple(b.offer(f"O{n}", capacity=0) for n in range(1, 6))
    left = allocate(b.dataset(offers=offers, **firsts(4)), policy()).plan.unplaced
    assert [(len(u.nearest), u.eligible_offers) for u in left] == [(2, 5)] * 4


def test_where_few_places_are_asked_about_those_that_fit_are_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    # Only its PE keeps S1 from each of 25 offers; it fits O99 alone, where there is no place. Asked about two places,
    # and about twenty for the effect of a decision.
    nobody = tuple(b.offer(f"O{n}", educators=b.named("E9")) for n in range(1, 26))
    data = b.dataset(offers=(*nobody, b.offer("O99", capacity=0)))
    monkeypatch.setattr(unplaced_module, "ASKED", 2)
    monkeypatch.setattr(unplaced_module, "ASKED_AT_LEAST", 2)
    plan = allocate(data, policy()).plan
    [left], [briefly] = plan.unplaced, Reasons(Solver.of(data, plan), plan).briefly(["S1/first"])
    assert left.reason == briefly.reason == "1 offer fits this request alone, but there is no place (L02)."


def test_a_pe_held_by_another_request() -> None:
    # Two places and one PE who takes one student.
    data = b.dataset(offers=(b.offer(capacity=2),), **firsts(2))
    plan = allocate(data, policy()).plan
    [match], [left] = plan.matches, plan.unplaced
    assert left.code == "L03"
    assert left.nearest[0].sentence == f"O1 (A, X): E1 takes at most 1 at once, held by {match.request}."


@pytest.mark.parametrize(
    ("educators", "commitments"),
    [
        ((b.educator(load=0),), ()),
        ((b.educator(load=1),), (Commitment(pe="E1", number=1),)),
        ((b.educator(load=1),), (Commitment(pe="E1", number=1, first_day=LAST_FRIDAY),)),  # on the last day alone
    ],
    ids=["no load", "committed", "committed on one day"],
)
def test_a_pe_without_free_load(educators: tuple[Any, ...], commitments: tuple[Commitment, ...]) -> None:
    left = explained(b.dataset(educators=educators, commitments=commitments))
    assert left.code == "L03"
    assert left.nearest[0].sentence == f"O1 (A, X): E1 has nothing left of the load of {educators[0].load}."


def test_an_agency_that_takes_no_more_in_the_year() -> None:
    data = b.dataset(
        agencies=(b.agency(maximum_in_year=1),), offers=(b.offer("O1"), b.offer("O2")),
        educators=(b.educator(load=2),), **firsts(2),
    )  # fmt: skip
    plan = allocate(data, policy()).plan
    [match], [left] = plan.matches, plan.unplaced
    free = next(n for n in left.nearest if n.offer != match.offer)
    assert free.sentence.endswith(": A's maximum of 1 in the year is reached.")
    assert (free.rules, free.who) == (("L10",), "the agency (a higher maximum)")


def test_an_independent_beyond_the_cap() -> None:
    # 1 of 1 is more than 20%.
    left = explained(b.dataset(educators=(b.educator(**INDEPENDENT), b.educator("E2", team="Y"))))
    assert left.code == "L07"
    assert left.nearest[0].rules == ("L07",)


def test_where_nobody_could_ever_supervise() -> None:
    # An offer whose named PEs are barred has none left.
    left = explained(b.dataset(offers=(b.offer(educators=b.named("E1")),), educators=(b.educator(registered="no"),)))
    assert left.removed == (Blocked(rule="E12", offers=1),)


NOBODY = "no PE reaches this team: nobody on Educators is there for team X of A"


def test_where_nobody_is_there_a_pe_more_is_what_lifts_it() -> None:
    # E1 of A is in team Y, so that O1 in team X has nobody, and no place for one to be named.
    left = explained(b.dataset(educators=(b.educator(team="Y"),)))
    assert (left.code, left.removed) == ("none eligible", (Blocked(rule="E15", offers=1),))
    assert left.nearest[0].sentence == f"O1 (A, X): {NOBODY}."
    assert left.change is not None
    assert left.change.sentence.startswith("O1 names one PE more (a PEPS2): then O1 is possible")


def test_where_all_whom_an_offer_names_have_left() -> None:
    # E2 is in the team, and not named: that is for the agency to say.
    pes = (b.educator("E1", withdrawn_from=b.MONDAY), b.educator("E2"))
    left = explained(b.dataset(offers=(b.offer(educators=b.named("E1")),), educators=pes))
    assert left.removed == (Blocked(rule="E19", offers=1),)
    assert left.nearest[0].sentence == (
        "O1 (A, X): its named PEs cannot take this request: all whom O1 names have left or are withdrawn."
    )
    assert left.change is not None


def test_many_holders_are_shown_four_and_others() -> None:
    data = b.dataset(offers=(b.offer(capacity=5),), educators=(b.educator(load=5),), **firsts(6))
    [left] = allocate(data, policy()).plan.unplaced
    assert len(left.holders) == 5
    assert left.reason.endswith(f"taken by {', '.join(left.holders[:4])} and 1 more (L02).")


def test_an_offer_without_places() -> None:
    left = explained(b.dataset(offers=(b.offer(capacity=0),)))
    assert (left.code, left.holders) == ("L02", ())
    assert left.nearest[0].sentence == "O1 (A, X): it has no place."
