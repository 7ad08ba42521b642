"""``/v1/rounds/{round}/moves``, ``/fits``, and the answers of runs that look ahead; nothing is decided by looking."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from allocator.lifecycle.answers import FitsAnswer, MovesAnswer, StepEffect
from api.access.people import Team
from api.jobs.looking import FILES, FitsAsked, Kind, MovesAsked
from api.problems import NotFoundError
from api.routes.accepting import IdempotencyKey, Wanted, accepted
from api.routes.conditions import IfNoneMatch
from api.routes.deciding import sent_of_round
from api.routes.rounds import VisibleRound
from api.routes.run_files import sent_file
from api.routes.runs import VisibleRun
from api.routes.service import Service, TheService
from api.store.tables import Run
from api.wire.looking import FitsWanted, MovesWanted
from api.wire.runs import Accepted
from models.base import Record

router = APIRouter(tags=["looking ahead"])


def file_model(model: type[Record]) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that sends a file of a run, which holds such a record."""
    return {200: {"model": model}, 304: {}}


@router.post("/rounds/{round}/moves", status_code=HTTPStatus.ACCEPTED, response_model=Accepted)
async def look_for_moves(
    round: VisibleRound, person: Team, service: TheService, wanted: MovesWanted, idempotency_key: IdempotencyKey = None
) -> JSONResponse:  # fmt: skip
    """Ask what 0, 1, 2 ... moves of promises buy in the data in force of a round: a run, which answers at its end."""
    sent, decisions = await sent_of_round(service, round)
    asked = MovesAsked(most=wanted.most, settings=wanted.settings)
    what = Wanted(sent, wanted.settings, wanted.limits, round, decisions, "moves", asked)
    return await accepted(service, person, what, idempotency_key)


@router.post("/rounds/{round}/fits", status_code=HTTPStatus.ACCEPTED, response_model=Accepted)
async def look_for_fits(
    round: VisibleRound, person: Team, service: TheService, wanted: FitsWanted, idempotency_key: IdempotencyKey = None
) -> JSONResponse:  # fmt: skip
    """Ask who suits an offer best, or which place a request, each with what fixing it does: a run, as for moves."""
    sent, decisions = await sent_of_round(service, round)
    asked = FitsAsked.model_validate(wanted.model_dump(exclude={"limits"}))
    what = Wanted(sent, wanted.settings, wanted.limits, round, decisions, "fits", asked)
    return await accepted(service, person, what, idempotency_key)


@router.get("/runs/{run}/effect", response_class=Response, responses=file_model(StepEffect))
def effect(found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """What a decision that was looked at does to the plan: the comparison, proved; of a clash the ways out."""
    return answer_of(service, found, "effect", if_none_match)


@router.get("/runs/{run}/moves", response_class=Response, responses=file_model(MovesAnswer))
def moves(found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """What moves of promises buy: a line for each number of moves that buys something, as `placements moves` has it.

    While the run goes on: what is known so far.
    """
    return answer_of(service, found, "moves", if_none_match)


@router.get("/runs/{run}/fits", response_class=Response, responses=file_model(FitsAnswer))
def fits(found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """The best fits, best first, as `placements fit` has them; while the run goes on, of those that were looked at."""
    return answer_of(service, found, "fits", if_none_match)


def answer_of(service: Service, run: Run, kind: Kind, if_none_match: str | None) -> Response:
    """What a run of a kind that looks ahead has found.

    Raises
    ------
    NotFoundError
        It is of another kind, or has found nothing yet.
    """
    answer = sent_file(service, run, (FILES[kind],), if_none_match)
    if answer is None:
        raise NotFoundError(f"The run is {run.state} and has no {kind}: a run of kind {kind} has what it finds.")
    return answer
