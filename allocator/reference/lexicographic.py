"""Solve the reference model tier by tier: optimise, fix with an equality, go on to the next."""

import tempfile
from time import monotonic
from typing import Any, Literal

import pulp
from pulp import apis

from allocator.reference.formulation import formulate
from allocator.reference.limits import FEWEST, changes_are_limited, max_changes, moved
from allocator.reference.model import Model, holds, terms
from allocator.reference.tiers import Expression, objectives
from models.base import Record, natural_key
from models.dataset import Dataset
from models.errors import SolverFaultError, UsageError
from models.plan import TierResult
from models.policy import Policy, Tier

Solver = Literal["cbc", "highs"]
Outcome = Literal["optimal", "stopped", "impossible"]
ANY_PLAN = Tier(name="any plan", sense="min")
WHOLE = 1e-4
"""How far from a whole number a solver may leave an integer; the rounded plan is checked exactly."""


class ReferenceResult(Record):
    """What the reference found.

    ``optimal``: every tier is proved. ``clash``: no plan holds all the rules. ``stopped``: the time was up; ``tiers``
    are then those that were proved, and the next one, unproved, if the solver had a plan for it: ``matches``.
    ``matches``: (request, offer, PE) in natural order; ``fixes_set_aside``: ids of decisions; ``forced_changes``: the
    fewest changes to the published plan, where they are limited.
    """

    status: Literal["optimal", "clash", "stopped"]
    tiers: tuple[TierResult, ...] = ()
    matches: tuple[tuple[str, str, str], ...] = ()
    fixes_set_aside: tuple[str, ...] = ()
    forced_changes: int | None = None


def solve(dataset: Dataset, policy: Policy, solver: Solver = "cbc", seconds: float | None = None) -> ReferenceResult:
    """Allocate by the textbook: one binary per eligible (request, offer, PE), one tier after the other.

    Parameters
    ----------
    dataset
        Everything read; small, since nothing here is clever.
    policy
        The settings and the order of the tiers.
    solver
        ``cbc`` or ``highs``, through PuLP, with one thread and no gap.
    seconds
        Wall-clock time for all tiers together; None for no limit.

    Returns
    -------
    ReferenceResult
        Status, tiers in order, matches, and the fixes that were set aside.

    Raises
    ------
    UsageError
        The solver is unknown, or ``seconds`` is not positive.
    SolverFaultError
        The solver failed, or answered with a plan that breaks its own rows.
    """
    if solver not in ("cbc", "highs"):
        raise UsageError(f"unknown solver '{solver}'; allowed: cbc, highs")
    if seconds is not None and seconds <= 0:
        raise UsageError(f"seconds is {seconds:g}; it must be more than 0, or left out for no limit")
    deadline = None if seconds is None else monotonic() + seconds
    model = formulate(dataset, policy)
    fewest: int | None = None
    if changes_are_limited(model):
        outcome, found = _optimise(model, FEWEST, moved(model), solver, deadline)
        if outcome != "optimal":
            status: Literal["clash", "stopped"] = "clash" if outcome == "impossible" else "stopped"
            return ReferenceResult(status=status, fixes_set_aside=model.fixes_set_aside)
        fewest = _value(moved(model), found)
        max_changes(model, fewest)
    order = objectives(model)
    tiers: list[TierResult] = []
    plan: dict[str, int] = {}
    # Without any tier the rules alone decide whether there is a plan.
    for tier, expression in order or [(ANY_PLAN, Expression())]:
        if not tiers or terms(expression):
            outcome, found = _optimise(model, tier, expression, solver, deadline)
            if outcome == "impossible" and tiers:
                raise SolverFaultError(
                    f"{solver} finds no plan for {tier.name} after it found one for {tiers[-1].tier}"
                )
            if outcome == "impossible":
                return ReferenceResult(status="clash", fixes_set_aside=model.fixes_set_aside)
            if outcome == "stopped":
                if found:
                    plan = found
                    value = _value(expression, plan)
                    tiers.append(TierResult(tier=tier.name, sense=tier.sense, value=value))
                return _result("stopped", model, tiers[: len(order)], plan, fewest)
            plan = found
        value = _value(expression, plan)
        tiers.append(TierResult(tier=tier.name, sense=tier.sense, value=value, bound=value, proved=True))
        model.fix(tier, expression, value)
    return _result("optimal", model, tiers[: len(order)], plan, fewest)


ATTEMPTS: dict[Solver, tuple[tuple[Solver, bool], ...]] = {
    "cbc": (("cbc", False), ("cbc", True), ("highs", False)),
    "highs": (("highs", False), ("highs", True)),
}
"""(solver, careful), in the order in which they are asked."""


