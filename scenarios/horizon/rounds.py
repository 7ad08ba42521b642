"""One round after the other: each is decided as if there were no later one, confirmed, and a fact for the next."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from allocator.checker import check
from allocator.engine.budget import Budget
from allocator.solving import Solver
from allocator.solving.plans import OPEN, checked
from allocator.terms.horizon import Horizon
from models.base import natural_key
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Published, Request
from models.plan import CheckReport, Match, Plan
from models.policy import Policy
from models.reasons import Unplaced
from models.run import Limits, StopSignal
from models.statuses import KEPT

NOT_PLACED = "it was not placed in its round"
"""Why a request of a round that was decided is not placed any more."""
FIXED_ELSEWHERE = "its fix is to an offer of another round"


class OneByOne(NamedTuple):
    """What comes of deciding round by round.

    ``plan`` is the union of all matches, judged by the checker against the whole dataset (``check``): its tiers are
    those of the whole. ``steps`` are the plans round by round, each checked on what was known then; with a clash in the
    last of them there is no union.
    """

    rounds: tuple[tuple[str, ...], ...]
    steps: tuple[Plan, ...]
    plan: Plan | None
    check: CheckReport | None

    @property
    def proved(self) -> bool:
        """Whether every step is proved."""
        return all(s.stopped is None and all(t.proved for t in s.tiers) for s in self.steps)


def rounds_of(dataset: Dataset) -> tuple[tuple[str, ...], ...]:
    """The rounds in the order in which they are decided: those that are being decided now together, then each later."""
    order = sorted(dataset.tranches, key=lambda t: (t.first_day, natural_key(t.tranche)))
    now = tuple(t.tranche for t in order if t.status == "deciding")
    later = tuple((t.tranche,) for t in order if t.status == "later")
    return ((now,) if now else ()) + later


def one_by_one(
    dataset: Dataset, policy: Policy, limits: Limits | None = None, stop: StopSignal | None = None,
    told: Callable[[tuple[str, ...], Plan], None] | None = None,
) -> OneByOne:  # fmt: skip
    """Decide round by round, and judge the union of what was decided.

    Parameters
    ----------
    dataset, policy
        The whole, with a day in ``as_of``.
    limits, stop
        Of each round.
    told
        Told of each round's plan.
    """
    rounds, steps = rounds_of(dataset), list[Plan]()
    decided = dict[str, Match]()
    before = set[str]()
    for names in rounds:
        known = as_known(dataset, names, before, decided)
        solver = Solver(known, policy)
        plan, _ = checked(known, policy, solver.solve(Budget(limits or Limits(), stop)).plan)
        steps.append(plan)
        if told is not None:
            told(names, plan)
        if plan.clash is not None:
            return OneByOne(rounds, tuple(steps), None, None)
        decided = {m.request: m for m in plan.matches}
        before.update(names)
    union = Plan(
        dataset_digest=dataset.digest, policy=policy, policy_digest=policy.digest, seed=policy.seed,
        matches=tuple(
            Match(request=m.request, offer=m.offer, pe=m.pe, start=m.start, end=m.end) for m in decided.values()
        ),
        unplaced=tuple(
            Unplaced(request=name, code=OPEN, reason=NOT_PLACED)
            for name in Horizon(dataset, policy).live_by_id if name not in decided
        ),
    )  # fmt: skip
    report = check(dataset, policy, union)
    return OneByOne(rounds, tuple(steps), union.model_copy(update={"tiers": report.tiers}), report)


def as_known(dataset: Dataset, now: Collection[str], before: Collection[str], decided: Mapping[str, Match]) -> Dataset:
    """What is known of a dataset when a round is decided.

    Requests and offers of rounds to come are not there, but for those of matches that are agreed already (kept). What
    was placed in the rounds before is confirmed; who was not placed there is placed no more.

    Parameters
    ----------
    dataset
        The whole.
    now, before
        The rounds that are decided, and those that were.
    decided
        What was placed in the rounds before, by request.
    """
    status = {t.tranche: t.status for t in dataset.tranches}
    here = {name for name in status if status[name] == "past" or name in now or name in before}
    kept = {p.request: p for p in dataset.published if p.standing == "kept"}
    stay = {p.offer for p in kept.values()}
    requests = [r for r in dataset.requests if r.tranche in here or r.request in kept]
    asked = {r.request for r in requests}
    offers = [o for o in dataset.offers if o.tranche in here or o.offer in stay]
    there = {o.offer for o in offers}
    aside = {d.request: FIXED_ELSEWHERE for d in dataset.decisions if d.decision == "fix" and d.offer not in there}
    closed = {r.request for r in requests if r.tranche in before and _is_open(r) and r.request not in decided}
    aside |= dict.fromkeys(closed, NOT_PLACED)
    parts: dict[str, Any] = {
        "tranches": [
            t.model_copy(update={"status": "deciding"}) if t.tranche in now or t.tranche in before else t
            for t in dataset.tranches
        ],
        "requests": [
            r.model_copy(update={"set_aside": aside[r.request]}) if r.request in aside and _is_open(r) else r
            for r in requests
        ],
        "offers": offers,
        "published": _published(dataset, asked, closed, decided),
        "decisions": [d for d in dataset.decisions if _is_known(d, asked, there)],
    }
    return dataset.model_copy(update={name: tuple(rows) for name, rows in parts.items()})


def _is_open(request: Request) -> bool:
    return request.set_aside is None and request.found_by == "partnership"


def _is_known(decision: Decision, requests: Collection[str], offers: Collection[str]) -> bool:
    """Whether a decision speaks of what is there; a place that is held is so whether its request is there or not."""
    anybody = decision.request is None or decision.decision == "hold"
    return (anybody or decision.request in requests) and (decision.offer is None or decision.offer in offers)


def _published(
    dataset: Dataset, asked: Collection[str], closed: Collection[str], decided: Mapping[str, Match]
) -> list[Published]:
    """The plan in force: as it was for what is over, as was decided for what was."""
    tranches, requests = {t.tranche: t.status for t in dataset.tranches}, dataset.request_by_id
    rows = {p.request: p for p in dataset.published}
    found: list[Published] = []
    for name, row in rows.items():
        request = requests.get(name)
        known = request is None or name in asked or tranches[request.tranche] == "past"
        if known and name not in closed and name not in decided:
            found.append(row)
    for name, match in decided.items():
        row = rows.get(name, Published(request=name, offer=match.offer, standing="kept"))
        status = row.status if row.standing == "kept" and row.status in KEPT else "confirmed"
        facts = {"offer": match.offer, "pe": match.pe, "start": match.start, "end": match.end}
        found.append(row.model_copy(update=facts | {"standing": "kept", "status": status}))
    return sorted(found, key=lambda p: natural_key(p.request))
