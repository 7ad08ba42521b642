"""Plans of what the engine found, and the independent check that none goes without."""

from allocator.checker import check
from allocator.eligibility import Eligibility
from allocator.engine.engine import Choice, EngineResult
from allocator.engine.forced import Forced
from allocator.solving.forced import with_forced_changes
from allocator.solving.matches import matches_of
from models.dataset import Dataset
from models.errors import PlanRejectedError
from models.plan import CheckReport, Match, Plan
from models.policy import Policy
from models.reasons import Unplaced

OPEN = "open"
"""The code of a request that is not placed, where nobody has looked for the reason."""


def plan_of(eligibility: Eligibility, result: EngineResult, before: tuple[Match, ...] = ()) -> Plan:
    """The plan of a run; who is not placed is named without a reason.

    Parameters
    ----------
    eligibility, result
        What was solved, and what was found.
    before
        See :func:`allocator.solving.matches.matches_of`.
    """
    plan = _plan(eligibility, result.choices, "its reason was not asked for", before)
    set_aside = [i for i in eligibility.dataset.issues if i.level == "set_aside"]
    plan = with_forced_changes(eligibility.dataset, eligibility.policy, plan, result.forced)
    return plan.model_copy(
        update={
            "unplaced": () if result.clash is not None else plan.unplaced,
            "tiers": result.tiers,
            "fixes_set_aside": eligibility.fixes_set_aside,
            "clash": result.clash,
            "stopped": result.stopped,
            # Without row numbers: the order of rows may not touch the plan.
            "rows_set_aside": tuple(f"{i.sheet}: {i.message}" if i.sheet else i.message for i in set_aside),
        }
    )


def plan_on_the_way(eligibility: Eligibility, choices: tuple[Choice, ...], forced: Forced | None) -> Plan:
    """A plan of a run that goes on; it says "interrupted", which it is where the program is killed."""
    plan = _plan(eligibility, choices, "the run had not ended")
    plan = with_forced_changes(eligibility.dataset, eligibility.policy, plan, forced)
    return plan.model_copy(update={"stopped": "interrupted"})


def _plan(
    eligibility: Eligibility, choices: tuple[Choice, ...], reason: str, before: tuple[Match, ...] = ()
) -> Plan:  # fmt: skip
    dataset, policy = eligibility.dataset, eligibility.policy
    matches = matches_of(eligibility, choices, before)
    matched = {m.request for m in matches}
    return Plan(
        dataset_digest=dataset.digest, policy=policy, policy_digest=policy.digest, seed=policy.seed, matches=matches,
        unplaced=tuple(
            Unplaced(request=r.request, code=OPEN, reason=reason)
            for r in eligibility.horizon.live if r.request not in matched
        ),
    )  # fmt: skip


def checked(dataset: Dataset, policy: Policy, plan: Plan) -> tuple[Plan, CheckReport]:
    """A plan of the engine with what its kept matches break, and the independent check of it.

    Parameters
    ----------
    dataset, policy, plan
        What the plan was made from, and the plan.

    Raises
    ------
    PlanRejectedError
        The plan does not pass: a fault of the program.
    """
    report = check(dataset, policy, plan)
    if report.violations and plan.clash is None:
        found = "; ".join(f"{v.rule} {' '.join(v.subjects)}: {v.message}" for v in report.violations[:5])
        raise PlanRejectedError(f"the plan did not pass the independent check: {found}")

    def noted(match: Match) -> Match:
        rules = dict.fromkeys(v.rule for v in report.kept_despite if match.request in v.subjects)
        return match.model_copy(update={"kept_despite": tuple(rules)}) if rules else match

    return plan.model_copy(update={"matches": tuple(noted(m) for m in plan.matches)}), report
