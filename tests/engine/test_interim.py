"""PEs for a plan on the way: everybody has one, and no one has more at once than they take."""

from datetime import date
from typing import Any

import numpy as np

from allocator.eligibility import Eligibility
from allocator.engine import highs
from allocator.engine.face import Face
from allocator.engine.interim import any_educators
from allocator.engine.model import formulate
from models.base import PE_NEEDED
from models.entities import EducatorEntry, Published
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.engine.small import free
from tests.rules.case import LAST_FRIDAY, decision, policy
from tests.strategies import larger

AFTER = date(2026, 4, 13)
"""The Monday after a first from Monday 2026-01-05."""


def names(**parts: Any) -> dict[str, str]:
    """PEs of a plan that places as many as possible."""
    model = formulate(Eligibility(b.dataset(**parts), policy()))
    cost = np.zeros(model.program.columns)
    cost[: len(model.matches.x.request)] = -1
    found = highs.search(Face.of(model.program), cost, None, free(), None).solution
    assert found is not None
    return any_educators(model.matches, model.program.tidied(found))


def fixed(*offers: str) -> dict[str, Any]:
    """S1, S2, ... fixed to these offers."""
    fixes = tuple(decision("fix", f"D{i}", request=f"S{i}/first", offer=o) for i, o in enumerate(offers, start=1))
    return {"decisions": fixes} | firsts(len(offers))


def test_a_pool_is_filled_member_by_member() -> None:
    educators = tuple(b.educator(pe, load=2) for pe in ("E1", "E2", "E10"))
    assert names(offers=(b.offer(capacity=5),), educators=educators, **firsts(5)) == {
        "S1/first": "E1", "S2/first": "E1", "S3/first": "E2", "S4/first": "E2", "S5/first": "E10",
    }  # fmt: skip


def test_whoever_is_free_again_takes_the_next() -> None:
    # O2 begins after O1 has ended; O3 begins on the last day of O1 and so meets both.
    offers = (b.offer("O1"), b.offer("O2", earliest_start=AFTER), b.offer("O3", earliest_start=LAST_FRIDAY))
    educators = (b.educator("E1"), b.educator("E2"))
    assert names(offers=offers, educators=educators, **fixed("O1", "O2", "O3")) == {
        "S1/first": "E1", "S2/first": "E1", "S3/first": "E2",
    }  # fmt: skip


def test_counts_say_how_many_each_pool_takes() -> None:
    # E1 in the team and E2 elsewhere take one each, and the pool to be named one.
    entries = (*b.named("E1", "E2"), EducatorEntry(kind="tbc", places=1))
    offers = (b.offer(capacity=3, educators=entries),)
    found = names(offers=offers, educators=(b.educator("E1"), b.educator("E2", team=None)), **firsts(3))
    assert sorted(found.values()) == ["E1", "E2", "TBC@O1"]


def test_a_kept_match_without_anybody_needs_a_pe() -> None:
    kept = Published(request="S1/first", offer="O1", standing="kept", pe="E9")
    found = names(published=(kept,), educators=(b.educator(registered="no"),))
    assert found == {"S1/first": PE_NEEDED}


def test_everybody_has_a_pe_who_may_take_them() -> None:
    # Loads, cap and all else of these plans are judged by the checker, see test_anytime.
    named = 0
    for seed in range(1, 41):
        model = formulate(Eligibility(*larger(seed)))
        count, luck = len(model.matches.x.request), np.random.default_rng(seed)
        cost = np.zeros(model.program.columns)
        cost[:count] = -luck.integers(1, 9, size=count)
        found = highs.search(Face.of(model.program), cost, None, free(), None).solution
        if found is None:
            continue
        plan = model.program.tidied(found)
        pes = any_educators(model.matches, plan)
        chosen = np.flatnonzero(plan[:count] > 0.5).tolist()
        assert len(pes) == len(chosen)
        for column in chosen:
            allowed = model.matches.slots[model.matches.x.slot[column]].educators
            assert pes[model.matches.match(column).request.request] in {c.pe for c in allowed}
        named += len(pes)
    assert named > 100
