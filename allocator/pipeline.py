"""The only orchestrator: dataset and policy to a checked plan. Command line, scenarios, API and benchmarks call it."""

import platform
import time
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from allocator.engine.budget import Budget
from allocator.engine.engine import EngineResult
from allocator.garbage import NEW_OBJECTS, searched_every
from allocator.reasons import Reasons
from allocator.solving import Solver
from allocator.solving.plans import checked
from models.base import Date
from models.dataset import Dataset
from models.plan import CheckReport, Plan
from models.policy import Policy, Tier
from models.run import Limits, Outcome, OutcomeKeeper, Progress, ProgressListener, RunInfo, StopSignal

PACKAGES = ("highspy", "ortools", "pulp", "pandas", "pydantic", "numpy", "placement-allocation")


@searched_every(NEW_OBJECTS)
def allocate(
    dataset: Dataset,
    policy: Policy,
    *,
    limits: Limits | None = None,
    progress: ProgressListener | None = None,
    stop: StopSignal | None = None,
    keep: OutcomeKeeper | None = None,
    start: Plan | None = None,
) -> Outcome:
    """Propose a plan: eligibility, engine, explanation, independent check.

    Parameters
    ----------
    dataset
        Everything read.
    policy
        Settings; a blank ``as_of`` becomes the day of the run, and is written into the plan's policy.
    limits
        When to stop with the best plan so far; default: not before every tier is proved.
    progress
        Called whenever value, bound or tier change.
    stop
        Set it, from another thread or a signal handler, to stop with the best plan so far.
    keep
        Given the first plan and every better one on the way, each checked; they say "interrupted", which is what they
        are where the program is killed and no better one follows. Reasons of unplaced requests are left to the end.
    start
        A plan to begin with, of this dataset or one like it; default: what is published and in force. Once every tier
        is proved it changes how long the run takes and not the plan, but for programmes that no tier counts.

    Returns
    -------
    Outcome
        The plan (or the clash in it), its check and what it cost.

    Raises
    ------
    PlanRejectedError
        When the independent check finds a violation in a plan of the engine: a fault of the program.
    """
    started = datetime.now(UTC)
    limits = limits or Limits()
    if policy.as_of is None:
        policy = policy.model_copy(update={"as_of": Date.today()})
    seconds: dict[str, float] = {}
    clock = time.monotonic()

    def lap(phase: str) -> None:
        nonlocal clock
        now = time.monotonic()
        seconds[phase] = round(now - clock, 3)
        clock = now

    budget, solver = Budget(limits, stop), Solver(dataset, policy)
    eligibility = solver.eligibility
    live = len(eligibility.horizon.live)
    tell = progress or (lambda _: None)
    tell(Progress("pairs", None, 0, 0, None, None, 0, live, budget.seconds))
    _ = eligibility.pairs
    lap("pairs")

    def told(number: int, count: int, tier: Tier, value: int | None, bound: int | None, placed: int) -> None:
        tell(Progress("solve", tier.name, number, count, value, bound, placed, live, budget.seconds))

    def on_the_way(plan: Plan) -> None:
        if keep is not None:
            plan, report = checked(dataset, policy, plan)
            keep(Outcome(plan, report, _run_info(seconds, budget, started, report)))

    solved = solver.solve(budget, told=told, keep=keep and on_the_way, gap_percent=limits.gap_percent, start=start)
    seconds |= solved.result.seconds
    clock = time.monotonic()
    plan = solved.plan
    plan, report = checked(dataset, policy, plan)
    lap("check")
    if plan.clash is None:  # reasons move nobody, so that the check holds with them too
        plan = plan.model_copy(update={"unplaced": Reasons(solver, plan).unplaced()})
    lap("explain")
    return Outcome(plan, report, _run_info(seconds, budget, started, report, solved.result))


def _run_info(
    seconds: dict[str, float], budget: Budget, started: datetime, report: CheckReport,
    result: EngineResult | None = None,
) -> RunInfo:  # fmt: skip
    return RunInfo(
        seconds=seconds | {"total": round(budget.seconds, 3)}, tiers=result.runs if result else (), work=budget.work,
        columns=result.columns if result else 0, rows=result.rows if result else 0,
        versions=dict(_versions()),
        machine=f"{platform.system()} {platform.machine()}", started=started.isoformat(timespec="seconds"),
        check_passed=report.passed if result is None or result.clash is None else None,
    )  # fmt: skip


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    """Looked up once: every better plan on the way is kept with them."""
    return (*((package, version(package)) for package in PACKAGES), ("python", platform.python_version()))
