"""E19: an offer's named PEs are the only ones for it; "to be named" and "own" are pools of that offer (S4.1, S4.2)."""

from models.dataset import Dataset
from models.entities import Educator, EducatorEntry, Offer

RULE = "E19"


def entries_in_force(dataset: Dataset, offer: Offer) -> tuple[EducatorEntry, ...]:
    """The offer's entries, less named PEs who are gone."""
    return tuple(
        e for e in offer.educators if e.kind != "named" or not is_gone(dataset.educator_by_id.get(e.pe or ""), offer)
    )


def is_gone(educator: Educator | None, offer: Offer) -> bool:
    """A PE who is not listed, is withdrawn, or leaves before the offer's first day."""
    return (
        educator is None
        or educator.withdrawn_from is not None
        or (educator.leaves_on is not None and educator.leaves_on < offer.earliest_start)
    )
