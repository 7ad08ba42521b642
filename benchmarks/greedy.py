"""What a meeting would do: one greedy pass, as a baseline.

The pass was fixed before the demonstration partnership was calibrated: requests by tranche, finals first, by id;
each takes the nearest offer with a free place and a free PE, own PEs before consultants and independents.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from allocator.eligibility import Eligibility, Pair
from allocator.terms.candidates import Candidate
from models.base import natural_key
from models.dataset import Dataset
from models.plan import Match, Plan
from models.policy import Policy
from models.reasons import Unplaced

BASIS_ORDER = ("in_team", "elsewhere", "practice_consultant", "independent")
Taken = tuple[date, date, Decimal | int]
"""First day, last day, number."""


class Choices:
    """What each request may be given, in the order in which a meeting would offer it; the same for every pass."""

    def __init__(self, eligibility: Eligibility) -> None:
        self.eligibility = eligibility
        self.dataset = eligibility.dataset
        offers = sorted((offer.offer for offer in self.dataset.offers), key=natural_key)
        self._position = {offer: number for number, offer in enumerate(offers)}
        self._pairs: dict[str, tuple[Pair, ...]] = {}
        self._educators: dict[tuple[str, str], tuple[Candidate, ...]] = {}

    def of(self, request: str) -> tuple[Pair, ...]:
        """Pairs of a request, the nearest offer first."""
        found = self._pairs.get(request)
        if found is None:
            pairs = self.eligibility.pairs.get(request, ())
            order = sorted(pairs, key=lambda pair: (self._minutes(pair), self._position[pair.offer.offer]))
            found = self._pairs[request] = tuple(order)
        return found

    def educators(self, pair: Pair) -> tuple[Candidate, ...]:
        """PEs of a pair, own ones first."""
        key = pair.request.request, pair.offer.offer
        found = self._educators.get(key)
        if found is None:
            order = sorted(pair.educators, key=lambda who: (BASIS_ORDER.index(who.basis), natural_key(who.pe)))
            found = self._educators[key] = tuple(order)
        return found

    def _minutes(self, pair: Pair) -> int:
        minutes = self.eligibility.minutes(pair.request.request, pair.offer.offer).minutes
        return self.eligibility.policy.travel_limit if minutes is None else minutes

    def usual_order(self) -> list[str]:
        """Fixed requests first, then by tranche, finals first, by id."""
        return sorted(self.eligibility.pairs, key=lambda id: (*self.turn(id), natural_key(id)))

    def turn(self, request: str) -> tuple[bool, date, bool]:
        """When a request's turn comes: requests with equal turns come one after the other."""
        facts = self.dataset.request_by_id[request]
        first_day = self.dataset.tranche_by_id[facts.tranche].first_day
        return request not in self.eligibility.fixed, first_day, facts.stage == "first"


