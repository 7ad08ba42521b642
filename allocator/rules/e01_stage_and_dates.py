"""E01: the offer takes the stage, is in the request's tranche, and its window holds the request's days (S2)."""

from allocator.terms.view import Mask, PairView
from models.entities import Offer, Request

RULE = "E01"


def excludes(view: PairView) -> Mask:
    """Pairs whose stage, tranche or window do not fit, or whose spokes leave the lead no day."""
    terms = view.terms
    by_exception = terms.decisions.requests_with_exception(RULE)
    named_offers = terms.decisions.offers_with_exception(RULE)

    def unfit(request: Request, offer: Offer) -> bool:
        if offer.stage not in ("either", request.stage) or offer.tranche != request.tranche:
            return True
        if sum(spoke.days for spoke in offer.spokes) >= request.days:
            return True
        start, end = terms.window(request, offer)
        return (
            (offer.latest_start is not None and start > offer.latest_start)
            or (offer.latest_end is not None and end > offer.latest_end)
            or (request.latest_end is not None and end > request.latest_end)
        )

    return view.table(
        lambda r: (
            r.stage, r.tranche, r.days, r.days_a_week_most, r.earliest_start, r.latest_end,
            r.request in by_exception and r.request,
        ),
        lambda o: (
            o.stage, o.tranche, o.earliest_start, o.latest_start, o.latest_end, o.days_a_week, o.spokes,
            o.offer in named_offers and o.offer, terms.calendar.own(o.agency),
        ),
        unfit,
    )  # fmt: skip
