"""CP-SAT as the second opinion: on an integer search that HiGHS did not finish, and to confirm a clash.

One worker, a fixed seed and deterministic time, so that equal limits give equal answers. The best solution is kept
outside the solver (it may lose a hint in presolve), so a stage is never left worse than it was given. It is loaded by
the first search: most runs need no second opinion, and it brings half of what a run would load.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.highs import Ending, Searched
from allocator.engine.part import Part
from allocator.formulation.program import INFINITY, Vector
from models.errors import SolverFaultError

WORK_PER_DETERMINISTIC_SECOND = 20_000
"""Counts a second of CP-SAT's deterministic time as so many units of work."""
UNBOUNDED = 2**31 - 1
_ENDINGS: dict[str, Ending] = {
    "OPTIMAL": "optimal",
    "FEASIBLE": "stopped",
    "INFEASIBLE": "infeasible",
    "UNKNOWN": "stopped",
}


def search(face: Face, cost: Vector, start: Vector | None, budget: Budget, share: int) -> Searched:
    """Minimise over the integral points; ``share`` is the most work units (see :mod:`allocator.engine.highs`)."""
    part = Part.of(face, added=face.matrix.lazy.every())
    if not part.possible:
        return Searched("infeasible", None, INFINITY)
    from ortools.sat.python import cp_model  # noqa: PLC0415 - see above

    constant = round(float(cost @ part.rest))
    model = cp_model.CpModel()
    variables = [
        model.new_int_var(math.ceil(low - 1e-9), math.floor(high + 1e-9), "")
        for low, high in zip(part.lower.tolist(), part.upper.tolist(), strict=True)
    ]
    for terms, low, high in _rows(part):
        domain = cp_model.Domain(_whole(low), _whole(high))
        model.add_linear_expression_in_domain(sum(k * variables[c] for c, k in terms), domain)
    costs = cost[part.columns].tolist()
    model.minimize(sum(round(k) * v for k, v in zip(costs, variables, strict=True) if k) + constant)
    if start is not None:
        for variable, value in zip(variables, start[part.columns].tolist(), strict=True):
            model.add_hint(variable, round(value))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 7
    solver.parameters.max_deterministic_time = share / WORK_PER_DETERMINISTIC_SECOND
    solver.parameters.max_time_in_seconds = budget.seconds_left
    solver.parameters.catch_sigint_signal = False  # Ctrl-C belongs to the run, which then stops with its best plan
    status = solver.solve(model, _watch(budget))
    budget.spend(round(solver.response_proto.deterministic_time * WORK_PER_DETERMINISTIC_SECOND))
    name = solver.status_name(status)
    if name not in _ENDINGS:
        raise SolverFaultError(f"CP-SAT ended with '{name}'")
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    values = np.array([float(solver.value(v)) for v in variables]) if found else None
    bound = INFINITY if status == cp_model.INFEASIBLE else solver.best_objective_bound
    return Searched(_ENDINGS[name], None if values is None else part.filled(values), bound)


def _watch(budget: Budget) -> Any:
    """What stops the search, at each better solution, when the budget says so."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - see above

    class Watch(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            if budget.stopped():
                self.stop_search()

    return Watch()


def _rows(part: Part) -> Iterator[tuple[list[tuple[int, int]], float, float]]:
    starts, columns, values = (a.tolist() for a in (part.matrix.begins, part.matrix.at, part.matrix.values))
    for i, (low, high) in enumerate(zip(part.row_lower.tolist(), part.row_upper.tolist(), strict=True)):
        at = slice(starts[i], starts[i + 1])
        yield [(c, round(k)) for c, k in zip(columns[at], values[at], strict=True)], low, high


def _whole(bound: float) -> int:
    if math.isinf(bound):
        return UNBOUNDED if bound > 0 else -UNBOUNDED
    return round(bound)
