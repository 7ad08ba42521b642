"""E16: withdrawn offers and "do not match" exclude; a fix binds its request (S1.6, S3.0, S3.11)."""

import numpy as np

from allocator.terms.candidates import Candidate
from allocator.terms.decisions import about_offer, about_request
from allocator.terms.view import Mask, PairView, Terms
from models.entities import Offer, Request

RULE = "E16"


def excludes(view: PairView) -> Mask:
    """Pairs at a withdrawn offer, and pairs never to be matched."""
    mask = view.table(lambda _: None, lambda o: o.withdrawn, lambda _, o: o.withdrawn)
    for d in view.terms.decisions.do_not_match:
        if d.pe is None:
            rows = [i for i, r in enumerate(view.requests) if about_request(d, r)]
            if rows:
                columns = [j for j, o in enumerate(view.offers) if about_offer(d, o)]
                mask[np.ix_(rows, columns)] = True
    return mask


def bars(terms: Terms, request: Request, offer: Offer, candidate: Candidate) -> bool:
    """PEs never to be matched with this request or offer."""
    return any(
        d.pe == candidate.pe and about_request(d, request) and about_offer(d, offer)
        for d in terms.decisions.do_not_match
        if d.pe is not None
    )
