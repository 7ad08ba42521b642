"""Which published matches a plan moves, and why each could not simply be put back: the checker is asked.

What facts or decisions ended by themselves is no change that max_changes counts, and its students are elsewhere all the
same: it is said beside the changes, so that nobody reads "no match moves" of somebody who does.
"""

from functools import cached_property

from allocator.checker import OneMore, violations
from allocator.engine.forced import Forced
from models.dataset import Dataset
from models.entities import Published
from models.plan import ForcedChanges, Match, MovedMatch, Plan, Violation
from models.policy import Policy
from models.statuses import FREED


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
        would break with it put back, whoever its PE; likewise what is freed.
    """
    if forced is None or plan.clash is not None:
        return plan
    offers = {m.request: m.offer for m in plan.matches}
    elsewhere = [
        p for p in dataset.published if p.standing in ("in_force", "freed") and offers.get(p.request) != p.offer
    ]
    put_back = _PutBack(dataset, policy, plan)
    rows = {p.request: put_back.moved(p) for p in elsewhere}
    stated = ForcedChanges(
        fewest=forced.fewest, bound=forced.bound, proved=forced.bound == forced.fewest,
        moved=tuple(rows[name] for name in forced.counted if name in rows),
        freed=tuple(row for name, row in rows.items() if name not in forced.counted),
    )  # fmt: skip
    return plan.model_copy(update={"forced_changes": stated})


class _PutBack:
    """Asks the checker what a plan would break with a published match put back."""

    def __init__(self, dataset: Dataset, policy: Policy, plan: Plan) -> None:
        self._dataset, self._policy, self._plan = dataset, policy, plan
        self._placed = {m.request for m in plan.matches}

    @cached_property
    def _one_more(self) -> OneMore:
        return OneMore(self._dataset, self._policy, self._plan)

    def moved(self, row: Published) -> MovedMatch:
        """A match that is not where it was, and why it could not be put back."""
        ended = _ended(self._dataset, row)
        if ended:
            return MovedMatch(request=row.request, offer=row.offer, reason=ended)
        found = self._broken(row, None)  # by the rules that do not look at the PE
        if not found:
            by_educator = [self._broken(row, pe) for pe in self._one_more.educators(row.offer)]
            found = () if () in by_educator else tuple(v for each in by_educator for v in each)
        details = {v.rule: v.detail for v in reversed(found)}
        rules = tuple(dict.fromkeys(v.rule for v in found))
        reason = " ".join(dict.fromkeys(v.message for v in found))
        return MovedMatch(
            request=row.request, offer=row.offer, rules=rules, details=tuple(details[r] for r in rules), reason=reason
        )

    def _broken(self, row: Published, pe: str | None) -> tuple[Violation, ...]:
        back = Match(request=row.request, offer=row.offer, pe=pe)
        if row.request not in self._placed:  # one match more: what it touches is judged alone
            return self._one_more.breaks(back)
        others = tuple(m for m in self._plan.matches if m.request != row.request)
        plan = self._plan.model_copy(update={"matches": (*others, back), "unplaced": (), "tiers": ()})
        return violations(self._dataset, self._policy, plan)


def _ended(dataset: Dataset, row: Published) -> str:
    """Why a match can be at no plan whatever its rules say; empty where the rules say it."""
    request = dataset.request_by_id[row.request]
    if row.status in FREED:
        return f"its status is {row.status}"
    if dataset.student_by_id[request.student].withdrawn:
        return f"{request.student} is withdrawn"
    if request.set_aside:
        return request.set_aside
    return "" if row.offer in dataset.offer_by_id else f"{row.offer} is not on Offers"
