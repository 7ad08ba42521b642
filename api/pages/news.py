"""What happened in a round while somebody looks at a page of it: asked for every 1.5 seconds, and cheap to answer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import select

from allocator.views.decided import decided_words
from api.access.seeing import may_see_round
from api.pages.visiting import MEETING, TeamVisit
from api.routes.conditions import etag, has
from api.routes.rounds import RoundId
from api.store.listing import ALLOCATE
from api.store.rounds import round_of
from api.store.tables import Decision, Run
from api.wire import OVER

router = APIRouter(include_in_schema=False)
MOST = 5
"""Decisions that are named; of more it is said how many."""
Number = Annotated[int, Query(ge=0, le=10**9)]


@router.get("/rounds/{round}/news")
def news(
    request: Request, visit: TeamVisit, round: RoundId, version: Number = 0, decisions: Number = 0,
    plan: Annotated[str, Query(max_length=32)] = "",
) -> Response:  # fmt: skip
    """What was decided since a state that somebody sees, by whom, and whether there is a newer plan; 204 of nothing.

    ``version`` and ``decisions`` are the round's as they were, ``plan`` the run whose plan is shown.
    """
    may_see_round(visit.person, round)
    with visit.service.store.reading() as session:
        found = round_of(session, round)
        wanted = select(Run.id, Run.state).where(Run.round == round, Run.kind == ALLOCATE)
        last = session.execute(wanted.order_by(Run.created.desc(), Run.id.desc()).limit(1)).first()
        newer = last is not None and last.state in OVER and last.id != plan
        tag = f"{found.version}-{last.id if last and newer else ''}"
        if has(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers={"ETag": etag(tag)})
        if found.version == version and not newer:
            return Response(status_code=204, headers={"ETag": etag(tag)})
        rows = session.scalars(
            select(Decision).where(Decision.round == round, Decision.number > decisions).order_by(Decision.number)
        ).all()
        lines = [entry_words(row, shared=request.cookies.get(MEETING) == "on") for row in rows[:MOST]]
    if len(rows) > MOST:
        lines.append(f"and {len(rows) - MOST} more")
    if not rows and found.version != version:
        lines.append("The round was changed")
    body = {"version": found.version, "lines": lines, "plan": newer}
    return JSONResponse(body, headers={"ETag": etag(tag)})


def entry_words(entry: Decision, *, shared: bool) -> str:
    """An entry of the log, by whom.

    Parameters
    ----------
    entry
        Of a round's log.
    shared
        Agencies look on.
    """
    row = entry.row or {}
    return f"{row.get('by') or 'Somebody'} decided: {decided_words(row, shared=shared)}"
