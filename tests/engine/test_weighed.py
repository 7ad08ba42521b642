"""Tiers weighed together: which go into one cost, and that one relaxation tells the prices of each."""

import numpy as np
import pytest

from allocator.engine.face import Face
from allocator.engine.recalled import told_by_prices
from allocator.engine.relaxation import Relaxation
from allocator.engine.search import Search
from allocator.engine.weighed import LARGEST, OUTWEIGHS, blocks, weighed
from allocator.formulation.program import Linear, Program
from models.policy import Tier
from tests.engine.budgets import free
from tests.engine.small import vector


def test_a_unit_of_a_tier_outweighs_the_dearest_column_of_the_next() -> None:
    # 16 x 3 for a unit of the first, beside 3 of the second; 16 x 2 for each unit of that, beside 2 of the third
    costs = [vector(1, 0), vector(0, 3), vector(-2, 1)]
    assert weighed(costs[:2]).tolist() == [48, 3]
    assert weighed(costs).tolist() == [16 * 2 * 48 - 2, 16 * 2 * 3 + 1]


def test_as_many_go_together_as_the_solver_has_numbers_for() -> None:
    # Of costs of 1 six weigh 16^5 + 16^4 + ... + 1 = 1,118,481; seven weigh 16 times as much, which is over 10^7.
    ones = [vector(1)] * 8
    assert list(blocks(ones)) == [range(6), range(6, 8)]
    assert float(weighed(ones[:6])[0]) == (16**6 - 1) / 15 < LARGEST < (16**7 - 1) / 15
    # a tier of minutes: 16 x 1,000 x 1 + 1,000 for two; a third of 1,000 does not fit beside them
    assert list(blocks([vector(1), vector(1000), vector(1000), vector(0)])) == [range(2), range(2, 4)]
    assert list(blocks([])) == []
    assert OUTWEIGHS == 16


def three_places() -> tuple[Program, list[tuple[Tier, Linear]]]:
    """Two students, three places: as many placed as can be; then few at the third; then little travel."""
    program = Program()
    columns = program.add_columns([1] * 6)  # student 1 at places 1 to 3, student 2 likewise
    for student in (0, 3):
        program.add_row(Linear.sum_of(columns[student : student + 3]), rule="L01", subject=f"S{student}", upper=1)
    for place in range(3):
        program.add_row(Linear.sum_of(columns[[place, place + 3]]), rule="L02", subject=f"O{place}", upper=1)
    placed = Tier(name="placed.finals", sense="max"), Linear.sum_of(columns)
    third = Tier(name="firm", sense="min"), Linear.sum_of(columns[[2, 5]])
    minutes = vector(10, 60, 5, 10, 20, 5)
    return program, [placed, third, (Tier(name="travel", sense="min"), Linear.sum_of(columns, minutes))]


def test_one_relaxation_tells_every_tier() -> None:
    """Both are placed, none at the third, and student 2 has the second place: 10 + 20 = 30 minutes, not 60 + 10."""
    program, tiers = three_places()
    face, costs = Face.of(program), [vector(*[-1.0] * 6), vector(0, 0, 1, 0, 0, 1), vector(10, 60, 5, 10, 20, 5)]
    relaxation = Relaxation(face, free())
    point = relaxation.minimise(face, weighed(costs)).solution
    assert point.tolist() == [1, 0, 0, 0, 1, 0]
    values = []
    for cost, prices in zip(costs, relaxation.prices(costs), strict=True):
        told = told_by_prices(face, cost, relaxation.with_counts(face, cost, prices), (point,))
        assert told is not None
        values.append(round(told.value))
        face = face.reaching(cost, values[-1], told)
    assert values == [-2, 0, 30]
    found = Search(program, tuple(tiers), free(), lambda *_: None).run()
    assert [t.value for t in found.tiers] == [2, 0, 30]
    assert all(t.proved for t in found.tiers)
    assert {run.method for run in found.runs} == {"relaxation"}


@pytest.mark.parametrize("seed", range(6))
def test_a_search_is_that_of_tiers_one_by_one(seed: int) -> None:
    """Random costs: each tier's optimum on what the tiers before left, by a relaxation of its own on an assignment."""
    luck = np.random.default_rng(seed)
    program = Program()
    columns = program.add_columns([1] * 25).reshape(5, 5)
    for line in (*columns, *columns.T):
        program.add_row(Linear.sum_of(line), rule="L01", subject="line", lower=1, upper=1)
    tiers = [
        (Tier(name=name, sense="min"), Linear.sum_of(columns.ravel(), luck.integers(0, 4, 25).astype(float)))
        for name in ("firm", "own_educators", "overload", "travel")
    ]
    found = Search(program, tuple(tiers), free(), lambda *_: None).run()
    face, expected = Face.of(program), []
    for _, expression in tiers:
        cost = expression.cost(25)
        relaxed = Relaxation(face, free()).minimise(face, cost)
        expected.append(round(relaxed.value))
        face = face.at(cost, expected[-1])
    assert [t.value for t in found.tiers] == expected
