"""CP-SAT as the second opinion: on an integer search that HiGHS did not finish, and to confirm a clash.

One worker, a fixed seed and deterministic time, so that equal limits give equal answers. The best solution is kept
outside the solver (it may lose a hint in presolve), so a stage is never left worse than it was given.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.highs import Ending, Searched
from allocator.engine.program import INFINITY, Vector
from models.errors import SolverFaultError

WORK_PER_DETERMINISTIC_SECOND = 20_000
"""Counts a second of CP-SAT's deterministic time as so many units of work."""
_ENDINGS: dict[Any, Ending] = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "stopped",
    cp_model.INFEASIBLE: "infeasible",
    cp_model.UNKNOWN: "stopped",
}


class _Watch(cp_model.CpSolverSolutionCallback):
    """Stops the search when the budget says so."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    def on_solution_callback(self) -> None:
        """Called at each better solution."""
        if self._budget.stopped():
            self.stop_search()


def search(face: Face, cost: Vector, start: Vector | None, budget: Budget, share: int) -> Searched:
    """Minimise over the integral points; ``share`` is the most work units (see :mod:`allocator.engine.highs`)."""
    model = cp_model.CpModel()
    variables = [
        model.new_int_var(math.ceil(low - 1e-9), math.floor(high + 1e-9), "")
        for low, high in zip(face.lower.tolist(), face.upper.tolist(), strict=True)
    ]
    for terms, low, high in _rows(face):
        if terms:
            domain = cp_model.Domain(_whole(low), _whole(high))
            model.add_linear_expression_in_domain(sum(k * variables[c] for c, k in terms), domain)
        elif not low <= 0 <= high:
            return Searched("infeasible", None, INFINITY)
    used = np.flatnonzero(cost)
    model.minimize(sum(round(cost[j]) * variables[j] for j in used.tolist()))
    if start is not None:
        for variable, value in zip(variables, start.tolist(), strict=True):
            model.add_hint(variable, round(value))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 7
    solver.parameters.max_deterministic_time = share / WORK_PER_DETERMINISTIC_SECOND
    solver.parameters.max_time_in_seconds = budget.seconds_left
    solver.parameters.catch_sigint_signal = False  # Ctrl-C belongs to the run, which then stops with its best plan
    status = solver.solve(model, _Watch(budget))
    budget.spend(round(solver.response_proto.deterministic_time * WORK_PER_DETERMINISTIC_SECOND))
    if status not in _ENDINGS:
        raise SolverFaultError(f"CP-SAT ended with '{solver.status_name(status)}'")
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    solution = np.array([float(solver.value(v)) for v in variables]) if found else None
    bound = INFINITY if status == cp_model.INFEASIBLE else solver.best_objective_bound
    return Searched(_ENDINGS[status], solution, bound)


def _rows(face: Face) -> Iterator[tuple[list[tuple[int, int]], float, float]]:
    matrix = face.matrix
    starts, columns, values = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    for i, (low, high) in enumerate(zip(face.row_lower.tolist(), face.row_upper.tolist(), strict=True)):
        part = slice(starts[i], starts[i + 1])
        yield [(c, round(k)) for c, k in zip(columns[part], values[part], strict=True)], low, high
    for cost, low, high in face.extra:
        yield [(j, round(cost[j])) for j in np.flatnonzero(cost).tolist()], low, high


def _whole(bound: float) -> int:
    if math.isinf(bound):
        return cp_model.INT32_MAX * (1 if bound > 0 else -1)
    return round(bound)
