"""The rounds of a team."""

from fastapi import APIRouter, Response

from api.pages.rendering import page
from api.pages.visiting import TeamVisit
from api.routes.rounds import rounds

router = APIRouter(include_in_schema=False)


@router.get("/rounds")
def list_of_rounds(visit: TeamVisit) -> Response:
    """Your rounds, the one that was touched last first."""
    return page(visit, "rounds.html", rounds=rounds(visit.person, visit.service).rounds)
