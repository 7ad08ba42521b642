"""E07: an offer that says it cannot meet an adjustment is out; where it says nothing, provisional."""

from allocator.terms.view import Mask, PairView
from models.entities import DRIVING_COVERED

RULE = "E07"


def excludes(view: PairView) -> Mask:
    """Pairs with an adjustment among what the offer cannot meet (driving is judged by E03)."""
    student = view.terms.student
    return view.table(
        lambda r: student(r).adjustments,
        lambda o: o.cannot,
        lambda r, o: any(a in o.cannot for a in student(r).adjustments if a != DRIVING_COVERED),
    )
