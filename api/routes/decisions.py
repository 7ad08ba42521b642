"""``/v1/rounds/{round}/decisions``: what a person decided, looked at before it is taken; undone, never erased."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool

from api.access.people import Person, Team
from api.inputs.folding import Effect, Entry, dated, effect_of_log, effect_of_row, in_force, undone
from api.problems import ConflictError, NotFoundError
from api.routes.conditions import IfMatch, etag, must_match
from api.routes.deciding import InForce, entries, in_force_of, log_lines
from api.routes.parameters import InDigits
from api.routes.rounds import VisibleRound
from api.routes.service import Service, TheService
from api.store import audit
from api.store.moments import utc_now
from api.store.rounds import add_entry, changing, log_of, round_of
from api.wire.rounds import DecisionLog, DecisionMade, LogEntry, NewDecision, Number, Undo

router = APIRouter(tags=["decisions"])
EntryNumber = Annotated[Number, Path(description="The number of an entry of the log, from 1."), InDigits]


@router.get("/rounds/{round}/decisions")
def decisions(round: VisibleRound, service: TheService, response: Response) -> DecisionLog:
    """The decision log of a round, in order, with what was undone. Its ETag is the round's."""
    with service.store.reading() as session:
        response.headers["ETag"] = etag(round_of(session, round).version)
        return DecisionLog(entries=log_lines(log_of(session, round)))


@router.post("/rounds/{round}/decisions/effect")
async def effect(round: VisibleRound, service: TheService, wanted: NewDecision, response: Response) -> DecisionMade:
    """What a decision would do to the round's data, before it is taken. Nothing is kept, nothing is solved."""
    state = await run_in_threadpool(_state, service, round)
    row = dated(wanted.row, utc_now().date())
    found = await service.apart.run(effect_of_row, state.sent, state.rows, row, service.settings.rows)
    response.headers["ETag"] = etag(state.version)
    return _made(found, None)


@router.post("/rounds/{round}/decisions", status_code=HTTPStatus.CREATED)
async def decide(
    round: VisibleRound, person: Team, service: TheService, wanted: NewDecision, response: Response,
    if_match: IfMatch = None,
) -> DecisionMade:  # fmt: skip
    """Take a decision: a row of the sheet Decisions.

    It is checked like any row of a workbook, with the round's data: one that would not be carried out, or that stands
    against another, is refused with everything that is said against it. If-Match names the version that was seen.
    """
    state = await run_in_threadpool(_state, service, round)
    must_match(if_match, state.version, "The round was changed meanwhile: see its decisions and workbooks.")
    row = dated(wanted.row, utc_now().date())
    found = await service.apart.run(effect_of_row, state.sent, state.rows, row, service.settings.rows)
    made = await run_in_threadpool(
        _add, service, person, round, state, found, Entry(state.decisions + 1, row, None), None
    )
    response.headers.update({"Location": f"/v1/rounds/{round}/decisions", "ETag": etag(state.version + 1)})
    return made


@router.post("/rounds/{round}/decisions/{number}/undo", status_code=HTTPStatus.CREATED)
async def undo(
    round: VisibleRound, person: Team, service: TheService, number: EntryNumber, response: Response,
    wanted: Undo | None = None, if_match: IfMatch = None,
) -> DecisionMade:  # fmt: skip
    """Undo an entry of the log by another one; the log keeps both. An undo can be undone."""
    state, log = await run_in_threadpool(_state_and_log, service, round)
    must_match(if_match, state.version, "The round was changed meanwhile: see its decisions and workbooks.")
    if not any(entry.number == number for entry in log):
        raise NotFoundError(f"The log has no entry {number}.")
    if any(entry.undoes == number and entry.number not in undone(log) for entry in log):
        raise ConflictError(f"Entry {number} is undone already. To bring it back, undo the entry that undid it.")
    entry = Entry(max(e.number for e in log) + 1, None, number)
    rows = in_force((*log, entry))
    found = await service.apart.run(effect_of_log, state.sent, state.rows, rows, service.settings.rows)
    why = None if wanted is None else wanted.why
    made = await run_in_threadpool(_add, service, person, round, state, found, entry, why)
    response.headers.update({"Location": f"/v1/rounds/{round}/decisions", "ETag": etag(state.version + 1)})
    return made


def _state(service: Service, round: str) -> InForce:
    with service.store.reading() as session:
        return in_force_of(session, round)


def _state_and_log(service: Service, round: str) -> tuple[InForce, tuple[Entry, ...]]:
    with service.store.reading() as session:
        return in_force_of(session, round), entries(log_of(session, round))


def _add(
    service: Service, person: Person, round: str, state: InForce, effect: Effect, entry: Entry, why: str | None
) -> DecisionMade:
    """Keep an entry, unless the round was changed since its effect was looked at."""
    now = utc_now()
    with service.store.transaction() as session:
        changing(session, round, lambda version: must_match(etag(state.version), version), now)
        added = add_entry(
            session, round, row=entry.row, undoes=entry.undoes, why=why, by=person.account, now=now
        )  # fmt: skip
        action = "decided" if entry.undoes is None else "undone"
        details = {"number": added.number, "row": added.row, "undoes": added.undoes}
        audit.record(session, person.account, action, round, details, now)
        log = log_of(session, round)
    return _made(effect, next(line for line in log_lines(log) if line.number == added.number))


def _made(effect: Effect, entry: LogEntry | None) -> DecisionMade:
    digest = effect.facts.dataset_digest
    return DecisionMade(entry=entry, remarks=effect.remarks, changes=effect.changes, dataset_digest=digest)
