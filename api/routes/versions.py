"""``/v1/rounds/{round}/publish``, ``/versions`` and the steps of published matches."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from api.access.people import Person, Team
from api.access.seeing import seen_run
from api.inputs.publishing import Marked, Published, marked, published
from api.problems import ConflictError
from api.routes.conditions import IfMatch, etag, must_match
from api.routes.deciding import CHANGED, InForce, in_force_of
from api.routes.parameters import InDigits
from api.routes.rounds import VisibleRound
from api.routes.service import Service, TheService
from api.store import audit
from api.store.contents import content
from api.store.moments import utc_now
from api.store.rounds import add_dataset, changing
from api.store.runs import file_of, files_of
from api.store.tables import PublishedVersion
from api.store.versions import FILES, add_step, add_version, version_of, versions_of
from api.wire import PRINTED
from api.wire.rounds import Number
from api.wire.versions import (
    PlanToPublish,
    StepTaken,
    StepToTake,
    VersionLine,
    VersionList,
    VersionMade,
    VersionView,
)
from models.base import Date
from models.plan import CheckReport, Plan
from models.versions import Version

router = APIRouter(tags=["versions"])
ANY = "*"
"""Of ``If-Match``: whatever the state is."""
VersionNumber = Annotated[Number, Path(description="The number of a published version, from 1."), InDigits]
RequestName = Annotated[
    str, Path(max_length=200, pattern=PRINTED, description="The request of a match.", examples=["S001/first"])
]


class WouldPublish(NamedTuple):
    """What publishing a plan would do, and the version of the round that was looked at."""

    version: int
    done: Published


@router.post("/rounds/{round}/publish", status_code=HTTPStatus.CREATED)
async def publish(
    round: VisibleRound, person: Team, service: TheService, wanted: PlanToPublish, response: Response,
    if_match: IfMatch = None,
) -> VersionMade:  # fmt: skip
    """Put the plan of a run in force, as `placements publish` does: a version that stays as it is.

    The run has to be a complete allocation of the round, made from the data in force; where it was not, or does not
    pass the check, it is refused with what differs. The next workbook of the round holds the published matches, with
    the statuses of those that stay.
    """
    state, files, done = await _published(service, person, round, wanted, if_match)
    made = await run_in_threadpool(_keep, service, person, round, state, wanted.run, files, done)
    number = made.version.version
    response.headers.update({"Location": f"/v1/rounds/{round}/versions/{number}", "ETag": etag(state.version + 1)})
    return made


@router.get("/rounds/{round}/versions")
def versions(round: VisibleRound, service: TheService) -> VersionList:
    """The versions that were published in a round, in order; the last is the one in force."""
    with service.store.reading() as session:
        return VersionList(versions=tuple(_line(found) for found in versions_of(session, round)))


@router.get("/rounds/{round}/versions/{number}")
def version(round: VisibleRound, service: TheService, number: VersionNumber) -> VersionView:
    """A published version: its plan, the check, digests, who and when. It never changes."""
    with service.store.reading() as session:
        found = version_of(session, round, number)
        plan = Plan.model_validate_json(content(session, found.plan))
        check = CheckReport.model_validate_json(content(session, found.checked))
    return VersionView(**dict(_line(found)), plan=plan, check=check)


@router.post("/rounds/{round}/matches/{request:path}/status", status_code=HTTPStatus.CREATED)
async def take_step(
    round: VisibleRound, person: Team, service: TheService, request: RequestName, wanted: StepToTake,
    response: Response, if_match: IfMatch = None,
) -> StepTaken:  # fmt: skip
    """Take a step of a published match, as `placements mark` does: its next status, told, or the day of the meeting.

    A step that is not legal from where the match stands is refused with those that are.
    """
    version, done = await take_steps(service, person, round, [request], wanted, if_match)
    response.headers.update({"Location": f"/v1/rounds/{round}", "ETag": etag(version)})
    return StepTaken(
        done=done.done, remarks=done.remarks, changes=done.changes, dataset_digest=done.facts.dataset_digest
    )


async def would_publish(service: Service, person: Person, round: str, wanted: PlanToPublish) -> WouldPublish:
    """What publishing a plan would do; nothing is kept.

    Parameters
    ----------
    service
        Its store and its processes.
    person
        Who asks.
    round
        Id.
    wanted
        The run, and who would publish.

    Returns
    -------
    WouldPublish
        Of the state in which the round is now.

    Raises
    ------
    AllocationError
        The plan may not be published: with what differs, or what it breaks.
    """
    state, _, done = await _published(service, person, round, wanted, ANY)
    return WouldPublish(state.version, done)


async def _published(
    service: Service, person: Person, round: str, wanted: PlanToPublish, if_match: str | None
) -> tuple[InForce, Mapping[str, bytes], Published]:
    """The state of a round, the files of a run, and what publishing its plan does."""
    state, files, settings = await run_in_threadpool(_to_publish, service, person, round, wanted.run)
    must_match(if_match, state.version, CHANGED)
    done = await service.apart.run(
        published, state.sent, state.entries, files, settings, wanted.by, Date.today(), service.settings.rows
    )
    return state, files, done


async def take_steps(
    service: Service, person: Person, round: str, requests: Sequence[str], wanted: StepToTake, if_match: str | None
) -> tuple[int, Marked]:
    """Take a step of published matches: of all that are named, or of none.

    Parameters
    ----------
    service
        Its store and its processes.
    person
        Who takes it.
    round
        Id.
    requests
        Those of the matches.
    wanted
        The step.
    if_match
        The state of the round that was seen.

    Returns
    -------
    tuple
        The version of the round after it, and what was done.

    Raises
    ------
    AllocationError
        The step is not legal for one of them: with those that are.
    """
    state = await run_in_threadpool(_state, service, round)
    must_match(if_match, state.version, CHANGED)
    rows, today = service.settings.rows, date.today()
    done = await service.apart.run(
        marked, state.sent, state.entries, tuple(requests), wanted.step, wanted.on, rows, today
    )
    await run_in_threadpool(_keep_step, service, person, round, state, done)
    return state.version + 1, done


def _state(service: Service, round: str) -> InForce:
    with service.store.reading() as session:
        return in_force_of(session, round)


def _to_publish(
    service: Service, person: Person, round: str, id: str
) -> tuple[InForce, Mapping[str, bytes], Mapping[str, str]]:
    """The state of a round, and files and settings of a run whose plan can be published in it."""
    with service.store.reading() as session:
        state, run = in_force_of(session, round), seen_run(session, person, id)
        there = {file.path for file in files_of(session, id)}
        if run.round != round or run.kind != "allocate":
            raise ConflictError("Only a plan that an allocation of this round has made can be published in it.")
        if run.state != "complete" or not there.issuperset(FILES.values()):
            raise ConflictError(
                f"The run is {run.state} and has no plan that is complete: only such a one is published."
            )
        return state, {name: file_of(session, id, name) for name in FILES.values()}, run.settings


def _keep(
    service: Service, person: Person, round: str, state: InForce, run: str, files: Mapping[str, bytes], done: Published
) -> VersionMade:
    """Keep a version and the workbook in which it is published, unless the round was changed meanwhile."""
    now = utc_now()
    with service.store.transaction() as session:
        changing(session, round, lambda version: must_match(etag(state.version), version), now)
        workbook = _add_workbook(session, person, round, done)
        made = add_version(
            session, round, version=done.version, run=run, files=files, workbook=workbook, by=person.account, now=now
        )
        details = {"version": made.number, "run": run, "workbook": workbook}
        audit.record(session, person.account, "published", round, details, now)
        line = _line(made)
    return VersionMade(
        **dict(line), changes=done.changes, cleared=done.cleared, lost=done.lost, unlocked=done.unlocked,
        left_out=done.left_out, dataset_digest=done.facts.dataset_digest,
    )  # fmt: skip


def _add_workbook(session: Session, person: Person, round: str, done: Published) -> int:
    facts = done.facts
    row = add_dataset(
        session, round, data=done.sent.data, filename=done.sent.filename, dataset_digest=facts.dataset_digest,
        counts=facts.counts, issues=facts.issues, by=person.account, now=utc_now(),
    )  # fmt: skip
    return row.number


def _keep_step(service: Service, person: Person, round: str, state: InForce, done: Marked) -> None:
    now = utc_now()
    with service.store.transaction() as session:
        changing(session, round, lambda version: must_match(etag(state.version), version), now)
        words = "; ".join(done.done)
        add_step(session, round, done=words, cells=done.cells, workbook=state.number, by=person.account, now=now)
        audit.record(session, person.account, "match_marked", round, {"done": words}, now)


def _line(found: PublishedVersion) -> VersionLine:
    version = Version.model_validate(found.facts)
    return VersionLine(
        version=version, run=found.run, workbook=found.workbook, made_by=found.made_by, made=found.made
    )  # fmt: skip
