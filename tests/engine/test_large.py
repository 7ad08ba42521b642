"""The ways of large programs, forced upon small ones: few columns to begin with, interior points, few steps at a time."""

from functools import cache

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine import bounds, dive, parts, relaxation, search, single_offers, working
from allocator.engine.budget import Budget
from allocator.engine.large_search import LargeSearch
from allocator.engine.model import Model, formulate
from allocator.engine.relaxation import Working
from allocator.engine.search import Search
from allocator.engine.working import large
from allocator.formulation.program import Linear, Vector
from allocator.pipeline import allocate
from allocator.solving import Solver
from allocator.solving.plans import checked
from models.dataset import Dataset
from models.plan import Plan, TierResult
from models.policy import Policy, Tier
from models.run import Limits, Outcome
from tests import builders as b
from tests.engine.partnerships import (
    cap_in_two_years,
    firsts,
    half_opened_offers,
    minimum_beyond_the_load,
    with_a_row_for_every_place,
)
from tests.rules.case import policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, final_place
from tests.strategies import generate, larger

ONE_EACH = {(working, "MATCHES_EACH"): 1, (single_offers, "MATCHES_EACH"): 1, (relaxation, "COLUMNS_EACH"): 1}
FEW_COLUMNS = {(working, "LARGE"): 0} | ONE_EACH
SOME_COLUMNS = {(working, "SOME"): 0} | ONE_EACH
INTERIOR = {(relaxation, "WARM_WORK"): 0, (dive, "WARM_WORK"): 0}
PARTS = {(parts, "PART"): 3}
WAYS = {
    "some columns": SOME_COLUMNS,
    "few columns": FEW_COLUMNS,
    "interior point": INTERIOR,
    "all": FEW_COLUMNS | INTERIOR | PARTS,
}
HAND_MADE = (minimum_beyond_the_load(), cap_in_two_years(), half_opened_offers(2), b.dataset(requests=()))


def solved(data: Dataset, settings: Policy) -> Plan:
    """The plan of a run, without reasons; fails where the independent check finds a violation."""
    return checked(data, settings, Solver(data, settings).solve().plan)[0]


@cache
def planned(kind: str, number: int) -> tuple[Dataset, Policy, Plan]:
    """A partnership, and its plan as small programs are solved."""
    if kind == "by hand":
        case = HAND_MADE[number], policy()
    else:
        case = generate(number) if kind == "tiny" else larger(number)
    if kind == "places":
        case = with_a_row_for_every_place(case[0]), case[1]
    return *case, solved(*case)


