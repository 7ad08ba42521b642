"""Decisions about something that is over: nothing is to be found for whom they name, or at the place."""

from collections.abc import Iterable, Iterator
from itertools import chain

from allocator.settling.settling import Reading
from allocator.terms.horizon import Horizon
from models.decisions import Decision, DecisionKind

ASKED: tuple[DecisionKind, ...] = (
    "fix", "do_not_match", "exception", "declined", "agency_decision", "requested", "together", "apart",
)  # fmt: skip
"""Decisions that the rules ask and that change no fact: they do nothing where nobody asks."""
CHANGING: tuple[DecisionKind, ...] = ("withdraw", "name_pe", "name_supervisor", "unlock", "defer", "end_early")
"""Decisions that change facts, and do nothing else."""


class Over:
    """Says what of a decision is over.

    Parameters
    ----------
    reading
        What holds.
    """

    def __init__(self, reading: Reading) -> None:
        self._dataset, self._as_of = reading.dataset, reading.policy.as_of
        self._live = Horizon(reading.dataset, reading.policy).live_by_id
        self._looked_for = {request.student for request in self._live.values()}

    def why(self, decisions: Iterable[Decision]) -> str:
        """Why what a row decides is over; blank where some of it is not, or where it changes facts.

        Parameters
        ----------
        decisions
            Of one row.
        """
        found = [next(chain(self._people(d), self._place(d)), "") if d.decision in ASKED else "" for d in decisions]
        return found[0] if found and all(found) else ""

    def _people(self, decision: Decision) -> Iterator[str]:
        if decision.request is not None:
            if decision.request not in self._live:
                yield self._request(decision.request)
            return
        for student in (decision.student, decision.other):
            if student is not None and student not in self._looked_for:
                withdrawn = self._dataset.student_by_id[student].withdrawn
                yield f"{student} is withdrawn" if withdrawn else f"nothing is to be found for {student}"

    def _request(self, name: str) -> str:
        request, match = self._dataset.request_by_id[name], self._dataset.published_by_request.get(name)
        if self._dataset.student_by_id[request.student].withdrawn:
            return f"{request.student} is withdrawn"
        if self._dataset.tranche_by_id[request.tranche].status == "past":
            return f"{name} is of {request.tranche}, which is past"
        if match is not None and match.standing == "over":
            return f"the placement of {name} is over ({match.status})"
        return f"the employer finds {name}"

    def _place(self, decision: Decision) -> Iterator[str]:
        offer = self._dataset.offer_by_id.get(decision.offer or "")
        educator = self._dataset.educator_by_id.get(decision.pe or "")
        if offer is not None and offer.withdrawn:
            yield f"{offer.offer} is withdrawn"
        elif offer is not None and self._dataset.tranche_by_id[offer.tranche].status == "past":
            yield f"{offer.offer} is of {offer.tranche}, which is past"
        gone = educator.withdrawn_from if educator is not None else None
        if gone is not None and self._as_of is not None and gone <= self._as_of:
            yield f"{decision.pe} is withdrawn"
