"""The figures of the academic year, what else the partnership owes each year, and the yearly return."""

from typing import Literal, get_args

from fastapi import APIRouter, Response

from api.access.guarding import FILE_POLICY
from api.pages.rendering import page
from api.pages.visiting import TheRoundVisit
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
Chart = Literal["programmes", "figures", "agencies"]


@router.get("/rounds/{round}/figures")
def figures(visit: TheRoundVisit) -> Response:
    """Monitored figures, partners, the PEPS pipeline and outcomes, with charts beside the tables."""
    return page(visit, "figures.html")


@router.get("/rounds/{round}/charts/{chart}.svg")
def chart(visit: TheRoundVisit, chart: str) -> Response:
    """A chart of the plan, as a picture beside its table."""
    found = visit.plan.charts[chart] if visit.plan is not None and chart in get_args(Chart) else ""
    if not found:
        raise NotFoundError(f"There is no such chart of this plan. There are: {', '.join(get_args(Chart))}.")
    headers = {"Content-Security-Policy": FILE_POLICY, "Cache-Control": "private, no-cache"}
    return Response(found, media_type="image/svg+xml", headers=headers)


@router.get("/rounds/{round}/return")
def yearly_return(visit: TheRoundVisit) -> Response:
    """The yearly return, for the team: nothing withheld."""
    return page(visit, "return.html")
