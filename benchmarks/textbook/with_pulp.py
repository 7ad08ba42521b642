"""The textbook model in PuLP, as the reference has it, with CBC or HiGHS: one thread, no gap, as the reference asks."""

import tempfile
from typing import Any, Literal

import numpy as np
import pulp
from pulp import apis

from benchmarks.textbook.program import FREE, Numbers, Program
from benchmarks.textbook.tiers import Answer
from models.errors import SolverFaultError


class PulpSolver:
    """A program as a PuLP problem."""

    def __init__(self, program: Program, solver: Literal["cbc", "highs"]) -> None:
        self._program = program
        self._solver = solver
        self._problem: Any = pulp.LpProblem("textbook")  # type: ignore[no-untyped-call]
        self._variables = [
            self._problem.add_variable(f"x{number}", 0, most, cat=pulp.LpInteger)
            for number, most in enumerate(program.upper.tolist())
        ]
        for number in range(len(program.least)):
            expression = self._expression(program.rows, number)
            least, most = int(program.least[number]), int(program.most[number])
            if least == most:
                self._problem.addConstraint(expression == most)
            elif most < FREE:
                self._problem.addConstraint(expression <= most)
            else:
                self._problem.addConstraint(expression >= least)

    def _expression(self, matrix: Any, number: int) -> Any:
        part = slice(matrix.indptr[number], matrix.indptr[number + 1])
        terms = zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True)
        return pulp.LpAffineExpression([(self._variables[column], weight) for column, weight in terms])

    def optimise(self, tier: int, seconds: float) -> Answer:
        """Optimise a tier; PuLP's ``sol_status`` alone tells a proved optimum from a plan found in time."""
        maximise = bool(self._program.maximise[tier])
        self._problem.sense = pulp.LpMaximize if maximise else pulp.LpMinimize
        objective = self._expression(self._program.tiers, tier)
        # A tier without any column is what it is; PuLP wants an objective all the same.
        self._problem.setObjective(objective if len(objective) else pulp.LpAffineExpression([(self._variables[0], 0)]))
        with tempfile.TemporaryDirectory() as folder:
            engine = self._engine(seconds)
            engine.tmpDir = folder
            try:
                self._problem.solve(engine)
            except pulp.PulpError as error:
                raise SolverFaultError(f"{self._solver} failed: {error}") from error
        status = self._problem.sol_status
        if status == pulp.LpSolutionInfeasible or self._problem.status == pulp.LpStatusInfeasible:
            return Answer(None, None, True)
        optimal = status == pulp.LpSolutionOptimal
        solution = self._solution() if optimal or status == pulp.LpSolutionIntegerFeasible else None
        if optimal and solution is not None:
            return Answer(solution, self._program.values(solution)[tier], True)
        return Answer(solution, self._bound(tier, maximise), False)

    def fix(self, tier: int, value: int) -> None:
        """An equality."""
        expression = self._expression(self._program.tiers, tier)
        if len(expression):
            self._problem.addConstraint(expression == value - int(self._program.constants[tier]))

    def _engine(self, seconds: float) -> Any:
        solvers: Any = apis
        if self._solver == "highs":
            return solvers.HiGHS(msg=False, timeLimit=seconds, gapRel=0.0, gapAbs=0.0, threads=1)
        # Without preprocessing, as the reference runs it: CBC's has called impossible what had a plan.
        return solvers.COIN_CMD(
            path=solvers.PULP_CBC_CMD.pulp_cbc_path, msg=False, timeLimit=seconds, gapRel=0.0, gapAbs=0.0,
            options=["preprocess off"],
        )  # fmt: skip

    def _solution(self) -> Numbers | None:
        values = np.array([variable.varValue for variable in self._variables], dtype=np.float64)  # None becomes nan
        whole = np.rint(values)
        if not np.all(np.abs(values - whole) <= 1e-4):
            return None
        return whole.astype(np.int64)

    def _bound(self, tier: int, maximise: bool) -> int | None:
        """HiGHS's bound, rounded inwards; PuLP passes none on from CBC."""
        if self._solver != "highs":
            return None
        bound = self._problem.solverModel.getInfo().mip_dual_bound
        if not np.isfinite(bound):
            return None
        rounded = np.floor(bound + 1e-6) if maximise else np.ceil(bound - 1e-6)
        return int(rounded) + int(self._program.constants[tier])
