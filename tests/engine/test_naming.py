"""Individuals by name: by round and request the nearest, then the least id, under the loads of every day."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from allocator.eligibility import Eligibility
from allocator.engine.activity import Activity
from allocator.engine.budget import Budget
from allocator.engine.naming import _Namer, name_educators
from allocator.formulation.program import Vector
from allocator.pipeline import allocate
from allocator.solving import Solver
from models.dataset import Dataset
from models.entities import Published
from models.errors import SolverFaultError
from models.plan import TierResult
from models.run import Limits
from tests import builders as b
from tests.agreement import compare
from tests.engine.partnerships import firsts
from tests.rules.case import LAST_FRIDAY, decision, exception, policy
from tests.strategies import larger

MONDAY_AFTER = date(2026, 4, 13)


def names(data: Dataset, **settings: Any) -> dict[str, str | None]:
    return {m.request: m.pe for m in allocate(data, policy(**settings)).plan.matches}


def pes(**loads: int) -> tuple[Any, ...]:
    return tuple(b.educator(pe, load=load) for pe, load in loads.items())


def test_a_pool_with_load_two_fills_the_least_id_first() -> None:
    # Five at once and three PEs who take two each: E1, E1, E2, E2, E10 (E2 comes before E10).
    data = b.dataset(offers=(b.offer(capacity=5),), educators=pes(E10=2, E2=2, E1=2), **firsts(5))
    assert names(data) == {"S1/first": "E1", "S2/first": "E1", "S3/first": "E2", "S4/first": "E2", "S5/first": "E10"}


def test_windows_that_do_not_meet_share_a_pe() -> None:
    # O1 ends on Friday 2026-04-10, O2 begins the Monday after, O3 on that Friday: O1 and O2 never meet, O3 meets both.
    offers = (b.offer("O1"), b.offer("O2", earliest_start=MONDAY_AFTER), b.offer("O3", earliest_start=LAST_FRIDAY))
    fixes = tuple(decision("fix", f"D{i}", request=f"S{i}/first", offer=f"O{i}") for i in (1, 2, 3))
    data = b.dataset(offers=offers, educators=pes(E1=1, E2=1), decisions=fixes, **firsts(3))
    assert names(data) == {"S1/first": "E1", "S2/first": "E1", "S3/first": "E2"}


def test_interval_pool_of_load_two() -> None:
    # Starts a day apart, 70 days each, so all six meet: two PEs of load 2 take four, a third PE the other two.
    offers = tuple(b.offer(f"O{i}", earliest_start=b.MONDAY + timedelta(days=7 * i)) for i in range(1, 7))
    fixes = tuple(decision("fix", f"D{i}", request=f"S{i}/first", offer=f"O{i}") for i in range(1, 7))
    data = b.dataset(offers=offers, educators=pes(E1=2, E2=2, E3=2), decisions=fixes, **firsts(6))
    assert list(names(data).values()) == ["E1", "E1", "E2", "E2", "E3", "E3"]


def test_whoever_comes_later_can_still_be_named() -> None:
    # E1 is the least for S1, but O2 is reached by E1 alone. Basis (own_educators) plays no part.
    educators = (b.educator("E1", team="Z", long_arm=True), b.educator("E2", team="X"))
    offers = (b.offer("O1"), b.offer("O2", team="Y"))
    fixes = tuple(decision("fix", f"D{i}", request=f"S{i}/first", offer=f"O{i}") for i in (1, 2))
    data = b.dataset(offers=offers, educators=educators, decisions=fixes, **firsts(2))
    assert names(data, tiers=("placed",)) == {"S1/first": "E2", "S2/first": "E1"}


def test_names_keep_every_tier() -> None:
    # E1 is the least id but elsewhere in the agency (1); E2 is in the team (0), and the tier own_educators wins.
    # Without that tier the nearest is named all the same.
    data = b.dataset(educators=(b.educator("E1", team=None), b.educator("E2")))
    assert names(data) == {"S1/first": "E2"}
    assert names(data, tiers=("placed",)) == {"S1/first": "E2"}


def test_the_round_that_is_decided_has_the_pe_of_the_team_before_a_later_one() -> None:
    # Both matches meet on 4 to 8 May (70 days from 27 January end on 4 May): one has E1 of the team, the other E2,
    # an independent. S9 is of the round being decided, S1 of a later one, although its id comes first.
    tranches = (
        b.tranche("T1", first_day=date(2026, 1, 27)),
        b.tranche("T2", first_day=date(2026, 5, 4), status="later"),
    )
    offers = tuple(
        b.offer(f"O{n}", tranche=f"T{n}", earliest_start=t.first_day, educators=b.named("E1", "E2"))
        for n, t in enumerate(tranches, 1)
    )
    data = b.dataset(
        tranches=tranches, offers=offers, students=(b.student("S1"), b.student("S9")),
        requests=(b.request("S1/first", tranche="T2"), b.request("S9/first")),
        educators=(b.educator("E1"), b.educator("E2", employed_by="independent", team=None, serves=("A",))),
    )  # fmt: skip
    assert names(data, placements_so_far=9) == {"S1/first": "E2", "S9/first": "E1"}


def test_a_published_pe_stays_although_another_id_is_less() -> None:
    row = Published(request="S1/first", offer="O1", standing="in_force", pe="E2")
    data = b.dataset(educators=pes(E1=1, E2=1), published=(row,))
    assert names(data) == {"S1/first": "E2"}


def test_a_fixed_pe_is_named_and_the_others_follow() -> None:
    fixed = decision("fix", request="S2/first", offer="O1", pe="E1")
    data = b.dataset(offers=(b.offer(capacity=2),), educators=pes(E1=1, E2=1), decisions=(fixed,), **firsts(2))
    assert names(data) == {"S1/first": "E2", "S2/first": "E1"}


@pytest.mark.parametrize("excepted", ["S1/first", "S2/first"])
def test_an_exception_to_the_cap_is_for_its_request_alone(excepted: str) -> None:
    # One independent and one own PE (load 1 each), cap 0%: who has the exception has the independent.
    independent = b.educator("E1", employed_by="independent", team=None, serves=("A",))
    data = b.dataset(
        offers=(b.offer(capacity=2),), educators=(independent, b.educator("E2")),
        decisions=(exception("L07", request=excepted),), **firsts(2),
    )  # fmt: skip
    found = names(data, independent_cap_percent=0)
    assert {request: pe == "E1" for request, pe in found.items()} == {
        "S1/first": excepted == "S1/first",
        "S2/first": excepted == "S2/first",
    }


def test_naming_agrees_with_the_brute_force() -> None:
    # Three PEs for three students at two offers that overlap by a day.
    offers = (b.offer("O1", capacity=2), b.offer("O2", earliest_start=LAST_FRIDAY))
    educators = (*pes(E1=1, E2=1), b.educator("E3", load=2, team=None))
    data = b.dataset(offers=offers, educators=educators, **firsts(3))
    assert compare(data, policy(), random.Random(1), ("engine",)) == []


def test_what_cannot_be_named_is_a_fault_and_no_plan() -> None:
    # The tiers are claimed to hold own_educators at 0, but the only PE is elsewhere in the agency (1).
    eligibility = Eligibility(b.dataset(educators=(b.educator(team=None),)), policy(tiers=("placed", "own_educators")))
    claimed = [
        ("placed.finals", "max", 0),
        ("placed.firsts", "max", 1),
        ("placed.later", "max", 0),
        ("own_educators", "min", 0),
    ]
    tiers = tuple(TierResult.model_validate({"tier": t, "sense": s, "value": v}) for t, s, v in claimed)
    with pytest.raises(SolverFaultError, match="can be named"):
        name_educators(eligibility, {"S1/first": "O1"}, tiers, Budget(Limits(), None))


def test_names_are_the_same_where_a_solver_is_asked_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [larger(seed) for seed in range(1, 25)]
    asked, least = [0], _Namer._least

    def counted(self: _Namer, cost: Vector) -> Vector:
        asked[0] += 1
        return least(self, cost)

    monkeypatch.setattr(_Namer, "_least", counted)
    plans = [Solver(*case).solve().plan for case in cases]
    fewer, asked[0] = asked[0], 0
    monkeypatch.setattr(Activity, "fits", lambda self, column: True)
    assert [Solver(*case).solve().plan for case in cases] == plans
    assert fewer < asked[0]
