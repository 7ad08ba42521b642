"""The front page of a round: what a meeting asks first, in the words of the report."""

from fastapi import APIRouter, Response

from api.pages.rendering import page
from api.pages.visiting import TheRoundVisit

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{round}")
def overview(visit: TheRoundVisit) -> Response:
    """Numbers by programme, what is firm and what not, what is proved."""
    return page(visit, "overview.html")
