"""Best fit: which student suits a place, or which place a student, by what fixing each does to the whole (lifecycle 6).

Each is solved for with its match fixed, and no promise moves. What a tier's proof says of a match (it cannot be had
without loss in some tier) tells which need not be looked at to know the best.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from allocator.reading.folding import fold
from allocator.reading.spelling import did_you_mean
from allocator.solving import Answer, Question, Solver
from models.base import natural_key
from models.dataset import Dataset
from models.entities import Request
from models.errors import UsageError
from models.plan import Plan
from models.run import StopSignal

MOST = 10
"""How many of the best are looked for."""


class Fit(NamedTuple):
    """A match, and the plan with it fixed."""

    request: str
    offer: str
    answer: Answer


class Fits(NamedTuple):
    """The best matches, best first; how many of how many were looked at; whether the others are known to be worse."""

    best: tuple[Fit, ...]
    looked_at: int
    of: int
    complete: bool


Listener = Callable[[Fit, int, int], None]
"""Told of a match, how many were looked at, and of how many."""


def pairs_asked(base: Solver, offer: str | None, request: str | None) -> tuple[tuple[str, str], ...]:
    """The requests that may have an offer, or the offers that a request may have: (request, offer) of each.

    Parameters
    ----------
    base
        Dataset and policy.
    offer, request
        One of them, as somebody typed it; the other is None.

    Raises
    ------
    UsageError
        There is no such offer or request, nothing is to be found for the request, or its match is kept.
    """
    pairs, dataset = base.eligibility.pairs, base.dataset
    if offer is not None:
        name = _named(offer, dataset.offer_by_id, "offer")
        return tuple((r, name) for r in pairs if any(p.offer.offer == name for p in pairs[r]))
    requests = {r.request: r for r in dataset.requests} | _alone(dataset)
    name = requests[_named(request or "", requests, "request")].request
    kept = base.eligibility.horizon.kept.get(name)
    if kept is not None:
        raise UsageError(f"{name} has {kept.offer}, which is kept ({kept.status}): unlock it first")
    if name not in pairs:
        raise UsageError(f"nothing is to be found for {name} in this plan: it is not live, or its row was set aside")
    return tuple((name, pair.offer.offer) for pair in pairs[name])


def _alone(dataset: Dataset) -> dict[str, Request]:
    """Students with one request stand for it."""
    found: defaultdict[str, list[Request]] = defaultdict(list)
    for request in dataset.requests:
        found[request.student].append(request)
    return {student: requests[0] for student, requests in found.items() if len(requests) == 1}


def _named(typed: str, names: Collection[str], kind: str) -> str:
    known = {fold(name): name for name in names}
    if fold(typed) not in known:
        meant = did_you_mean(typed, names)
        raise UsageError(f"there is no {kind} '{typed}'" + (f".{meant}" if meant else ""))
    return known[fold(typed)]


def best_fits(
    base: Solver, pairs: Sequence[tuple[str, str]], most: int = MOST, *, stop: StopSignal | None = None,
    told: Listener = lambda *_: None,
) -> Fits:  # fmt: skip
    """The best of some matches, by the order of the tiers, each confirmed by a solution in which it is fixed.

    Parameters
    ----------
    base
        What they are compared with.
    pairs
        Request and offer of each.
    most
        How many are looked for.
    stop
        Ends the search with what was looked at.
    told
        Told of each as it is found.
    """
    likely = {pair: base.loses_at(*pair) for pair in pairs}
    order = sorted(pairs, key=lambda pair: (-likely[pair], natural_key(pair[0]), natural_key(pair[1])))
    found: list[Fit] = []
    looked_at = 0
    for pair in order:
        if (stop is not None and stop.is_set()) or _is_behind(likely[pair], found, most, base.base):
            break
        answer = base.answer(Question(fixed=((*pair, None),)), stop=stop, name_clash=False)
        if stop is not None and stop.is_set() and not answer.proved:
            break
        looked_at += 1
        fit = Fit(*pair, answer)
        found = sorted([*found, fit], key=_rank)
        told(fit, looked_at, len(order))
    complete = looked_at == len(order) or not (stop is not None and stop.is_set())
    return Fits(tuple(found[:most]), looked_at, len(order), complete)


def _rank(fit: Fit) -> tuple[object, ...]:
    """By tiers, less the better; what is impossible last."""
    answer, names = fit.answer, (natural_key(fit.request), natural_key(fit.offer))
    if not answer.possible:
        return 1, (), names
    return 0, tuple(-t.value if t.sense == "max" else t.value for t in answer.plan.tiers), names


def _is_behind(loses_at: int, found: Sequence[Fit], most: int, base: Plan) -> bool:
    """Whether a match that loses in some tier at the latest cannot be among the best any more."""
    if len(found) < most or not found[most - 1].answer.possible:
        return False
    return loses_at < _first_loss(found[most - 1].answer.plan, base)


def _first_loss(plan: Plan, base: Plan) -> int:
    """The number of the first tier in which a plan differs from the base; the number of tiers where none does."""
    pairs = zip(plan.tiers, base.tiers, strict=True)
    return next((n for n, (new, old) in enumerate(pairs) if new.value != old.value), len(base.tiers))
