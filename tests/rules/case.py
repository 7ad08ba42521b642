"""What a boundary case is, and how its triples become a plan."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.dataset import Dataset
from models.decisions import Decision
from models.plan import ForcedChanges, Match, MovedMatch, Plan
from models.policy import Policy
from tests import builders as b

Triple = tuple[str, str, str]
"""Request, offer, PE."""
AS_OF = date(2025, 12, 1)
LAST_FRIDAY = date(2026, 4, 10)
"""70 days at 5 a week from Monday 2026-01-05 without bank holidays: 14 weeks, the last Friday is 2026-04-10."""


@dataclass(frozen=True)
class Case:
    """A legal plan at the boundary of a rule, and an illegal one just beyond, which breaks that rule alone.

    With only that rule switched off the illegal plan is legal (where the rule can be switched off).
    """

    rule: str
    name: str
    dataset: Dataset
    policy: Policy
    legal_plan: tuple[Triple, ...]
    illegal_plan: tuple[Triple, ...]

    @property
    def policy_without(self) -> Policy:
        """The policy with this rule off besides those that are off already."""
        return Policy(**self.policy.model_dump() | {"rules_off": (*self.policy.rules_off, self.rule)})

    def __str__(self) -> str:
        return f"{self.rule} {self.name}"


def policy(**changes: Any) -> Policy:
    """Defaults, and a fixed today."""
    return Policy(**{"as_of": AS_OF} | changes)


def nothing_forced(dataset: Dataset, triples: tuple[Triple, ...]) -> ForcedChanges:
    """What a plan says where events force no change; a row at a withdrawn offer was freed, and did not move."""
    offers = {r: o for r, o, _ in triples}
    elsewhere = [
        row for row in dataset.published
        if row.standing in ("in_force", "freed") and offers.get(row.request) != row.offer
    ]  # fmt: skip
    rows = [MovedMatch(request=row.request, offer=row.offer) for row in elsewhere]
    stayed = [row.standing == "in_force" and not dataset.offer_by_id[row.offer].withdrawn for row in elsewhere]
    moved = tuple(row for row, could in zip(rows, stayed, strict=True) if could)
    freed = tuple(row for row, could in zip(rows, stayed, strict=True) if not could)
    return ForcedChanges(fewest=0, bound=0, proved=True, moved=moved, freed=freed)


def plan_of(dataset: Dataset, policy: Policy, triples: tuple[Triple, ...], **changes: Any) -> Plan:
    """A plan made by hand from triples: no dates, no tiers, nobody listed as unplaced."""
    facts: dict[str, Any] = {
        "dataset_digest": "", "policy": policy, "policy_digest": "", "seed": policy.seed,
        "matches": tuple(Match(request=r, offer=o, pe=e) for r, o, e in triples),
        "forced_changes": nothing_forced(dataset, triples),
    }  # fmt: skip
    return Plan(**facts | changes)


def decision(kind: str, id: str = "D1", **changes: Any) -> Decision:
    return Decision(**{"decision": kind, "id": id} | changes)


def exception(rule: str, value: str | None = None, request: str = "S1/first", **changes: Any) -> Decision:
    return decision("exception", f"X-{rule}-{value}", rule=rule, value=value, request=request, **changes)


def case(
    rule: str, name: str, legal: tuple[Triple, ...], illegal: tuple[Triple, ...],
    settings: dict[str, Any] | None = None, **parts: Any,
) -> Case:  # fmt: skip
    """A case on the dull partnership, ``parts`` replacing whole collections."""
    return Case(rule, name, b.dataset(**parts), policy(**settings or {}), legal, illegal)


def two_offers(
    rule: str, name: str, good: dict[str, Any], bad: dict[str, Any], settings: dict[str, Any] | None = None,
    request: str = "S1/first", pes: tuple[str, str] = ("E1", "E1"), **parts: Any,
) -> Case:  # fmt: skip
    """One request that may take O1 (``good``) and not O2 (``bad``)."""
    offers = (b.offer("O1", **good), b.offer("O2", **bad))
    legal, illegal = ((request, "O1", pes[0]),), ((request, "O2", pes[1]),)
    return case(rule, name, legal, illegal, settings, **{"offers": offers} | parts)


def two_educators(rule: str, name: str, good: dict[str, Any], bad: dict[str, Any], settings: dict[str, Any] | None = None,
                  request: str = "S1/first", **parts: Any) -> Case:  # fmt: skip
    """One request in O1 that may have the PE E1 (``good``) and not E2 (``bad``)."""
    educators = (b.educator("E1", **good), b.educator("E2", **bad), *parts.pop("more_educators", ()))
    legal, illegal = ((request, "O1", "E1"),), ((request, "O1", "E2"),)
    return case(rule, name, legal, illegal, settings, **{"educators": educators} | parts)
