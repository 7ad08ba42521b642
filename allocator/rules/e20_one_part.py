"""E20, by switch: who is of a part of the partnership has places in that part alone; a blank admits all (S3.14)."""

from allocator.terms.view import Mask, PairView

RULE = "E20"


def excludes(view: PairView) -> Mask:
    """Pairs of two parts."""
    return view.table(
        lambda r: view.terms.student(r).part, lambda o: o.part, lambda r, o: _apart(view.terms.student(r).part, o.part)
    )


def _apart(of_student: str | None, of_offer: str | None) -> bool:
    return of_student is not None and of_offer is not None and of_student != of_offer
