"""The pair table: the same pairs as asking every rule about every request and offer alone."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from allocator.eligibility import Eligibility, SlotChoice, pair_rules
from allocator.terms.calendar import Window
from allocator.terms.candidates import Slot
from models.dataset import Dataset
from models.entities import Offer, Request
from models.policy import Policy
from tests import builders as b
from tests.engine.partnerships import firsts, remade
from tests.rules.case import LAST_FRIDAY, decision, exception, policy
from tests.strategies import generate, larger


class Row(NamedTuple):
    """A row of the table in words; minutes None where they are not known."""

    request: str
    offer: str
    window: Window
    pes: tuple[str, ...]
    minutes: int | None
    to_measure: bool


def table_of(eligibility: Eligibility) -> list[Row]:
    """The table in its own order; what it says twice (offer of the row and of its slot) has to be the same."""
    table, offers = eligibility.table, eligibility.dataset.offers
    found = []
    for i in range(len(table.request)):
        slot, request = table.slots[table.slot[i]], table.requests[table.request[i]]
        assert (slot.offer, slot.stage) == (offers[table.offer[i]], request.stage)
        minutes = None if table.minutes[i] < 0 else int(table.minutes[i])
        pes = tuple(c.pe for c in slot.educators)
        found.append(
            Row(request.request, slot.offer.offer, slot.window, pes, minutes, bool(table.to_measure[i]))
        )  # fmt: skip
    return found


def asked_alone(data: Dataset, settings: Policy) -> Iterator[Row]:
    """Every open request and every offer, one pair at a time: all masks, then every rule about every PE."""
    eligibility = Eligibility(data, settings)
    kept = eligibility.horizon.kept
    for request in eligibility.horizon.live:
        if request.request in kept or request.set_aside is not None:
            continue
        for offer in data.offers:
            row = _asked(eligibility, request, offer)
            if row is not None:
                yield row


def _asked(eligibility: Eligibility, request: Request, offer: Offer) -> Row | None:
    terms, rules = eligibility.terms, eligibility.educator_rules
    fix = None
    if eligibility.policy.on("E16"):
        fixes = [d for d in eligibility.dataset.decisions if d.decision == "fix" and d.request == request.request]
        if len({(d.offer, d.pe) for d in fixes}) > 1 or any(d.offer != offer.offer for d in fixes):
            return None
        fix = fixes[0] if fixes else None
    pair = eligibility.published_pair(request, offer.offer)
    if pair is None:
        return None
    slot = Slot(offer, request.stage, *terms.window(request, offer))
    pes = [c.pe for c in rules.candidates(offer) if not rules.broken_rules(request, slot, c)]
    assert (pair.window, [c.pe for c in pair.educators]) == ((slot.start, slot.end), pes)
    if fix is not None and fix.pe is not None:
        pes = [pe for pe in pes if pe == fix.pe]
    if not pes:
        return None
    return Row(
        request.request, offer.offer, pair.window, tuple(pes), terms.minutes(request, offer).minutes,
        terms.to_be_measured(request, offer),
    )  # fmt: skip


def shortened(seed: int) -> tuple[Dataset, Policy]:
    """A larger partnership in which the first four requests may be two days short, one of them at one offer."""
    data, settings = larger(seed)
    given = [exception("E01", "2", request=r.request) for r in data.requests[:4]]
    given += [exception("E01", "4", request=r.request, offer="O1") for r in data.requests[:1]]
    return remade(data, decisions=(*data.decisions, *given)), settings


@cache
def cases() -> tuple[tuple[Dataset, Policy], ...]:
    return (*map(generate, range(1, 61)), *map(larger, range(1, 61)), *map(shortened, range(61, 101)))


@pytest.mark.parametrize("block", [pair_rules.BLOCK, 1, 2])
def test_the_table_is_what_every_rule_says_of_every_pair_alone(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_rules, "BLOCK", block)
    pairs = fixed = short = personal = 0
    for data, settings in cases():
        eligibility = Eligibility(data, settings)
        rows = list(asked_alone(data, settings))
        assert table_of(eligibility) == rows
        asked = {r.request for r in rows}
        pairs += len(rows)
        fixed += len(eligibility.fixed)
        short += len(asked & eligibility.terms.decisions.requests_with_exception("E01"))
        personal += len(asked & eligibility.educator_rules.personal)
    # what is treated one by one has been met, and the rest is more
    assert min(fixed, short, personal) > 4
    assert pairs > 4 * (fixed + short + personal)


def test_by_request_the_table_has_the_same_pairs_and_nothing_for_whoever_has_none() -> None:
    for case in cases():
        eligibility = Eligibility(*case)
        table, rows = eligibility.table, table_of(eligibility)
        assert list(eligibility.pairs) == [r.request for r in table.requests]
        assert len(eligibility.pairs) == len(table.requests)
        for request, pairs in eligibility.pairs.items():
            mine = [(r.offer, r.window, r.pes) for r in rows if r.request == request]
            assert [(p.offer.offer, p.window, tuple(c.pe for c in p.educators)) for p in pairs] == mine
            assert {p.request.request for p in pairs} <= {request}
        assert table.starts.tolist() == [
            sum(table.requests[r].request in {x.request for x in table.requests[:i]} for r in table.request)
            for i in range(len(table.requests) + 1)
        ]


def test_no_slot_comes_twice_and_each_has_somebody() -> None:
    for case in cases():
        table = Eligibility(*case).table
        names = [(s.offer.offer, s.stage, s.window, tuple(c.pe for c in s.educators)) for s in table.slots]
        assert len(set(names)) == len(names)
        assert all(pes for *_, pes in names)
        assert np.array_equal(np.unique(table.slot), np.arange(len(table.slots)))  # none that nobody uses


def test_offers_that_tranche_dates_or_travel_exclude_for_all_are_far() -> None:
    near = far = 0
    for data, settings in cases():
        eligibility = Eligibility(data, settings)
        requests = data.requests[::2]
        found = set(eligibility.pair_rules.near(requests).tolist())
        masks = {rule: mask for rule, mask in eligibility.excluding_masks(requests) if rule in ("E01", "E04")}
        excluded = np.zeros((len(requests), len(data.offers)), dtype=np.bool_)
        for mask in masks.values():
            excluded |= mask
        # a pair that neither excludes is near; what each of the two excludes for everybody is far
        assert set(np.flatnonzero(~excluded.all(axis=0)).tolist()) <= found
        assert found.isdisjoint(j for mask in masks.values() for j in np.flatnonzero(mask.all(axis=0)).tolist())
        near, far = near + len(found), far + len(data.offers) - len(found)
    assert min(near, far) > 50


# ---- by hand -------------------------------------------------------------------------------------------------------
def slots(settings: dict[str, Any] | None = None, **parts: Any) -> tuple[tuple[SlotChoice, ...], list[int]]:
    """Slots of a partnership, and the slot of each pair in order of request and offer."""
    table = Eligibility(b.dataset(**parts), policy(**settings or {})).table
    return table.slots, table.slot.tolist()


def test_requests_that_differ_in_nothing_but_their_student_share_a_slot() -> None:
    found, used = slots(offers=(b.offer("O1"), b.offer("O2")), **firsts(5))
    assert [s.offer.offer for s in found] == ["O1", "O2"]
    assert used == [0, 1] * 5


def test_a_slot_for_each_window_and_stage() -> None:
    # Firsts of 70 days, one of 60, one that begins a week later, and a final of 70 days.
    requests = (
        b.request("S1/first"), b.request("S2/first", days=60), b.request("S3/first", earliest_start=date(2026, 1, 12)),
        b.request("S4/final", days=70), b.request("S5/first"),
    )  # fmt: skip
    found, used = slots(students=tuple(b.student(f"S{i}") for i in range(1, 6)), requests=requests,
                        history=(b.history("S4"),))  # fmt: skip
    week = date(2026, 4, 17)
    # 60 days are 12 weeks, two weeks less than 70
    ends = [(b.MONDAY, LAST_FRIDAY), (b.MONDAY, date(2026, 3, 27)), (date(2026, 1, 12), week), (b.MONDAY, LAST_FRIDAY)]
    by_pair = [found[s] for s in used]
    assert [s.window for s in by_pair] == [*ends, ends[0]]
    assert [s.stage for s in by_pair] == ["first", "first", "first", "final", "first"]
    assert used[0] == used[4]
    assert len(found) == 4


def test_an_exception_to_e01_shortens_the_window_of_its_request_at_its_offer_alone() -> None:
    # The offers end on Friday 3 April: 13 weeks, 65 days. 70 days less 5 fit; S2 has no exception, O2 is not named.
    offers = tuple(b.offer(o, latest_end=date(2026, 4, 3)) for o in ("O1", "O2"))
    found, used = slots(offers=offers, decisions=(exception("E01", "5", offer="O1"),), **firsts(2))
    assert [(s.offer.offer, s.window) for s in found] == [("O1", (b.MONDAY, date(2026, 4, 3)))]
    assert used == [0]


def test_an_exception_to_e01_for_every_offer() -> None:
    # O1 has no end and holds all 70 days for both; O2 ends on Friday 27 March: 60 days, for S1 alone.
    offers, short = (b.offer("O1"), b.offer("O2", latest_end=date(2026, 3, 27))), (b.MONDAY, date(2026, 3, 27))
    found, used = slots(offers=offers, decisions=(exception("E01", "10"),), **firsts(2))
    assert [(found[s].offer.offer, found[s].window) for s in used] == [
        ("O1", (b.MONDAY, LAST_FRIDAY)), ("O2", short), ("O1", (b.MONDAY, LAST_FRIDAY)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "own"),
    [
        ({"students": (b.student("S1", excluded_educators=("E1",)), b.student("S2"))}, ("E2",)),
        ({"decisions": (decision("declined", student="S1", pe="E2", party="student"),)}, ("E1",)),
        ({"decisions": (decision("do_not_match", request="S1/first", pe="E2"),)}, ("E1",)),
        ({"history": (b.history("S1", outcome="failed", pe="E1", agency="B"),)}, ("E2",)),
        ({"decisions": (exception("E12", "2027-01-01", pe="E3"),)}, ("E1", "E2", "E3")),
    ],
    ids=["excluded", "declined", "do not match", "failed with", "excepted"],
)
def test_pe_rules_of_one_request_make_a_slot_of_its_own(parts: dict[str, Any], own: tuple[str, ...]) -> None:
    # E3 is not current.
    educators = (b.educator("E1"), b.educator("E2"), b.educator("E3", current_until=date(2025, 1, 1)))
    found, used = slots(**{"educators": educators} | firsts(2) | parts)
    assert [tuple(c.pe for c in found[s].educators) for s in used] == [own, ("E1", "E2")]


def test_a_pe_rule_that_bars_nobody_there_leaves_the_shared_slot() -> None:
    students = (b.student("S1", excluded_educators=("E9",)), b.student("S2"))
    assert slots(**firsts(2) | {"students": students})[1] == [0, 0]


def test_whoever_has_no_pe_left_has_no_pair() -> None:
    students = (b.student("S1", excluded_educators=("E1",)), b.student("S2"))
    eligibility = Eligibility(b.dataset(**firsts(2) | {"students": students}), policy())
    assert eligibility.table.starts.tolist() == [0, 0, 1]
    assert eligibility.pairs["S1/first"] == ()
    with pytest.raises(KeyError):
        eligibility.pairs["S9/first"]


def test_minutes_and_what_is_to_be_measured_stand_beside_each_pair() -> None:
    # O1 measured 20; O2 unknown; O3 measured 80, over the student's 75 but for the exception of 85.
    students = (b.student("S1", limit_minutes=75), b.student("S2"))
    offers = (b.offer("O1"), b.offer("O2", place="P2"), b.offer("O3", place="P3"))
    rows = table_of(
        Eligibility(
            b.dataset(
                offers=offers, travel=(*b.travel(), *b.travel("P0", "P3", 80)),
                decisions=(exception("E04", "85", offer="O3"),), **firsts(2) | {"students": students},
            ),
            policy(),
        )
    )  # fmt: skip
    assert [(r.request, r.offer, r.minutes, r.to_measure) for r in rows] == [
        ("S1/first", "O1", 20, False), ("S1/first", "O2", None, True), ("S1/first", "O3", 80, False),
        ("S2/first", "O1", 20, False), ("S2/first", "O2", None, True), ("S2/first", "O3", 80, False),
    ]  # fmt: skip


def test_an_empty_table() -> None:
    table = Eligibility(b.dataset(requests=()), policy()).table
    assert [len(column) for column in (table.request, table.offer, table.slot, table.minutes, table.to_measure)] == [
        0
    ] * 5
    assert (table.requests, table.slots, table.starts.tolist()) == ((), (), [0])
    assert Eligibility(b.dataset(offers=()), policy()).table.starts.tolist() == [0, 0]