CASES = [
    *(("tiny", s) for s in range(1, 41)), *(("larger", s) for s in range(1, 21)), *(("places", s) for s in range(1, 9)),
    *(("by hand", i) for i in range(4)),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chunk", range(5))
def test_tiers_and_clashes_are_those_of_the_way_of_small_programs(
    way: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [planned(*case) for case in CASES[chunk::5]]
    for (module, name), value in WAYS[way].items():
        monkeypatch.setattr(module, name, value)
    for data, settings, plan in whole:
        found = solved(data, settings)
        assert found.tiers == plan.tiers
        assert found.clash == plan.clash
        assert all(t.proved for t in found.tiers)


def counted(tiers: tuple[TierResult, ...]) -> int:
    """Placed requests that the tiers count."""
    return sum(t.value for t in tiers if t.tier.startswith("placed"))


def with_bounds_of_all_tiers(found: Plan, best: Plan) -> int:
    """How many tiers are proved; a bound is never below what the best plan has, if the tiers before it are as there."""
    as_there = True
    for tier, most in zip(found.tiers, best.tiers, strict=True):
        assert tier.bound is not None or tier.tier == "lottery"  # it is not begun where tiers before are not proved
        if as_there and tier.bound is not None:
            # a tier that is made small may stand before the placed ones
            low, high = (tier.value, tier.bound) if tier.sense == "max" else (tier.bound, tier.value)
            assert low <= most.value <= high
        assert not tier.proved or (as_there and tier.value == most.value)
        as_there &= tier.value == most.value
    return sum(t.proved for t in found.tiers)


def test_beyond_one_relaxation_a_run_ends_with_all_tiers_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [planned("larger", seed) for seed in range(1, 31)]
    for (module, name), value in ({(working, "LARGE"): 0} | PARTS | {(parts, "WHOLE"): -1}).items():
        monkeypatch.setattr(module, name, value)
    placed = best = begun = proved = 0
    for data, settings, plan in whole:
        kept: list[Outcome] = []
        found = allocate(data, settings, keep=kept.append)  # which fails where the independent check finds a violation
        if plan.clash is not None:
            assert found.plan.clash == plan.clash
            continue
        assert found.plan.stopped == (None if all(t.proved for t in found.plan.tiers) else "size")
        assert [(t.tier, t.value) for t in found.plan.tiers] == [(t.tier, t.value) for t in found.check.tiers]
        proved += with_bounds_of_all_tiers(found.plan, plan)
        begun += counted(kept[0].check.tiers) if kept else 0
        placed, best = placed + counted(found.plan.tiers), best + counted(plan.tiers)
    # more than the first plan has, not much less than is possible, and some of it is proved
    assert proved > 20
    assert begun < placed
    assert 0.95 * best <= placed


# ---- columns to begin with -----------------------------------------------------------------------------------------
@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "LARGE", 0)
    monkeypatch.setattr(working, "MATCHES_EACH", 2)


def model_of(data: Dataset, settings: Policy | None = None) -> Model:
    return formulate(Eligibility(data, settings or policy()))


def begun(model: Model) -> Working:
    """Columns to begin with, of a program that is large."""
    found = large(model)
    assert found is not None
    assert np.array_equal(found.matches, np.arange(len(model.matches.x.request)))
    return found.working


def test_a_small_program_begins_with_all_its_columns() -> None:
    assert large(model_of(b.dataset())) is None


@pytest.mark.usefixtures("everything_is_large")
def test_so_many_matches_of_each_request_and_the_counts_beside_them() -> None:
    # Three requests and five offers with a choice of two PEs (in the team, elsewhere): 15 matches, 10 counts to pools,
    # two for each offer, and those of offers that no match to begin with is at are not there.
    data = b.dataset(
        offers=tuple(b.offer(f"O{i}") for i in range(1, 6)),
        educators=(b.educator("E1", load=9), b.educator("E2", load=9, team=None)), **firsts(3),
    )  # fmt: skip
    model = model_of(data, policy(tiers=("placed",)))
    found = begun(model)
    request = model.matches.x.request
    assert (len(request), model.program.columns) == (15, 25)
    assert np.bincount(request[found.columns[:15]]).tolist() == [2, 2, 2]
    at = sorted(set(model.matches.x.offer[found.columns[:15]].tolist()))
    assert found.columns[15:].reshape(5, 2).all(axis=1).tolist() == [offer in at for offer in range(5)]
    assert not found.columns[15:].all()
    assert found.owner.tolist() == [*request.tolist(), *[-1] * 10]
    again = begun(model_of(data, policy(tiers=("placed",))))
    assert np.array_equal(again.columns, found.columns)  # drawn, and the same every time


@pytest.mark.usefixtures("everything_is_large")
def test_a_request_with_fewer_offers_begins_with_all_of_them() -> None:
    model = model_of(b.dataset(**firsts(2)))
    found = begun(model)
    assert found.columns.all()


@pytest.mark.usefixtures("everything_is_large")
def test_paths_are_there_where_both_placements_are() -> None:
    outside = inside = 0
    for seed in range(1, 61):
        model = model_of(*larger(seed))
        found = begun(model)
        there, kind, matches = found.columns, model.paths.kind, model.matches
        path_owners: set[int] = set()
        for student, paths in model.paths.by_student.items():
            requests = matches.eligibility.horizon.by_student[student]
            assert requests.first is not None
            assert requests.final is not None
            nothing = np.zeros(0, dtype=np.int64)
            firsts_, finals = (
                {int(kind[c]) for c in matches.columns_of.get(r.request, nothing) if there[c]}
                for r in (requests.first, requests.final)
            )
            for (a, z), path in np.ndenumerate(paths.matrix):
                if path >= 0:
                    assert there[path] == (a in firsts_ and z in finals)
                    inside, outside = inside + bool(there[path]), outside + (not there[path])
            assert there[paths.first_alone].all()
            owners = set(found.owner[paths.columns].tolist())
            assert len(owners) <= 1  # one owner for all paths of a student, who owns nothing else
            assert owners.isdisjoint(path_owners | set(range(len(matches.requests))))
            path_owners |= owners
        assert np.array_equal(found.owner[: len(matches.x.request)], matches.x.request)
    assert inside > 40
    assert outside > 40


@pytest.mark.usefixtures("everything_is_large")
def test_a_request_set_aside_beside_an_open_one() -> None:
    # The final has no column at all; its first has one, and a path alone.
    first, final = BOTH_REQUESTS
    aside = final.model_copy(update={"set_aside": "unreadable"})
    data = b.dataset(requests=(first, aside), educators=EDUCATORS, offers=(b.offer("O1"), final_place("O2")))
    plan = allocate(data, policy()).plan
    assert [m.request for m in plan.matches] == ["S1/first"]


@pytest.mark.usefixtures("everything_is_large")
def test_what_a_plan_uses_is_there_too() -> None:
    found = large(model_of(b.dataset(offers=tuple(b.offer(f"O{i}") for i in range(1, 6)), **firsts(1))))
    assert found is not None
    outside = ~found.working.columns
    assert outside.sum() == 3
    more = found.working.with_plan(np.where(outside, 0.5, 0.0))
    assert more.columns.all()
    assert np.array_equal(found.working.columns, ~outside)  # as it was
    assert np.array_equal(more.owner, found.working.owner)


def test_a_better_plan_for_an_earlier_tier_does_not_leave_all_later_ones_unplaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Before, at 2,000 students, a plan on the way with 5 more firsts had 551 fewer placements of later tranches.
    monkeypatch.setattr(working, "LARGE", 0)
    seeds = range(1, 41, 2)
    first, last = np.array([placed_on_the_way(*larger(seed)) for seed in seeds]).T
    # The fault: of the tiers that place, only the first counted. So it is put back, and what it costs is what must be
    # gained: in the partnerships where the ways differ, more are placed on the way, and at the end as many as before.
    monkeypatch.setattr(search, "weighted", lambda costs: costs[0])
    first_with_it, last_with_it = np.array([placed_on_the_way(*larger(seed)) for seed in seeds]).T
    assert np.array_equal(last, last_with_it)
    differ = first != first_with_it
    assert differ.sum() >= 3  # else nothing is compared
    assert (first > first_with_it)[differ].all()


@pytest.mark.usefixtures("everything_is_large")
def test_tiers_that_prices_prove_are_proved_where_no_relaxation_holds_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Two firsts and one offer that both may have: one is placed, and more cannot be, since the offer's price is 1.
    monkeypatch.setattr(parts, "WHOLE", -1)
    found = allocate(b.dataset(offers=(b.offer("O1"),), **firsts(2)), policy(tiers=("placed",)))
    assert [(t.value, t.bound, t.proved) for t in found.plan.tiers if t.value] == [(1, 1, True)]
    assert found.plan.stopped is None
    assert {t.method for t in found.run.tiers} == {"parts", "prices", "none"}


def test_an_equal_sum_of_tiers_is_not_taken_for_the_best_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    # One place, and it counts in the first tier whom it is given to. The plan in hand has it in the second tier, which
    # is as good if both weigh the same: 0 + 1 = 1 + 0.
    for module, name, value in ((working, "LARGE", 0), (parts, "WHOLE", -1), (bounds, "PRICE_WEIGHT", 1)):
        monkeypatch.setattr(module, name, value)
    model = model_of(b.dataset(offers=(b.offer("O1"),), **firsts(2)), policy(tiers=("placed",)))
    [one], [other] = (model.matches.columns_of[request] for request in ("S1/first", "S2/first"))
    order = tuple(
        (Tier(name=f"placed.{name}", sense="max"), Linear.of({int(column): 1}.items()))
        for name, column in (("one", one), ("other", other))
    )
    plan = np.zeros(model.program.columns)
    plan[other] = 1
    found = LargeSearch(
        model.program, order, Budget(Limits(), None), lambda *_: None, start=plan, large=large(model)
    ).run()  # fmt: skip
    assert [t.value for t in found.tiers] == [1, 0]


def placed_on_the_way(data: Dataset, settings: Policy) -> tuple[int, int]:
    """Placed in the first plan that is best in the first tier, and at the end; 0 where the rules clash."""
    model = model_of(data, settings)
    tiers = model.tiers()
    early = [expression for tier, expression in tiers if tier.name.startswith("placed")]
    found: list[int] = []

    def told(number: int, _tier: Tier, value: int | None, bound: int | None, plan: Vector | None) -> None:
        if plan is not None and (found or (number == 0 and value == bound)):
            found.append(sum(expression.value(plan) for expression in early))

    Search(model.program, tiers, Budget(Limits(), None), told, large=large(model)).run()
    return (found[0], found[-1]) if found else (0, 0)
