"""What a meeting would do: one greedy pass, as a baseline.

The pass was fixed before the demonstration partnership was calibrated: requests by tranche, finals first, by id;
each takes the nearest offer with a free place and a free PE, own PEs before consultants and independents.
"""

from collections import Counter, defaultdict
from datetime import date

from allocator.eligibility import Eligibility, Pair
from models.base import natural_key
from models.dataset import Dataset
from models.entities import Request
from models.plan import Match, Plan, Unplaced
from models.policy import Policy

BASIS_ORDER = ("in_team", "elsewhere", "practice_consultant", "independent")
Taken = tuple[date, date, int]
"""First day, last day, number."""


class _Meeting:
    """Who has what so far: matches by offer, and whom teams, agencies and PEs have on which days."""

    def __init__(self, dataset: Dataset, eligibility: Eligibility) -> None:
        self.dataset = dataset
        self.eligibility = eligibility
        self.matched: dict[str, Match] = {}
        self.used: Counter[str] = Counter()
        self.taken: defaultdict[tuple[str, ...], list[Taken]] = defaultdict(list)
        for c in dataset.commitments:
            row = (c.first_day or date.min, c.last_day or date.max, c.number)
            for key in ((c.pe,), (c.agency, c.team), (c.agency,)):
                if all(key):
                    self.taken[tuple(part for part in key if part)].append(row)

    def choose(self, request: Request) -> Match | None:
        """The nearest offer with room, and its first PE with room."""
        pairs = self.eligibility.pairs.get(request.request, ())
        for pair in sorted(pairs, key=lambda pair: (self._minutes(pair), natural_key(pair.offer.offer))):
            if self._offer_has_room(pair) and self._goes_with_the_other(pair):
                for who in sorted(pair.educators, key=lambda e: (BASIS_ORDER.index(e.basis), natural_key(e.pe))):
                    if self._room((who.pe,), pair, who.people):
                        start, end = pair.window
                        return Match(request=request.request, offer=pair.offer.offer, pe=who.pe, start=start, end=end)
        return None

    def take(self, match: Match) -> None:
        """Write a match down."""
        offer = self.dataset.offer_by_id[match.offer]
        self.matched[match.request] = match
        self.used[match.offer] += 1
        for key in ((match.pe or "",), (offer.agency, offer.team), (offer.agency,)):
            self.taken[key].append((match.start or date.min, match.end or date.max, 1))

    def _minutes(self, pair: Pair) -> int:
        minutes = self.eligibility.minutes(pair.request.request, pair.offer.offer).minutes
        return self.eligibility.policy.travel_limit if minutes is None else minutes

    def _offer_has_room(self, pair: Pair) -> bool:
        offer = pair.offer
        agency = self.dataset.agency_by_id[offer.agency]
        team = self.dataset.team_by_key.get((offer.agency, offer.team))
        in_year = sum(n for o, n in self.used.items() if self.dataset.offer_by_id[o].agency == offer.agency)
        return (
            self.used[offer.offer] < offer.capacity
            and (offer.minimum or 0) <= max(1, self.used[offer.offer])
            and self._room((offer.agency,), pair, agency.maximum_at_once)
            and self._room((offer.agency, offer.team), pair, team.maximum_at_once if team else None)
            and (agency.maximum_in_year is None or in_year < agency.maximum_in_year)
        )

    def _room(self, key: tuple[str, ...], pair: Pair, limit: int | None) -> bool:
        """Whether one more on every day of the window stays within the limit."""
        first, last = pair.window
        rows = [row for row in self.taken[key] if row[0] <= last and first <= row[1]]
        days = [first, *(row[0] for row in rows if row[0] > first)]
        return limit is None or all(sum(n for a, z, n in rows if a <= day <= z) < limit for day in days)

    def _goes_with_the_other(self, pair: Pair) -> bool:
        """Statutory guarantee, contrast, order, authority and team beside the student's other placement."""
        student = self.eligibility.horizon.by_student[pair.request.student]
        this = self.eligibility.placement(pair.request, pair.offer, pair.window)
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
    meeting = _Meeting(dataset, eligibility)
    order = sorted(
        eligibility.pairs,
        key=lambda id: (
            id not in eligibility.fixed,
            dataset.tranche_by_id[dataset.request_by_id[id].tranche].first_day,
            dataset.request_by_id[id].stage == "first",
            natural_key(id),
        ),
    )
    for id in order:
        match = meeting.choose(dataset.request_by_id[id])
        if match:
            meeting.take(match)
    live = [request.request for request in eligibility.horizon.live]
    return Plan(
        dataset_digest=dataset.digest,
        policy=policy,
        policy_digest=policy.digest,
        seed=policy.seed,
        matches=tuple(meeting.matched[id] for id in sorted(meeting.matched, key=natural_key)),
        unplaced=tuple(
            Unplaced(request=id, code="greedy", reason="nothing was free when its turn came")
            for id in live
            if id not in meeting.matched
        ),
    )
