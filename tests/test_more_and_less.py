"""Less supply never places more, and a looser limit never fewer (SEMANTICS S6.12), on generated partnerships.

Each kind of change is made where it can be in every partnership, one at a time, and the requests that can be placed at
most are counted before and after.
"""

import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from allocator import reference
from models.base import Date
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Commitment, Educator, EducatorEntry
from models.policy import Policy
from tests.generated.frame import MONDAY
from tests.strategies import generate

SEEDS = range(1, 31)
AS_MANY = 2
"""So many changes of a kind are tried in a partnership, chosen by its seed."""
Case = tuple[Dataset, Policy]
Less = Callable[[Dataset, Policy], Iterator[Case]]
WORDS = ("never", "where_none_listed", "always")


@cache
def partnership(seed: int) -> Case:
    """A generated one without what is outside the promise: minima, hard ranges, fixes, and changes that are limited."""
    dataset, policy = generate(seed)
    plain = dataset.model_copy(
        update={
            "offers": tuple(o.model_copy(update={"minimum": None}) for o in dataset.offers),
            "agencies": tuple(a.model_copy(update={"minimum_in_year": None}) for a in dataset.agencies),
            "decisions": tuple(d for d in dataset.decisions if d.decision != "fix"),
        }
    )
    counting = {"tiers": ("placed",), "placed_total": True, "max_changes": None, "programmes_left_out": ()}
    return plain, policy.model_copy(update=counting | {"fair_share_hard": False})


def placed(dataset: Dataset, policy: Policy) -> int:
    """The requests that can be placed at most; less than none where no plan can be."""
    solved = reference.solve(dataset, policy)
    return solved.tiers[0].value if solved.status == "optimal" else -1


@cache
def placed_at_first(seed: int) -> int:
    return placed(*partnership(seed))


def with_row(dataset: Dataset, collection: str, row: Any, **changes: Any) -> Dataset:
    rows = (row.model_copy(update=changes) if r is row else r for r in getattr(dataset, collection))
    return dataset.model_copy(update={collection: tuple(rows)})


def rows_with(dataset: Dataset, collection: str, column: str) -> list[Any]:
    return [r for r in getattr(dataset, collection) if getattr(r, column)]


