"""HiGHS and CP-SAT: the same answers on small programs, and what they say when they are stopped."""

import threading
from collections.abc import Callable, Collection

import highspy
import numpy as np
import pytest

from allocator.engine import cp_sat, highs
from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.highs import Searched
from allocator.engine.relaxation import Relaxation
from allocator.formulation.program import INFINITY, Linear, Program, Vector
from models.errors import SolverFaultError
from models.run import Limits, StopSignal
from tests.engine.small import RuleRow, Withheld, at_most, free, points, program, random_programs, vector

SHARE = 1_000_000
Search = Callable[[Face, Vector, Vector | None, Budget, int], Searched]


def both(face: Face, cost: Vector, start: Vector | None = None) -> tuple[Searched, Searched]:
    return highs.search(face, cost, start, free(), SHARE), cp_sat.search(face, cost, start, free(), SHARE)


def is_best_of(left: Collection[tuple[int, ...]], found: Searched, cost: Vector) -> None:
    """What a solver says of a program is what its points, written down, say."""
    if not left:
        assert (found.ending, found.solution, found.bound) == ("infeasible", None, INFINITY)
        return
    best = min(float(np.dot(cost, p)) for p in left)
    assert found.ending == "optimal"
    assert found.bound == pytest.approx(best)
    assert found.solution is not None
    assert tuple(np.round(found.solution).astype(int)) in left
    assert float(cost @ found.solution) == pytest.approx(best)


def test_solvers_agree_with_every_point_written_down() -> None:
    infeasible = 0
    for made, cost in random_programs(60):
        face = Face.of(made)
        left = points(face)
        infeasible += not left
        for found in both(face, cost):
            is_best_of(left, found, cost)
    assert infeasible > 3  # otherwise the first branch tests nothing


def test_an_empty_row_that_is_impossible_is_infeasible_for_both() -> None:
    made = program(1)
    made.add_row(Linear.of(), rule="L10", subject="O1", lower=1)
    for found in both(Face.of(made), vector(1)):
        assert (found.ending, found.solution) == ("infeasible", None)


def test_the_rows_of_a_proof_have_no_point_and_there_is_none_for_what_a_relaxation_can_hold() -> None:
    proved = 0
    for made, _ in random_programs(150):
        face = Face.written(made)
        proof = highs.clashing_rows(face)
        relaxed = Relaxation(face, free()).minimise(face, np.zeros(made.columns))
        assert (relaxed.ending == "infeasible") is bool(len(proof))
        if not len(proof):
            continue
        proved += 1
        left_out = ~np.isin(np.arange(made.rows), proof)
        lower, upper = np.where(left_out, -np.inf, face.row_lower), np.where(left_out, np.inf, face.row_upper)
        assert points(face._replace(row_lower=lower, row_upper=upper)) == set()
    assert proved > 5


def test_a_proof_names_the_rows_that_clash_and_no_others() -> None:
    # Two of three are asked for and at most one may be; what is said of the fourth has nothing to do with it.
    made = program(4, at_most(0, 3), ({0: 1, 1: 1, 2: 1}, 2.0, INFINITY), at_most(1, 0, 1, 2))
    assert sorted(highs.clashing_rows(Face.written(made)).tolist()) == [1, 2]
    # every two of three exclude each other and two are asked for: no whole point, but (1/2, 1/2, 1/2) + 1/2 of a fourth
    halves = program(4, at_most(1, 0, 1), at_most(1, 1, 2), at_most(1, 0, 2), ({0: 1, 1: 1, 2: 1, 3: 1}, 2.0, INFINITY))
    assert len(highs.clashing_rows(Face.written(halves))) == 0
    # nothing is open, and the second row does not hold
    closed = Face.written(program(2, ({0: 1}, 0.0, 0.0), ({1: 1}, 1.0, INFINITY)))
    assert highs.clashing_rows(closed._replace(upper=np.zeros(2))).tolist() == [1]


def test_dense_rows_of_tiers_bind_in_both() -> None:
    # Of three free columns two are taken (the tier), and the cheapest two cost 1 + 2.
    face = Face.of(program(3))._replace(extra=((vector(1, 1, 1), 2.0, 2.0),))
    for found in both(face, vector(1, 2, 4)):
        assert found.solution is not None
        assert np.round(found.solution).tolist() == [1, 1, 0]


