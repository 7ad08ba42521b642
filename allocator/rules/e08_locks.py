"""E08: locked requests stay with their agencies and authorities (both, where both are filled)."""

from allocator.terms.view import Mask, PairView
from models.entities import Offer, Request

RULE = "E08"


def excludes(view: PairView) -> Mask:
    """Pairs outside the request's locks."""

    def outside(request: Request, offer: Offer) -> bool:
        if request.locked_agencies and offer.agency not in request.locked_agencies:
            return True
        if not offer.authorities and "authorities" in offer.not_known:
            return False  # not known is never "no"
        return bool(request.locked_authorities) and not set(request.locked_authorities) & set(offer.authorities)

    return view.table(
        lambda r: (r.locked_agencies, r.locked_authorities),
        lambda o: (o.agency, o.authorities, "authorities" in o.not_known),
        outside,
    )
