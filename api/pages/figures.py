"""The figures of the academic year, what else the partnership owes each year, and the yearly return."""

from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query, Response

from api.access.guarding import FILE_POLICY
from api.pages.meeting_blocks import in_meeting
from api.pages.rendering import page
from api.pages.visiting import TheRoundVisit
from api.problems import NotFoundError

router = APIRouter(include_in_schema=False)
PROGRESS = "progress"
Chart = Literal["programmes", "figures", "agencies"]


@router.get("/rounds/{round}/figures")
def figures(visit: TheRoundVisit, part: Annotated[str, Query(max_length=50)] = "figures") -> Response:
    """Monitored figures with charts beside the tables; partners, the PEPS pipeline, outcomes, rows of the report."""
    year = visit.plan.year if visit.plan is not None else ()
    parts = {title.casefold().replace(" ", "-"): (title, blocks) for title, blocks in year}
    titles = [(name, title) for name, (title, _) in parts.items()] + [(PROGRESS, "Progress report")]
    if visit.plan is not None and part not in dict(titles):
        raise NotFoundError(f"There is no such part. There are: {', '.join(name for name, _ in titles)}.")
    blocks = parts.get(part, ("", ()))[1]
    if visit.visit.meeting:
        blocks = tuple(in_meeting(blocks))
    return page(visit, "figures.html", titles=titles, part=part, blocks=blocks)


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