def test_open_ended_dense_rows_bind_on_one_side() -> None:
    face = Face.of(program(3))._replace(extra=((vector(-1, -1, -1), -np.inf, -2.0),))  # at least two
    for found in both(face, vector(1, 2, 4)):
        assert found.bound == pytest.approx(3)


def test_withheld_rows_bind_in_both_and_are_written_as_they_are_broken() -> None:
    luck, told, infeasible = np.random.default_rng(12), 0, 0
    for made, cost in random_programs(60):
        lazy = Withheld(*(at_most(1, *np.flatnonzero(luck.random(6) < 0.5).tolist()) for _ in range(5)))
        made.lazy = lazy
        face = Face.of(made)
        left = points(face)
        lazy.told.clear()
        [by_highs, by_cp_sat] = both(face, cost)
        assert len(lazy.told) == len(set(lazy.told))  # none comes back once it is written
        told += len(lazy.told)
        infeasible += not left
        for found in (by_highs, by_cp_sat):
            is_best_of(left, found, cost)
    assert infeasible > 3
    assert 0 < told < 60 * 5 / 2


def test_a_withheld_row_that_nobody_breaks_is_never_written() -> None:
    made = program(3)
    made.lazy = lazy = Withheld(at_most(1, 0, 1))
    found = highs.search(Face.of(made), vector(-1, 1, -1), None, free(), SHARE)
    assert found.solution is not None
    assert (found.solution.tolist(), lazy.told) == ([1, 0, 1], [])


def test_a_stopped_search_never_hands_out_what_a_withheld_row_forbids() -> None:
    # Choosing among 60 columns under three capacities; five steps find something, with more than one of any ten.
    luck = np.random.default_rng(5)
    rows: list[RuleRow] = [({c: int(luck.integers(10, 99)) for c in range(60)}, -INFINITY, 900.0) for _ in range(3)]
    made, cost = program(60, *rows), -luck.integers(10, 99, size=60).astype(float)
    found = highs.search(Face.of(made), cost, None, free(), 1_000)
    assert found.ending == "stopped"
    assert found.solution is not None
    assert all(found.solution[c : c + 10].sum() > 1 for c in range(0, 60, 10))
    made.lazy = lazy = Withheld(*(at_most(1, *range(c, c + 10)) for c in range(0, 60, 10)))
    budget = free()
    found = highs.search(Face.of(made), cost, None, budget, 1_000)
    assert (found.ending, found.solution, len(lazy.told)) == ("stopped", None, 6)
    assert budget.work <= 1_000  # no second round beyond the share
    # what is said of the bound holds for the true optimum
    whole = highs.search(Face.of(made), cost, None, free(), None)
    assert (whole.ending, found.bound <= whole.bound) == ("optimal", True)


def test_among_decides_about_some_columns_and_leaves_the_others() -> None:
    for made, cost in random_programs(60):
        face = Face.of(made)
        among = np.arange(6) % 2 == 0
        left = {p for p in points(face) if np.array_equal(p[1::2], face.lower[1::2])}
        found = highs.search(face, cost, None, free(), SHARE, among)
        if not left:
            assert (found.ending, found.solution) == ("infeasible", None)
            continue
        assert found.bound == pytest.approx(min(float(np.dot(cost, p)) for p in left))
        assert found.solution is not None
        assert tuple(np.round(found.solution).astype(int)) in left


def test_beside_a_start_elsewhere_only_what_is_better_is_found() -> None:
    # With the second alone -2 is possible; the start uses the third, which is not to be decided about, and costs -1 or,
    # in the second case, -2: nothing is better.
    face, among = Face.of(program(3, at_most(1, 0, 1), at_most(1, 1, 2))), np.array([False, True, False])
    found = highs.search(face, vector(-1, -2, -1), vector(0, 0, 1), free(), SHARE, among)
    assert found.ending == "optimal"
    assert found.solution is not None
    assert found.solution.tolist() == [0, 1, 0]
    none = highs.search(face, vector(-1, -2, -2), vector(0, 0, 1), free(), SHARE, among)
    assert none.ending == "infeasible"
    assert none.solution is None


def test_a_start_a_hair_from_what_is_fixed_is_on_the_face() -> None:
    # The third need not be whole and is fixed at 1, the start has it a thousand-millionth below: it is the best there.
    asked = program(3, at_most(1, 0, 1))
    face = Face.of(asked)._replace(lower=vector(0, 0, 1), integer=np.array([True, True, False]))
    found = highs.search(face, vector(-1, -1, 0), vector(1, 0, 1 - 1e-9), free(), SHARE)
    assert found.ending == "optimal"
    assert found.solution is not None
    assert found.solution[:2].sum() == 1


