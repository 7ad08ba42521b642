"""E12: the PE is registered (hard) and current on the start date (exception possible) (S4.6)."""

from datetime import date

from allocator.terms.candidates import Candidate, Slot, is_current
from allocator.terms.view import Terms
from models.entities import Offer, Request

RULE = "E12"


def bars_at(terms: Terms, slot: Slot, candidate: Candidate) -> bool:
    """PEs who are not registered, or not current at the start."""
    educator = candidate.educator
    if educator is None:
        return False
    return educator.registered == "no" or not is_current(educator, slot.start, terms.policy.currency_months)


def lifted(terms: Terms, request: Request, offer: Offer, slot: Slot, candidate: Candidate) -> bool:
    """A named person lets the PE count as current until a date; registration is never lifted."""
    if candidate.educator is None or candidate.educator.registered == "no":
        return False
    return any(
        d.value is not None and date.fromisoformat(d.value) >= slot.start
        for d in terms.decisions.exceptions(RULE, request.request, offer.offer, candidate.pe)
    )
