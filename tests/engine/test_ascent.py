"""Better prices: never worse, always safe, the same every time, near the relaxation, and done when told."""

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from allocator.eligibility import Eligibility
from allocator.engine.alone import alone
from allocator.engine.ascent import CHECKED, improve
from allocator.engine.face import Face, inwards
from allocator.engine.highs import search
from allocator.engine.model import Model, formulate
from allocator.engine.prices import Prices
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import INFINITY, Vector
from benchmarks.families import reading
from tests import builders as b
from tests.engine.partnerships import firsts
from tests.engine.small import free
from tests.engine.test_alone import without_order
from tests.engine.test_prices import drawn, minimum, two_placements
from tests.rules.case import decision, policy
from tests.strategies import generate, larger


def of_tier(model: Model, name: str) -> Prices:
    """Prices of a tier of a model, on its whole face."""
    tiers = model.tiers()
    [cost] = [
        e.cost(model.program.columns) * (-1 if tier.sense == "max" else 1) for tier, e in tiers if tier.name == name
    ]
    face = Face.of(model.program)
    return Prices(alone(model, face.matrix), face, cost)


def nothing(prices: Prices) -> Vector:
    return np.zeros(len(prices.face.row_lower))


def crowded(students: int, places: int) -> Prices:
    """Firsts placed, where so many students may have any of a few places; a PE in each team, as many for all of them."""
    offers = tuple(b.offer(f"O{i}", team=f"X{i}") for i in range(places))
    educators = tuple(b.educator(f"{k}{i}", team=f"X{i}" if k == "E" else None) for i in range(places) for k in "EF")
    model = formulate(Eligibility(b.dataset(offers=offers, educators=educators, **firsts(students)), policy()))
    return of_tier(model, "placed.firsts")


def test_a_crowd_has_nearly_the_value_of_the_relaxation() -> None:
    # 30 students for 5 places: at most 5 are placed. At prices of 0 all are; that every place costs what a placement
    # is worth has to be found out. Nothing reaches the target of -4, which would end it early.
    prices = crowded(30, 5)
    assert minimum(prices.face, prices.cost) == pytest.approx(-5)
    assert prices.at(nothing(prices)).bound == -30
    found = improve(prices, nothing(prices), -4, 200)
    assert -5.05 <= found.bound <= -5 + 1e-9  # within 1%
    assert prices.at(found.duals).bound == pytest.approx(found.bound)


def generated() -> Iterator[tuple[Prices, np.random.Generator]]:
    """A first tier and the sum of all tiers of generated partnerships."""
    for make in (generate, larger, without_order):
        for seed in range(1, 15):
            model, luck = formulate(Eligibility(*make(seed))), np.random.default_rng(seed)
            tiers = model.tiers()
            number = model.program.columns
            minimised = [e.cost(number) * (-1 if tier.sense == "max" else 1) for tier, e in tiers]
            face = Face.of(model.program)
            for cost in (*minimised[:1], sum(minimised, np.zeros(number))):
                yield Prices(alone(model, face.matrix), face, cost), luck


def test_never_worse_and_never_more_than_the_relaxation() -> None:
    better = Counter[bool]()
    for prices, luck in generated():
        relaxed = minimum(prices.face, prices.cost)
        if relaxed == INFINITY:
            continue
        best = search(prices.face, prices.cost, None, free(), None)
        if best.ending != "optimal":
            continue  # no plan to aim for
        exact = 1e-6 * max(1.0, float(np.abs(prices.cost).sum()))
        for duals in (nothing(prices), drawn(prices, 1.0, luck)):
            before = prices.at(duals).bound
            found = improve(prices, duals, best.bound, 30)
            assert before <= found.bound <= relaxed + exact
            assert prices.at(found.duals).bound == pytest.approx(found.bound, abs=exact)
            better[found.bound > before + exact] += 1
    assert better[True] > 60


def test_at_the_duals_of_the_relaxation_nothing_is_lost() -> None:
    prices = crowded(12, 4)
    relaxed = Relaxation(prices.face, free()).minimise(prices.face, prices.cost)
    assert improve(prices, relaxed.row_duals, 0, 20).bound == pytest.approx(-4)


def test_equal_arguments_give_equal_results() -> None:
    results = [improve(prices, nothing(prices), -3, 40) for prices in (crowded(9, 3), crowded(9, 3))]
    assert results[0].bound == results[1].bound
    assert results[0].duals.tolist() == results[1].duals.tolist()