def _optimise(
    model: Model, tier: Tier, expression: Expression, solver: Solver, deadline: float | None
) -> tuple[Outcome, dict[str, int]]:
    """Optimise one tier; whole values by variable name, empty without a plan.

    A model is called impossible only when another attempt says so too (or breaks down): CBC 2.10's preprocessing has
    called impossible what had a plan, and without it CBC has crashed on what had none.
    """
    model.optimise(tier, expression)
    fault: SolverFaultError | None = None
    impossible = 0
    for asked, careful in ATTEMPTS[solver]:
        try:
            outcome, found = _ask(model.problem, asked, deadline, careful)
        except SolverFaultError as error:
            fault = fault or error
            continue
        if outcome != "impossible":
            return outcome, found
        impossible += 1
        if impossible == 2:
            return "impossible", {}
    if impossible:
        return "impossible", {}
    raise fault or SolverFaultError(f"{solver} gave no answer")


def _ask(problem: Any, solver: Solver, deadline: float | None, careful: bool) -> tuple[Outcome, dict[str, int]]:
    """Solve once, and read the answer.

    PuLP's ``status`` says "Optimal" for a plan that was merely found before the time was up; only ``sol_status`` tells
    the two apart. It has no word for an integer program that CBC proves impossible: there ``status`` says it.
    """
    seconds = None if deadline is None else deadline - monotonic()
    if seconds is not None and seconds <= 0:
        return "stopped", {}
    with tempfile.TemporaryDirectory() as folder:
        engine = _engine(solver, seconds, careful)
        engine.tmpDir = folder
        try:
            problem.solve(engine)
        except pulp.PulpError as error:
            raise SolverFaultError(f"{solver} failed: {error}") from error
    found = _whole_values(problem)
    if problem.sol_status == pulp.LpSolutionOptimal:
        if found is None:
            raise SolverFaultError(f"{solver} answered with a plan that breaks its own rows")
        return "optimal", found
    if problem.sol_status == pulp.LpSolutionIntegerFeasible:
        return "stopped", found or {}
    if pulp.LpSolutionInfeasible == problem.sol_status or problem.status == pulp.LpStatusInfeasible:
        return "impossible", {}
    if seconds is None:
        raise SolverFaultError(f"{solver} stopped without an answer: {pulp.LpSolution[problem.sol_status]}")
    return "stopped", {}


def _engine(solver: Solver, seconds: float | None, careful: bool) -> Any:
    """The solver: quiet, one thread, no gap; ``careful`` leaves out what makes it fast."""
    solvers: Any = apis
    if solver == "highs":
        options = {"presolve": "off"} if careful else {}
        return solvers.HiGHS(msg=False, timeLimit=seconds, gapRel=0.0, gapAbs=0.0, threads=1, **options)
    # COIN_CMD with the program that PuLP brings; CBC runs in one thread unless told otherwise.
    return solvers.COIN_CMD(
        path=solvers.PULP_CBC_CMD.pulp_cbc_path,
        msg=False,
        timeLimit=seconds,
        gapRel=0.0,
        gapAbs=0.0,
        presolve=False if careful else None,
        options=["preprocess off", *(["cuts off"] if careful else [])],
    )


def _whole_values(problem: Any) -> dict[str, int] | None:
    """Values rounded to whole numbers; None unless they satisfy every row exactly."""
    values: dict[str, int] = {}
    for variable in problem.variables():
        if variable.varValue is None or abs(variable.varValue - round(variable.varValue)) > WHOLE:
            return None
        values[variable.name] = round(variable.varValue)
        if not variable.lowBound <= values[variable.name] <= variable.upBound:
            return None
    kept = all(
        holds(row, sum(weight * values[variable.name] for variable, weight in terms(row)))
        for row in problem.constraints()
    )
    return values if kept else None


def _value(expression: Expression, plan: dict[str, int]) -> int:
    return int(expression.constant) + sum(int(weight) * plan.get(v.name, 0) for v, weight in terms(expression))


def _result(
    status: Literal["optimal", "stopped"], model: Model, tiers: list[TierResult], plan: dict[str, int],
    fewest: int | None,
) -> ReferenceResult:  # fmt: skip
    chosen = [c for c in model.columns if plan.get(model.x[c].name) == 1]
    matches = sorted(((c.request.request, c.offer.offer, c.pe) for c in chosen), key=lambda m: natural_key(m[0]))
    return ReferenceResult(
        status=status, tiers=tuple(tiers), matches=tuple(matches), fixes_set_aside=model.fixes_set_aside,
        forced_changes=fewest,
    )  # fmt: skip
