"""What is asked: a dataset under a policy, who is live, kept or fixed, and which decisions apply (SEMANTICS S1)."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from models.dataset import Dataset
from models.decisions import Decision, DecisionKind
from models.entities import Educator, History, Offer, Published, Request, Student
from models.policy import Policy
from tests.brute_force import days


class Case:
    """A dataset under a policy, with the standing of every request."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self.dataset = dataset
        self.policy = policy
        self.holidays = frozenset(dataset.bank_holidays) | self.shut(None)

    def shut(self, agency: str | None) -> frozenset[date]:
        """S2.1: the days on which an agency alone is closed; None: those of everybody."""
        return frozenset(row.date for row in self.dataset.closed_days if row.agency == agency)

    @cached_property
    def today(self) -> date:
        """S3.9: ``as_of``, and nothing else; brute force refuses to look at a clock."""
        if self.policy.as_of is None:
            raise ValueError("brute force needs policy.as_of")
        return self.policy.as_of

    def student(self, request: Request) -> Student:
        """The student of a request."""
        return self.dataset.student_by_id[request.student]

    def listed(self, pe: str | None) -> Educator | None:
        """The listed educator of this id, if there is one."""
        return None if pe is None else self.dataset.educator_by_id.get(pe)

    def in_horizon(self, tranche: str) -> bool:
        """S1.1: whether a tranche is not past."""
        return self.dataset.tranche_by_id[tranche].status != "past"

    @cached_property
    def live(self) -> dict[str, Request]:
        """S1.1: the requests that are matched and counted, by id."""
        return {
            r.request: r
            for r in self.dataset.requests
            if self.in_horizon(r.tranche)
            and not self.student(r).withdrawn
            and r.found_by == "partnership"
            and not ((row := self.dataset.published_by_request.get(r.request)) and row.standing == "over")
        }

    def published(self, request: Request, standing: str) -> Published | None:
        """The published row of a live request if it stands so."""
        row = self.dataset.published_by_request.get(request.request)
        return row if row is not None and row.standing == standing and request.request in self.live else None

    @cached_property
    def running(self) -> tuple[tuple[Published, date, date], ...]:
        """S1.8: placements of rounds before that still run, with their first and last day."""
        found = []
        for row in self.dataset.published:
            request, offer = self.dataset.request_by_id.get(row.request), self.dataset.offer_by_id.get(row.offer)
            if row.standing != "over" or row.status not in ("confirmed", "started"):
                continue
            if request is not None and self.student(request).withdrawn:
                continue
            both = self.window(request, offer) if request is not None and offer is not None else (None, None)
            first, last = row.start or both[0], row.end or both[1]
            if first is not None and last is not None:
                found.append((row, first, last))
        return tuple(found)

    @cached_property
    def past(self) -> list[tuple[Published, date | None]]:
        """S1.10: placements outside the plan that count in a year, with their first day if anybody can say it."""
        found: list[tuple[Published, date | None]] = []
        for row in self.dataset.published:
            counts = {"ended": "over", "ended_early": "over"}.get(row.status)
            if row.request in self.live or (counts is not None and row.standing != counts):
                continue
            if counts is None and (row.status not in ("confirmed", "started") or row.standing == "freed"):
                continue
            request, offer = self.dataset.request_by_id.get(row.request), self.dataset.offer_by_id.get(row.offer)
            both = (None, None) if request is None or offer is None else self.window(request, offer)
            found.append((row, row.start or both[0]))
        return found

    def sibling(self, request: Request) -> Request | None:
        """The student's live request of the other stage (S1.3: at most one)."""
        others = (r for r in self.live.values() if r.student == request.student and r.stage != request.stage)
        return next(others, None)

    def placements_running(self, student: str) -> list[tuple[str, Offer, date]]:
        """S1.8: stage, place and first day of what still runs, where the student's request and the offer are listed."""
        found: list[tuple[str, Offer, date]] = []
        for row, first_day, _ in self.running:
            request, offer = self.dataset.request_by_id.get(row.request), self.dataset.offer_by_id.get(row.offer)
            if request is not None and request.student == student and offer is not None:
                found.append((request.stage, offer, first_day))
        return found

    def first_before(self, student: str) -> History | Offer | None:
        """S1.7: the latest first that passed or still runs; blank starts are earliest; of equals the last.

        Whatever still runs in a team that History names for a first is what History says it is.
        """
        rows = [row for row in self.dataset.history if row.student == student and row.stage == "first"]
        firsts: list[tuple[date, int, History | Offer]] = [
            (row.start or date.min, n, row) for n, row in enumerate(rows) if row.outcome == "passed"
        ]
        for n, (stage, offer, first_day) in enumerate(self.placements_running(student), len(rows)):
            told = any((row.agency, row.team) == (offer.agency, offer.team) for row in rows)
            if stage == "first" and not told:
                firsts.append((first_day, n, offer))
        return max(firsts, key=lambda entry: entry[:2])[2] if firsts else None

    def decisions(self, kind: DecisionKind) -> Iterator[Decision]:
        """All decisions of a kind."""
        return (d for d in self.dataset.decisions if d.decision == kind)

    def fix(self, request: Request) -> Decision | None:
        """S1.6: the fix of a request that is live and not kept; none while E16 is off."""
        if not self.policy.on("E16") or self.published(request, "kept"):
            return None
        fixes = [d for d in self.decisions("fix") if d.request == request.request]
        if len({(d.offer, d.pe) for d in fixes}) > 1:
            return Decision(
                decision="fix", id="contradicting", request=request.request, offer=""
            )  # S8.5: nothing obeys
        return fixes[0] if fixes else None

    def exceptions(self, rule: str, request: str, offer: str | None, pe: str | None) -> list[str | None]:
        """S3.0: the values of the exceptions that apply; for E01 and E04 the PE does not matter (S3.4)."""
        return [
            d.value
            for d in self.decisions("exception")
            if d.rule == rule
            and d.request == request
            and d.offer in (None, offer)
            and (rule in ("E01", "E04") or d.pe in (None, pe))
        ]

    def ranks(self, request: Request) -> bool:
        """S3.12: whether the student ranks an offer of the request's stage and tranche."""
        offers = (self.dataset.offer_by_id[o] for tie in self.student(request).ranked_offers for o in tie
                  if o in self.dataset.offer_by_id)  # fmt: skip
        return any(o.tranche == request.tranche and o.stage in (request.stage, "either") for o in offers)

    def window(self, request: Request, offer: Offer) -> tuple[date, date]:
        """S2.2, with the days that an E01 exception takes off, as many as it has to."""
        short = max((int(v) for v in self.exceptions("E01", request.request, offer.offer, None) if v), default=0)
        earliest = max(request.earliest_start or offer.earliest_start, offer.earliest_start)
        pace = request.days_a_week_most if offer.days_a_week is None else offer.days_a_week
        for off in range(short + 1):
            start, end = days.window(
                earliest, max(1, request.days - off), pace, self.holidays | self.shut(offer.agency)
            )
            if all(end <= latest for latest in (offer.latest_end, request.latest_end) if latest is not None):
                break
        return start, end
