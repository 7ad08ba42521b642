"""HiGHS as the engine uses it: an integer search on the columns that are left open, and what relaxations share with it.

One thread, a fixed seed, gaps of zero; every status is mapped here (design 8).
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple
from weakref import WeakMethod

import highspy
import numpy as np

from allocator.engine.budget import SEARCH_STEP, Budget
from allocator.engine.face import TOLERANCE, Face
from allocator.engine.part import Part
from allocator.formulation.program import INFINITY, Indexes, Mask, Rows, Vector
from models.errors import SolverFaultError

SEED = 7
LESS_THAN_ONE = 0.999
"""A solution is the best where the bound is less than one from its cost: costs are whole numbers in every plan."""
INTERIOR_STEP = 200
"""Work units of one interior-point iteration: it costs about as much as so many simplex iterations."""
SEARCHING = {"mip_abs_gap": LESS_THAN_ONE, "mip_pool_soft_limit": 500}
"""Of an integer search. Of thousands of cuts most were never needed: with fewer at hand, searches of 4,000 columns took
three quarters of the time."""
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


def solver() -> Any:
    """HiGHS with one thread, a fixed seed and no gaps.

    Its heuristic that fixes what reduced costs recommend is off, as faces are what that leaves: with it the last tier
    of 200 students with contrasts of both kinds was searched for 5.2 s, without it for 3.2 s.
    """
    made: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {
        "output_flag": False, "threads": 1, "random_seed": SEED, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0,
        "mip_feasibility_tolerance": 1e-7, "primal_feasibility_tolerance": 1e-8,
        "mip_heuristic_run_root_reduced_cost": False,
    }.items():  # fmt: skip
        made.setOptionValue(option, value)
    return made


def watch(used: Any, is_to_stop: Callable[[], bool]) -> None:
    """Ask at each step of the simplex and of the interior point whether to stop.

    Straight from HiGHS: an event of ``highspy`` for each of thousands of short steps costs more than the question.

    Parameters
    ----------
    used
        The solver; nothing else listens to it.
    is_to_stop
        Called at each step: a method of who uses the solver. It is not held, as HiGHS would hold it for good where its
        owner holds the solver: Python does not see that circle.
    """
    asked = WeakMethod(is_to_stop)

    def step(_kind: Any, _message: str, _found: Any, answer: Any, _data: None) -> None:
        ask = asked()
        if ask is not None and ask():
            answer.user_interrupt = True

    used.setCallback(step, None)
    used.startCallback(highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)
    used.startCallback(highspy.cb.HighsCallbackType.kCallbackIpmInterrupt)


def finite(bounds: Vector) -> Vector:
    """Bounds as HiGHS writes infinity."""
    return np.clip(bounds, -highspy.kHighsInf, highspy.kHighsInf)


def ending_of(used: Any, budget: Budget) -> Ending:
    """How a run of HiGHS ended; an interior point that was told to stop in its crossover has no status."""
    status = used.getModelStatus()
    if status in _ENDINGS:
        return _ENDINGS[status]
    if budget.stopped():
        return "stopped"
    raise SolverFaultError(f"HiGHS ended with '{used.modelStatusToString(status)}'")


def is_undecided(used: Any, budget: Budget) -> bool:
    """Whether a run of the simplex took too many steps, or came to no end, and nobody stopped it."""
    status = used.getModelStatus()
    limited = status == highspy.HighsModelStatus.kIterationLimit
    return limited or (status not in _ENDINGS and budget.stopped() is None)


def interior_point(used: Any, run: Callable[[], None], budget: Budget) -> None:
    """Solve anew by the interior point; by simplex where it fails, as it may where there is no solution.

    Parameters
    ----------
    used
        The solver; its basis is dropped, so that presolve is used.
    run
        Runs it and counts the work.
    budget
        Of the run: once that is stopped, nothing else is tried.
    """
    used.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
    for method in ("ipm", "simplex"):
        used.clearSolver()
        used.setOptionValue("solver", method)
        run()
        if used.getModelStatus() in _ENDINGS or budget.stopped():
            return


def search(
    face: Face, cost: Vector, start: Vector | None, budget: Budget, share: int | None, among: Mask | None = None
) -> Searched:
    """Minimise over the integral points, from a start if there is one.

    Parameters
    ----------
    face, cost
        The solutions in play and the objective.
    start
        A feasible solution, or None. Where the face does not have it, only what is better is looked for.
    budget
        Of the run; its stop signal and limits end the search.
    share
        Most work units for this search; None: no own limit.
    among
        Columns to decide about, the others staying at their lower bounds. An answer "infeasible" and the bound are
        then about these alone.

    Returns
    -------
    Searched
        ``optimal`` only if proved, ``infeasible`` where nothing is better than a start elsewhere; ``stopped`` with the
        best solution and bound so far.
    """
    added, left = Rows.none(), share
    while True:
        before = budget.work
        found = _search(face, cost, start, budget, left, Part.of(face, among, added))
        broken = Rows.none() if found.solution is None else face.matrix.lazy.broken(found.solution)
        if not len(broken.lower):
            return found
        # a solution that breaks a row left out so far is none; the row counts from now on
        added = Rows.joined([added, broken])
        left = None if left is None else max(0, left - (budget.work - before))
        if found.ending == "stopped":
            return Searched("stopped", None, found.bound)


def _search(face: Face, cost: Vector, start: Vector | None, budget: Budget, share: int | None, part: Part) -> Searched:
    if not part.possible:
        return Searched("infeasible", None, INFINITY)
    constant = float(cost @ part.rest)
    if not len(part.columns):  # HiGHS calls an empty model optimal, whatever its rows ask
        return Searched("optimal", part.rest, constant)
    used = solver()
    used.passModel(_integer_model(part, cost[part.columns]))
    for option, value in SEARCHING.items():
        used.setOptionValue(option, value)
    most = INFINITY
    # columns that need not be whole are not to the last digit what a face has fixed them at
    if start is not None and np.allclose(part.filled(start[part.columns]), start, rtol=0, atol=TOLERANCE):
        given = highspy.HighsSolution()
        given.col_value = start[part.columns].tolist()
        used.setSolution(given)
    elif start is not None:
        most = float(cost @ start) - LESS_THAN_ONE
        used.setOptionValue("objective_bound", most - constant)
    steps = 0
    best: list[Vector] = []

    def checkpoint(event: Any) -> None:
        nonlocal steps
        steps += 1
        if budget.stopped(steps * SEARCH_STEP) or (share is not None and steps * SEARCH_STEP >= share):
            event.interrupt()

    def improved(event: Any) -> None:
        best.append(np.array(event.data_out.mip_solution))

    used.cbMipInterrupt.subscribe(checkpoint)
    used.cbMipImprovingSolution.subscribe(improved)
    used.run()
    if used.getModelStatus() == highspy.HighsModelStatus.kSolveError and not budget.stopped(steps * SEARCH_STEP):
        used.setOptionValue("presolve", "off")  # which is what fails now and then, on small programs
        used.run()
    budget.spend(steps * SEARCH_STEP)
    ending = ending_of(used, budget)
    info = used.getInfo()
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(used.getSolution().col_value) if found else best[-1] if best else None
    if values is not None and float(cost @ part.filled(values)) > most:
        values, ending = None, "infeasible" if ending == "optimal" else ending
    bound = info.mip_dual_bound + constant if ending != "infeasible" else INFINITY
    return Searched(ending, None if values is None else part.filled(values), bound)


def clashing_rows(face: Face) -> Indexes:
    """Rows that no relaxed point of a face holds together: those that a Farkas proof of that adds up.

    Parameters
    ----------
    face
        Bounds and rows; what is lazy is not looked at.

    Returns
    -------
    Indexes
        Rows of the face; none where a relaxed point holds all of them.
    """
    part = Part.of(face)
    crossed = part.rows[part.row_lower > part.row_upper]
    if len(crossed):
        return crossed  # HiGHS finds them without a proof
    if not len(part.columns):
        return part.rows  # where nothing is open, rows that can bind do not hold
    used = solver()
    used.setOptionValue("presolve", "off")  # a proof is about the rows as they are given
    used.setOptionValue("solver", "simplex")
    used.passModel(relaxed_model(part, np.zeros(len(part.columns))))
    used.run()
    _, proved, multipliers = used.getDualRay()
    return part.rows[np.flatnonzero(multipliers)] if proved else part.rows[:0]


def relaxed_model(part: Part, cost: Vector) -> Any:
    """A part as HiGHS wants it, without its whole numbers."""
    lp: Any = highspy.HighsLp()  # its stubs say list where arrays are taken
    lp.num_col_, lp.num_row_ = len(part.columns), len(part.matrix)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, part.lower, part.upper
    lp.row_lower_, lp.row_upper_ = finite(part.row_lower), finite(part.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = part.matrix.begins.astype(np.int32)
    lp.a_matrix_.index_ = part.matrix.at
    lp.a_matrix_.value_ = part.matrix.values
    return lp


def _integer_model(part: Part, cost: Vector) -> Any:
    lp = relaxed_model(part, cost)
    kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    lp.integrality_ = [kinds[whole] for whole in part.integer.astype(int).tolist()]
    return lp
