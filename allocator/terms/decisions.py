"""Decisions looked up by what they are about (SEMANTICS S1.6, S3)."""

from collections import defaultdict

from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Offer, Request


class DecisionBook:
    """The decisions of a dataset, indexed; rows were made consistent when they were read."""

    def __init__(self, dataset: Dataset) -> None:
        self._exceptions: defaultdict[tuple[str, str], list[Decision]] = defaultdict(list)
        self.answers: dict[tuple[str, str], str] = {}
        self.fixes: dict[str, Decision] = {}
        self.contradicting: set[str] = set()
        self.declined: list[Decision] = []
        self.do_not_match: list[Decision] = []
        for d in dataset.decisions:
            if d.decision == "exception" and d.rule and d.request:
                self._exceptions[d.rule, d.request].append(d)
            elif d.decision == "agency_decision" and d.request and d.agency and d.value:
                self.answers[d.request, d.agency] = d.value
            elif d.decision == "fix" and d.request:
                before = self.fixes.setdefault(d.request, d)
                if (before.offer, before.pe) != (d.offer, d.pe):
                    self.contradicting.add(d.request)
            elif d.decision == "declined":
                self.declined.append(d)
            elif d.decision == "do_not_match":
                self.do_not_match.append(d)

    def exceptions(self, rule: str, request: str, offer: str, pe: str | None = None) -> list[Decision]:
        """Exceptions that apply; with ``pe`` None those are found whose pe is blank or any."""
        return [
            d
            for d in self._exceptions.get((rule, request), ())
            if d.offer in (None, offer) and (pe is None or d.pe in (None, pe))
        ]

    def requests_with_exception(self, rule: str) -> set[str]:
        """Requests for which some exception to the rule was decided."""
        return {request for r, request in self._exceptions if r == rule}

    def offers_with_exception(self, rule: str) -> set[str]:
        """Offers that an exception to the rule names."""
        return {d.offer for (r, _), rows in self._exceptions.items() if r == rule for d in rows if d.offer}

    def days_short(self, request: Request, offer: Offer) -> int:
        """Days that exceptions to E01 take off this request at this offer."""
        return max((int(d.value or 0) for d in self.exceptions("E01", request.request, offer.offer)), default=0)


def about_request(decision: Decision, request: Request) -> bool:
    """Whether the filled student and request fields of a decision match the request."""
    return decision.request in (None, request.request) and decision.student in (None, request.student)


def about_offer(decision: Decision, offer: Offer) -> bool:
    """Whether the filled offer, agency and team fields of a decision match the offer, at one of its sites."""
    return decision.offer in (None, offer.offer) and any(
        decision.agency in (None, agency) and decision.team in (None, team) for agency, team in offer.sites
    )
