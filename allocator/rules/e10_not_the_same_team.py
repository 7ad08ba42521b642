"""E10: not a team where the student was placed before, in history or in this plan."""

from collections.abc import Iterator

from allocator.terms.placement import Placement
from allocator.terms.view import Mask, PairView, Terms
from models.entities import Request

RULE = "E10"
LOOKS_AT = ("sites", "in_plan")
"""Facts of the two placements that ``pair_breaks`` looks at."""


def excludes(view: PairView) -> Mask:
    """Pairs with a site in a team of the student's history, of any stage and outcome, or where one still runs."""

    def been_there(request: Request) -> Iterator[int]:
        for row in view.terms.dataset.history_by_student.get(request.student, ()):
            if row.agency and row.team:
                yield from view.at_site.get((row.agency, row.team), ())
        for running in view.terms.running_of.get(request.student, ()):
            if running.offer is not None:
                for site in running.offer.sites:
                    yield from view.at_site.get(site, ())

    return view.marked(been_there)


def pair_breaks(_terms: Terms, first: Placement, final: Placement) -> bool:
    """First and final of one student with a site in one team, both in the plan (history: by ``excludes``)."""
    return first.in_plan and not first.sites.isdisjoint(final.sites)
