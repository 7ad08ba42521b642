"""HiGHS as the engine uses it: a linear relaxation that stays warm from level to level, and an integer search on the
columns that are left. One thread, a fixed seed, gaps of zero; every status is mapped here (design 8).
"""

from typing import Any, Literal, NamedTuple

import highspy
import numpy as np

from allocator.engine.budget import SEARCH_STEP, Budget
from allocator.engine.program import INFINITY, Program, Vector
from models.errors import SolverFaultError

SEED = 7
Ending = Literal["optimal", "infeasible", "stopped"]
_ENDINGS: dict[Any, Ending] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kInterrupt: "stopped",
    highspy.HighsModelStatus.kTimeLimit: "stopped",
    highspy.HighsModelStatus.kIterationLimit: "stopped",
    highspy.HighsModelStatus.kSolutionLimit: "stopped",
}


class Relaxed(NamedTuple):
    """A solved linear relaxation: value, solution and reduced costs (minimisation)."""

    ending: Ending
    value: float
    solution: Vector
    reduced_costs: Vector


class Searched(NamedTuple):
    """An integer search: the best solution found (None: none) and the bound proved so far (minimisation)."""

    ending: Ending
    solution: Vector | None
    bound: float


def _solver() -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {
        "output_flag": False, "threads": 1, "random_seed": SEED, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": 1e-8,
    }.items():  # fmt: skip
        solver.setOptionValue(option, value)
    return solver


def _model(program: Program, cost: Vector, lower: Vector, upper: Vector, *, integer: bool) -> Any:
    lp: Any = highspy.HighsLp()  # its stubs say list where arrays are taken
    rows = program.rows
    lp.num_col_, lp.num_row_ = program.columns, len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
    lp.row_lower_ = np.array([max(r.lower, -highspy.kHighsInf) for r in rows], dtype=float)
    lp.row_upper_ = np.array([min(r.upper, highspy.kHighsInf) for r in rows], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(r.terms) for r in rows)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([c for r in rows for c, _ in r.terms], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([k for r in rows for _, k in r.terms], dtype=float)
    if integer:
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        lp.integrality_ = [kinds[whole] for whole in program.integer]
    return lp


def _ending(solver: Any) -> Ending:
    status = solver.getModelStatus()
    if status not in _ENDINGS:
        raise SolverFaultError(f"HiGHS ended with '{solver.modelStatusToString(status)}'")
    return _ENDINGS[status]


class Relaxation:
    """The linear relaxation of a program, kept in the solver between levels so that each starts from the last basis."""

    def __init__(self, program: Program, budget: Budget) -> None:
        self._budget = budget
        self._solver = _solver()
        self._columns = np.arange(program.columns, dtype=np.int32)
        empty = np.zeros(program.columns)
        self._solver.passModel(_model(program, empty, np.array(program.lower), np.array(program.upper), integer=False))
        self._solver.cbSimplexInterrupt.subscribe(self._checkpoint)
        self._checked = 0

    def minimise(self, cost: Vector) -> Relaxed:
        """Solve with a new objective."""
        self._solver.changeColsCost(len(self._columns), self._columns, cost)
        self._checked = 0
        self._solver.run()
        info = self._solver.getInfo()
        self._budget.spend(max(0, info.simplex_iteration_count))
        found = self._solver.getSolution()
        solution, reduced_costs = np.array(found.col_value), np.array(found.col_dual)
        return Relaxed(_ending(self._solver), info.objective_function_value, solution, reduced_costs)

    def bound_columns(self, lower: Vector, upper: Vector) -> None:
        """Change the bounds of all columns."""
        self._solver.changeColsBounds(len(self._columns), self._columns, lower, upper)

    def add_row(self, cost: Vector, lower: float, upper: float) -> None:
        """Add the row of a finished level."""
        used = np.flatnonzero(cost).astype(np.int32)
        self._solver.addRow(max(lower, -highspy.kHighsInf), min(upper, highspy.kHighsInf), len(used), used, cost[used])

    def _checkpoint(self, event: Any) -> None:
        self._checked += 1
        if self._checked % 50 == 0 and self._budget.stopped(self._checked):
            event.interrupt()


def search(
    program: Program,
    cost: Vector,
    lower: Vector,
    upper: Vector,
    start: Vector | None,
    budget: Budget,
    share: int | None,
) -> Searched:
    """Minimise over the integral points, from a start if there is one.

    Parameters
    ----------
    program, cost, lower, upper
        The program and the bounds now in force (fixed columns have equal bounds).
    start
        A feasible solution, or None.
    budget
        Of the run; its stop signal and limits end the search.
    share
        Most work units for this search; None: no own limit.

    Returns
    -------
    Searched
        ``optimal`` only if proved; ``stopped`` with the best solution and bound so far.
    """
    solver = _solver()
    solver.passModel(_model(program, cost, lower, upper, integer=True))
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        solver.setSolution(given)
    steps = 0
    best: list[Vector] = []

    def checkpoint(event: Any) -> None:
        nonlocal steps
        steps += 1
        if budget.stopped(steps * SEARCH_STEP) or (share is not None and steps * SEARCH_STEP >= share):
            event.interrupt()

    def improved(event: Any) -> None:
        best.append(np.array(event.data_out.mip_solution))

    solver.cbMipInterrupt.subscribe(checkpoint)
    solver.cbMipImprovingSolution.subscribe(improved)
    solver.run()
    budget.spend(steps * SEARCH_STEP)
    ending = _ending(solver)
    info = solver.getInfo()
    solution = np.array(solver.getSolution().col_value) if info.primal_solution_status == 2 else None
    if solution is None and best:
        solution = best[-1]
    bound = info.mip_dual_bound if ending != "infeasible" else INFINITY
    return Searched(ending, solution, bound)
