"""HiGHS as the engine uses it: a linear relaxation that stays warm from level to level, and an integer search on the
columns that are left. One thread, a fixed seed, gaps of zero; every status is mapped here (design 8).
"""

from typing import Any, Literal, NamedTuple

import highspy
import numpy as np
from scipy.sparse import csr_array, vstack

from allocator.engine.budget import SEARCH_STEP, Budget
from allocator.engine.face import Face, Relaxed
from allocator.engine.program import INFINITY, Vector
from models.errors import SolverFaultError

SEED = 7
LARGE = 200_000
"""Entries of the open columns from which a relaxation is solved by an interior point."""
INTERIOR_STEP = 200
"""Work units of one interior-point iteration: it costs about as much as so many simplex iterations."""
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


def _model(face: Face, cost: Vector, *, integer: bool) -> Any:
    """The face as HiGHS wants it; fixed columns are left to presolve."""
    lp: Any = highspy.HighsLp()  # its stubs say list where arrays are taken
    matrix = face.matrix
    if face.extra:
        matrix = vstack([matrix, *(csr_array(c.reshape(1, -1)) for c, _, _ in face.extra)], format="csr")
    lp.num_col_, lp.num_row_ = len(cost), matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, face.lower, face.upper
    lp.row_lower_ = _finite(np.concatenate([face.row_lower, [low for _, low, _ in face.extra]]))
    lp.row_upper_ = _finite(np.concatenate([face.row_upper, [high for _, _, high in face.extra]]))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    if integer:
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        lp.integrality_ = [kinds[bool(whole)] for whole in face.integer.tolist()]
    return lp


def _finite(bounds: Vector) -> Vector:
    return np.clip(bounds, -highspy.kHighsInf, highspy.kHighsInf)


def _ending(solver: Any) -> Ending:
    status = solver.getModelStatus()
    if status not in _ENDINGS:
        raise SolverFaultError(f"HiGHS ended with '{solver.modelStatusToString(status)}'")
    return _ENDINGS[status]


class Relaxation:
    """Solves the linear relaxation of faces: by simplex, or where it is large by an interior point with crossover.

    Counting levels are degenerate: at 450 students simplex needs 3.4 times as long as the interior point, at 300 as
    long, at 150 less (eight levels of the demonstration at scales 3, 2 and 1).
    """

    def __init__(self, face: Face, budget: Budget) -> None:
        self._budget = budget
        self._solver = _solver()
        self._checked = 0
        self._solver.cbSimplexInterrupt.subscribe(self._checkpoint)
        self._solver.cbIpmInterrupt.subscribe(self._checkpoint)
        self._entries = np.diff(face.matrix.tocsc().indptr)

    def minimise(self, face: Face, cost: Vector) -> Relaxed:
        """Solve a face with an objective."""
        large = self._entries[face.upper > face.lower].sum() > LARGE
        self._solver.setOptionValue("solver", "ipm" if large else "simplex")
        self._solver.passModel(_model(face, cost, integer=False))
        self._checked = 0
        self._solver.run()
        info = self._solver.getInfo()
        interior = max(0, info.ipm_iteration_count) * INTERIOR_STEP
        self._budget.spend(interior + max(0, info.simplex_iteration_count) + max(0, info.crossover_iteration_count))
        found = self._solver.getSolution()
        return Relaxed(
            _ending(self._solver), info.objective_function_value, np.array(found.col_value), np.array(found.col_dual),
            np.array(found.row_dual),
        )  # fmt: skip

    def _checkpoint(self, event: Any) -> None:
        self._checked += 1
        if self._budget.stopped(self._checked):
            event.interrupt()


def search(face: Face, cost: Vector, start: Vector | None, budget: Budget, share: int | None) -> Searched:
    """Minimise over the integral points, from a start if there is one.

    Parameters
    ----------
    face, cost
        The solutions in play and the objective.
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
    if not len(cost):  # HiGHS calls an empty model optimal, whatever its rows ask
        nothing = np.zeros(0)
        return Searched("optimal", nothing, 0.0) if face.holds(nothing) else Searched("infeasible", None, INFINITY)
    solver = _solver()
    solver.passModel(_model(face, cost, integer=True))
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
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = np.array(solver.getSolution().col_value) if found else None
    if solution is None and best:
        solution = best[-1]
    bound = info.mip_dual_bound if ending != "infeasible" else INFINITY
    return Searched(ending, solution, bound)
