"""``/v1/scenarios``: the questions of the Alliance, and runs of scenarios over the data in force of a round."""

from functools import cache
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api.access.people import AnyRole, Team
from api.jobs.asked import LIBRARIES, ScenariosAsked, library
from api.routes.accepting import IdempotencyKey, Wanted, accepted
from api.routes.deciding import sent_of_round
from api.routes.rounds import VisibleRound
from api.routes.service import TheService
from api.wire.results import ScenarioLine, ScenariosRun
from api.wire.runs import Accepted

router = APIRouter(tags=["scenarios"])


@router.get("/scenarios")
def scenarios(_person: AnyRole) -> tuple[ScenarioLine, ...]:
    """The library: what each scenario asks, and why it is asked."""
    return _lines()


@cache
def _lines() -> tuple[ScenarioLine, ...]:
    return tuple(
        ScenarioLine(name=s.name, question=s.question, reason=" ".join((s.reason or "").split()))
        for name in LIBRARIES
        for s in library(name)
    )


@router.post("/rounds/{round}/scenarios", status_code=HTTPStatus.ACCEPTED, response_model=Accepted)
async def run_scenarios(
    round: VisibleRound, person: Team, service: TheService, asked: ScenariosRun, idempotency_key: IdempotencyKey = None
) -> JSONResponse:  # fmt: skip
    """Ask for the answers of scenarios on the data in force of a round: a run, whose answers come at its end.

    Scenarios are those of the library, or TOML files of your own; what is wrong with one is told at once, with its
    line, and nothing is kept then.
    """
    sent, decisions = await sent_of_round(service, round)
    wanted = ScenariosAsked(only=asked.only, files=asked.files, settings=asked.settings)
    what = Wanted(sent, asked.settings, asked.limits, round, decisions, "scenarios", wanted)
    return await accepted(service, person, what, idempotency_key)
