"""``/v1/rounds/{round}/results-day``: readiness and clearance of many students, looked at and entered in one step."""

from datetime import date
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from allocator.lifecycle.answers import ResultsEffect
from allocator.views.words import counted
from api.access.people import Person, Team
from api.inputs.folding import workbook_in_force
from api.inputs.results_list import ResultsRead, results_read
from api.inputs.sending import Sent
from api.jobs.replying import ResultsAsked
from api.problems import ConflictError
from api.routes.accepting import Wanted, accepted
from api.routes.conditions import IfMatch, IfNoneMatch, etag, must_match
from api.routes.deciding import CHANGED, InForce, in_force_of
from api.routes.looking import answer_of, file_model
from api.routes.rounds import VisibleRound
from api.routes.runs import VisibleRun
from api.routes.service import Service, TheService
from api.store import audit
from api.store.moments import utc_now
from api.store.rounds import changing
from api.store.versions import add_step
from api.wire.results_day import ListToLookAt, ListTyped, ResultsView
from api.wire.runs import Accepted

router = APIRouter(tags=["results day"])
LIST = "list.csv"
"""What a list that was typed is called."""


@router.post("/rounds/{round}/results-day/effect")
async def results_effect(
    round: VisibleRound, person: Team, service: TheService, wanted: ListToLookAt, response: Response
) -> ResultsView:  # fmt: skip
    """What a list of results would change, and what of it cannot be used. Nothing is kept of it.

    What it does to the plan has to be solved for: with `plan` a run is asked for.
    """
    view, version = await list_looked_at(service, person, round, typed_list(wanted), wanted)
    response.headers["ETag"] = etag(version)
    return view


@router.post("/rounds/{round}/results-day", status_code=HTTPStatus.CREATED)
async def enter_list(
    round: VisibleRound, person: Team, service: TheService, wanted: ListTyped, response: Response,
    if_match: IfMatch = None,
) -> ResultsView:  # fmt: skip
    """Enter a list of results into the round, as `placements results-day` does: cells of the sheet Students.

    What cannot be used is left out, and named. A list without anything new is refused.
    """
    view = await list_entered(service, person, round, typed_list(wanted), if_match)
    response.headers.update({"Location": f"/v1/rounds/{round}"})
    return view


@router.get("/runs/{run}/results-day", response_class=Response, responses=file_model(ResultsEffect))
def results_of_run(found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """What a list of results does to the plan, and who is kept though failed."""
    return answer_of(service, found, "results_day", if_none_match)


def typed_list(wanted: ListTyped) -> Sent:
    """A list that was typed, as a file."""
    return Sent(wanted.text.encode(), LIST)


async def list_looked_at(
    service: Service, person: Person, round: str, listed: Sent, wanted: ListToLookAt
) -> tuple[ResultsView, int]:
    """Look at a list.

    Parameters
    ----------
    service, person, round
        The running one, who asks, and the id of the round.
    listed
        The list.
    wanted
        Whether its effect on the plan is asked for.

    Returns
    -------
    tuple
        What it holds, and the version of the round.

    Raises
    ------
    AllocationError
        It cannot be read.
    """
    state = await run_in_threadpool(_state, service, round)
    read = await _read(service, state, listed)
    view = _view(read)
    if wanted.plan and read.cells:
        sent = await service.apart.run(workbook_in_force, state.sent, state.entries)
        what = Wanted(
            sent, {}, wanted.limits, round, state.decisions, "results_day", ResultsAsked(cells=read.cells)
        )  # fmt: skip
        run = Accepted.model_validate_json(bytes((await accepted(service, person, what, None)).body))
        view = view.model_copy(update={"run": run.id})
    return view, state.version


async def list_entered(
    service: Service, person: Person, round: str, listed: Sent, if_match: str | None
) -> ResultsView:  # fmt: skip
    """Enter a list.

    Parameters
    ----------
    service, person, round, listed
        As for :func:`list_looked_at`.
    if_match
        The state of the round that was seen.

    Raises
    ------
    AllocationError
        It cannot be read, says nothing new, or the round was changed meanwhile.
    """
    state = await run_in_threadpool(_state, service, round)
    must_match(if_match, state.version, CHANGED)
    read = await _read(service, state, listed)
    if not read.cells:
        raise ConflictError("The list says nothing that is not known already, so nothing was entered.")
    await run_in_threadpool(_keep, service, person, round, state, read)
    return _view(read)


def _state(service: Service, round: str) -> InForce:
    with service.store.reading() as session:
        return in_force_of(session, round)


async def _read(service: Service, state: InForce, listed: Sent) -> ResultsRead:
    rows, today = service.settings.rows, date.today()
    return await service.apart.run(results_read, state.sent, state.entries, listed, rows, today)


def _keep(service: Service, person: Person, round: str, state: InForce, read: ResultsRead) -> None:
    now = utc_now()
    with service.store.transaction() as session:
        changing(session, round, lambda version: must_match(etag(state.version), version), now)
        words = f"results day: {counted(len(read.results), 'result')}"
        add_step(
            session, round, done=words, cells=read.cells, workbook=state.number, by=person.account, now=now
        )  # fmt: skip
        details = {"results": [[new.student, new.column, new.after] for new in read.results]}
        audit.record(session, person.account, "results_entered", round, details, now)


def _view(read: ResultsRead) -> ResultsView:
    return ResultsView.model_validate({name: getattr(read, name) for name in ResultsView.model_fields if name != "run"})
