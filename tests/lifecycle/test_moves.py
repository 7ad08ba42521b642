"""What moves buy: every number of them is the best of all ways to unlock so many promises, tried one by one."""

import itertools
import threading
from collections.abc import Iterator
from typing import Any

from allocator.checker import check
from allocator.eligibility import unlocked
from allocator.lifecycle.moves import Moves, moves
from allocator.lifecycle.telling import moves_sentences
from allocator.solving import Solver
from models.dataset import Dataset
from models.entities import Published
from models.plan import Plan
from models.policy import Policy
from models.statuses import Status
from tests import builders as b
from tests.rules.case import decision, policy
from tests.strategies import generate, larger


def promised(request: str, offer: str, pe: str = "E1", status: Status = "meeting_passed") -> Published:
    return Published(request=request, offer=offer, pe=pe, standing="kept", promise=status != "confirmed", status=status)


def partnership(published: tuple[Published, ...], offers: int, only: dict[str, str], **parts: Any) -> Dataset:
    """Offers O1, O2 ... with a place and a PE each (E1 at O1); students S1 ... of whom some may go to one offer only."""
    number = max([len(published) + 1, *(int(name[1:]) for name in only)])
    students = [f"S{n}" for n in range(1, number + 1)]
    barred = tuple(
        decision("do_not_match", f"{name}/{n}", request=f"{name}/first", offer=f"O{n}")
        for name, offer in only.items() for n in range(1, offers + 1) if f"O{n}" != offer
    )  # fmt: skip
    return b.dataset(
        students=tuple(b.student(s) for s in students), requests=tuple(b.request(f"{s}/first") for s in students),
        offers=tuple(b.offer(f"O{n}", educators=b.named(f"E{n}")) for n in range(1, offers + 1)),
        educators=tuple(b.educator(f"E{n}") for n in range(1, offers + 1)), published=published,
        decisions=(*barred, *parts.pop("decisions", ())), **parts,
    )  # fmt: skip


def said(found: Moves) -> list[tuple[int, tuple[str, ...], int]]:
    """Moves, who is unlocked, and how many are placed."""
    return [(step.moves, step.unlocked, len(step.answer.plan.matches)) for step in found.steps]


def test_one_move_makes_room_for_one_more() -> None:
    # S2 may have O1 only, where S1 was promised a place; O2 is free, and S1 may have it.
    data = partnership((promised("S1/first", "O1"),), 2, {"S2": "O1"})
    found = moves(data, policy())
    assert said(found) == [(0, (), 1), (1, ("S1/first",), 2)]
    assert found.proved
    assert {m.request: m.offer for m in found.steps[1].answer.plan.matches} == {"S1/first": "O2", "S2/first": "O1"}


def test_what_is_proved_is_told_and_whoever_stops_it_has_that() -> None:
    # S4, S5 and S6 may have O1, O2 and O3 only, which were promised to S1, S2 and S3; O4 to O6 are free: each move
    # places one more.
    promises = (promised("S1/first", "O1"), promised("S2/first", "O2", "E2"), promised("S3/first", "O3", "E3"))
    data, stop = partnership(promises, 6, {"S4": "O1", "S5": "O2", "S6": "O3"}), threading.Event()
    told: list[tuple[list[int], int, int]] = []
    whole = moves(data, policy(), told=lambda found, done, of: told.append(([s.moves for s in found.steps], done, of)))
    # None, then the most that there are (3), which bounds what fewer buy, then 1, 2 and 3 as they are proved.
    assert told == [([0], 1, 4), ([0], 2, 4), ([0, 1], 3, 4), ([0, 1, 2], 4, 4), ([0, 1, 2, 3], 4, 4)]
    assert ([placed for _, _, placed in said(whole)], whole.looked_at, whole.stopped) == ([3, 4, 5, 6], 3, False)

    found = moves(data, policy(), stop=stop, told=lambda _, done, __: stop.set() if done == 3 else None)
    assert (said(found), found.looked_at, found.stopped) == (said(whole)[:2], 1, True)
    assert moves_sentences(found)[0] == "Not all was looked at: more may be bought than is shown."


def test_what_was_stopped_says_nothing_of_numbers_that_were_not_looked_at() -> None:
    data, stop = partnership((promised("S1/first", "O1"),), 2, {"S2": "O1"}), threading.Event()
    found = moves(data, policy(), stop=stop, told=lambda *_: stop.set())
    assert ([s.moves for s in found.steps], found.looked_at, found.stopped) == ([0], 0, True)
    assert all(step.answer.proved for step in found.steps)
    assert moves_sentences(found)[0] == "Not all was looked at: more may be bought than is shown."


