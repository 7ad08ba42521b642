"""Best fit: which student suits a place, or which place a student, by what fixing each does to the whole (lifecycle 6).

Each is what the plan is with its match fixed, and no promise moves. The best plan that has at least one of some matches
is that of the best of them, so that ten plans tell the ten best. Where fixing does more than that, each is fixed: what
a tier's proof says of a match (it cannot be had without loss in some tier) tells which need not be looked at, and those
that are likely to be among the best are looked at first. What was found is told after each, and shown as it comes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from allocator.lifecycle.promising import Promising
from allocator.reading.spelling import did_you_mean
from allocator.settling.directories import Directory
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
    """The best of the matches that were looked at, best first; how many of how many were; whether no other is better.

    Each is exact. Where ``complete`` is not so, there may be better ones among those that were not looked at.
    """

    best: tuple[Fit, ...]
    looked_at: int
    of: int
    complete: bool


Listener = Callable[[Fits], None]
"""Told of what was found so far: at the beginning, and after every match that was looked at."""


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
    known = Directory(kind, names)
    name = known.find(typed)
    if name is None:
        allowed = f" Allowed: {known.allowed}." if known.allowed else " Type an id as it stands in the workbook."
        raise UsageError(f"there is no {kind} '{typed}'.{did_you_mean(typed, names)}{allowed}")
    return name


def best_fits(
    base: Solver, pairs: Sequence[tuple[str, str]], most: int = MOST, *, judged: int | None = None,
    stop: StopSignal | None = None, told: Listener = lambda _: None,
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
    judged
        How many are looked at, at most; default: until the best are known.
    stop
        Ends the search with what was looked at.
    told
        Told of what was found so far, as it is found.

    Returns
    -------
    Fits
        Complete where the best are known.
    """
    search = _Search(base, most, judged, stop, told, len(pairs))
    told(search.fits())
    requests = {request for request, _ in pairs}
    left = search.one_by_one(pairs) if len(requests) == 1 else list(pairs)
    search.by_fixing(search.by_asking(pairs, left))
    return search.fits(complete=not search.ended)


