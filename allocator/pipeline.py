"""The only orchestrator: dataset and policy to a checked plan. Command line, scenarios, API and benchmarks call it."""

import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version

from allocator.assemble import matches_of
from allocator.checker import check
from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget
from allocator.engine.engine import EngineResult, solve
from allocator.explain import Explainer
from models.base import Date
from models.dataset import Dataset
from models.errors import PlanRejectedError
from models.plan import CheckReport, Match, Plan
from models.policy import Level, Policy
from models.run import Limits, Outcome, Progress, ProgressListener, RunInfo, StopSignal

PACKAGES = ("highspy", "ortools", "pulp", "pandas", "pydantic", "numpy", "placement-allocation")


def allocate(
    dataset: Dataset,
    policy: Policy,
    *,
    limits: Limits | None = None,
    progress: ProgressListener | None = None,
    stop: StopSignal | None = None,
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
        Called whenever value, bound or level change.
    stop
        Set it, from another thread or a signal handler, to stop with the best plan so far.

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

    budget = Budget(limits, stop)
    eligibility = Eligibility(dataset, policy)
    live = len(eligibility.horizon.live)
    tell = progress or (lambda _: None)
    tell(Progress("pairs", None, 0, 0, None, None, 0, live, budget.seconds))
    _ = eligibility.pairs
    lap("pairs")

    def told(number: int, count: int, level: Level, value: int | None, bound: int | None, placed: int) -> None:
        tell(Progress("solve", level.name, number, count, value, bound, placed, live, budget.seconds))

    result = solve(eligibility, budget, told, limits.gap_percent)
    lap("solve")
    plan = _plan(eligibility, result)
    lap("explain")
    report = check(dataset, policy, plan)
    lap("check")
    if report.violations and plan.clash is None:
        found = "; ".join(f"{v.rule} {' '.join(v.subjects)}: {v.message}" for v in report.violations[:5])
        raise PlanRejectedError(f"the plan did not pass the independent check: {found}")
    plan = _with_kept_despite(plan, report)
    versions = {p: version(p) for p in PACKAGES} | {"python": platform.python_version()}
    run = RunInfo(
        seconds=seconds | {"total": round(budget.seconds, 3)}, tiers=result.runs, work=budget.work,
        columns=result.columns, rows=result.rows, versions=versions,
        machine=f"{platform.system()} {platform.machine()}", started=started.isoformat(timespec="seconds"),
        check_passed=report.passed if plan.clash is None else None,
    )  # fmt: skip
    return Outcome(plan, report, run)


def _plan(eligibility: Eligibility, result: EngineResult) -> Plan:
    dataset, policy = eligibility.dataset, eligibility.policy
    matches = matches_of(eligibility, result.choices)
    clashes = result.clash is not None
    set_aside = [i for i in dataset.issues if i.level == "set_aside"]
    return Plan(
        dataset_digest=dataset.digest, policy=policy, policy_digest=policy.digest, seed=policy.seed, matches=matches,
        unplaced=() if clashes else Explainer(eligibility, matches).unplaced(), tiers=result.tiers,
        fixes_set_aside=eligibility.fixes_set_aside, clash=result.clash, stopped=result.stopped,
        # Without row numbers: the order of rows may not touch the plan.
        rows_set_aside=tuple(f"{i.sheet}: {i.message}" if i.sheet else i.message for i in set_aside),
    )  # fmt: skip


def _with_kept_despite(plan: Plan, report: CheckReport) -> Plan:
    """Note on each kept match which rules it breaks; they are listed, not violations."""

    def noted(match: Match) -> Match:
        rules = dict.fromkeys(v.rule for v in report.kept_despite if match.request in v.subjects)
        return match.model_copy(update={"kept_despite": tuple(rules)}) if rules else match

    return plan.model_copy(update={"matches": tuple(noted(m) for m in plan.matches)})