def test_two_moves_may_buy_what_one_does_not() -> None:
    # S3 may have O1 only; S1, promised O1, may have O1 or O2 only; S2, promised O2, may go to O3: both move, or nobody.
    data = partnership((promised("S1/first", "O1"), promised("S2/first", "O2", "E2")), 3, {"S3": "O1"})
    barred = decision("do_not_match", "S1", request="S1/first", offer="O3")
    data = data.model_copy(update={"decisions": (*data.decisions, barred)})
    assert said(moves(data, policy())) == [(0, (), 2), (2, ("S1/first", "S2/first"), 3)]
    assert said(moves(data, policy(), 1)) == [(0, (), 2)]


def test_a_fact_never_moves() -> None:
    data = partnership((promised("S1/first", "O1", status="confirmed"),), 2, {"S2": "O1"})
    found = moves(data, policy())
    assert (said(found), found.promises) == ([(0, (), 1)], ())


def test_who_does_not_move_stays_whatever_the_rules_say_now() -> None:
    # S1 is not ready any more, which bars every place (E02) and keeps what was promised; moving S2 makes room for S3.
    data = partnership((promised("S1/first", "O1"), promised("S2/first", "O2", "E2")), 3, {"S3": "O2"})
    students = tuple(s.model_copy(update={"readiness": "failed"}) if s.student == "S1" else s for s in data.students)
    found = moves(data.model_copy(update={"students": students}), policy())
    assert said(found) == [(0, (), 2), (1, ("S2/first",), 3)]
    assert {m.request: m.kept_despite for m in found.steps[1].answer.plan.matches}["S1/first"] == ("E02",)


def test_a_final_that_was_promised_stays_without_its_first() -> None:
    # S1's first has lost its place and finds none (L06 would ask a new final for it); S2 moves and makes room for S3.
    rows = (promised("S1/final", "O1"), promised("S2/first", "O2", "E2"))
    data = partnership(rows, 3, {"S3": "O2"})
    first = b.request("S1/first", set_aside="a cell cannot be read")
    requests = (first, b.request("S1/final", days=70, earliest_start=None), *data.requests[1:])
    found = moves(data.model_copy(update={"requests": requests}), policy())
    assert said(found) == [(0, (), 2), (1, ("S2/first",), 3)]


def test_where_nothing_is_possible_without_a_move_the_least_number_is_found() -> None:
    # A fix of S2 at O1, where S1 was promised the one place.
    fix = decision("fix", "fix", request="S2/first", offer="O1")
    found = moves(partnership((promised("S1/first", "O1"),), 2, {}, decisions=(fix,)), policy())
    assert found.steps[0].answer.plan.clash is not None
    assert found.least == 1
    assert [(s.moves, s.unlocked) for s in found.steps[1:]] == [(1, ("S1/first",))]


def test_no_number_of_moves_resolves_what_facts_clash_with() -> None:
    fix = decision("fix", "fix", request="S2/first", offer="O1")
    rows = (promised("S1/first", "O1", status="confirmed"), promised("S3/first", "O2", "E2"))
    found = moves(partnership(rows, 3, {}, decisions=(fix,)), policy())
    assert found.least is None
    assert [step.moves for step in found.steps] == [0]
    assert moves_sentences(found) == ["No number of moves resolves the clash.", "Nothing is unlocked by looking."]


def test_another_pe_at_the_same_offer_is_a_move_too() -> None:
    # The two places of O1 have E1 and E2, a student each; S1 was promised E1, whom S2, who may not have E2, needs.
    data = partnership((promised("S1/first", "O1"),), 1, {})
    offer = b.offer("O1", capacity=2, educators=b.named("E1", "E2"))
    pes = (b.educator("E1"), b.educator("E2"))
    barred = decision("do_not_match", "S2", request="S2/first", pe="E2")
    data = data.model_copy(update={"offers": (offer,), "educators": pes, "decisions": (barred,)})
    found = moves(data, policy())
    assert said(found) == [(0, (), 1), (1, ("S1/first",), 2)]
    assert {m.request: m.pe for m in found.steps[1].answer.plan.matches} == {"S1/first": "E2", "S2/first": "E1"}


GAINING = (16, 37, 62, 65, 71, 76, 558)
"""Partnerships in which a move buys something; in the last one who moves may have no place any more (E02)."""


