"""E09: programme, university and days a week suit; a reservation for another holds until its last day is over."""

from allocator.terms.view import Mask, PairView
from models.entities import Offer, Request

RULE = "E09"


def excludes(view: PairView) -> Mask:
    """Pairs whose programme, university, reservation or days a week do not suit (S3.9)."""
    terms = view.terms
    reserved_names = {o.reserved_for for o in view.offers if o.reserved_for}

    def unsuitable(request: Request, offer: Offer) -> bool:
        student = terms.student(request)
        if offer.universities and student.university not in offer.universities:
            return True
        if offer.programmes and student.programme not in offer.programmes:
            return True
        pace = offer.days_a_week
        if pace is not None and not request.days_a_week_least <= pace <= request.days_a_week_most:
            return True
        held = offer.reserved_until is None or terms.as_of <= offer.reserved_until
        own = offer.reserved_for in (student.programme, student.university, student.student)
        return offer.reserved_for is not None and held and not own

    return view.table(
        lambda r: (
            terms.student(r).university, terms.student(r).programme, r.days_a_week_least, r.days_a_week_most,
            r.student in reserved_names and r.student,
        ),
        lambda o: (o.universities, o.programmes, o.days_a_week, o.reserved_for, o.reserved_until),
        unsuitable,
    )  # fmt: skip