# ---- less supply ---------------------------------------------------------------------------------------------------
def a_place(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for offer in rows_with(dataset, "offers", "capacity"):
        yield with_row(dataset, "offers", offer, capacity=offer.capacity - 1), policy


def an_offer(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    published = {p.offer for p in dataset.published}
    for offer in dataset.offers:
        if not offer.withdrawn and offer.offer not in published:
            yield with_row(dataset, "offers", offer, withdrawn=True), policy


def may_leave(dataset: Dataset, policy: Policy, educator: Educator) -> bool:
    """Whether nothing that the plan in force has rests on a PE: others would stand in, or the cap's account change."""
    named = {o.offer for o in dataset.offers if any(e.pe == educator.pe for e in o.educators)}
    there = any(p.offer in named and p.standing == "in_force" for p in dataset.published)
    capped = educator.employed_by in ("independent", "partnership")
    return not there and not (capped and any(p.pe == educator.pe for p in dataset.published))


def leaving(day: str) -> Less:
    def less(dataset: Dataset, policy: Policy) -> Iterator[Case]:
        for educator in dataset.educators:
            now: Date | None = getattr(educator, day)
            if may_leave(dataset, policy, educator) and (now is None or now > MONDAY):
                yield with_row(dataset, "educators", educator, **{day: MONDAY}), policy

    return less


def a_row_of_educators(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    """Where the list decides whether one is to be found, it is not supply alone: the agency keeps another row."""
    for educator in dataset.educators:
        others = tuple(e for e in dataset.educators if e is not educator)
        decides = policy.educators_to_be_found == "where_none_listed"
        if decides and educator.employed_by not in {"independent", "partnership", *(e.employed_by for e in others)}:
            continue
        if may_leave(dataset, policy, educator):
            yield dataset.model_copy(update={"educators": others}), policy


def a_load(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for educator in rows_with(dataset, "educators", "load"):
        yield with_row(dataset, "educators", educator, load=max(0, educator.load - 1)), policy


def a_pool(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    """A pool of one person more, which each entry then stands beside."""
    for offer in rows_with(dataset, "offers", "educators"):
        for entry in offer.educators:
            if entry.kind != "named" and not any(p.offer == offer.offer for p in dataset.published):
                left = tuple(e for e in offer.educators if e is not entry)
                # Without entries the cell would be blank, and would ask whoever reaches.
                yield (
                    with_row(dataset, "offers", offer, educators=left or (EducatorEntry(kind="named", pe="nobody"),)),
                    policy,
                )


def an_answer(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for request in dataset.requests:
        for agency in dataset.agencies:
            others = tuple(
                d for d in dataset.decisions
                if (d.decision, d.request, d.agency) != ("agency_decision", request.request, agency.agency)
            )  # fmt: skip
            answer = Decision(
                decision="agency_decision", id="less", request=request.request, agency=agency.agency, value="declined"
            )
            yield dataset.model_copy(update={"decisions": (*others, answer)}), policy


def a_supervisor(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for offer in dataset.offers:
        if offer.on_site_supervisor != "no":
            yield with_row(dataset, "offers", offer, on_site_supervisor="no"), policy


# ---- tighter limits ------------------------------------------------------------------------------------------------
def a_maximum(collection: str, column: str) -> Less:
    def less(dataset: Dataset, policy: Policy) -> Iterator[Case]:
        for row in getattr(dataset, collection):
            most = getattr(row, column)
            yield with_row(dataset, collection, row, **{column: 1 if most is None else max(0, most - 1)}), policy

    return less


def a_commitment(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for about in (
        *({"agency": t.agency, "team": t.team} for t in dataset.teams),
        *({"pe": e.pe} for e in dataset.educators),
    ):
        row = Commitment.model_validate(about | {"number": 1})
        yield dataset.model_copy(update={"commitments": (*dataset.commitments, row)}), policy


def a_journey(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for student in dataset.students:
        limit = student.limit_minutes
        yield with_row(dataset, "students", student, limit_minutes=30 if limit is None else limit // 2), policy


def an_exception(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for decision in dataset.decisions:
        if decision.decision == "exception":
            left = tuple(d for d in dataset.decisions if d is not decision)
            yield dataset.model_copy(update={"decisions": left}), policy


def a_prohibition(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for request in dataset.requests:
        for offer in dataset.offers:
            row = Decision(decision="do_not_match", id="less", request=request.request, offer=offer.offer)
            yield dataset.model_copy(update={"decisions": (*dataset.decisions, row)}), policy


def a_hold(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for offer in dataset.offers:
        for request in (None, *dataset.requests):
            whom = request and request.request
            row = Decision(decision="hold", id="less", request=whom, offer=offer.offer, places=1)
            yield dataset.model_copy(update={"decisions": (*dataset.decisions, row)}), policy


def settings(**tighter: Any) -> Less:
    def less(dataset: Dataset, policy: Policy) -> Iterator[Case]:
        yield dataset, policy.model_copy(update=tighter)

    return less


def a_limit_of_travel(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    less = policy.travel_limit // 2
    yield dataset, policy.model_copy(update={"travel_limit": less, "travel_target": min(less, policy.travel_target)})


def a_contrast(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    if policy.contrast != "both":
        yield dataset, policy.model_copy(update={"contrast": "both"})


def one_to_be_found(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for word in WORDS[: WORDS.index(policy.educators_to_be_found)]:
        yield dataset, policy.model_copy(update={"educators_to_be_found": word})


def a_rule_on(dataset: Dataset, policy: Policy) -> Iterator[Case]:
    for rule in policy.rules_off:
        if rule not in ("L08", "max_changes"):
            yield dataset, policy.model_copy(update={"rules_off": tuple(r for r in policy.rules_off if r != rule)})


KINDS: dict[str, Less] = {
    "a place": a_place,
    "an offer": an_offer,
    "a PE withdrawn": leaving("withdrawn_from"),
    "a PE who leaves": leaving("leaves_on"),
    "a row of Educators": a_row_of_educators,
    "a load": a_load,
    "an entry of a pool": a_pool,
    "an agency's answer": an_answer,
    "a supervisor": a_supervisor,
    "a team's maximum": a_maximum("teams", "maximum_at_once"),
    "an agency's maximum at once": a_maximum("agencies", "maximum_at_once"),
    "an agency's maximum in the year": a_maximum("agencies", "maximum_in_year"),
    "a commitment": a_commitment,
    "a student's limit of travel": a_journey,
    "an exception": an_exception,
    "a prohibition": a_prohibition,
    "a hold": a_hold,
    "the cap on independents": settings(independent_cap_percent=0),
    "the limit of travel": a_limit_of_travel,
    "the contrast": a_contrast,
    "one to be found": one_to_be_found,
    "a rule that is on": a_rule_on,
}


@pytest.mark.parametrize("kind", KINDS)
def test_less_supply_and_tighter_limits_never_place_more(kind: str) -> None:
    tried = fewer = 0
    for seed in SEEDS:
        dataset, policy = partnership(seed)
        changes = list(KINDS[kind](dataset, policy))
        luck = random.Random(f"{kind} {seed}")
        for changed in luck.sample(changes, min(AS_MANY, len(changes))):
            before, after = placed_at_first(seed), placed(*changed)
            assert after <= before, (kind, seed)
            tried, fewer = tried + 1, fewer + (after < before)
    assert tried >= 3
