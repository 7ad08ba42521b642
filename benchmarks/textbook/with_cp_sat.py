"""The textbook model in CP-SAT, with all cores and everything else as it comes."""

import os
from collections.abc import Callable, Mapping

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.textbook.program import Numbers, Program
from benchmarks.textbook.tiers import Answer
from models.errors import SolverFaultError

Told = Callable[[Numbers, int], None]
"""Takes a better solution and the bound at that time."""


class CpSatSolver:
    """A program as a CP-SAT model; the solution before is the hint for the next tier.

    Parameters
    ----------
    program
        The model.
    told
        Called at each better solution.
    """

    def __init__(self, program: Program, told: Callable[[int, Numbers, int], None]) -> None:
        self._program = program
        self._told = told
        self._model = cp_model.CpModel()
        self._variables = [self._model.new_int_var(0, most, "") for most in program.upper.tolist()]
        for number, (least, most) in enumerate(zip(program.least.tolist(), program.most.tolist(), strict=True)):
            self._between(_part(program.rows, number), least, most)

    def optimise(self, tier: int, seconds: float) -> Answer:
        """Optimise one tier."""
        weights = _part(self._program.tiers, tier)
        answer = self.optimise_weighted(weights, bool(self._program.maximise[tier]), seconds, tier)
        constant = int(self._program.constants[tier])
        return answer._replace(bound=None if answer.bound is None else answer.bound + constant)

    def fix(self, tier: int, value: int) -> None:
        """An equality."""
        side = value - int(self._program.constants[tier])
        self._between(_part(self._program.tiers, tier), side, side)

    def optimise_weighted(self, weights: Mapping[int, int], maximise: bool, seconds: float, tier: int = -1) -> Answer:
        """Optimise a weighted sum of columns; ``tier`` is passed on to the listener."""
        objective = self._sum(weights)
        if maximise:
            self._model.maximize(objective)
        else:
            self._model.minimize(objective)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = os.cpu_count() or 1
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(self._model, _Listener(lambda x, bound: self._told(tier, x, bound)))
        if status == cp_model.INFEASIBLE:
            return Answer(None, None, True)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
            raise SolverFaultError(f"CP-SAT ended with '{solver.status_name(status)}'")
        bound = round(solver.best_objective_bound)
        if status == cp_model.UNKNOWN:
            return Answer(None, bound, False)
        solution = np.array(solver.response_proto.solution, dtype=np.int64)
        self._model.clear_hints()  # type: ignore[no-untyped-call]
        for variable, value in zip(self._variables, solution.tolist(), strict=True):
            self._model.add_hint(variable, value)
        return Answer(solution, bound, status == cp_model.OPTIMAL)

    def _between(self, weights: Mapping[int, int], least: int, most: int) -> None:
        if weights:
            self._model.add_linear_expression_in_domain(self._sum(weights), cp_model.Domain(least, most))

    def _sum(self, weights: Mapping[int, int]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.weighted_sum([self._variables[j] for j in weights], list(weights.values()))


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, told: Told) -> None:
        super().__init__()
        self._tell = told

    def on_solution_callback(self) -> None:
        """Called at each better solution."""
        self._tell(np.array(self.response_proto.solution, dtype=np.int64), round(self.best_objective_bound))


def _part(matrix: object, number: int) -> dict[int, int]:
    """Weights of one row of a sparse matrix by column."""
    start, end = matrix.indptr[number], matrix.indptr[number + 1]  # type: ignore[attr-defined]
    columns, weights = matrix.indices[start:end], matrix.data[start:end]  # type: ignore[attr-defined]
    return dict(zip(columns.tolist(), weights.tolist(), strict=True))
