"""``/v1/runs``: ask for a run, look at it, stop it, delete it."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse

from api.access.people import Person, Team
from api.access.seeing import may_see_round, seen_run
from api.inputs.sending import sheets_sent
from api.problems import ConflictError, UnusableError
from api.routes.accepting import IdempotencyKey, Wanted, accepted
from api.routes.deciding import sent_of_round
from api.routes.documenting import takes
from api.routes.parameters import InDigits
from api.routes.service import Service, TheService, Transaction
from api.routes.submitting import FORM, JSON, form_of, json_of, record_of, type_of
from api.store import audit
from api.store.deleting import delete_run
from api.store.listing import listed
from api.store.moments import utc_now
from api.store.runs import ask_to_stop
from api.store.tables import Run
from api.wire import OVER, RunState
from api.wire.runs import Accepted, RoundRun, RunLimits, RunLine, RunList, RunOptions, RunView, SheetsRun

router = APIRouter(tags=["runs"])
RunId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of a run.")]


def visible_run(person: Team, service: TheService, run: RunId) -> Run:
    """The run of the address, where whoever asks may see it."""
    with service.store.reading() as session:
        return seen_run(session, person, run)


VisibleRun = Annotated[Run, Depends(visible_run)]


@router.post(
    "/runs", status_code=HTTPStatus.ACCEPTED, response_model=Accepted,
    openapi_extra=takes((SheetsRun, RoundRun), RunOptions, workbook="A workbook (.xlsx), or a JSON file of sheets."),
)  # fmt: skip
async def ask_for_run(
    person: Team, service: TheService, request: Request, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Ask for a run.

    The input is a workbook (as a form), sheets as JSON, or the data in force of a round. It is read before it is
    accepted: where it cannot be used, the answer is 422 with everything that is wrong, in the words of `placements
    check`, and nothing is kept.
    """
    return await accepted(service, person, await _wanted(request, service, person), idempotency_key)


async def _wanted(request: Request, service: Service, person: Person) -> Wanted:
    if type_of(request, JSON, FORM) == FORM:
        form = await form_of(request, service.settings, ("workbook",), ("settings", "limits"))
        if "workbook" not in form.files:
            raise UnusableError("The form has no file 'workbook'.")
        over = record_of(RunOptions, dict(form.fields))
        return Wanted(form.files["workbook"], over.settings, over.limits)
    content = await json_of(request)
    if isinstance(content, dict) and "round" in content:
        of_round = record_of(RoundRun, content)
        may_see_round(person, of_round.round)
        sent, decisions = await sent_of_round(service, of_round.round)
        return Wanted(sent, of_round.settings, of_round.limits, of_round.round, decisions)
    asked = record_of(SheetsRun, content)
    return Wanted(sheets_sent(content["sheets"]), asked.settings, asked.limits)


@router.get("/runs")
def runs(
    person: Team,
    service: TheService,
    state: Annotated[RunState | None, Query(description="Only those in this state.")] = None,
    after: Annotated[str | None, Query(max_length=200, description="The cursor of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200), InDigits] = 50,
) -> RunList:
    """The runs of your rounds and your own ones, newest first."""
    with service.store.reading() as session:
        found = listed(session, rounds=person.rounds, by=person.account, state=state, after=after, limit=limit)
    return RunList(runs=tuple(_line(run) for run in found.runs), after=found.after)


@router.get("/runs/{run}")
def run(found: VisibleRun) -> RunView:
    """How a run stands."""
    return run_view(found)


@router.post("/runs/{run}/stop", status_code=HTTPStatus.ACCEPTED)
def stop(person: Team, found: VisibleRun, session: Transaction) -> RunView:
    """Ask a run to stop with the best plan so far; one that is over stays as it is."""
    now = utc_now()
    audit.record(session, person.account, "run_stop_asked", found.id, {}, now)
    return run_view(ask_to_stop(session, found.id, now))


@router.delete("/runs/{run}", status_code=HTTPStatus.NO_CONTENT)
def delete(person: Team, found: VisibleRun, service: TheService) -> None:
    """Delete a run that is over, with its results and events, for good."""
    if found.state not in OVER:
        raise ConflictError(f"The run is {found.state}: stop it first, and delete it when it is over.")
    delete_run(service.store, found.id, person.account, utc_now())


def _line(run: Run) -> RunLine:
    return RunLine.model_validate({name: getattr(run, name) for name in RunLine.model_fields})


def run_view(run: Run) -> RunView:
    """A run as it goes over the wire."""
    facts = {name: getattr(run, name) for name in RunView.model_fields if name != "limits"}
    return RunView.model_validate(facts | {"limits": _limits(run.limits)})


def _limits(limits: Mapping[str, Any]) -> RunLimits:
    seconds = limits.get("seconds")
    return RunLimits(
        time=None if seconds is None else timedelta(seconds=seconds), work=limits.get("work"),
        gap_percent=float(limits.get("gap_percent", 0.0)),
    )  # fmt: skip
