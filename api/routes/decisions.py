"""``/v1/rounds/{round}/decisions``: what a person decided, looked at before it is taken; undone, never erased."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.concurrency import run_in_threadpool

from api.access.people import Person, Team
from api.inputs.entering import Effect, effect_of_row, effect_of_undo
from api.inputs.folding import log_in_force
from api.jobs.looking import EffectAsked
from api.problems import ChangedMeanwhileError, NotFoundError
from api.routes.accepting import Wanted, accepted
from api.routes.conditions import IfMatch, etag, must_match
from api.routes.deciding import CHANGED, InForce, in_force_of, log_lines
from api.routes.parameters import InDigits
from api.routes.rounds import VisibleRound
from api.routes.service import Service, TheService
from api.store import audit
from api.store.moments import utc_now
from api.store.rounds import add_entry, changing, datasets_of, log_of, round_of
from api.store.tables import Decision
from api.wire.looking import DecisionToLookAt
from api.wire.rounds import DecisionLog, DecisionMade, LogEntry, NewDecision, Number, Undo
from api.wire.runs import Accepted
from models.errors import AllocationError, RefusedError

router = APIRouter(tags=["decisions"])
EntryNumber = Annotated[Number, Path(description="The number of an entry of the log, from 1."), InDigits]


@router.get("/rounds/{round}/decisions")
async def decisions(round: VisibleRound, service: TheService, response: Response) -> DecisionLog:
    """The decision log of a round, in order, with what was undone. Its ETag is the round's."""
    version, log, state = await run_in_threadpool(_log, service, round)
    response.headers["ETag"] = etag(version)
    if state is None:
        return DecisionLog(entries=(), rows=())
    rows = await service.apart.run(log_in_force, state.sent, state.entries, service.settings.rows)
    undone = {row.id for row in rows if row.state == "undone" and row.id is not None}
    return DecisionLog(entries=log_lines(log, undone), rows=rows)


@router.post("/rounds/{round}/decisions/effect")
async def effect(
    round: VisibleRound, person: Team, service: TheService, wanted: DecisionToLookAt, response: Response
) -> DecisionMade:  # fmt: skip
    """What a decision would do to the round's data, before it is taken. Nothing is kept of it.

    What it would do to the plan has to be solved for: with `plan` a run is asked for, whose effect is the comparison of
    the plan as it is with the plan after it.
    """
    state = await run_in_threadpool(_state, service, round)
    response.headers["ETag"] = etag(state.version)
    found = await _effect(service, state, wanted)
    made = _made(found, None)
    if not wanted.plan:
        return made
    asked = EffectAsked(row=wanted.row, log=state.entries)
    what = Wanted(state.sent, {}, wanted.limits, round, state.decisions, "effect", asked, found.before)
    run = Accepted.model_validate_json(bytes((await accepted(service, person, what, None)).body))
    return made.model_copy(update={"run": run.id})


@router.post("/rounds/{round}/decisions", status_code=HTTPStatus.CREATED)
async def decide(
    round: VisibleRound, person: Team, service: TheService, wanted: NewDecision, response: Response,
    if_match: IfMatch = None,
) -> DecisionMade:  # fmt: skip
    """Take a decision: a row of the sheet Decisions.

    It is entered as `placements decide` enters it, and refused in the same words: one that cannot be read in full, is
    about what is over, has no effect, or contradicts one in force, with both rows and what to undo first. If-Match
    names the version that was seen; where that is an old one, nothing is kept, and the answer has the effect of the
    decision on the state that is in force now.
    """
    state = await run_in_threadpool(_state, service, round)
    try:
        must_match(if_match, state.version, CHANGED)
        found = await _effect(service, state, wanted)
        made = await run_in_threadpool(_add, service, person, round, state, found)
    except ChangedMeanwhileError as error:
        now = await run_in_threadpool(_state, service, round)
        raise await _anew(service, now, wanted, error) from error
    response.headers.update({"Location": f"/v1/rounds/{round}/decisions", "ETag": etag(state.version + 1)})
    return made


@router.post("/rounds/{round}/decisions/{number}/undo", status_code=HTTPStatus.CREATED)
async def undo(
    round: VisibleRound, person: Team, service: TheService, number: EntryNumber, wanted: Undo, response: Response,
    if_match: IfMatch = None,
) -> DecisionMade:  # fmt: skip
    """Undo an entry of the log by another one; the log keeps both. An undo can be undone.

    A row that was typed into the workbook is undone by a decision of its own: `undo`, with its id in `value`.
    """
    state = await run_in_threadpool(_state, service, round)
    must_match(if_match, state.version, CHANGED)
    if not any(entry.number == number for entry in state.entries):
        raise NotFoundError(f"The log has no entry {number}.")
    rows, today = service.settings.rows, date.today()
    found = await service.apart.run_again(
        effect_of_undo, state.sent, state.entries, number, wanted.by, wanted.why, rows, today
    )  # fmt: skip
    made = await run_in_threadpool(_add, service, person, round, state, found)
    response.headers.update({"Location": f"/v1/rounds/{round}/decisions", "ETag": etag(state.version + 1)})
    return made


async def _effect(service: Service, state: InForce, wanted: NewDecision) -> Effect:
    rows, today = service.settings.rows, date.today()
    return await service.apart.run_again(effect_of_row, state.sent, state.entries, wanted.row, rows, today)


async def _anew(
    service: Service, state: InForce, wanted: NewDecision, error: ChangedMeanwhileError
) -> ChangedMeanwhileError:  # fmt: skip
    """That somebody was first, with what the decision would do now, or why it is refused now."""
    try:
        found = _made(await _effect(service, state, wanted), None).model_dump(mode="json")
    except RefusedError as now:
        more = {"undo_first": list(now.undo_first)}
        return ChangedMeanwhileError(f"{error.detail} {now}", now.issues, error.headers, more)
    except AllocationError as now:
        return ChangedMeanwhileError(f"{error.detail} {now}", headers=error.headers)
    return ChangedMeanwhileError(error.detail, headers=error.headers, more={"effect": found})


def _state(service: Service, round: str) -> InForce:
    with service.store.reading() as session:
        return in_force_of(session, round)


def _log(service: Service, round: str) -> tuple[int, tuple[Decision, ...], InForce | None]:
    """A round's version and its log, and its state where it has a workbook."""
    with service.store.reading() as session:
        state = in_force_of(session, round) if datasets_of(session, round) else None
        return round_of(session, round).version, log_of(session, round), state


def _add(service: Service, person: Person, round: str, state: InForce, effect: Effect) -> DecisionMade:
    """Keep an entry, unless the round was changed since its effect was looked at."""
    now = utc_now()
    with service.store.transaction() as session:
        changing(session, round, lambda version: must_match(etag(state.version), version), now)
        added = add_entry(
            session, round, row=effect.row, undoes=effect.undoes, cells=effect.cells, workbook=state.number,
            by=person.account, now=now,
        )  # fmt: skip
        action = "decided" if added.undoes is None else "undone"
        details = {"number": added.number, "row": added.row, "undoes": added.undoes}
        audit.record(session, person.account, action, round, details, now)
        log = log_of(session, round)
    return _made(effect, next(line for line in log_lines(log, ()) if line.number == added.number))


def _made(effect: Effect, entry: LogEntry | None) -> DecisionMade:
    return DecisionMade(
        entry=entry, decision=effect.entry, remarks=effect.remarks, changes=effect.changes,
        dataset_digest=effect.facts.dataset_digest,
    )  # fmt: skip
