"""What of a round leaves the team: the plan that agencies and the Alliance see, and who they are."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.concurrency import run_in_threadpool

from api.access.gate import TheGate
from api.access.seeing import seen_run
from api.pages.rendering import page, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.pages.withheld import withheld
from api.problems import NotFoundError, ProblemError
from api.routes.shared import round_sharing, share, share_no_more

router = APIRouter(include_in_schema=False)
_WHY = "It says who has an account, and what of the plan leaves the team."
BACK = "back"
"""What the button sends that takes a plan back."""


@router.get("/rounds/{round}/share")
def sharing(visit: TheRoundVisit) -> Response:
    """What is shared, with whom, and what each of them sees."""
    return _page(visit)


@router.post("/rounds/{round}/share")
async def change_sharing(
    visit: TheRoundVisit, gate: TheGate, run: Annotated[str, Form()] = "", do: Annotated[str, Form()] = ""
) -> Response:
    """Share the plan of a run, or take it back."""
    return await run_in_threadpool(_changed, visit, gate, run, do)


def _changed(visit: RoundVisit, gate: TheGate, run: str, do: str) -> Response:
    who, path = visit.visit, f"/rounds/{visit.round.id}/share"
    try:
        with who.service.store.transaction() as session:
            found = seen_run(session, who.person, run)
            if found.round != visit.round.id:
                raise NotFoundError("There is no such run in this round.")
            if do == BACK:
                share_no_more(who.person, found, session, gate)
            else:
                share(who.person, found, session, gate)
    except ProblemError as error:
        return _page(visit, error)
    return to(path, done="shared-no-more" if do == BACK else "shared")


def _page(visit: RoundVisit, error: ProblemError | None = None) -> Response:
    if (refused := withheld(visit, "Share", _WHY)) is not None:
        return refused
    facts = visit.plan.facts if visit.plan else None
    with visit.visit.service.store.reading() as session:
        found = round_sharing(session, visit.round.id, facts)
    values = {"sharing": found, "message": error.detail if error else ""}
    return page(visit, "share.html", error.status if error else HTTPStatus.OK, **values)
