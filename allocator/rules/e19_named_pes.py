"""E19: an offer's named PEs are the only ones for it; "to be named" and "own" are pools of that offer (S4.1, S4.2)."""

from models.dataset import Dataset
from models.entities import Educator, EducatorEntry, Offer

RULE = "E19"


def entries_in_force(dataset: Dataset, offer: Offer) -> tuple[EducatorEntry, ...]:
    """The offer's entries, less named PEs who are gone; none where no entry stays (S4.1)."""
    found = [(e, None if e.kind != "named" else dataset.educator_by_id.get(e.pe or "")) for e in offer.educators]
    if not any(e.kind != "named" or stays(pe, offer) for e, pe in found):
        return ()
    return tuple(e for e, pe in found if e.kind != "named" or not is_gone(pe, offer))


def is_gone(educator: Educator | None, offer: Offer) -> bool:
    """A PE who is not listed, or has left or is withdrawn by the offer's first day."""
    if educator is None or (educator.leaves_on is not None and educator.leaves_on < offer.earliest_start):
        return True
    return educator.withdrawn_from is not None and educator.withdrawn_from <= offer.earliest_start


def stays(educator: Educator | None, offer: Offer) -> bool:
    """A PE who is not gone, nor to go: one withdrawn later may take what ends before, and others are asked beside."""
    return educator is not None and educator.withdrawn_from is None and not is_gone(educator, offer)
