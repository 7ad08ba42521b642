"""HiGHS and CP-SAT: the same answers on small programs, and what they say when they are stopped."""

import threading
from collections.abc import Callable

import numpy as np
import pytest

from allocator.engine import cp_sat, highs
from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.highs import Searched
from allocator.engine.program import INFINITY, Linear, Program, Vector
from allocator.engine.relaxation import Relaxation
from models.errors import SolverFaultError
from models.run import Limits
from tests.engine.small import RuleRow, at_most, free, points, program, random_programs, vector

SHARE = 1_000_000
Search = Callable[[Face, Vector, Vector | None, Budget, int], Searched]


def both(face: Face, cost: Vector, start: Vector | None = None) -> tuple[Searched, Searched]:
    return highs.search(face, cost, start, free(), SHARE), cp_sat.search(face, cost, start, free(), SHARE)


def test_solvers_agree_with_every_point_written_down() -> None:
    infeasible = 0
    for made, cost in random_programs(60):
        face = Face.of(made)
        left = points(face)
        infeasible += not left
        for found in both(face, cost):
            if not left:
                assert (found.ending, found.solution, found.bound) == ("infeasible", None, INFINITY)
                continue
            best = min(float(np.dot(cost, p)) for p in left)
            assert found.ending == "optimal"
            assert found.bound == pytest.approx(best)
            assert found.solution is not None
            assert tuple(np.round(found.solution).astype(int)) in left
            assert float(cost @ found.solution) == pytest.approx(best)
    assert infeasible > 3  # otherwise the first branch tests nothing


def test_an_empty_row_that_is_impossible_is_infeasible_for_both() -> None:
    made = program(1)
    made.add_row(Linear.of(), rule="L10", subject="O1", lower=1)
    for found in both(Face.of(made), vector(1)):
        assert (found.ending, found.solution) == ("infeasible", None)


def test_dense_rows_of_levels_bind_in_both() -> None:
    # Of three free columns two are taken (the level), and the cheapest two cost 1 + 2.
    face = Face.of(program(3))._replace(extra=((vector(1, 1, 1), 2.0, 2.0),))
    for found in both(face, vector(1, 2, 4)):
        assert found.solution is not None
        assert np.round(found.solution).tolist() == [1, 1, 0]


def test_open_ended_dense_rows_bind_on_one_side() -> None:
    face = Face.of(program(3))._replace(extra=((vector(-1, -1, -1), -np.inf, -2.0),))  # at least two
    for found in both(face, vector(1, 2, 4)):
        assert found.bound == pytest.approx(3)


def test_a_start_is_taken() -> None:
    face = Face.of(program(3, at_most(1, 0, 1), at_most(1, 1, 2)))
    for found in both(face, vector(-1, -1, -1), start=vector(0, 1, 0)):
        assert found.ending == "optimal"
        assert found.bound == pytest.approx(-2)  # the first and the third


def market_split(columns: int = 30) -> Face:
    """Equations with large random coefficients: no solver decides them without searching long."""
    luck = np.random.default_rng(7)
    rows: list[RuleRow] = []
    for _ in range(3):
        terms = {c: int(luck.integers(1, 100)) for c in range(columns)}
        half = float(sum(terms.values()) // 2)
        rows.append((terms, half, half))
    return Face.of(program(columns, *rows))


@pytest.mark.parametrize("search", [highs.search, cp_sat.search])
def test_a_share_of_work_stops_a_search(search: Search) -> None:
    face, budget = market_split(), free()
    found = search(face, np.zeros(30), None, budget, 200)
    assert (found.ending, found.solution) == ("stopped", None)
    assert 0 < budget.work < SHARE


def test_a_stop_signal_ends_a_search() -> None:
    stop = threading.Event()
    stop.set()
    budget = Budget(Limits(), stop)
    assert highs.search(market_split(), np.zeros(30), None, budget, None).ending == "stopped"
    assert budget.stopped() == "interrupted"


def test_cp_sat_stops_at_its_next_solution() -> None:
    # Choosing among 60 columns under three rows of capacity: the first solution found is far from the best.
    luck = np.random.default_rng(5)
    rows: list[RuleRow] = [({c: int(luck.integers(10, 99)) for c in range(60)}, -INFINITY, 900.0) for _ in range(3)]
    face, cost = Face.of(program(60, *rows)), -luck.integers(10, 99, size=60).astype(float)
    stop = threading.Event()
    stop.set()
    found = cp_sat.search(face, cost, None, Budget(Limits(), stop), SHARE)
    assert found.ending == "stopped"
    assert found.solution is not None
    assert face.holds(found.solution)
    assert found.bound <= float(cost @ found.solution)


def test_a_stop_signal_ends_a_relaxation() -> None:
    # A transport of 40 by 40 takes well over 50 simplex steps, after which the budget is first asked.
    luck = np.random.default_rng(3)
    rows: list[RuleRow] = [at_most(1, *range(40 * i, 40 * i + 40)) for i in range(40)]
    rows += [at_most(1, *range(j, 1600, 40)) for j in range(40)]
    face = Face.of(program(1600, *rows))
    cost = -luck.integers(1, 1000, size=1600).astype(float)
    assert Relaxation(face, free()).minimise(face, cost).ending == "optimal"
    assert Relaxation(face, Budget(Limits(work=0), None)).minimise(face, cost).ending == "stopped"


def test_a_relaxation_counts_its_iterations() -> None:
    face, budget = Face.of(program(3, at_most(1, 0, 1), at_most(1, 1, 2), at_most(1, 0, 2))), free()
    Relaxation(face, budget).minimise(face, vector(-1, -1, -1))
    assert budget.work > 0


def test_statuses_that_are_no_answer_are_faults() -> None:
    made = Program()
    made.add_column(INFINITY)
    face = Face.of(made)
    with pytest.raises(SolverFaultError, match="HiGHS ended with 'Unbounded'"):
        Relaxation(face, free()).minimise(face, vector(-1))
    huge = program(2, ({0: 2**62, 1: 2**62}, -INFINITY, 1.0))
    with pytest.raises(SolverFaultError, match="CP-SAT ended with 'MODEL_INVALID'"):
        cp_sat.search(Face.of(huge), vector(1, 1), None, free(), SHARE)


def test_an_infeasible_relaxation_says_so() -> None:
    face = Face.of(program(2, ({0: 1, 1: 1}, 3.0, INFINITY)))
    assert Relaxation(face, free()).minimise(face, vector(1, 1)).ending == "infeasible"


def test_cp_sat_keeps_the_time_limit_of_the_run() -> None:
    [(made, cost)] = random_programs(1)
    spent = Budget(Limits(seconds=0), None)
    assert cp_sat.search(Face.of(made), cost, None, spent, SHARE).ending == "stopped"
