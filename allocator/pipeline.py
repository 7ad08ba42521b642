"""The only orchestrator: dataset and policy to a checked plan. Command line, scenarios, API and benchmarks call it."""

import platform
import time
from datetime import UTC, datetime
from importlib.metadata import version

from allocator.assemble import matches_of
from allocator.checker import check
from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget
from allocator.engine.engine import Choice, EngineResult, solve
from allocator.explain import Explainer
from models.base import Date
from models.dataset import Dataset
from models.errors import PlanRejectedError
from models.plan import CheckReport, Match, Plan, Unplaced
from models.policy import Policy, Tier
from models.run import Limits, Outcome, OutcomeKeeper, Progress, ProgressListener, RunInfo, StopSignal

PACKAGES = ("highspy", "ortools", "pulp", "pandas", "pydantic", "numpy", "placement-allocation")


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

    budget = Budget(limits, stop)
    eligibility = Eligibility(dataset, policy)
    live = len(eligibility.horizon.live)
    tell = progress or (lambda _: None)
    tell(Progress("pairs", None, 0, 0, None, None, 0, live, budget.seconds))
    _ = eligibility.pairs
    lap("pairs")

    def told(number: int, count: int, tier: Tier, value: int | None, bound: int | None, placed: int) -> None:
        tell(Progress("solve", tier.name, number, count, value, bound, placed, live, budget.seconds))

    def on_the_way(choices: tuple[Choice, ...]) -> None:
        if keep is not None:
            plan = _interim_plan(eligibility, choices)
            report = _checked(dataset, policy, plan)
            keep(Outcome(_with_kept_despite(plan, report), report, _run_info(seconds, budget, started, report)))

    in_hand = None if start is None else {m.request: (m.offer, m.pe) for m in start.matches}
    result = solve(eligibility, budget, told, on_the_way, limits.gap_percent, in_hand)
    seconds |= result.seconds
    clock = time.monotonic()
    plan = _plan(eligibility, result)
    lap("explain")
    report = _checked(dataset, policy, plan)
    lap("check")
    plan = _with_kept_despite(plan, report)
    return Outcome(plan, report, _run_info(seconds, budget, started, report, result))


def _checked(dataset: Dataset, policy: Policy, plan: Plan) -> CheckReport:
    """The independent check; a plan of the engine that does not pass is a fault of the program."""
    report = check(dataset, policy, plan)
    if report.violations and plan.clash is None:
        found = "; ".join(f"{v.rule} {' '.join(v.subjects)}: {v.message}" for v in report.violations[:5])
        raise PlanRejectedError(f"the plan did not pass the independent check: {found}")
    return report


def _run_info(
    seconds: dict[str, float], budget: Budget, started: datetime, report: CheckReport,
    result: EngineResult | None = None,
) -> RunInfo:  # fmt: skip
    return RunInfo(
        seconds=seconds | {"total": round(budget.seconds, 3)}, tiers=result.runs if result else (), work=budget.work,
        columns=result.columns if result else 0, rows=result.rows if result else 0,
        versions={p: version(p) for p in PACKAGES} | {"python": platform.python_version()},
        machine=f"{platform.system()} {platform.machine()}", started=started.isoformat(timespec="seconds"),
        check_passed=report.passed if result is None or result.clash is None else None,
    )  # fmt: skip


def _interim_plan(eligibility: Eligibility, choices: tuple[Choice, ...]) -> Plan:
    dataset, policy = eligibility.dataset, eligibility.policy
    matches = matches_of(eligibility, choices)
    matched = {m.request for m in matches}
    return Plan(
        dataset_digest=dataset.digest, policy=policy, policy_digest=policy.digest, seed=policy.seed, matches=matches,
        unplaced=tuple(
            Unplaced(request=r.request, code="open", reason="the run had not ended")
            for r in eligibility.horizon.live if r.request not in matched
        ),
        stopped="interrupted",
    )  # fmt: skip


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