# ---- when it ends --------------------------------------------------------------------------------------------------
def counting(answers: int) -> tuple[Callable[[], bool], list[int]]:
    """A stop signal after so many questions, and the questions so far."""
    asked: list[int] = []

    def stop() -> bool:
        asked.append(len(asked))
        return len(asked) > answers

    return stop, asked


def test_it_ends_at_the_target() -> None:
    # The first bound that rounds up to the target of -5 is as good as any; 10,000 steps would take more questions.
    stop, asked = counting(10_000)
    found = improve(crowded(30, 5), nothing(crowded(30, 5)), -5, 10_000, stop)
    assert inwards(found.bound) == -5
    assert len(asked) < 10_000
    # and at once, where prices to begin with reach it: at 0 all 30 are placed
    stop, asked = counting(10)
    assert improve(crowded(30, 5), nothing(crowded(30, 5)), -30, 50, stop).bound == -30
    assert asked == []


def test_it_ends_by_the_stop_signal() -> None:
    prices = crowded(30, 5)
    stop, asked = counting(0)
    assert improve(prices, nothing(prices), -5, 100, stop).bound == -30
    assert len(asked) == 1
    # stopped on the way it has the best of its bounds so far
    bounds = []
    for answers in (0, 2 * CHECKED, 6 * CHECKED):
        stop, asked = counting(answers)
        bounds.append(improve(prices, nothing(prices), -5, 100, stop).bound)
        assert len(asked) <= answers + 2
    assert bounds == sorted(bounds)
    assert bounds[-1] > -30


def test_an_empty_face_needs_no_steps() -> None:
    # The first is fixed and its only match is closed.
    model, face, cost = two_placements(decisions=(decision("fix", request="S1/first", offer="O1"),))
    [first] = model.matches.columns_of["S1/first"]
    closed = face._replace(upper=np.where(np.arange(len(cost)) == first, 0, face.upper))
    prices = Prices(alone(model, face.matrix), closed, cost)
    stop, asked = counting(0)
    assert improve(prices, nothing(prices), 0, 100, stop).bound == INFINITY
    assert asked == []


def test_what_has_to_be_taken_at_a_cost_far_beyond_the_temperature() -> None:
    # Two students have to be placed at 5,000 each and another may be for a gain of 1: 9,999 at prices of 0, but the PE
    # takes only two: 10,000. Small temperatures beside so great a cost are no overflow.
    fixes = tuple(decision("fix", id=f"D{i}", request=f"S{i}/first", offer="O1") for i in (1, 2))
    data = b.dataset(offers=(b.offer(capacity=3),), educators=(b.educator(load=2),), decisions=fixes, **firsts(3))
    model = formulate(Eligibility(data, policy()))
    face, cost = Face.written(model.program), np.array([5_000.0, 5_000.0, -1.0])
    prices = Prices(alone(model, face.matrix), face, cost)
    assert prices.at(nothing(prices)).bound == 9_999
    assert 9_999 < improve(prices, nothing(prices), 10_000, 100).bound <= 10_000


def test_a_group_with_a_price_far_beyond_the_temperature() -> None:
    # Every match pays 5,000, so nobody is placed, and each of 3 x 2 pools earns that for the one match that it can
    # have: -30,000. Such a price is a given one and moves; it is no overflow of its pools either.
    prices = crowded(9, 3)
    duals = nothing(prices)
    assert len(prices.alone.groups.counts) == 6
    duals[prices.alone.groups.row[1:]] = -5_000
    assert prices.at(duals).bound == -30_000
    assert -30_000 < improve(prices, duals, -3, 50).bound <= -3


def test_rows_that_keep_matches_of_a_student_apart_do_not_lead_prices_astray() -> None:
    # Two requests of every student and few forbidden pairs, so that these are rows of merged kinds. Steps that moved
    # their prices, too, never got better than where they began.
    found_in = reading("two_requests", 40)
    model = formulate(Eligibility(found_in.dataset, found_in.policy))
    assert len(model.paths.incompatible)
    for name in ("placed.firsts", "placed.later"):
        prices = of_tier(model, name)
        begin, relaxed = prices.at(nothing(prices)).bound, minimum(prices.face, prices.cost)
        found = improve(prices, nothing(prices), 0, 250)
        assert begin <= relaxed - 1
        assert relaxed - 0.1 * (relaxed - begin) <= found.bound <= relaxed + 1e-6
