"""``/v1/rounds/{round}/replies``: what agencies replied, looked at, accepted into the log or refused."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from allocator.results import PLAN
from allocator.views.agency_forms import hosts
from allocator.views.facts import Facts
from allocator.views.version import version
from api.access.people import Person, Team
from api.inputs.folding import workbook_in_force
from api.inputs.replying import AllTaken, FormCame, ProposalTaken, forms_read, proposals_taken
from api.inputs.sending import Sent
from api.jobs.looking import FILES
from api.jobs.replying import Answered, KeptReply, LookedProposal, LookedReplies, RepliesAsked
from api.problems import ConflictError, NotFoundError, UnusableError
from api.routes.accepting import IdempotencyKey, Wanted, accepted
from api.routes.conditions import IfMatch, IfNoneMatch, etag, must_match
from api.routes.deciding import CHANGED, InForce, in_force_of
from api.routes.looking import answer_of, file_model
from api.routes.rounds import VisibleRound
from api.routes.runs import VisibleRun
from api.routes.service import Service, TheService
from api.routes.submitting import FORM, files_of, type_of
from api.sharing.facts import facts_of_run
from api.store import audit
from api.store.listing import is_current, newest_plan
from api.store.moments import utc_now
from api.store.replies import add_answer, add_reply, answers_to, newest_look, replies_of, standing
from api.store.rounds import add_entry, changing
from api.store.runs import file_of
from api.store.tables import Reply, ReplyAnswer, Run
from api.store.versions import add_step
from api.wire.replies import (
    AnswerLine,
    LookWanted,
    NotTaken,
    RepliesAccepted,
    RepliesCame,
    RepliesToAccept,
    RepliesToRefuse,
    ReplyLine,
    ReplyList,
)
from api.wire.runs import Accepted
from models.plan import Plan

router = APIRouter(tags=["replies"])
FORMS = {
    "type": "object",
    "required": ["form"],
    "additionalProperties": False,
    "properties": {
        "form": {
            "type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"},
            "description": "Reply forms (.xlsx) that came back; the field may come several times.",
        }
    },
}  # fmt: skip


class _State(NamedTuple):
    """Replies of a round that count, what was done with replies, and the version of the plan that they answer."""

    replies: tuple[Reply, ...]
    answers: tuple[ReplyAnswer, ...]
    version: str | None


@router.get("/rounds/{round}/replies")
def replies(round: VisibleRound, service: TheService) -> ReplyList:
    """What agencies replied, on their pages and in forms that came back, and which agencies have not."""
    with service.store.reading() as session:
        run = plan_answered(session, round)
        return reply_list(session, round, facts_of_run(session, run) if run else None)


@router.post(
    "/rounds/{round}/replies", status_code=HTTPStatus.CREATED,
    openapi_extra={"requestBody": {"required": True, "content": {FORM: {"schema": FORMS}}}},
)  # fmt: skip
async def read_forms(
    round: VisibleRound, person: Team, service: TheService, request: Request, response: Response
) -> RepliesCame:  # fmt: skip
    """Read reply forms that came back as files. What is in them is kept, the files are not."""
    type_of(request, FORM)
    forms = await files_of(request, service.settings, "form")
    response.headers["Location"] = f"/v1/rounds/{round}/replies"
    return await forms_kept(service, person, round, forms)


@router.post("/rounds/{round}/replies/look", status_code=HTTPStatus.ACCEPTED, response_model=Accepted)
async def look_at_replies(
    round: VisibleRound, person: Team, service: TheService, wanted: LookWanted, idempotency_key: IdempotencyKey = None
) -> JSONResponse:  # fmt: skip
    """Ask what each reply would do to the plan and whom it harms: a run, which answers at its end."""

    def found() -> tuple[InForce, _State]:
        with service.store.reading() as session:
            return in_force_of(session, round), _state(session, round)

    state, came = await run_in_threadpool(found)
    if not came.replies:
        raise ConflictError("There is no reply to look at: none came, or all were set aside.")
    asked = RepliesAsked(
        replies=tuple(KeptReply(number=r.number, name=r.name, form=r.form) for r in came.replies),
        answered=tuple(Answered(reply=a.reply, where=a.place, says=a.says) for a in came.answers if a.place),
        in_force=came.version,
    )
    sent = await service.apart.run(workbook_in_force, state.sent, state.entries)
    what = Wanted(sent, {}, wanted.limits, round, state.decisions, "replies", asked)
    return await accepted(service, person, what, idempotency_key)


@router.get("/runs/{run}/replies", response_class=Response, responses=file_model(LookedReplies))
def looked(found: VisibleRun, service: TheService, if_none_match: IfNoneMatch = None) -> Response:
    """What replies propose, what each does, whom it harms, and which of them harm nobody together."""
    return answer_of(service, found, "replies", if_none_match)


@router.post("/rounds/{round}/replies/accept", status_code=HTTPStatus.CREATED)
async def accept(
    round: VisibleRound, person: Team, service: TheService, wanted: RepliesToAccept, response: Response,
    if_match: IfMatch = None,
) -> RepliesAccepted:  # fmt: skip
    """Accept what replies propose: decisions and steps of matches, as if they were taken one by one.

    The run has to be of the data in force. One that may not be taken, such as since another one contradicts it, is
    named in `refused`; the others are.
    """

    def found() -> tuple[InForce, dict[int, LookedProposal]]:
        with service.store.reading() as session:
            state = in_force_of(session, round)
            must_match(if_match, state.version, CHANGED)
            if not is_current(session, _look_of(session, round, wanted.run)):
                raise ConflictError("The data changed since the replies were looked at: look at them anew.")
            return state, _chosen(session, round, wanted.run, wanted.proposals)

    state, chosen = await run_in_threadpool(found)
    steps = {number: proposal.steps for number, proposal in chosen.items()}
    rows, today = service.settings.rows, date.today()
    taken = await service.apart.run(proposals_taken, state.sent, state.entries, steps, wanted.by, rows, today)
    await run_in_threadpool(_keep_taken, service, person, round, state, chosen, taken)
    response.headers.update({"Location": f"/v1/rounds/{round}/decisions", "ETag": etag(state.version + 1)})
    return RepliesAccepted(
        accepted=tuple(one.number for one in taken.each if one.refused is None),
        refused=tuple(NotTaken(number=one.number, why=one.refused) for one in taken.each if one.refused is not None),
        remarks=taken.remarks, dataset_digest=taken.dataset_digest,
    )  # fmt: skip


@router.post("/rounds/{round}/replies/refuse")
def refuse(round: VisibleRound, person: Team, service: TheService, wanted: RepliesToRefuse) -> ReplyList:
    """Refuse what replies propose, or set whole replies aside; their agency reads the reason."""
    now = utc_now()
    with service.store.transaction() as session:
        there = {reply.number: reply for reply in replies_of(session, round)}
        if unknown := [number for number in wanted.replies if number not in there]:
            raise UnusableError(f"The round has no reply {', '.join(map(str, unknown))}.")
        if wanted.proposals and wanted.run is None:
            raise UnusableError("Name the run that the proposals are of.")
        chosen = _chosen(session, round, wanted.run, wanted.proposals) if wanted.run else {}
        aside = {answer.reply for answer in answers_to(session, round) if not answer.place}
        what = [(number, "", "") for number in dict.fromkeys(wanted.replies) if number not in aside]
        what += [(one.reply, one.where, one.says) for one in chosen.values()]
        for reply, place, says in what:
            add_answer(
                session, there[reply], place=place, says=says, accepted=False, reason=wanted.reason,
                by=person.account, now=now,
            )  # fmt: skip
        details = {"replies": [[*one] for one in what], "reason": wanted.reason}
        audit.record(session, person.account, "replies_refused", round, details, now)
        run = plan_answered(session, round)
        return reply_list(session, round, facts_of_run(session, run) if run else None)


async def forms_kept(service: Service, person: Person, round: str, forms: Sequence[Sent]) -> RepliesCame:
    """Read forms that came back as files, and keep what is in them.

    Parameters
    ----------
    service
        The running one.
    person
        Who read them in.
    round
        Id.
    forms
        The files.

    Raises
    ------
    AllocationError
        The round has no workbook, or one that cannot be used.
    """

    def state() -> InForce:
        with service.store.reading() as session:
            return in_force_of(session, round)

    found = await run_in_threadpool(state)
    came = await service.apart.run(forms_read, found.sent, found.entries, forms, service.settings.rows)
    return await run_in_threadpool(_keep_forms, service, person, round, came)


def reply_list(session: Session, round: str, facts: Facts | None) -> ReplyList:
    """The replies of a round.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    facts
        Of the plan that agencies reply to; None where there is none.
    """
    there, answers = replies_of(session, round), answers_to(session, round)
    counts = standing(there, answers)
    replied, look = {reply.agency for reply in counts}, newest_look(session, round)
    aside = (answer.made for answer in answers if not answer.place)
    last = max((*(reply.made for reply in there), *aside), default=None)
    holds = look is not None and is_current(session, look) and (last is None or look.created >= last)
    return ReplyList(
        replies=tuple(_line(reply, stands=reply in counts) for reply in there),
        answers=tuple(
            AnswerLine(
                reply=a.reply, where=a.place, says=a.says, accepted=a.accepted, reason=a.reason, made_by=a.made_by,
                made=a.made,
            )
            for a in answers
        ),
        waited_for=tuple(sorted(hosts(facts) - replied)) if facts else (),
        look=look.id if look else None, look_holds=holds,
    )  # fmt: skip


def plan_answered(session: Session, round: str) -> str | None:
    """The run whose plan agencies of a round reply to: the one that is shared, else the newest; None without one."""
    wanted = select(Run.id).where(Run.round == round, Run.kind != "scenarios", Run.shared.is_not(None))
    shared = session.scalar(wanted.limit(1))
    newest = newest_plan(session, round) if shared is None else None
    return shared or (newest.run if newest else None)


def _state(session: Session, round: str) -> _State:
    answers, run = answers_to(session, round), plan_answered(session, round)
    plan = Plan.model_validate_json(file_of(session, run, PLAN)) if run else None
    return _State(standing(replies_of(session, round), answers), answers, version(plan) if plan else None)


def _look_of(session: Session, round: str, id: str) -> Run:
    run = session.get(Run, id)
    if run is None or run.round != round or run.kind != "replies":
        raise NotFoundError("There is no such run that looked at the replies of this round.")
    return run


def _chosen(session: Session, round: str, run: str, numbers: Sequence[int]) -> dict[int, LookedProposal]:
    """Proposals of a run by number, in their order."""
    found = _look_of(session, round, run)
    answer = LookedReplies.model_validate_json(file_of(session, found.id, FILES["replies"]))
    there = {one.number: one for one in answer.proposals}
    if unknown := [number for number in numbers if number not in there]:
        raise UnusableError(f"The run proposes nothing of number {', '.join(map(str, unknown))}.")
    done = {(answer.reply, answer.place, answer.says) for answer in answers_to(session, round)}
    chosen = {number: there[number] for number in sorted(set(numbers))}
    if over := [number for number, one in chosen.items() if (one.reply, one.where, one.says) in done]:
        raise ConflictError(f"Already accepted or refused: {', '.join(map(str, over))}. Look at the list anew.")
    return chosen


def _keep_forms(service: Service, person: Person, round: str, came: Sequence[FormCame]) -> RepliesCame:
    now = utc_now()
    with service.store.transaction() as session:
        lines = []
        for one in came:
            made = add_reply(
                session, round, name=one.name, agency=one.agency, run=None, form=one.form, by=person.account, now=now
            )
            lines.append(_line(made, stands=True))
        details = {"replies": [[line.number, line.name, line.agency] for line in lines]}
        audit.record(session, person.account, "reply_forms_read", round, details, now)
    return RepliesCame(replies=tuple(lines))


def _keep_taken(
    service: Service, person: Person, round: str, state: InForce, chosen: Mapping[int, LookedProposal], taken: AllTaken
) -> None:
    """Keep what was taken, unless the round was changed meanwhile; nothing where nothing may be taken."""
    each, now = [one for one in taken.each if one.refused is None], utc_now()
    if not each:
        return
    with service.store.transaction() as session:
        changing(session, round, lambda version: must_match(etag(state.version), version), now)
        there = {reply.number: reply for reply in replies_of(session, round)}
        numbers: list[int] = []
        for one in each:
            proposal = chosen[one.number]
            numbers += _kept(session, person, round, state, one, proposal.says)
            add_answer(
                session, there[proposal.reply], place=proposal.where, says=proposal.says, accepted=True, reason=None,
                by=person.account, now=now,
            )  # fmt: skip
        details = {"replies": [[chosen[one.number].reply, chosen[one.number].says] for one in each]}
        audit.record(
            session, person.account, "replies_accepted", round, details | {"decisions": numbers}, now
        )  # fmt: skip


def _kept(
    session: Session, person: Person, round: str, state: InForce, one: ProposalTaken, says: str
) -> list[int]:  # fmt: skip
    """The rows of a proposal as entries of the log, with what is typed beside them; without rows it is a step."""
    number, by, now = state.number, person.account, utc_now()
    if not one.rows:
        add_step(session, round, done=says, cells=one.cells, workbook=number, by=by, now=now)
    added = [
        add_entry(session, round, row=row, undoes=None, cells=() if n else one.cells, workbook=number, by=by, now=now)
        for n, row in enumerate(one.rows)
    ]
    return [entry.number for entry in added]


def _line(reply: Reply, *, stands: bool) -> ReplyLine:
    rows = reply.form["rows"]
    return ReplyLine(
        number=reply.number, name=reply.name, agency=reply.agency, run=reply.run, stands=stands,
        answered=sum(bool(row["replies"] or row["unreadable"]) for row in rows), rows=len(rows),
        issues=reply.form["issues"], said=tuple(reply.form["said"]), made_by=reply.made_by, made=reply.made,
    )  # fmt: skip
