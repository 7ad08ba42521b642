"""What is deleted for good, and when: of a team its own, of an administrator everybody's."""

from fastapi import APIRouter, Response

from api.pages.rendering import page
from api.pages.visiting import TeamOrAdminVisit
from api.routes.retained import retention as coming

router = APIRouter(include_in_schema=False)


@router.get("/retention")
def retention(visit: TeamOrAdminVisit) -> Response:
    """What is announced, by its day."""
    with visit.service.store.reading() as session:
        found = coming(visit.person, visit.service, session)
    return page(visit, "retention.html", found=found)
