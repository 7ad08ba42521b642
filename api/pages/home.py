"""The first page: a team's rounds, an agency's or the Alliance's own page, an admin's people; and the projector."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from api.access.gate import TheGate
from api.pages.rendering import to
from api.pages.signing import local
from api.pages.visiting import MEETING, AnyVisit, TeamVisit

router = APIRouter(include_in_schema=False)
FIRST = {"team": "/rounds", "agency": "/agency", "alliance": "/alliance", "admin": "/people"}
"""Where somebody of a role begins."""


@router.get("/")
def home(visit: AnyVisit) -> Response:
    """To where whoever is signed in begins."""
    return to(FIRST[visit.person.role])


@router.post("/meeting-view")
def meeting_view(
    _visit: TeamVisit, gate: TheGate, view: Annotated[str, Form()] = "off", back: Annotated[str, Form()] = "/"
) -> Response:
    """Switch what agencies may not see off, for a projector, or on again; in this browser alone."""
    answer = to(local(back))
    if view == "on":
        answer.set_cookie(MEETING, "on", path="/", httponly=True, samesite="lax", secure=gate.speaks_tls)
    else:
        answer.delete_cookie(MEETING, path="/", httponly=True, samesite="lax", secure=gate.speaks_tls)
    return answer
