"""The check of a plan with one match more where a few rows of the dataset say something else, without doing all again.

Whether a match is eligible rests on the rows of its own request, student and offer, and on what is not of one match:
all that is the same for a match whose rows are the same. Such a match keeps what was found in it. What matches do
together (limits, a student's two placements, fixes) is judged anew, over the whole plan. Where anything else differs
the whole check is made. The authority is :func:`allocator.checker.violations`, which gives the same.
"""

from typing import NamedTuple

from allocator.checker.check import judge_together, violations
from allocator.checker.facts import Facts
from allocator.checker.findings import Findings
from allocator.checker.placements import Placement, judge_eligibility, read_match
from models.base import Record
from models.dataset import Dataset
from models.plan import Match, Plan, Violation
from models.policy import Policy

OWN: dict[str, frozenset[str]] = {
    "students": frozenset({"readiness", "clearance", "adjustments", "scheme", "part", "ranked_offers"}),
    "requests": frozenset({"earliest_start", "latest_end", "locked_agencies", "locked_authorities"}),
    "offers": frozenset({
        "capacity", "minimum", "latest_start", "latest_end", "days_a_week", "features", "cannot", "universities",
        "programmes", "reserved_for", "on_site_supervisor", "educators",
    }),
    "agencies": frozenset({"maximum_at_once", "maximum_in_year"}),
    "teams": frozenset({"maximum_at_once"}),
}  # fmt: skip
"""By collection the fields that make no match eligible, or not, but those of the row; agencies' and teams': none."""


class _Found(NamedTuple):
    """A match of the plan, as it was read, and what was found in it alone."""

    match: Match
    placement: Placement | None
    findings: Findings


class LiftedCheck:
    """Checks a plan with one match more, in datasets that differ a little from that of the plan.

    Parameters
    ----------
    dataset, policy
        Facts and settings.
    plan
        Any plan without a clash.
    """

    def __init__(self, dataset: Dataset, policy: Policy, plan: Plan) -> None:
        self._dataset, self._policy, self._plan = dataset, policy, plan
        self._matched = {m.request for m in plan.matches}
        facts = self._facts(dataset, policy)
        self._found = tuple(self._judged(facts, match) for match in plan.matches)

    def violations(self, dataset: Dataset, policy: Policy, match: Match) -> tuple[Violation, ...]:
        """What :func:`allocator.checker.violations` gives for the plan with the match.

        Parameters
        ----------
        dataset, policy
            Facts and settings, whichever.
        match
            Any.
        """
        plan = self._plan.model_copy(update={"matches": (*self._plan.matches, match)})
        excepted = self._requests_with_new_exceptions(dataset)
        twice = len({*self._matched, match.request}) < len(plan.matches)
        if twice or excepted is None or policy != self._policy or not self._differ_in_rows_alone(dataset):
            return violations(dataset, policy, plan)
        facts, findings = self._facts(dataset, policy), Findings()
        placements: list[Placement] = []
        for known in (*self._found, _Found(match, None, findings)):
            found = known if self._is_the_same(known, dataset, excepted) else self._judged(facts, known.match)
            findings.take(found.findings)
            placements += [found.placement] if found.placement is not None else []
        judge_together(facts, plan, placements, findings)
        return findings.report(()).violations

    def _facts(self, dataset: Dataset, policy: Policy) -> Facts:
        return Facts(dataset, policy, policy.as_of or self._plan.policy.as_of, self._plan.forced_changes)

    @staticmethod
    def _judged(facts: Facts, match: Match) -> _Found:
        findings = Findings()
        placement = read_match(facts, match, findings)
        if placement is not None:
            judge_eligibility(facts, [placement], findings)
        return _Found(match, placement, findings)

    @staticmethod
    def _is_the_same(known: _Found, dataset: Dataset, excepted: frozenset[str]) -> bool:
        """Whether the rows are; one without a PE who can be read is judged anew, since that depends on other offers."""
        placed = known.placement
        return (
            placed is not None
            and placed.pe is not None
            and placed.request.request not in excepted
            and dataset.request_by_id.get(placed.request.request) is placed.request
            and dataset.student_by_id.get(placed.student.student) is placed.student
            and dataset.offer_by_id.get(placed.offer.offer) is placed.offer
        )

    def _requests_with_new_exceptions(self, dataset: Dataset) -> frozenset[str] | None:
        """Whose they are; None where decisions differ in anything else."""
        before, now = self._dataset.decisions, dataset.decisions
        if len(now) < len(before) or any(a is not b for a, b in zip(before, now, strict=False)):
            return None
        new = now[len(before) :]
        return None if any(d.decision != "exception" for d in new) else frozenset(d.request or "" for d in new)

    def _differ_in_rows_alone(self, dataset: Dataset) -> bool:
        """Whether the datasets differ, decisions apart, in nothing but fields that are the row's own."""
        for name in Dataset.model_fields:
            before, now = getattr(self._dataset, name), getattr(dataset, name)
            if before is now or name == "decisions":
                continue
            if name not in OWN or len(before) != len(now):
                return False
            if not all(a is b or _is_alike(a, b, OWN[name]) for a, b in zip(before, now, strict=True)):
                return False
        return True


def _is_alike(one: Record, other: Record, but_for: frozenset[str]) -> bool:
    return all(getattr(one, f) == getattr(other, f) for f in type(one).model_fields if f not in but_for)
