"""The columns: what each match is and waits for, who supervises it, and what rules and tiers ask for."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.formulation.matches import Formulation, grouped
from models.base import PE_NEEDED
from models.entities import Published
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.rules.case import decision, exception, policy
from tests.strategies import generate, larger


def formulation(
    chosen: dict[str, str] | None = None, settings: dict[str, Any] | None = None, **parts: Any
) -> Formulation:
    return Formulation(Eligibility(b.dataset(**parts), policy(**settings or {})), chosen)


@cache
def models() -> tuple[Formulation, ...]:
    """Columns of generated partnerships."""
    return tuple(Formulation(Eligibility(*make(seed))) for make in (generate, larger) for seed in range(1, 201))


def every_column() -> Iterator[tuple[Formulation, int]]:
    for model in models():
        for column in range(len(model.x.request)):
            yield model, column


# ---- matches -------------------------------------------------------------------------------------------------------
def test_a_column_for_every_eligible_pair_and_every_kept_match_whose_pe_is_chosen_anew() -> None:
    rechosen = 0
    for model in models():
        found = [model.match(c) for c in range(len(model.x.request))]
        assert [m.column for m in found] == list(range(len(found)))
        pairs = [(p.request, p.offer, p.window) for ps in model.eligibility.pairs.values() for p in ps]
        anew = [(k.request, k.offer, k.window) for k in model.kept if k.stays is None]
        assert [(m.request, m.offer, m.window) for m in found] == [*pairs, *anew]
        assert model.x.kept.tolist() == [False] * len(pairs) + [True] * len(anew)
        # kept ones are fixed at 1
        assert model.program.lower[: len(found)].tolist() == model.x.kept.tolist()
        assert (model.program.upper[: len(found)] == 1).all()
        assert model.program.integer.all()
        rechosen += len(anew)
    assert rechosen > 10


def test_facts_of_a_match_are_those_of_its_request_and_offer() -> None:
    waiting = staying = 0
    for model, c in every_column():
        match, x, horizon = model.match(c), model.x, model.eligibility.horizon
        assert model.dataset.offers[x.offer[c]] == match.offer == model.slots[x.slot[c]].offer
        minutes = model.terms.minutes(match.request, match.offer).minutes
        assert x.minutes[c] == (-1 if minutes is None else minutes)
        assert x.counted[c] == horizon.counted(match.request)
        waits = match.offer.state == "forecast"
        if not x.kept[c]:
            to_ask = model.policy.on("E06") and bool(model.terms.agencies_to_ask(match.request, match.offer))
            waits = waits or to_ask or model.terms.to_be_measured(match.request, match.offer)
        assert x.waits[c] == waits
        published = horizon.in_force.get(match.request.request)
        pe = None
        if published is not None and match.request.request not in model.freed and published.offer == match.offer.offer:
            pe = published.pe if published.pe in model.dataset.educator_by_id else None
        assert (model.dataset.educators[x.stays_with[c]].pe if x.stays_with[c] >= 0 else None) == pe
        waiting, staying = waiting + waits, staying + (pe is not None)
    assert min(waiting, staying) > 20


def test_an_answer_of_the_agency_counts_before_what_it_asks_for() -> None:
    answers = (
        decision("agency_decision", "D1", request="S1/first", agency="A", value="accepted"),
        decision("agency_decision", "D2", request="S2/first", agency="B", value="to_ask"),
        decision("agency_decision", "D3", request="S3/first", agency="A", value="to_ask"),
    )
    parts: dict[str, Any] = {
        "agencies": (b.agency("A", asks_decision=True), b.agency("B")), "decisions": answers,
        "offers": (b.offer("O1"), b.offer("O2", agency="B"), b.offer("O3", agency="unlisted")),
        "educators": (),
    }  # fmt: skip
    # of A: S1 has its answer, S2 and S3 wait; of B: S2 alone; nobody is asked by whoever is not listed
    assert formulation(**parts, **firsts(3)).x.waits.reshape(3, 3).tolist() == [
        [False, False, False],
        [True, True, False],
        [True, False, False],
    ]
    assert not formulation(settings={"rules_off": ("E06",)}, **parts, **firsts(3)).x.waits.any()


def test_columns_by_request_offer_team_and_agency() -> None:
    for model in models():
        new = [c for c in range(len(model.x.request)) if not model.x.kept[c]]
        assert model.new.tolist() == new
        matches = {c: model.match(c) for c in range(len(model.x.request))}
        for request in model.requests:
            assert model.columns_of[request.request].tolist() == [c for c, m in matches.items() if m.request == request]
        assert set(model.columns_of) == {r.request for r in model.requests}
        for offer in model.dataset.offers:
            here = [c for c in new if matches[c].offer == offer]
            assert model.columns_at_offer.get(offer.offer, np.zeros(0)).tolist() == here
        for team in model.dataset.teams:
            here = [c for c in new if (matches[c].offer.agency, matches[c].offer.team) == (team.agency, team.team)]
            assert model.columns_at_team.get((team.agency, team.team), np.zeros(0)).tolist() == here
        for agency in model.dataset.agencies:
            here = [c for c in new if matches[c].offer.agency == agency.agency]
            assert model.columns_at_agency.get(agency.agency, np.zeros(0)).tolist() == here
        by_window = dict(model.by_window(model.new))
        assert Counter(matches[c].window for c in new) == {w: len(t.columns) for w, t in by_window.items()}
        assert all({matches[c].window for c in t.columns.tolist()} == {w} for w, t in by_window.items())


@pytest.mark.parametrize(
    ("keys", "groups"),
    [([], []), ([7], [(7, [0])]), ([3, 1, 3, 2, 1], [(1, [1, 4]), (2, [3]), (3, [0, 2])]), ([-1, -1], [(-1, [0, 1])])],
)
def test_positions_by_key(keys: list[int], groups: list[tuple[int, list[int]]]) -> None:
    assert [(key, at.tolist()) for key, at in grouped(np.array(keys, dtype=np.int64))] == groups


# ---- who supervises ------------------------------------------------------------------------------------------------
def test_every_match_is_in_one_group_of_matches_alike() -> None:
    for model in models():
        groups = {id(u.group): u.group for u in model.uses}.values()
        assert sorted(c for g in groups for c in g.columns.tolist()) == list(range(len(model.x.request)))
        number = [e.pe for e in model.dataset.educators]
        for group in groups:
            for c in group.columns.tolist():
                x = model.x
                staying = number[x.stays_with[c]] if x.stays_with[c] >= 0 else None
                facts = (model.slots[x.slot[c]], bool(x.kept[c]), bool(x.waits[c]), bool(x.counted[c]), staying)
                assert facts == (group.slot, group.kept, group.waits, group.counted, group.stays_with)
        first = [g.columns[0] for g in groups]
        assert first == sorted(first)  # whatever keys are sorted by


def test_a_group_counts_every_pool_that_may_take_it_once() -> None:
    for model in models():
        counts = 0
        for group in {id(u.group): u.group for u in model.uses}.values():
            uses = [u for u in model.uses if u.group is group]
            pools = [model.pools.by_pe.get(c.pe) for c in group.slot.educators]
            assert {u.pool for u in uses} == set(pools)
            assert len(uses) == len(set(pools))
            for use in uses:
                assert use.candidate in group.slot.educators
                assert use.pool is None or use.candidate.pe in use.pool.members
            if len(uses) == 1:
                assert uses[0].columns.tolist() == group.columns.tolist()  # no choice, no count
                continue
            columns = [c for u in uses for c in u.columns.tolist()]
            assert len(columns) == len(uses)
            most = len(group.columns)
            if model.policy.on("L02") and not group.kept:
                most = min(most, group.slot.offer.capacity)
            assert (model.program.upper[columns] == most).all()
            counts += len(columns)
        assert model.program.columns == len(model.x.request) + counts


def test_counts_to_pools_add_up_to_the_matches_of_their_group() -> None:
    # Two firsts at one offer, one PE in the team and one elsewhere: x1 + x2 = y1 + y2.
    model = formulation(
        offers=(b.offer(capacity=2),), educators=(b.educator("E1"), b.educator("E2", team=None)), **firsts(2)
    )
    [row] = model.program.batches
    assert (list(row.rules), row.lower.tolist(), row.upper.tolist()) == (["L01"], [0], [0])
    assert dict(zip(row.column.tolist(), row.coefficient.tolist(), strict=True)) == {0: 1, 1: 1, 2: -1, 3: -1}


def test_exceptions_to_the_cap_are_groups_of_their_own() -> None:
    given = (exception("L07", request="S2/first"), exception("L07", request="S3/first", pe="E9"))
    model = formulation(offers=(b.offer(capacity=4),), decisions=given, **firsts(4))
    exempt = {tuple(u.group.columns.tolist()): u.exempt for u in model.uses}
    assert exempt == {(0, 3): False, (1,): True, (2,): False}  # that of S3 is for another PE


def test_once_it_is_decided_who_goes_where_each_match_is_a_group_and_fixed() -> None:
    parts: dict[str, Any] = {
        "offers": (b.offer("O1", capacity=2), b.offer("O2")),
        "educators": (b.educator("E1"), b.educator("E2"), b.educator("E3")),
    }
    model = formulation({"S1/first": "O1", "S3/first": "O1"}, **parts, **firsts(3))
    matches = [model.match(c) for c in range(len(model.x.request))]
    assert [(m.request.request, m.offer.offer) for m in matches] == [("S1/first", "O1"), ("S3/first", "O1")]
    assert model.program.lower[:2].tolist() == model.program.upper[:2].tolist() == [1, 1]
    assert [(u.group.columns.tolist(), u.candidate.pe) for u in model.uses] == [
        ([0], "E1"), ([0], "E2"), ([0], "E3"), ([1], "E1"), ([1], "E2"), ([1], "E3"),
    ]  # fmt: skip
    assert model.columns_of["S2/first"].tolist() == []
    assert formulation({}, **parts, **firsts(3)).program.columns == 0


def test_a_kept_match_may_be_left_without_a_pe() -> None:
    kept = Published(request="S1/first", offer="O1", standing="kept", pe="E9")
    model = formulation(published=(kept,), **firsts(2))
    by_column = {c: [u.candidate.pe for u in model.uses if c in u.group.columns] for c in (0, 1)}
    assert model.match(1).request.request == "S1/first"  # after the pairs of those who are open
    assert by_column == {0: ["E1"], 1: ["E1", PE_NEEDED]}
    assert [u.pool for u in model.uses if u.candidate.pe == PE_NEEDED] == [None]


def test_the_column_that_says_whether_an_offer_is_used_is_made_once() -> None:
    model = formulation()
    opened = model.column_for_opened("O1")
    assert model.column_for_opened("O1") == opened == model.program.columns - 1
    assert model.column_for_opened("O2") == opened + 1
