"""E04: travel within the limit; an estimate excludes only well beyond it (S3.4)."""

from allocator.terms.view import Mask, PairView
from models.entities import Offer, Request

RULE = "E04"


def excludes(view: PairView) -> Mask:
    """Pairs whose measured time is over the limit, or whose estimate is beyond ``travel_estimate_percent`` of it."""
    terms = view.terms
    slack = terms.policy.travel_estimate_percent
    by_exception = terms.decisions.requests_with_exception(RULE)
    named_offers = terms.decisions.offers_with_exception(RULE)

    def too_far(request: Request, offer: Offer) -> bool:
        limit = terms.travel_limit(request, offer)
        minutes, kind = terms.minutes(request, offer)
        if limit is None or minutes is None:
            return False
        return minutes > limit if kind == "measured" else 100 * minutes > slack * limit

    return view.table(
        lambda r: (
            terms.student(r).home, terms.student(r).mode, terms.student(r).limit_minutes, terms.horizon.is_locked(r),
            r.request in by_exception and r.request,
        ),
        lambda o: (o.place, o.offer in named_offers and o.offer),
        too_far,
    )  # fmt: skip
