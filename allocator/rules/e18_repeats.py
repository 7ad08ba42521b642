"""E18: a repeat goes to another team (hard), another agency, another PE, and a PEPS2 who is no trainee (S3.13)."""

from collections.abc import Iterator

from allocator.terms.candidates import Candidate
from allocator.terms.view import Mask, PairView, Terms
from models.entities import Offer, Request

RULE = "E18"


def excludes(view: PairView) -> Mask:
    """Offers in the team, or without an exception in the agency, of the placement that is repeated."""

    def repeated(request: Request) -> Iterator[int]:
        for row in view.terms.broken_rows(request):
            if row.agency is None:
                continue
            if row.team is not None:
                yield from view.at_team.get((row.agency, row.team), ())
            for index in view.at_agency.get(row.agency, ()):
                if not _excepted(view.terms, request, view.offers[index], "agency"):
                    yield index

    return view.marked(repeated)


def bars(terms: Terms, request: Request, offer: Offer, candidate: Candidate) -> bool:
    """The PE of the placement that is repeated, whoever is not PEPS2, and all in its agency, each unless excepted."""
    if not terms.is_repeat(request):
        return False
    kept = request.request in terms.horizon.kept  # its offer is not judged (S1.5), its new PE is
    here = not kept and any(row.agency == offer.agency for row in terms.broken_rows(request))
    if here and not _excepted(terms, request, offer, "agency", candidate.pe):
        return True  # an exception may let one PE alone take a repeat in the same agency
    same = any(row.pe == candidate.pe for row in terms.broken_rows(request))
    if same and not _excepted(terms, request, offer, "PE", candidate.pe):
        return True
    return candidate.qualification != "PEPS2" and not _excepted(terms, request, offer, "PEPS2", candidate.pe)


def _excepted(terms: Terms, request: Request, offer: Offer, part: str, pe: str | None = None) -> bool:
    return any(d.value == part for d in terms.decisions.exceptions(RULE, request.request, offer.offer, pe))
