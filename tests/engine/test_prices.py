"""Bounds from prices: safe at any, as good as the relaxation at its own, and with duals that say the same."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from allocator.eligibility import Eligibility
from allocator.engine.alone import Alone, alone
from allocator.engine.face import Face, inwards
from allocator.engine.model import Model, formulate
from allocator.engine.prices import Priced, Prices
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import INFINITY, Program, Vector
from models.dataset import Dataset
from models.policy import Policy
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.engine.small import dense, free, vector
from tests.engine.test_alone import without_order
from tests.rules.case import decision, policy
from tests.rules.student_cases import BOTH_REQUESTS, EDUCATORS, final_place
from tests.strategies import generate, larger, partnerships

Case = tuple[Dataset, Policy]
KINDS: dict[str, Callable[[int], Case]] = {"tiny": generate, "larger": larger, "without L06": without_order}
SEEDS = 50


class Tier(NamedTuple):
    """A face, a tier (minimised) and the least that it is anywhere in the face; infinite in an empty one."""

    alone: Alone
    face: Face
    cost: Vector
    relaxed: float

    @property
    def exact(self) -> float:
        """How far off a sum may be."""
        return 1e-6 * max(1.0, float(np.abs(self.cost).sum()))


def minimum(face: Face, cost: Vector) -> float:
    """The linear relaxation, without the rows of lazy kinds and earlier tiers."""
    rows = LinearConstraint(dense(face.matrix.by_row), face.row_lower, face.row_upper)
    found = milp(cost, constraints=rows, bounds=Bounds(face.lower, face.upper))
    assert found.status in (0, 2)
    return INFINITY if found.status == 2 else float(found.fun)


def costs_of(model: Model, luck: np.random.Generator) -> list[Vector]:
    """A tier of the policy, all of them at once with drawn weights, and drawn costs of columns."""
    tiers = model.tiers()
    number = model.program.columns  # with those of shortfalls
    minimised = [expression.cost(number) * (-1 if tier.sense == "max" else 1) for tier, expression in tiers]
    weights = luck.integers(0, 10, size=len(minimised))
    found = [sum((w * c for w, c in zip(weights, minimised, strict=True)), np.zeros(number))]
    found += [minimised[int(luck.integers(len(minimised)))]] if minimised else []
    return [*found, luck.integers(-9, 4, size=number).astype(float)]


def faces_of(program: Program, cost: Vector, luck: np.random.Generator) -> Iterator[Face]:
    """As rows are written, as they imply it, as a tier leaves it, and with drawn columns and rows made narrower."""
    yield Face.written(program)
    face = Face.of(program)
    yield face
    relaxed = Relaxation(face, free()).minimise(face, cost)
    if relaxed.ending == "optimal":
        yield face.reaching(cost, inwards(relaxed.value), relaxed)
        # some of what a solution has, fixed
        whole = np.abs(relaxed.solution - np.round(relaxed.solution)) < 1e-6
        given = np.flatnonzero(whole & (luck.random(len(cost)) < 0.4))
        lower, upper = face.lower.copy(), face.upper.copy()
        lower[given] = upper[given] = np.round(relaxed.solution[given])
        yield face._replace(lower=lower, upper=upper)
    closed = luck.random(len(cost)) < 0.2
    yield face._replace(upper=np.where(closed, face.lower, face.upper))
    taken = luck.random(len(cost)) < 0.04
    yield face._replace(lower=np.where(taken, face.upper, face.lower))
    asked = np.isfinite(face.row_upper) & (luck.random(len(face.row_upper)) < 0.1)
    yield face._replace(row_lower=np.where(asked, face.row_upper, face.row_lower))


def tiers_of(case: Case, luck: np.random.Generator) -> Iterator[Tier]:
    model = formulate(Eligibility(*case))
    costs = costs_of(model, luck)
    if model.program.columns:
        for number, face in enumerate(faces_of(model.program, costs[0], luck)):
            cost = costs[number % len(costs)]
            yield Tier(alone(model, face.matrix), face, cost, minimum(face, cost))


def drawn(prices: Prices, scale: float, luck: np.random.Generator) -> Vector:
    """Prices of either sign for half of the rows; half of the balances of groups have infinity."""
    rows, groups = len(prices.face.row_lower), prices.alone.groups.row[1:]
    found = scale * luck.normal(size=rows) * (luck.random(rows) < 0.5)
    found[groups[luck.random(len(groups)) < 0.5]] = INFINITY
    return found


def assert_duals(prices: Prices, priced: Priced, tier: Tier, exact: float) -> Counter[str]:
    """What :class:`Priced` says of its duals; returns what was found."""
    face, duals, found = prices.face, priced.duals, Counter[str]()
    reduced = prices.cost - dense(face.matrix.by_row).T @ duals
    requests, options, number = prices.alone.requests, prices.alone.options, len(prices.alone.groups.of_match)
    negative = face.open & (reduced < -exact)
    for column in np.flatnonzero(negative[:number]):
        # nothing but its own upper bound: the only match of a request without a row "one match at most"
        request = requests.of_match[column]
        assert requests.match_row[request] < 0
        assert (requests.of_match == request).sum() == 1
        found["single match"] += 1
    for option in np.flatnonzero(options.path >= 0):
        if negative[options.path[option]]:
            # likewise: the only path of a student without a row "one path at most"
            owner = options.owner[option]
            assert prices.alone.owners.row[owner] < 0
            assert (options.owner == owner).sum() == 1
            found["single path"] += 1
    found["count"] += int(negative[prices.alone.groups.counts].sum())
    if np.isfinite(tier.relaxed):
        used = duals != 0
        held = np.where(duals > 0, face.row_lower, face.row_upper)
        total = float(duals[used] @ held[used])
        total += float(np.minimum(reduced * face.lower, reduced * face.upper).sum())
        assert total == pytest.approx(priced.bound, abs=exact)
    return found


def check(tier: Tier, luck: np.random.Generator) -> Counter[str]:
    """Bounds at 0 and at drawn prices; returns what was met."""
    prices, met = Prices(tier.alone, tier.face, tier.cost), Counter[str]()
    for scale in (0.0, 1.0, 10.0):
        priced, exact = prices.at(drawn(prices, scale, luck)), tier.exact * (1 + scale)
        assert -INFINITY < priced.bound <= tier.relaxed + exact
        if np.isfinite(priced.bound):
            met += assert_duals(prices, priced, tier, exact)
            # what says the same is not worse
            assert prices.at(priced.duals).bound >= priced.bound - exact
    met["empty face"] += tier.relaxed == INFINITY
    met["known to be empty"] += priced.bound == INFINITY
    met["to be met"] += int(prices.must.sum())
    met["pools"] += len(prices.alone.groups.counts)
    met["finals alone"] += int((prices.alone.options.first == 0).sum())
    met["fixed"] += int((prices.alone.requests.fix_row >= 0).sum())
    met["others"] += len(prices.alone.rest)
    return met


@cache
def all_tiers(kind: str) -> tuple[Tier, ...]:
    """Tiers of generated partnerships, on all kinds of faces."""
    return tuple(tier for seed in range(SEEDS) for tier in tiers_of(KINDS[kind](seed), np.random.default_rng(seed)))


@pytest.mark.parametrize("kind", KINDS)
def test_no_prices_give_more_than_the_relaxation_and_duals_give_the_same(kind: str) -> None:
    luck, met = np.random.default_rng(4), Counter[str]()
    for tier in all_tiers(kind):
        met += check(tier, luck)
    expected = ["empty face", "known to be empty", "count", "to be met", "pools", "fixed", "others"]
    expected += ["finals alone", "single path"] if kind == "without L06" else ["single match"]
    assert [word for word in expected if met[word] < 2] == [], met


@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
@given(partnerships(), st.integers(0, 2**32))
def test_no_prices_give_more_than_the_relaxation_of_what_hypothesis_finds(case: Case, seed: int) -> None:
    luck = np.random.default_rng(seed)
    for tier in tiers_of(case, luck):
        check(tier, luck)


@pytest.mark.parametrize("kind", KINDS)
def test_at_its_duals_the_bound_is_the_relaxation(kind: str) -> None:
    reached = 0
    for tier in all_tiers(kind):
        face = tier.face._replace(extra=())
        relaxed = Relaxation(face, free()).minimise(face, tier.cost)
        if relaxed.ending == "optimal" and not relaxed.other_rows:
            prices = Prices(tier.alone, face, tier.cost)
            assert prices.at(relaxed.row_duals).bound == pytest.approx(tier.relaxed, abs=tier.exact)
            reached += 1
    assert reached > 80


# ---- by hand -------------------------------------------------------------------------------------------------------
def model_of(off: tuple[str, ...] = (), **parts: object) -> Model:
    return formulate(Eligibility(b.dataset(**parts), policy(rules_off=off)))


def row_of(model: Model, rule: str, subject: str) -> int:
    """The one row of a rule about a subject."""
    [row] = [i for i, origin in enumerate(model.program.origins) if origin == (rule, subject)]
    return row


def at(prices: Prices, duals: dict[int, float]) -> float:
    """The bound where these rows have a price and all others 0."""
    found = np.zeros(len(prices.face.row_lower))
    found[list(duals)] = list(duals.values())
    return prices.at(found).bound


def test_two_students_and_one_place() -> None:
    # x1 + x2 <= 1 with a cost of -1 each. A place at a price of y <= 0 costs a student -1 - y, or nothing without it:
    # y + 2 min(-1 - y, 0).
    model = model_of(**firsts(2))
    face, cost = Face.of(model.program), vector(-1, -1)
    prices, place = Prices(alone(model, face.matrix), face, cost), row_of(model, "L02", "O1")
    assert minimum(face, cost) == -1
    assert at(prices, {}) == -2
    assert at(prices, {place: -0.5}) == -1.5  # -0.5 + 2 x -0.5
    assert at(prices, {place: -1}) == -1
    assert at(prices, {place: -3}) == -3
    assert at(prices, {place: 5}) == -2  # at most one: nobody is paid for taking it


def pools() -> tuple[Model, Vector]:
    """Two students, two places; E1 is in the team, E2 elsewhere costs 1, each takes one. A match is worth 5."""
    educators = (b.educator("E1"), b.educator("E2", team=None))
    model = model_of(offers=(b.offer(capacity=2),), educators=educators, **firsts(2))
    return model, vector(-5, -5, 0, 1)


def test_a_match_pays_the_price_of_its_cheapest_pool() -> None:
    # Both are placed, one with each: -10 + 1 = -9. At 0 both go to E1: -10. With 1 for E1 either pool costs 1:
    # 2 x (-5 + 1) - 1 = -9. With 2 for E1 both go to E2: 2 x (-5 + 1) - 2 = -10.
    model, cost = pools()
    face = Face.of(model.program)
    prices, first = Prices(alone(model, face.matrix), face, cost), row_of(model, "L03", "E1")
    assert minimum(face, cost) == pytest.approx(-9)
    balance = int(prices.alone.groups.row[1])
    assert [at(prices, {first: -price, balance: INFINITY}) for price in (0, 1, 2)] == [-10, -9, -10]


def test_a_dearer_price_of_a_group_is_paid_for_by_the_bounds_of_its_pools() -> None:
    # Loads have no price, the group has 1: matches cost 2 x (-5 + 1); E1 earns 1 for each of at most 1 (as its load
    # implies; at most 2 as it is written down), E2 nothing.
    model, cost = pools()
    for face, bound in ((Face.of(model.program), -9), (Face.written(model.program), -10)):
        prices = Prices(alone(model, face.matrix), face, cost)
        balance = int(prices.alone.groups.row[1])
        assert at(prices, {balance: -1}) == bound
        assert at(prices, {balance: 3}) == -10  # less than the cheapest: that of the cheapest


def test_matches_that_nobody_can_supervise_are_closed() -> None:
    # Both pools are closed, so nobody is placed, whatever a match is worth and whatever price the group has.
    model, cost = pools()
    face = Face.of(model.program)
    prices = Prices(alone(model, face.matrix), face._replace(upper=vector(1, 1, 0, 0)), cost)
    balance = int(prices.alone.groups.row[1])
    assert [at(prices, {balance: price}) for price in (INFINITY, 0, -1, 9)] == [0, 0, 0, 0]


def test_prices_beyond_what_a_shortfall_costs_gain_nothing() -> None:
    # E1 needs a student: 1 <= x + s, where s costs 1 (as -x - s <= -1, so a price is 0 or less). Nobody but S1 can be
    # that student, and is not: -y is earned by the row, s (at most 1) costs min(1 + y, 0). At most 1, from -1 on.
    model = model_of(educators=(b.educator(needs_student_by=date(2026, 6, 1)),))
    [cost] = [e.cost(model.program.columns) for tier, e in model.tiers() if tier.name == "trainees"]
    face, row = Face.written(model.program), row_of(model, "shortfall", "trainee E1")
    face.upper[0] = 0
    prices = Prices(alone(model, face.matrix), face, cost)
    assert (prices.lower[row], prices.upper[row]) == (-1, 0)
    assert minimum(face, cost) == 1
    assert [at(prices, {row: price}) for price in (0, -0.5, -1, -3)] == [0, 0.5, 1, 1]


def two_placements(off: tuple[str, ...] = (), **parts: object) -> tuple[Model, Face, Vector]:
    """One student with a first at O1 and a final at O2: a first costs 3, a final -2, both together -4 besides."""
    offers = (b.offer("O1", stage="first"), final_place("O2", stage="final"))
    model = model_of(off, **{"requests": BOTH_REQUESTS, "educators": EDUCATORS, "offers": offers} | parts)
    cost = np.zeros(model.program.columns)
    [both] = model.paths.by_student["S1"].columns
    for request, price in zip(BOTH_REQUESTS, (3.0, -2.0), strict=True):
        cost[model.matches.columns_of[request.request]] = price
    cost[both] = -4
    return model, Face.of(model.program), cost


def test_a_path_costs_both_matches_and_its_own() -> None:
    # 3 - 2 - 4 = -3 for both, 3 for the first alone, 0 for nothing; a final needs a first.
    model, face, cost = two_placements()
    found = alone(model, face.matrix)
    assert at(Prices(found, face, cost), {}) == minimum(face, cost) == -3
    # without the final's match both cannot be; nothing is best
    [final] = model.matches.columns_of["S1/final"]
    closed = face._replace(upper=np.where(np.arange(len(cost)) == final, 0, face.upper))
    assert at(Prices(found, closed, cost), {}) == minimum(closed, cost) == 0


def test_what_has_to_be_met_is_met_whatever_it_costs() -> None:
    # The first is fixed: 3 alone, or 3 - 2 + 7 = 8 where both together cost 7.
    model, face, cost = two_placements(decisions=(decision("fix", request="S1/first", offer="O1"),))
    prices = Prices(alone(model, face.matrix), face, np.where(cost == -4, 7, cost))
    assert prices.must.tolist() == [True]
    assert at(prices, {}) == minimum(face, prices.cost) == 3
    # and both where the final is fixed, since it needs a first: 8
    model, face, cost = two_placements(decisions=(decision("fix", request="S1/final", offer="O2"),))
    prices = Prices(alone(model, face.matrix), face, np.where(cost == -4, 7, cost))
    assert at(prices, {}) == minimum(face, prices.cost) == 8


def test_one_path_is_taken_where_its_row_asks_for_it() -> None:
    # Where a final needs no first: 3 for the first alone, 2 for the final alone (its match costs -2, its path 4), both
    # 3 - 2 + 7 = 8. Nothing is taken unless "one path at most" asks for one.
    model, face, cost = two_placements(("L06",))
    paths = model.paths.by_student["S1"]
    cost[paths.final_alone], cost[paths.columns] = 4, 7
    found, row = alone(model, face.matrix), row_of(model, "L05", "S1")
    asks = face._replace(row_lower=np.where(np.arange(len(face.row_lower)) == row, 1, face.row_lower))
    for here, bound in ((face, 0), (asks, 2)):
        prices = Prices(found, here, cost)
        priced = prices.at(np.zeros(len(face.row_lower)))
        tier = Tier(found, here, cost, minimum(here, cost))
        assert priced.bound == tier.relaxed == bound
        assert_duals(prices, priced, tier, 1e-9)


@pytest.mark.parametrize("fixed", ["S1/first", "S1/final"])
def test_nothing_left_for_what_has_to_be_met_is_an_empty_face(fixed: str) -> None:
    offer = {"S1/first": "O1", "S1/final": "O2"}[fixed]
    model, _, cost = two_placements(decisions=(decision("fix", request=fixed, offer=offer),))
    whole, [first] = Face.written(model.program), model.matches.columns_of["S1/first"]
    closed = whole._replace(upper=np.where(np.arange(len(cost)) == first, 0, whole.upper))
    assert minimum(closed, cost) == INFINITY
    priced = Prices(alone(model, closed.matrix), closed, cost).at(np.ones(len(closed.row_lower)))
    assert priced.bound == INFINITY


def test_a_path_through_a_closed_kind_and_a_match_without_a_path_are_closed() -> None:
    # The first's match is closed, so no path goes on, and the final's match has none: whatever it is worth, duals need
    # not pay for it. Before, a path of -4 through the closed kind had a negative reduced cost.
    model, face, cost = two_placements()
    [first], [final] = (model.matches.columns_of[r.request] for r in BOTH_REQUESTS)
    closed = face._replace(upper=np.where(np.arange(len(cost)) == first, 0, face.upper))
    prices = Prices(alone(model, face.matrix), closed, cost)
    assert prices.face.upper[[first, final, *model.paths.by_student["S1"].columns]].tolist() == [0, 0, 0]
    priced = prices.at(np.zeros(len(face.row_lower)))
    tier = Tier(prices.alone, closed, cost, minimum(closed, cost))
    assert priced.bound == tier.relaxed == 0
    assert not assert_duals(prices, priced, tier, 1e-9)["single match"]


def test_nobody_and_nothing() -> None:
    # No request: neither columns of matches nor rows.
    model = formulate(Eligibility(b.dataset(students=(), requests=()), policy()))
    face = Face.of(model.program)
    prices = Prices(alone(model, face.matrix), face, np.zeros(model.program.columns))
    assert prices.at(np.zeros(len(face.row_lower))).bound == 0


def test_a_match_without_any_row() -> None:
    # One request, one place, one PE: x <= 1 by its own bound alone, worth 4.
    model = model_of()
    face = Face.of(model.program)
    assert model.program.rows == 0
    priced = Prices(alone(model, face.matrix), face, vector(-4)).at(np.zeros(0))
    assert priced.bound == -4
    assert len(priced.duals) == 0