def test_a_bound_less_than_one_away_is_enough() -> None:
    # Five in a ring of which no two neighbours go together: two at most, and 2.5 in a relaxation.
    face = Face.of(program(5, *(at_most(1, *sorted((i, (i + 1) % 5))) for i in range(5))))
    found = highs.search(face, vector(-1, -1, -1, -1, -1), vector(1, 0, 1, 0, 0), free(), SHARE)
    assert found.ending == "optimal"
    assert found.solution is not None
    assert found.solution.sum() == 2


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
    with pytest.raises(SolverFaultError, match="CP-SAT ended with 'MODEL_INVALID'"):
        cp_sat.search(Face.of(program(2)), vector(2.0**62, 2.0**62), None, free(), SHARE)


def test_an_infeasible_relaxation_says_so() -> None:
    face = Face.of(program(2, ({0: 1, 1: 1}, 3.0, INFINITY)))
    assert Relaxation(face, free()).minimise(face, vector(1, 1)).ending == "infeasible"


def test_cp_sat_keeps_the_time_limit_of_the_run() -> None:
    [(made, cost)] = random_programs(1)
    spent = Budget(Limits(seconds=0), None)
    assert cp_sat.search(Face.of(made), cost, None, spent, SHARE).ending == "stopped"


class Reports:
    """HiGHS as far as an interior point needs it: one status after the other, and the methods it was given."""

    def __init__(self, *statuses: highspy.HighsModelStatus) -> None:
        self._statuses = list(statuses)
        self.methods: list[str] = []
        self._method = ""

    def clearSolver(self) -> None:  # noqa: N802 - the name that HiGHS has for it
        pass

    def setOptionValue(self, option: str, value: str | int) -> None:  # noqa: N802
        self._method = str(value) if option == "solver" else self._method

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802
        return self._statuses[len(self.methods) - 1]

    def modelStatusToString(self, status: highspy.HighsModelStatus) -> str:  # noqa: N802
        return status.name

    def run(self) -> None:
        self.methods.append(self._method)


NO_STATUS, SOLVED = highspy.HighsModelStatus.kNotset, highspy.HighsModelStatus.kOptimal


def test_an_interior_point_that_fails_is_followed_by_the_simplex() -> None:
    used = Reports(NO_STATUS, SOLVED)
    highs.interior_point(used, used.run, free())
    assert used.methods == ["ipm", "simplex"]
    assert highs.ending_of(used, free()) == "optimal"


def test_an_interior_point_that_is_stopped_is_not() -> None:
    # In a crossover HiGHS answers a request to stop with no status at all: that is no failure, and no time is left.
    stop = StopSignal()
    stop.set()
    budget = Budget(Limits(), stop)
    used = Reports(NO_STATUS, SOLVED)
    highs.interior_point(used, used.run, budget)
    assert used.methods == ["ipm"]
    assert highs.ending_of(used, budget) == "stopped"


def test_no_status_of_a_run_that_nobody_stopped_is_a_fault() -> None:
    used = Reports(NO_STATUS, NO_STATUS)
    highs.interior_point(used, used.run, free())
    assert used.methods == ["ipm", "simplex"]
    with pytest.raises(SolverFaultError, match="HiGHS ended with 'kNotset'"):
        highs.ending_of(used, free())


def test_a_search_that_fails_with_presolve_is_made_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # HiGHS 1.13 ended with "Solve error" on a generated partnership of twelve requests; without presolve it has a plan.
    made = highs.solver

    class Failing:
        def __init__(self) -> None:
            self._solver, self._presolve = made(), "choose"

        def __getattr__(self, name: str) -> object:
            return getattr(self._solver, name)

        def setOptionValue(self, name: str, value: object) -> None:  # noqa: N802 (as HiGHS calls it)
            self._presolve = str(value) if name == "presolve" else self._presolve
            self._solver.setOptionValue(name, value)

        def getModelStatus(self) -> object:  # noqa: N802
            failed = self._presolve != "off"
            return highspy.HighsModelStatus.kSolveError if failed else self._solver.getModelStatus()

    monkeypatch.setattr(highs, "solver", Failing)
    face = Face.of(program(3, at_most(2, 0, 1, 2)))
    found = highs.search(face, vector(-3, -2, -1), None, free(), None)
    assert (found.ending, found.bound) == ("optimal", -5)
