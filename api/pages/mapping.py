"""The map: where students live, where places are, and the journeys of the plan; for the team alone."""

from urllib.parse import urlencode

from fastapi import APIRouter, Response

from allocator.views.about import agency_called
from allocator.views.areas import areas_of, centres, together, within
from allocator.views.facts import Facts
from allocator.views.homes import Wanted, homes_of, journeys_table
from api.pages.pictures import map_picture
from api.pages.rendering import page
from api.pages.tables import some_rows
from api.pages.visiting import TheRoundVisit
from api.pages.withheld import withheld
from models.base import natural_key

router = APIRouter(include_in_schema=False)
_WHY = "The map shows where students live and how long they travel."


@router.get("/rounds/{round}/map")
def map_of_plan(
    visit: TheRoundVisit, agency: str = "", tranche: str = "", programme: str = "", area: str = ""
) -> Response:  # fmt: skip
    """Homes by district, places, and lines of the plan; of an agency, a tranche or a programme where one is chosen.

    Of many districts by area; ``area``: one of which the districts are shown one by one.
    """
    if (refused := withheld(visit, "Map", _WHY)) is not None:
        return refused
    if visit.plan is None:
        return page(visit, "map.html", found=None)
    facts = visit.plan.facts
    wanted = Wanted(agency_called(facts, agency) or "" if agency else "", tranche, programme)
    found = homes_of(facts, wanted)
    areas, places = areas_of(found), facts.dataset.place_by_id
    area = area if area in areas else ""
    drawn, inside = found, frozenset[str]()
    if areas:
        drawn, places = together(found, area), centres(found, places, area)
        found = within(found, area) if area else found
        inside = frozenset(name for name in places if area and name not in areas)
        drawn = drawn._replace(journeys=tuple(j for j in drawn.journeys if not area or {j.district, j.place} & inside))
    query = [(name, value) for name, value in zip(Wanted._fields, wanted, strict=True) if value]
    picture = map_picture(drawn, places, inside, numbered=bool(areas) and not area)
    return page(
        visit, "map.html", found=found, wanted=wanted, picture=picture,
        areas=[(one, number, urlencode([*query, ("area", one)])) for one, number in areas.items()], area=area,
        whole=urlencode(query),
        journeys=some_rows(visit, "", journeys_table(facts, found), ()), choices=_choices(facts),
        amber=facts.policy.travel_amber,
    )  # fmt: skip


def _choices(facts: Facts) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The filters: name in the address, heading, choices with their words."""
    agencies = sorted({(facts.agency_name(o.agency), o.agency) for o in facts.horizon_offers}, key=_in_order)
    programmes = sorted({facts.student(r).programme for r in facts.shown}, key=natural_key)
    return [
        ("agency", "Agency", [(id, name) for name, id in agencies]),
        ("tranche", "Tranche", [(t.tranche, t.tranche) for t in facts.horizon_tranches]),
        ("programme", "Programme", [(p, p) for p in programmes]),
    ]


def _in_order(named: tuple[str, str]) -> tuple[str, str]:
    return named[0].casefold(), named[1]