class _Search:
    """What was found so far, best first, and what is still to be looked at."""

    def __init__(
        self, base: Solver, most: int, judged: int | None, stop: StopSignal | None, told: Listener, of: int
    ) -> None:
        self._base, self._most, self._stop, self._told, self._of = base, most, stop, told, of
        self._judged = of if judged is None else judged
        self._before: Solver | None = None  # of what was asked last, where the next that is asked allows nothing more
        self.found: list[Fit] = []
        self.looked_at = 0
        self.ended = False
        """Whether the search was ended before the best are known."""

    def fits(self, *, complete: bool = False) -> Fits:
        """What was found so far."""
        return Fits(tuple(self.found[: self._most]), self.looked_at, self._of, complete)

    def one_by_one(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """The offers of one request, the best first: each time the plan is asked for in which it has none of those.

        Where it has one of the others then, no other is better. What the request is published at is fixed by itself:
        without it the request is freed of its published match, as it is wherever it is fixed elsewhere.

        Returns
        -------
        list of tuple
            What is left: nothing where enough was found, or the search was ended.
        """
        left, enough = dict.fromkeys(pairs), self._most
        [request] = {request for request, _ in pairs}
        there = self._base.eligibility.horizon.in_force.get(request)
        if there is not None and (request, there.offer) in left:
            if not self._look_at((request, there.offer), Question(fixed=((request, there.offer, None),))):
                return []
            del left[request, there.offer]
            enough += 1  # it may be anywhere in the order
        while left and len(self.found) < enough:
            gone = tuple(pair for pair in pairs if pair not in left)
            answer = self._answer(Question(forbidden=gone))
            if answer is None:
                return []
            at = next((m.offer for m in answer.plan.matches if m.request == request), None)
            if at is None or (request, at) not in left:
                return list(left)
            self._take(Fit(request, at, answer))
            del left[request, at]
        return []

    def by_asking(self, pairs: Sequence[tuple[str, str]], left: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The best of what is left, again and again: each time the plan is asked for that has one of those at least.

        Whichever it has are the best of them, since a plan with any of them fixed is one of those that were looked for.
        That is not so where fixing does more: who is fixed elsewhere than published is freed of that, another fix of
        the request ends, and with max_changes what a fix forces may change besides. Then each is fixed.

        Returns
        -------
        list of tuple
            What is left: nothing where enough was found, or the search was ended.
        """
        eligibility, requests = self._base.eligibility, {request for request, _ in pairs}
        in_force, policy = eligibility.horizon.in_force, eligibility.policy
        limited = policy.max_changes is not None and eligibility.horizon.has_published
        more = limited or not requests.isdisjoint(eligibility.terms.decisions.fixes)
        freed = not requests.isdisjoint(in_force) and len(requests) > 1
        if not left or freed or more or not policy.on("E16"):
            return left
        # what one request is published at was looked at first, and may be anywhere in the order
        enough = self._most + (len(requests) == 1 and not requests.isdisjoint(in_force))
        self._base.settle(self._stop)
        guesses, rest = Promising(self._base), dict.fromkeys(left)
        likely = sorted(left, key=lambda pair: (guesses.guess(*pair), natural_key(pair[0]), natural_key(pair[1])))
        while rest and sum(fit.answer.possible for fit in self.found) < enough:
            # of one request: it is nowhere else, and freed of its published match as it is where it is fixed
            gone = tuple(pair for pair in pairs if pair not in rest) if len(requests) == 1 else ()
            asked = Question(forbidden=gone, one_of=tuple(pair for pair in likely if pair in rest))
            answer = self._answer(asked, goes_on=True)
            if answer is None:
                return []
            there = [pair for m in answer.plan.matches if (pair := (m.request, m.offer)) in rest]
            if answer.plan.clash is not None:  # so none of them can be
                there = list(rest)
            elif not answer.possible or not answer.proved or not there:
                return list(rest)
            for pair in there[: self._judged - self.looked_at]:
                self._take(Fit(*pair, answer))
                del rest[pair]
        return []

    def by_fixing(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Matches that may be anywhere in the order: each is fixed, unless it cannot be among the best any more."""
        if not pairs:
            return
        self._base.settle(self._stop)
        unknown, guesses = len(self._base.base.tiers), Promising(self._base)
        in_force = self._base.eligibility.horizon.in_force  # freed where it is fixed elsewhere, which may gain
        known = {pair: None if pair[0] in in_force else self._base.loses_at(*pair) for pair in pairs}
        likely = {pair: unknown if number is None else number for pair, number in known.items()}
        guessed = {pair: guesses.guess(*pair) for pair in pairs}
        names = {pair: (natural_key(pair[0]), natural_key(pair[1])) for pair in pairs}
        for pair in sorted(pairs, key=lambda pair: (-likely[pair], guessed[pair], names[pair])):
            if _is_behind(likely[pair], self.found, self._most, self._base.base):
                break
            if not self._look_at(pair, Question(fixed=((*pair, None),))):
                break

    def _look_at(self, pair: tuple[str, str], question: Question) -> bool:
        """Look at a match; whether the search goes on."""
        answer = self._answer(question)
        if answer is not None:
            self._take(Fit(*pair, answer))
        return answer is not None

    def _answer(self, question: Question, *, goes_on: bool = False) -> Answer | None:
        """What is asked; None where the search was stopped before, or enough were looked at.

        ``goes_on`` says that no plan is asked for that was not allowed by what was asked so before.
        """
        if self.looked_at < self._judged and (self._stop is None or not self._stop.is_set()):
            before = self._before if goes_on else None
            near, answer = self._base.asked(question, stop=self._stop, name_clash=False, before=before)
            self._before = near if goes_on else None
            if answer.proved or self._stop is None or not self._stop.is_set():
                return answer
        self.ended = True
        return None

    def _take(self, fit: Fit) -> None:
        self.looked_at += 1
        self.found = sorted([*self.found, fit], key=_rank)
        self._told(self.fits())


def _rank(fit: Fit) -> tuple[object, ...]:
    """By tiers, less the better; what is impossible last."""
    answer, names = fit.answer, (natural_key(fit.request), natural_key(fit.offer))
    if not answer.possible:
        return 1, (), names
    return 0, tuple(-t.value if t.sense == "max" else t.value for t in answer.plan.tiers), names


def _is_behind(loses_at: int, found: Sequence[Fit], most: int, base: Plan) -> bool:
    """Whether a match that loses in some tier at the latest, or in none, cannot be among the best any more."""
    if len(found) < most or not found[most - 1].answer.possible:
        return False
    return loses_at < _first_loss(found[most - 1].answer.plan, base)


def _first_loss(plan: Plan, base: Plan) -> int:
    """The number of the first tier in which a plan differs from the base; the number of tiers where none does."""
    pairs = zip(plan.tiers, base.tiers, strict=True)
    return next((n for n, (new, old) in enumerate(pairs) if new.value != old.value), len(base.tiers))
