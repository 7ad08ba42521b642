"""What agencies replied: forms read in, what each reply proposes and whom it harms, accepted or refused."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, get_args

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from api.access.accounts import logins_of
from api.inputs.sending import sent
from api.jobs.looking import FILES
from api.jobs.replying import LookedReplies
from api.pages.asking import ask_for_plan
from api.pages.plans import ShownPlans
from api.pages.rendering import page, to
from api.pages.visiting import RoundVisit, TheRoundVisit
from api.pages.withheld import withheld
from api.problems import UnusableError, as_problem, validation_issues
from api.routes.conditions import etag
from api.routes.replies import accept, forms_kept, look_at_replies, plan_answered, refuse, reply_list
from api.store.runs import file_of, files_of
from api.store.tables import Run
from api.wire import OVER
from api.wire.replies import LookWanted, Refusing, RepliesToAccept, RepliesToRefuse, ReplyList
from models.errors import AllocationError

router = APIRouter(include_in_schema=False)
_WHY = "What an agency replied is for it and the team."
REFUSING: tuple[str, ...] = get_args(Refusing)


@router.get("/rounds/{round}/replies")
def replies(visit: TheRoundVisit) -> Response:
    """Replies, what they propose, and whom they wait for."""
    return _page(visit)


@router.post("/rounds/{round}/replies")
async def change_replies(visit: TheRoundVisit, request: Request) -> Response:
    """Read forms in, look at what came, accept or refuse it: what the button says."""
    async with request.form() as form:
        fields = {name: str(value) for name, value in form.items() if isinstance(value, str)}
        chosen = [int(value) for value in form.getlist("proposal") if isinstance(value, str) and value.isdecimal()]
        try:
            done = await _done(visit, form, fields, chosen)
        except (AllocationError, ValidationError) as error:
            return await run_in_threadpool(_page, visit, error, fields, chosen)
    return to(f"/rounds/{visit.round.id}/replies", done=done)


async def _done(visit: RoundVisit, form: FormData, fields: Mapping[str, str], chosen: Sequence[int]) -> str:
    """Do what is asked for, and which notice says so."""
    service, person, round = visit.visit.service, visit.visit.person, visit.round.id
    run, do = fields.get("run"), fields.get("do", "")
    if do == "read":
        files = [one for one in form.getlist("form") if isinstance(one, UploadFile) and one.filename]
        if not files:
            raise UnusableError("No file was chosen. Choose one or more reply forms that came back (.xlsx).")
        most = service.settings.unpacked_bytes
        await forms_kept(service, person, round, [sent(await one.read(), one.filename, most) for one in files])
        return "forms-read"
    if do == "look":
        await look_at_replies(round, person, service, LookWanted(), None)
        return "replies-looked-at"
    if do in ("accept", "harmless"):
        proposals = chosen if do == "accept" else _numbers(fields.get("together", ""))
        if not proposals:
            raise UnusableError("Nothing was chosen. Tick what you want to accept.")
        if not fields.get("by", "").strip():
            raise UnusableError("Say who accepts: initials or a role.")
        wanted = RepliesToAccept(run=run or "", proposals=tuple(proposals), by=fields.get("by", "").strip())
        made = await accept(round, person, service, wanted, Response(), etag(fields.get("version", "")))
        if made.refused:
            raise UnusableError(
                f"{len(made.accepted)} were accepted. " + " ".join(f"{one.number}: {one.why}" for one in made.refused)
            )
        with suppress(AllocationError):  # what was accepted is kept; what is wrong with the data, the runs say
            await ask_for_plan(visit)
        return "replies-accepted"
    whole = [int(value) for value in form.getlist("reply") if isinstance(value, str) and value.isdecimal()]
    if not chosen and not whole:
        raise UnusableError("Nothing was chosen. Tick what you want to refuse.")
    said: dict[str, Any] = {"reason": fields.get("reason"), "run": run, "proposals": chosen, "replies": whole}
    await run_in_threadpool(refuse, round, person, service, RepliesToRefuse.model_validate(said))
    return "replies-refused"


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split() if part.isdecimal()]


def _page(
    visit: RoundVisit, error: AllocationError | ValidationError | None = None, fields: Mapping[str, str] = {},
    chosen: Sequence[int] = (),
) -> Response:  # fmt: skip
    if (refused := withheld(visit, "Replies", _WHY)) is not None:
        return refused
    service, round = visit.visit.service, visit.round.id
    plans = visit.visit.request.app.state.plans
    assert isinstance(plans, ShownPlans)
    with service.store.reading() as session:
        run = plan_answered(session, round)
        found = reply_list(session, round, plans.shown(session, run).facts if run else None)
        look, answer = session.get(Run, found.look) if found.look else None, None
        if look is not None and FILES["replies"] in {file.path for file in files_of(session, look.id)}:
            answer = LookedReplies.model_validate_json(file_of(session, look.id, FILES["replies"]))
        logins = logins_of(session, {*(one.made_by for one in found.replies), *(one.made_by for one in found.answers)})
    if answer is not None:
        answer = _left(answer, found)
    status, message = _said(error)
    values = {
        "found": found, "look": look, "answer": answer, "logins": logins, "refusing": REFUSING, "fields": fields,
        "chosen": set(chosen), "over": look is not None and look.state in OVER,
        "message": message,
    }  # fmt: skip
    return page(visit, "replies.html", status, **values)


def _left(answer: LookedReplies, found: ReplyList) -> LookedReplies:
    """What is left to decide on of what was looked at."""
    done = {(one.reply, one.where, one.says) for one in found.answers}
    left = tuple(one for one in answer.proposals if (one.reply, one.where, one.says) not in done)
    numbers = {one.number for one in left}
    together = tuple(number for number in answer.together if number in numbers)
    return answer.model_copy(update={"proposals": left, "together": together})


def _said(error: AllocationError | ValidationError | None) -> tuple[HTTPStatus, str]:
    """What a page says of what was refused."""
    if error is None:
        return HTTPStatus.OK, ""
    if isinstance(error, ValidationError):
        words = " ".join(issue.message for issue in validation_issues(error.errors(include_url=False)))
        return HTTPStatus.UNPROCESSABLE_ENTITY, words
    return HTTPStatus(as_problem(error)[0]), str(error)