class _Meeting:
    """Who has what so far: matches by request, and whom teams, agencies and PEs have on which days."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.dataset = choices.dataset
        self.eligibility = choices.eligibility
        self.matched: dict[str, Match] = {}
        self.used: Counter[str] = Counter()
        self.in_year: Counter[str] = Counter()
        self.taken: defaultdict[tuple[str, ...], list[Taken]] = defaultdict(list)
        for c in self.dataset.commitments:
            row = (c.first_day or date.min, c.last_day or date.max, c.number)
            for key in ((c.pe,), (c.agency, c.team), (c.agency,)):
                if all(key):
                    self.taken[tuple(part for part in key if part)].append(row)

        for runs in choices.eligibility.terms.running:
            keys: list[tuple[str, ...]] = [(runs.pe or "",)]
            if runs.offer:
                keys += [(runs.offer.agency, runs.offer.team), (runs.offer.agency,)]
            for place in keys:
                self.taken[place].append((*runs.window, 1))

    def choose(self, request: str) -> Match | None:
        """The nearest offer with room, and its first PE with room."""
        for pair in self.choices.of(request):
            if self._offer_has_room(pair) and self._goes_with_the_other(pair):
                for who in self.choices.educators(pair):
                    if self._room((who.pe,), pair, who.educator.load if who.educator else who.people):
                        start, end = pair.window
                        return Match(request=request, offer=pair.offer.offer, pe=who.pe, start=start, end=end)
        return None

    def take(self, match: Match) -> None:
        """Write a match down."""
        offer = self.dataset.offer_by_id[match.offer]
        self.matched[match.request] = match
        self.used[match.offer] += 1
        self.in_year[offer.agency] += 1
        for key in ((match.pe or "",), (offer.agency, offer.team), (offer.agency,)):
            self.taken[key].append((match.start or date.min, match.end or date.max, 1))

    def _offer_has_room(self, pair: Pair) -> bool:
        offer = pair.offer
        agency = self.dataset.agency_by_id[offer.agency]
        team = self.dataset.team_by_key.get((offer.agency, offer.team))
        return (
            self.used[offer.offer] < offer.capacity
            and (offer.minimum or 0) <= max(1, self.used[offer.offer])
            and self._room((offer.agency,), pair, agency.maximum_at_once)
            and self._room((offer.agency, offer.team), pair, team.maximum_at_once if team else None)
            and (agency.maximum_in_year is None or self.in_year[offer.agency] < agency.maximum_in_year)
        )

    def _room(self, key: tuple[str, ...], pair: Pair, limit: Decimal | int | None) -> bool:
        """Whether one more on every day of the window stays within the limit."""
        if limit is None:
            return True
        first, last = pair.window
        rows = [row for row in self.taken[key] if row[0] <= last and first <= row[1]]
        days = [first, *(row[0] for row in rows if row[0] > first)]
        return all(sum(n for a, z, n in rows if a <= day <= z) + 1 <= limit for day in days)

    def _goes_with_the_other(self, pair: Pair) -> bool:
        """Statutory guarantee, contrast, order, authority and team beside the student's other placement."""
        student = self.eligibility.horizon.by_student[pair.request.student]
        this = self.eligibility.placement(pair.request, pair.offer, pair.window)
        if self.eligibility.broken_alone(student.student, this):
            return False
        if student.first is None:
            return not self.eligibility.broken_with_history(pair.request, this)
        other = student.final if pair.request.stage == "first" else student.first
        match = self.matched.get(other.request) if other else None
        if other is None or match is None:
            return pair.request.stage == "first"
        offer = self.dataset.offer_by_id[match.offer]
        beside = self.eligibility.placement(other, offer, self.eligibility.window(other, offer))
        first, final = (this, beside) if pair.request.stage == "first" else (beside, this)
        return not self.eligibility.broken_together(pair.request.student, first, final)


def one_pass(choices: Choices, order: Iterable[str]) -> dict[str, Match]:
    """Give each request in turn the nearest that is free.

    Parameters
    ----------
    choices
        What each request may be given.
    order
        Requests by id.

    Returns
    -------
    dict
        Matches by request. Legal by every rule that concerns one match beside those before it.
    """
    meeting = _Meeting(choices)
    for id in order:
        match = meeting.choose(id)
        if match:
            meeting.take(match)
    return meeting.matched


def as_plan(dataset: Dataset, policy: Policy, live: Sequence[str], matched: Mapping[str, Match]) -> Plan:
    """Matches as a plan, everybody else of the live requests unplaced."""
    return Plan(
        dataset_digest=dataset.digest,
        policy=policy,
        policy_digest=policy.digest,
        seed=policy.seed,
        matches=tuple(matched[id] for id in sorted(matched, key=natural_key)),
        unplaced=tuple(
            Unplaced(request=id, code="greedy", reason="nothing was free when its turn came")
            for id in live
            if id not in matched
        ),
    )


def greedy(dataset: Dataset, policy: Policy) -> Plan:
    """One pass over the requests: fixed ones first, then by tranche, finals first, by id.

    Parameters
    ----------
    dataset, policy
        What was read, and the rules in force. Published matches are not kept: a baseline starts from nothing.

    Returns
    -------
    Plan
        Legal by every rule that concerns one match beside those before it; the checker judges the whole.
    """
    eligibility = Eligibility(dataset, policy)
    choices = Choices(eligibility)
    matched = one_pass(choices, choices.usual_order())
    return as_plan(dataset, policy, [request.request for request in eligibility.horizon.live], matched)
