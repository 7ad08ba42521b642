"""``/v1/rounds``: what a team works on: made, looked at, renamed; its workbooks in order, and its plans."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from api.access.people import Person, Team
from api.access.seeing import may_see_round
from api.inputs.folding import Entry, changes_between, facts_in_force, workbook_in_force
from api.inputs.sending import Sent, sheets_sent
from api.problems import UnusableError
from api.routes.conditions import IfMatch, etag, must_match
from api.routes.deciding import in_force_of, typed_into
from api.routes.parameters import InDigits
from api.routes.service import Service, TheService
from api.routes.submitting import FORM, JSON, form_of, json_of, record_of, type_of
from api.store import audit
from api.store.deleting import delete_round
from api.store.moments import utc_now
from api.store.rounds import (
    add_dataset,
    changing,
    data_of,
    dataset_of,
    datasets_of,
    lengths_of,
    new_round,
    round_of,
    rounds_of,
)
from api.store.tables import Round, RoundDataset
from api.wire.inputs import Facts
from api.wire.rounds import (
    DatasetLine,
    DatasetList,
    DatasetView,
    NewRound,
    Number,
    RoundChange,
    RoundList,
    RoundView,
    SheetsOfRound,
)
from models.comparison import InputChanges

router = APIRouter(tags=["rounds"])
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Log = tuple[Entry, ...]
RoundId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of a round.")]
DatasetNumber = Annotated[Number, Path(description="The number of a workbook of the round, from 1."), InDigits]
WORKBOOK_FORM = {
    "type": "object",
    "required": ["workbook"],
    "additionalProperties": False,
    "properties": {
        "workbook": {"type": "string", "format": "binary", "description": "A workbook (.xlsx), or a JSON file."}
    },
}


def visible_round(person: Team, round: RoundId) -> str:
    """The round of the address, where whoever asks is a member of it."""
    may_see_round(person, round)
    return round


VisibleRound = Annotated[str, Depends(visible_round)]


@router.post("/rounds", status_code=HTTPStatus.CREATED)
def make_round(person: Team, service: TheService, wanted: NewRound, response: Response) -> RoundView:
    """Make a round; whoever makes it is its first member, an admin adds others."""
    now = utc_now()
    with service.store.transaction() as session:
        made = new_round(session, name=wanted.name, tranches=wanted.tranches, by=person.account, now=now)
        audit.record(session, person.account, "round_made", made.id, {"name": made.name}, now)
        view = round_view(session, made)
    response.headers.update({"Location": f"/v1/rounds/{made.id}", "ETag": etag(made.version)})
    return view


@router.get("/rounds")
def rounds(person: Team, service: TheService) -> RoundList:
    """Your rounds, the one that was touched last first."""
    with service.store.reading() as session:
        return RoundList(rounds=tuple(round_view(session, found) for found in rounds_of(session, person.rounds)))


@router.get("/rounds/{round}")
def a_round(round: VisibleRound, service: TheService, response: Response) -> RoundView:
    """A round. Its ETag is its version: send it as If-Match with whatever changes the round."""
    with service.store.reading() as session:
        view = round_view(session, round_of(session, round))
    response.headers["ETag"] = etag(view.version)
    return view


@router.patch("/rounds/{round}")
def change_round(
    round: VisibleRound, person: Team, service: TheService, wanted: RoundChange, response: Response,
    if_match: IfMatch = None,
) -> RoundView:  # fmt: skip
    """Change a round's name or tranches."""
    now = utc_now()
    with service.store.transaction() as session:
        found = changing(session, round, lambda version: must_match(if_match, version), now)
        changes = wanted.model_dump(mode="json", exclude_none=True)
        for field, value in changes.items():
            setattr(found, field, value)
        session.flush()
        audit.record(session, person.account, "round_changed", round, changes, now)
        view = round_view(session, found)
    response.headers["ETag"] = etag(view.version)
    return view


@router.delete("/rounds/{round}", status_code=HTTPStatus.NO_CONTENT)
def delete(round: VisibleRound, person: Team, service: TheService, if_match: IfMatch = None) -> None:
    """Delete a round for good: its workbooks, decisions, runs and results, and what the audit told of students.

    The audit keeps that it was, and who deleted it when. Runs under way end. Save its workbook first.
    """
    with service.store.reading() as session:
        must_match(if_match, round_of(session, round).version)
    delete_round(service.store, round, person.account, utc_now())


@router.post(
    "/rounds/{round}/datasets", status_code=HTTPStatus.CREATED,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                FORM: {"schema": WORKBOOK_FORM},
                JSON: {"schema": {"$ref": "#/components/schemas/SheetsOfRound"}},
            },
        }
    },
)  # fmt: skip
async def add_workbook(
    round: VisibleRound, person: Team, service: TheService, request: Request, response: Response,
    if_match: IfMatch = None,
) -> DatasetView:  # fmt: skip
    """Send the next workbook of a round; it is the one in force from now on, with the decisions of the log.

    It is read first: where it cannot be used, the answer is 422 with everything that is wrong, and nothing is kept.
    """
    if type_of(request, JSON, FORM) == FORM:
        form = await form_of(request, service.settings, ("workbook",), ())
        if "workbook" not in form.files:
            raise UnusableError("The form has no file 'workbook'.")
        sent = form.files["workbook"]
    else:
        content = await json_of(request)
        record_of(SheetsOfRound, content)
        sent = sheets_sent(content["sheets"])
    return await add_sent(round, person, service, sent, response, if_match)


