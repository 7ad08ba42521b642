"""Kept matches and their PEs: who was told keeps the PE before anybody new gets it."""

from datetime import date
from typing import Any

import pytest

from allocator import reference
from allocator.pipeline import allocate
from models.dataset import Dataset
from models.entities import EducatorEntry, Published
from models.plan import ProvisionalCode
from tests import builders as b
from tests.brute_force import solve
from tests.rules.case import policy
from tests.rules.limit_cases import firsts


def told(request: str, pe: str, offer: str = "O1") -> Published:
    return Published(request=request, offer=offer, pe=pe, status="confirmed", standing="kept")


def pes(data: Dataset, **settings: Any) -> dict[str, str | None]:
    found = allocate(data, policy(**settings))
    assert found.check.passed
    assert {r: pe for r, _, pe in solve(data, policy(**settings)).best} == {m.request: m.pe for m in found.plan.matches}
    tiers = {t.tier: t.value for t in found.plan.tiers}
    assert {t.tier: t.value for t in reference.solve(data, policy(**settings)).tiers} == tiers
    return {m.request: m.pe for m in found.plan.matches}


@pytest.mark.parametrize("kind", ["own", "tbc"])
def test_who_was_told_keeps_the_pool_before_anybody_new(kind: Any) -> None:
    # One person in the pool, two places, and two students: the one who was told has the PE, nobody else is placed.
    entry = EducatorEntry(kind=kind, qualification="PEPS1", places=1)
    pool = entry.pool_id("O1")
    data = b.dataset(
        offers=(b.offer(capacity=2, educators=(entry,)),), published=(told("S2/first", pool),), **firsts(2)
    )
    assert pes(data) == {"S2/first": pool}


def test_a_pool_that_has_shrunk_is_chosen_anew() -> None:
    # Two were told of two people to be named; one is named now, E1: each of the two has a PE again.
    entries = (*b.named("E1"), EducatorEntry(kind="tbc", places=1))
    data = b.dataset(
        offers=(b.offer(capacity=2, educators=entries),),
        published=(told("S1/first", "TBC@O1"), told("S2/first", "TBC@O1")), **firsts(2),
    )  # fmt: skip
    assert sorted(pe or "" for pe in pes(data).values()) == ["E1", "TBC@O1"]


def test_a_pool_that_is_gone_is_chosen_anew() -> None:
    data = b.dataset(offers=(b.offer(educators=b.named("E1")),), published=(told("S1/first", "TBC@O1"),))
    assert pes(data) == {"S1/first": "E1"}


def test_the_fall_back_of_a_trainee_who_left_is_named() -> None:
    # T1 has left, nobody else is of that team, and the agency's E7 was to take over.
    trainee = b.educator("T1", qualification="trainee_1", fall_back="E7", withdrawn_from=date(2026, 1, 1))
    data = b.dataset(
        educators=(trainee, b.educator("E7", employed_by="B")), published=(told("S1/first", "T1"),),
    )  # fmt: skip
    [match] = allocate(data, policy()).plan.matches
    waits = [w.detail for w in match.waiting if w.code == ProvisionalCode.EDUCATOR]
    assert waits == ["E7 is the fall-back of T1"]
