"""Parts of a run's results that people ask for by themselves: who is not placed and why, the return, the answers."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from allocator.report.writing import RETURN
from allocator.results import PLAN
from api.access.people import Team
from api.problems import NotFoundError
from api.routes.conditions import IfNoneMatch
from api.routes.parameters import InDigits
from api.routes.rounds import VisibleRound
from api.routes.run_files import NoResultYetError, sent_file
from api.routes.runs import VisibleRun
from api.routes.service import TheService
from api.store import audit
from api.store.listing import is_current, listed
from api.store.moments import utc_now
from api.store.runs import file_of, files_of
from api.wire.results import UnplacedList
from api.wire.rounds import PlanLine, PlanList
from models.plan import Plan
from scenarios.report.writing import DATA

router = APIRouter(tags=["runs"])
ANSWERS = DATA
JSON_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}, 304: {}}


@router.get("/runs/{run}/unplaced")
def unplaced(found: VisibleRun, service: TheService) -> UnplacedList:
    """Requests that are not placed and why: what blocks the nearest places, who can unblock it, the least change."""
    try:
        with service.store.reading() as session:
            plan = Plan.model_validate_json(file_of(session, found.id, PLAN))
    except NotFoundError as error:
        raise NoResultYetError(f"The run is {found.state} and has no plan.") from error
    return UnplacedList(unplaced=plan.unplaced)


@router.get(
    "/runs/{run}/return", response_class=Response, responses={200: {"content": {"application/json": {}}}, 304: {}}
)
def yearly_return(person: Team, found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """The yearly return (`return.json`), which withholds groups of persons that are too small."""
    answer = sent_file(service, found, (RETURN,), if_none_match)
    if answer is None:
        raise NotFoundError(f"The run is {found.state} and has no return: a run of kind allocate has one at its end.")
    with service.store.transaction() as session:
        audit.record(session, person.account, "file_downloaded", found.id, {"file": RETURN}, utc_now())
    return answer


@router.get(
    "/runs/{run}/answers", response_class=Response, responses={200: {"content": {"application/json": {}}}, 304: {}}
)
def answers(found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """The answers of a run of scenarios: sentence, tables and charts of each question (`answers.json`)."""
    answer = sent_file(service, found, (ANSWERS,), if_none_match)
    if answer is None:
        raise NotFoundError(
            f"The run is {found.state} and has no answers: a run of kind scenarios has them at its end."
        )
    return answer


@router.get("/rounds/{round}/plans")
def plans(
    round: VisibleRound,
    service: TheService,
    after: Annotated[str | None, Query(max_length=200, description="The cursor of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200), InDigits] = 50,
) -> PlanList:
    """The allocations of a round that have a plan, newest first; of its data in force those that are `current`."""
    with service.store.reading() as session:
        found = listed(session, rounds=(round,), after=after, limit=limit)
        with_plan = [run for run in found.runs if any(file.path == PLAN for file in files_of(session, run.id))]
        lines = [
            PlanLine(
                run=run.id, state=run.state, answer=run.answer, dataset_digest=run.dataset_digest,
                decisions=run.decisions, current=is_current(session, run), created=run.created, ended=run.ended,
            )
            for run in with_plan
        ]  # fmt: skip
    return PlanList(plans=tuple(lines), after=found.after)
