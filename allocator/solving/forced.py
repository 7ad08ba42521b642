"""Which published matches a plan moves, and why each could not simply be put back: the checker is asked."""

from allocator.checker import OneMore, check
from allocator.engine.forced import Forced
from models.dataset import Dataset
from models.entities import Published
from models.plan import ForcedChanges, Match, MovedMatch, Plan, Violation
from models.policy import Policy


def with_forced_changes(dataset: Dataset, policy: Policy, plan: Plan, forced: Forced | None) -> Plan:
    """The plan with what it says of the changes that events force.

    Parameters
    ----------
    dataset, policy
        Facts and settings.
    plan
        What was decided; a clash stays as it is.
    forced
        The fewest changes, where max_changes limits them.

    Returns
    -------
    Plan
        With ``forced_changes``: their number with its proof, and every match that moved with the rules that the plan
        would break with it put back, whoever its PE.
    """
    if forced is None or plan.clash is not None:
        return plan
    offers = {m.request: m.offer for m in plan.matches}
    rows = (dataset.published_by_request[r] for r in forced.counted)
    moved = tuple(_moved(dataset, policy, plan, row) for row in rows if offers.get(row.request) != row.offer)
    proved = forced.bound == forced.fewest
    stated = ForcedChanges(fewest=forced.fewest, bound=forced.bound, proved=proved, moved=moved)
    return plan.model_copy(update={"forced_changes": stated})


def _moved(dataset: Dataset, policy: Policy, plan: Plan, row: Published) -> MovedMatch:
    others = tuple(m for m in plan.matches if m.request != row.request)

    def broken(pe: str | None) -> tuple[Violation, ...]:
        back = Match(request=row.request, offer=row.offer, pe=pe)
        return check(
            dataset, policy, plan.model_copy(update={"matches": (*others, back), "unplaced": (), "tiers": ()})
        ).violations

    found = broken(None)  # by the rules that do not look at the PE
    if not found:
        by_educator = [broken(pe) for pe in OneMore(dataset, policy, plan).educators(row.offer)]
        found = () if () in by_educator else tuple(v for each in by_educator for v in each)
    rules = tuple(dict.fromkeys(v.rule for v in found))
    reason = " ".join(dict.fromkeys(v.message for v in found))
    return MovedMatch(request=row.request, offer=row.offer, rules=rules, reason=reason)
