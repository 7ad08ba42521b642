"""E20, by switch: who is of a part of the partnership has places in that part alone; a blank admits all (S3.14)."""

from allocator.terms.view import Mask, PairView
from models.entities import Offer

RULE = "E20"


def excludes(view: PairView) -> Mask:
    """Pairs of two parts, the lead's or that of a spoke."""
    return view.table(
        lambda r: view.terms.student(r).part, _parts, lambda r, o: _apart(view.terms.student(r).part, _parts(o))
    )


def _parts(offer: Offer) -> frozenset[str | None]:
    return frozenset((offer.part, *(s.part for s in offer.spokes)))


def _apart(of_student: str | None, of_sites: frozenset[str | None]) -> bool:
    return of_student is not None and not of_sites <= {None, of_student}
