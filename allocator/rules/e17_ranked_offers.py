"""E17: where a student ranks offers of a request's stage and tranche, unlisted ones are not eligible (S3.12)."""

from collections.abc import Iterator

from allocator.terms.view import Mask, PairView
from models.entities import Request

RULE = "E17"


def excludes(view: PairView) -> Mask:
    """Offers that a ranking student did not list."""

    def unlisted(request: Request) -> Iterator[int]:
        ranked = view.terms.as_ranking(request).ranked_offers
        if ranked:
            listed = {offer for tied in ranked for offer in tied}
            yield from (i for i, o in enumerate(view.offers) if o.offer not in listed)

    return view.marked(unlisted)