async def add_sent(
    round: str, person: Person, service: Service, sent: Sent, response: Response, if_match: str | None
) -> DatasetView:
    """As :func:`add_workbook`, of a file that was taken.

    Parameters
    ----------
    round
        Id of a round that the person may see.
    person
        Who sends it.
    service
        The running one.
    sent
        The workbook.
    response
        Gets ``Location`` and ``ETag``.
    if_match
        The state of the round that the person saw.

    Raises
    ------
    AllocationError
        It cannot be used: everything that is wrong; or the round was changed meanwhile.
    """
    version, before, log_before, log = await run_in_threadpool(_before, service, round)
    must_match(if_match, version, "The round was changed meanwhile: see its decisions and workbooks.")
    most = service.settings.rows
    facts = await service.apart.run(facts_in_force, sent, log, most)
    changes = await service.apart.run(changes_between, before, log_before, sent, log, most) if before else None
    view = await run_in_threadpool(_keep, service, person, round, sent, facts, changes, version)
    response.headers.update({"Location": f"/v1/rounds/{round}/datasets/{view.number}", "ETag": etag(version + 1)})
    return view


def _before(service: Service, round: str) -> tuple[int, Sent | None, Log, Log]:
    """A round's version, its workbook in force if it has one, and its log as typed into that and into the next one."""
    with service.store.reading() as session:
        version = round_of(session, round).version
        if not datasets_of(session, round):
            return version, None, (), ()
        state = in_force_of(session, round)
        return version, state.sent, state.entries, typed_into(session, round, state.number + 1)


def _keep(
    service: Service, person: Person, round: str, sent: Sent, facts: Facts, changes: InputChanges | None, seen: int
) -> DatasetView:
    now = utc_now()
    with service.store.transaction() as session:
        changing(session, round, lambda version: must_match(etag(seen), version), now)
        row = add_dataset(
            session, round, data=sent.data, filename=sent.filename, dataset_digest=facts.dataset_digest,
            counts=facts.counts, issues=facts.issues, by=person.account, now=now,
        )  # fmt: skip
        audit.record(session, person.account, "dataset_added", round, {"number": row.number}, now)
    return dataset_view(row, changes)


@router.get("/rounds/{round}/datasets")
def datasets(round: VisibleRound, service: TheService) -> DatasetList:
    """The workbooks of a round, in order; the last is the one in force."""
    with service.store.reading() as session:
        return DatasetList(datasets=tuple(_line(row) for row in datasets_of(session, round)))


@router.get("/rounds/{round}/datasets/{number}")
async def dataset(round: VisibleRound, service: TheService, number: DatasetNumber) -> DatasetView:
    """A workbook of a round: what it holds, every issue, and what differs from the one before it."""
    row, sent, before, log_before, log = await run_in_threadpool(_with_the_one_before, service, round, number)
    most = service.settings.rows
    changes = await service.apart.run(changes_between, before, log_before, sent, log, most) if before else None
    return dataset_view(row, changes)


def _with_the_one_before(service: Service, round: str, number: int) -> tuple[RoundDataset, Sent, Sent | None, Log, Log]:
    with service.store.reading() as session:
        row = dataset_of(session, round, number)
        earlier = dataset_of(session, round, number - 1) if number > 1 else None
        before = Sent(data_of(session, earlier), earlier.filename) if earlier else None
        typed = (typed_into(session, round, number - 1), typed_into(session, round, number))
        return row, Sent(data_of(session, row), row.filename), before, *typed


@router.get("/rounds/{round}/datasets/{number}/file", response_class=Response)
def dataset_file(round: VisibleRound, person: Team, service: TheService, number: DatasetNumber) -> Response:
    """A workbook of a round, byte for byte as it was sent."""
    now = utc_now()
    with service.store.transaction() as session:
        row = dataset_of(session, round, number)
        audit.record(session, person.account, "dataset_downloaded", round, {"number": number}, now)
        return download(data_of(session, row), row.filename)


@router.get("/rounds/{round}/workbook", response_class=Response)
async def workbook(round: VisibleRound, person: Team, service: TheService) -> Response:
    """The round as a workbook: the one in force with the decisions of the log; read again, it is the same data."""

    def state() -> tuple[Sent, Log, int]:
        with service.store.transaction() as session:
            found = in_force_of(session, round)
            audit.record(session, person.account, "workbook_downloaded", round, {"version": found.version}, utc_now())
            return found.sent, found.entries, found.version

    sent, log, version = await run_in_threadpool(state)
    whole = await service.apart.run(workbook_in_force, sent, log)
    answer = download(whole.data, whole.filename)
    answer.headers["ETag"] = etag(version)
    return answer


def download(data: bytes, filename: str) -> Response:
    """A workbook of a round as a file to keep."""
    ascii_name = filename.encode("ascii", "replace").decode().replace("?", "_")
    kind = "application/json" if filename.endswith(".json") else WORKBOOK
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{ascii_name}"'})


def round_view(session: Session, round: Round) -> RoundView:
    """A round as it goes over the wire."""
    facts = {name: getattr(round, name) for name in ("id", "name", "tranches", "version", "created", "touched")}
    datasets, decisions = lengths_of(session, round.id)
    lengths = {"datasets": datasets, "decisions": decisions}
    return RoundView.model_validate(facts | lengths)


def dataset_view(row: RoundDataset, changes: InputChanges | None) -> DatasetView:
    """A workbook of a round as it goes over the wire."""
    facts = {name: getattr(row, name) for name in DatasetView.model_fields if name != "changes"}
    return DatasetView.model_validate(facts | {"changes": changes})


def _line(row: RoundDataset) -> DatasetLine:
    facts = {name: getattr(row, name) for name in DatasetLine.model_fields if name != "remarks"}
    return DatasetLine.model_validate(facts | {"remarks": len(row.issues)})
