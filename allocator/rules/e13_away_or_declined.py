"""E13: a PE who is away on any working day of the window is out; so are declined pairs (S3.11, S4.5)."""

from collections.abc import Iterator

from allocator.terms.candidates import Candidate, Slot, is_away
from allocator.terms.decisions import about_offer
from allocator.terms.view import Mask, PairView, Terms
from models.entities import Offer, Request

RULE = "E13"


def excludes(view: PairView) -> Mask:
    """Pairs at an offer, or with a site in a team or agency, that declined the student or the student declined."""
    declined_students = (
        {r.student for r in view.requests if view.terms.declined_by(r)} if view.terms.decisions.declined else set()
    )

    def declined(request: Request) -> Iterator[int]:
        if request.student not in declined_students:
            return
        for d in view.terms.declined_by(request):
            if d.pe:
                continue
            if d.offer:
                yield from (i for i, o in enumerate(view.offers) if o.offer == d.offer)
            elif d.team:
                yield from (i for i, o in enumerate(view.offers) if about_offer(d, o))
            elif d.agency:
                yield from view.at_site_agency.get(d.agency, ())

    return view.marked(declined)


def bars_at(terms: Terms, slot: Slot, candidate: Candidate) -> bool:
    """PEs who are away on a working day of the window."""
    calendar = terms.calendar.at(slot.offer.agency)
    return candidate.educator is not None and is_away(candidate.educator, slot.start, slot.end, calendar)


def bars(terms: Terms, request: Request, offer: Offer, candidate: Candidate) -> bool:
    """PEs who declined the student, or whom the student declined."""
    return any(d.pe == candidate.pe for d in terms.declined_by(request))