# ---- every way to unlock, tried one by one -----------------------------------------------------------------------
def repaired(number: int) -> Iterator[tuple[Dataset, Policy]]:
    """Partnerships of which most were promised a place, after an offer was withdrawn and a student is not ready."""
    for make in (generate, larger):
        data, settings = make(number)
        decisions = data.decisions if number % 2 else ()
        data = data.model_copy(update={"published": (), "decisions": decisions})
        plan = Solver(data, settings).solve().plan
        if not plan.matches:
            continue
        gone = plan.matches[number % len(plan.matches)].offer
        rows = (row(i, m.request, m.offer, m.pe, m.offer == gone) for i, m in enumerate(plan.matches))
        who = data.request_by_id[plan.matches[number * 7 % len(plan.matches)].request].student
        unready = {who} if number % 3 == 0 else set()
        yield data.model_copy(update={
            "published": tuple(rows),
            "offers": tuple(o.model_copy(update={"withdrawn": o.offer == gone}) for o in data.offers),
            "students": tuple(
                s.model_copy(update={"readiness": "failed"}) if s.student in unready else s for s in data.students
            ),
        }), settings  # fmt: skip


def row(number: int, request: str, offer: str, pe: str | None, gone: bool) -> Published:
    """Every fourth is a proposal, some are facts, those at a withdrawn offer are freed."""
    fact, proposal = number % 5 == 1, number % 4 == 0
    status: Status = "proposed" if proposal else "confirmed" if fact else "meeting_booked"
    if gone:
        return Published(request=request, offer=offer, pe=pe, standing="freed", status=status)
    standing: Any = "in_force" if proposal else "kept"
    return Published(
        request=request, offer=offer, pe=pe, standing=standing, promise=not (fact or proposal), status=status
    )


def worth(plan: Plan) -> tuple[int, ...] | None:
    """Tiers, the less the better; None of a clash."""
    return None if plan.clash else tuple(-t.value if t.sense == "max" else t.value for t in plan.tiers)


def best_of_all(data: Dataset, settings: Policy, promises: list[str], most: int) -> dict[int, tuple[int, ...] | None]:
    """By number of moves: the best of every way to unlock so many or fewer."""
    best: dict[int, tuple[int, ...] | None] = {}
    for number in range(most + 1):
        ways = itertools.combinations(promises, number)
        plans = (Solver(unlocked(data, way), settings).solve(name_clash=False).plan for way in ways)
        found = [w for w in (best.get(number - 1), *map(worth, plans)) if w is not None]
        best[number] = min(found, default=None)
    return best


def test_every_number_of_moves_is_the_best_of_all_ways_to_unlock_so_many() -> None:
    compared = gained = 0
    for number in (*range(1, 5), *GAINING):
        for data, settings in repaired(number):
            found = moves(data, settings, 2)
            for step in found.steps:
                answer = step.answer
                assert not check(answer.dataset, answer.policy, answer.plan).violations
                assert answer.plan.clash or len(step.unlocked) == step.moves
            if found.locked or len(found.promises) > 8:
                continue
            free = settings.model_copy(update={"max_changes": None})
            best = best_of_all(data, free, list(found.promises), min(2, len(found.promises)))
            steps = {k: [s for s in found.steps if s.moves <= k][-1] for k in best}
            assert {k: worth(step.answer.plan) for k, step in steps.items()} == best
            compared += 1
            gained += len(found.steps) - 1
    assert compared > 8
    assert gained > 3


def test_what_stands_and_breaks_a_rule_about_several_is_held_and_named() -> None:
    # Two were promised the one place of O1 (L02): neither is looked at.
    rows = (promised("S1/first", "O1"), promised("S2/first", "O1", "E2"))
    data = partnership(rows, 2, {"S3": "O1"})
    found = moves(data, policy())
    assert [(x.request, x.why) for x in found.locked] == [
        ("S1/first", "what stands breaks L02"), ("S2/first", "what stands breaks L02"),
    ]  # fmt: skip
    assert not found.proved


def test_where_more_is_held_for_others_than_beside_those_who_are_there_they_are_held_and_named() -> None:
    hold = decision("hold", "hold", request="S2/first", offer="O1", places=1)
    found = moves(partnership((promised("S1/first", "O1"),), 2, {}, decisions=(hold,)), policy())
    assert [(x.request, x.why) for x in found.locked] == [("S1/first", "more places of O1 are held than there are")]


def test_who_would_be_freed_by_unlocking_does_not_count_as_a_change() -> None:
    # S1 is not ready any more, so that no place is allowed: unlocked, S1 loses O1, which S2 may have only.
    data = partnership((promised("S1/first", "O1"),), 1, {"S2": "O1"})
    students = tuple(s.model_copy(update={"readiness": "failed"}) if s.student == "S1" else s for s in data.students)
    found = moves(data.model_copy(update={"students": students}), policy())
    # As many are placed with the move as without: the tiers before the draw are equal, and none is a change.
    tiers = [{t.tier: t.value for t in step.answer.plan.tiers} for step in found.steps]
    assert {t["placed.firsts"] for t in tiers} == {1}
    assert {t["changes.offers"] for t in tiers} == {0}
