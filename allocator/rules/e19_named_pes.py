"""E19: an offer's named PEs are the only ones for it; "to be named" and "own" are pools of that offer (S4.1, S4.2)."""

from allocator.terms.candidates import Candidate, Slot
from allocator.terms.view import Terms
from models.dataset import Dataset
from models.entities import Educator, EducatorEntry, Offer, Request

RULE = "E19"


def entries_in_force(dataset: Dataset, offer: Offer) -> tuple[EducatorEntry, ...]:
    """The offer's entries, less named PEs who are gone (S4.1)."""
    listed = dataset.educator_by_id
    return tuple(e for e in offer.educators if e.kind != "named" or not is_gone(listed.get(e.pe or ""), offer))


def is_left(dataset: Dataset, offer: Offer) -> bool:
    """Whether an offer names PEs, and all whom it names are gone or to go."""
    listed = dataset.educator_by_id
    entries = offer.educators
    return bool(entries) and all(e.kind == "named" and not stays(listed.get(e.pe or ""), offer) for e in entries)


def is_gone(educator: Educator | None, offer: Offer) -> bool:
    """A PE who is not listed, or has left or is withdrawn by the offer's first day."""
    if educator is None or (educator.leaves_on is not None and educator.leaves_on < offer.earliest_start):
        return True
    return educator.withdrawn_from is not None and educator.withdrawn_from <= offer.earliest_start


def stays(educator: Educator | None, offer: Offer) -> bool:
    """A PE who is not gone, nor to go: one withdrawn later may take what ends before."""
    return educator is not None and educator.withdrawn_from is None and not is_gone(educator, offer)


def bars_at(terms: Terms, slot: Slot, candidate: Candidate) -> bool:
    """A listed PE whom the offer does not name, though it names somebody: a stand-in for those who left."""
    names = slot.offer.educators
    return candidate.educator is not None and bool(names) and all(e.pe != candidate.pe for e in names)


def lifted(terms: Terms, request: Request, offer: Offer, slot: Slot, candidate: Candidate) -> bool:
    """Whom the plan in force has at an offer may have a stand-in there."""
    there = terms.horizon.kept.get(request.request) or terms.horizon.in_force.get(request.request)
    return there is not None and there.offer == offer.offer
