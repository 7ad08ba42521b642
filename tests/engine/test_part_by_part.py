"""Part by part: plans that hold and get better in the order of the tiers, bounds that are bounds, workers that do not
matter, and a part that is the same question as the whole with all else fixed."""

from functools import cache

import numpy as np
import pytest
from scipy.optimize import Bounds as Interval
from scipy.optimize import LinearConstraint, milp

from allocator.eligibility import Eligibility
from allocator.engine import bounds as bounds_module
from allocator.engine import parts as parts_module
from allocator.engine import working as working_module
from allocator.engine.bounds import Bounds
from allocator.engine.budget import Budget
from allocator.engine.face import Face, inwards
from allocator.engine.model import Model, formulate
from allocator.engine.objectives import objective_of
from allocator.engine.part_by_part import PartByPart
from allocator.engine.search import MOST_EARLY
from allocator.engine.start import FirstPlan
from allocator.engine.workers import side_by_side
from allocator.engine.working import Large, large
from allocator.formulation.program import Vector
from allocator.pipeline import allocate
from models.run import Limits
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.engine.small import dense
from tests.rules.case import policy
from tests.strategies import larger


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large, and divided into parts of a few requests."""
    monkeypatch.setattr(working_module, "LARGE", 0)
    monkeypatch.setattr(parts_module, "PART", 3)
    monkeypatch.setattr(parts_module, "WHOLE", -1)


class Case:
    """A partnership with a first plan that takes as little as it may."""

    def __init__(self, model: Model) -> None:
        tiers = model.tiers()
        self.objectives = [objective_of(model.program, *tier) for tier in tiers]
        self.tiers = [expression for tier, expression in tiers if tier.name.startswith("placed")]
        self.model = model
        self.program = model.program
        self.face = Face.of(model.program)
        self.costs = [-expression.cost(self.program.columns) for expression in self.tiers]
        found = large(model)
        assert found is not None
        self.large: Large = found
        self.plan = FirstPlan(model, self.face, self.program.lower.copy()).build()
        self._plans: dict[Limits, list[Vector]] = {}

    def values(self, plan: Vector) -> list[int]:
        """What a plan has in the placed tiers."""
        return [round(float(-cost @ plan)) for cost in self.costs]

    @property
    def early(self) -> int:
        """How many tiers are weighed against each other: all up to the last placed one, as far as weights go."""
        placed = [n for n, objective in enumerate(self.objectives) if objective.tier.name.startswith("placed")]
        return min(placed[-1] + 1, MOST_EARLY)

    def bounds(self) -> Bounds:
        """Bounds of all tiers, not yet found."""
        return Bounds(self.model, self.face, self.objectives, self.early, Budget(Limits(), None))

    def plans(self, limits: Limits) -> list[Vector]:
        """Every plan on the way, each division once; found once for equal limits, whoever asks."""
        if limits not in self._plans:
            self._plans[limits] = self._found(limits)
        return self._plans[limits]

    def _found(self, limits: Limits) -> list[Vector]:
        found, budget = [self.plan], Budget(limits, None)
        for division in range(len(self.large.parts.divisions)):
            by_part = PartByPart(self.program, self.face, self.large, self.objectives, budget)
            found += by_part.plans(found[-1], division)
        return found[1:]


@cache
def cases() -> tuple[Case, ...]:
    made = (Case(formulate(Eligibility(*larger(seed)))) for seed in range(1, 49))
    return tuple(case for case in made if case.costs and case.face.holds(case.plan))


def test_every_plan_holds_and_is_better_than_the_one_before() -> None:
    better = 0
    for case in cases():
        last = case.plan
        for plan in case.plans(Limits()):
            assert case.face.holds(plan)
            assert case.face.whole(plan)
            assert [o.minimised(plan) for o in case.objectives] < [o.minimised(last) for o in case.objectives]
            last, better = plan, better + 1
    assert better > 10


@pytest.mark.parametrize("work", [300, None, 3_000])
def test_workers_do_not_matter(work: int | None) -> None:
    for case in cases()[::2]:
        alone, together = (case.plans(Limits(work=work, workers=workers)) for workers in (1, 2))
        assert len(alone) == len(together)
        assert all(np.array_equal(a, z) for a, z in zip(alone, together, strict=True))


def test_whole_runs_are_equal_with_one_worker_or_two() -> None:
    for seed in range(1, 7):
        alone, together = (allocate(*larger(seed), limits=Limits(workers=n)).plan for n in (1, 2))
        assert alone == together


def test_nobody_gets_better_where_everybody_is_placed() -> None:
    # Two firsts, two offers: the first plan has both.
    data = b.dataset(offers=(b.offer("O1"), b.offer("O2")), educators=(b.educator("E1", load=9),), **firsts(2))
    case = Case(formulate(Eligibility(data, policy())))
    assert sum(case.values(case.plan)) == 2
    assert all(case.values(plan) == case.values(case.plan) for plan in case.plans(Limits()))


def test_bounds_hold_for_what_is_possible_with_the_tiers_before() -> None:
    # No plan has more in a tier than its bound, unless it has less in a tier before.
    met = found = 0
    for case in cases()[::2]:
        bounds = case.bounds()
        assert bounds.of(case.plan) == [None] * len(case.objectives)  # nothing is known yet
        bounds.find_placed(case.plan)
        bounds.find_later(case.plan)
        best = case.plan
        for plan in case.plans(Limits()):
            best = plan
        for objective, bound in zip(case.objectives, bounds.of(best), strict=True):
            value = objective.minimised(best)
            assert bound is not None
            assert bound <= value
            if objective.tier.name.startswith("placed"):
                met, found = met + (value == bound), found + 1
    assert met >= 0.4 * found  # in these small parts; how many depends on what is drawn


# ---- workers and budgets --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("workers", [1, 2])
def test_pieces_keep_their_order_and_their_faults(workers: int) -> None:
    assert side_by_side([lambda: "a", lambda: "b", lambda: "c"], workers) == ["a", "b", "c"]
    assert side_by_side([], workers) == []
    with pytest.raises(ZeroDivisionError):
        side_by_side([lambda: 1, lambda: 1 // 0], workers)


def test_pieces_share_what_is_left_of_the_work() -> None:
    budget = Budget(Limits(work=100), None)
    budget.spend(20)
    shares = budget.shared(2)
    shares[0].spend(39)
    assert shares[0].stopped() is None
    shares[1].spend(40)
    assert shares[1].stopped() == "work limit"
    budget.collect(shares)
    # 20 + 39 + 40 of 100, but the piece that had to stop ends the run, whoever worked on it
    assert budget.work == 99
    assert budget.stopped() == "work limit"
    [alone] = Budget(Limits(), None).shared(1)
    assert alone.stopped() is None


def test_bounds_of_later_tiers_hold_with_the_tiers_before_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    # Against the relaxation of each tier with a row for each one before, by another solver; here every later tier
    # that is minimised has its bound beside the placed ones.
    monkeypatch.setattr(bounds_module, "USUAL", 0.0)
    above = met = 0
    for case in cases()[::4]:
        bounds = case.bounds()
        bounds.find_placed(case.plan)
        bounds.find_later(case.plan)
        for plan in (case.plan, *case.plans(Limits())[-1:]):
            stated = bounds.of(plan)
            for number in range(case.early, len(stated)):
                least, bound = relaxed(case, plan, number), stated[number]
                assert bound is not None
                assert bound <= inwards(least)
                met, above = met + (bound == inwards(least)), above + 1
    assert met > 0.3 * above


def relaxed(case: Case, plan: Vector, number: int) -> float:
    """The least that a tier can have in the relaxation if all before it stay as they are in a plan."""
    costs = [objective.cost() for objective in case.objectives[: number + 1]]
    before = [float(cost @ plan) for cost in costs[:-1]]
    rows = LinearConstraint(dense(case.face.matrix.by_row), case.face.row_lower, case.face.row_upper)
    tiers = LinearConstraint(np.array(costs[:-1]), before, before)
    found = milp(costs[-1], constraints=[rows, tiers], bounds=Interval(case.face.lower, case.face.upper))
    assert found.status == 0
    return float(found.fun)
