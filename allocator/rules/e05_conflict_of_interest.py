"""E05: agencies, teams and PEs that the student declared are out, and the team of an employed student's own job."""

from collections.abc import Iterator

from allocator.terms.candidates import Candidate
from allocator.terms.view import Mask, PairView, Terms
from models.entities import Offer, Request

RULE = "E05"


def excludes(view: PairView) -> Mask:
    """Pairs with a site at a declared agency or team, or at the student's own job."""

    def declared(request: Request) -> Iterator[int]:
        student = view.terms.student(request)
        for agency in student.excluded_agencies:
            yield from view.at_site_agency.get(agency, ())
        for team in student.excluded_teams:
            yield from view.at_site.get(team, ())
        if student.employer_agency and student.employer_team:
            yield from view.at_site.get((student.employer_agency, student.employer_team), ())

    return view.marked(declared)


def bars(terms: Terms, request: Request, offer: Offer, candidate: Candidate) -> bool:
    """PEs whom the student declared."""
    return candidate.pe in terms.student(request).excluded_educators
