"""E06: an agency that declined this student is out; "to ask" is provisional (S3.6)."""

from allocator.terms.view import Mask, PairView

RULE = "E06"


def excludes(view: PairView) -> Mask:
    """Pairs with a site at an agency that declined the request."""
    answered = {request for request, _ in view.terms.decisions.answers}
    return view.table(
        lambda r: r.request if r.request in answered else None,
        lambda o: frozenset(agency for agency, _ in o.sites),
        lambda r, o: any(view.terms.agency_answer(r, agency) == "declined" for agency, _ in o.sites),
    )
