"""An agency's own page: what it has to do, its reply form to fill in, its places, its account, and what it sent."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from allocator.views.facts import Facts
from api.access.seeing import seen_run
from api.pages.agency_form import Sheet, form_of_agency, typed_in
from api.pages.plans import ShownPlans
from api.pages.rendering import page, to
from api.pages.visiting import AgencyVisit, Visit
from api.problems import NotFoundError, UnusableError
from api.routes.agency_replies import kept_draft, own_replies, sent_reply
from api.routes.shared import shared
from api.sharing.agency import agency_plan
from api.wire.replies import OwnReplies, ReplyTyped
from api.wire.sharing import AgencyPlan
from models.errors import Issue

router = APIRouter(include_in_schema=False)
SEND, KEEP = "send", "keep"
"""What a button of the form does."""


@router.get("/agency")
def agency(visit: AgencyVisit, run: str = "") -> Response:
    """What the team shared with the agency: the one plan, or a list of several."""
    with visit.service.store.reading() as session:
        there = shared(visit.person, session)
    if not run and len(there) != 1:
        return page(visit, "agency_rounds.html", runs=there)
    return _page(visit, run or there[0].id)


@router.post("/agency")
async def reply(visit: AgencyVisit, request: Request) -> Response:
    """Keep what is typed of the reply, or send it; where something is wrong it is said beside its field."""
    fields = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    return await run_in_threadpool(_taken, visit, fields)


def _taken(visit: Visit, fields: Mapping[str, str]) -> Response:
    run, sends = fields.get("run", ""), fields.get("do") == SEND
    facts = _facts(visit, run)
    typed = typed_in(fields, agency_plan(facts, visit.person.agency or ""))
    try:
        if sends:
            sent_reply(visit.service, visit.person, run, facts, typed)
            return to("/agency", run=run, done="reply-sent")
        problems = kept_draft(visit.service, visit.person, run, facts, typed).problems
        if not problems:
            return to("/agency", run=run, done="draft-kept")
        message = "Your draft is kept. Some of it cannot be read yet: see below, beside the fields."
    except UnusableError as error:
        problems = error.issues
        message = "Nothing was sent: see below what to put right." if problems else error.detail
    return _page(visit, run, typed, problems, message)


def _page(
    visit: Visit, run: str, typed: ReplyTyped | None = None, problems: Iterable[Issue] = (), message: str = ""
) -> Response:
    facts = _facts(visit, run)
    plan = agency_plan(facts, visit.person.agency or "")
    with visit.service.store.reading() as session:
        there = {one.id: one for one in shared(visit.person, session)}
        own = own_replies(session, visit.person, run, facts) if plan.form else OwnReplies(draft=None, sent=())
    sheets = _sheets(plan, own, typed, problems)
    values = {
        "run": there[run],
        "plan": plan,
        "own": own,
        "sheets": sheets,
        "message": message,
        "several": len(there) > 1,
    }
    return page(visit, "own_agency.html", HTTPStatus.UNPROCESSABLE_ENTITY if message else HTTPStatus.OK, **values)


def _sheets(
    plan: AgencyPlan, own: OwnReplies, typed: ReplyTyped | None, problems: Iterable[Issue]
) -> tuple[Sheet, ...]:  # fmt: skip
    """The form with what was just typed, else with the draft, else with what was sent last."""
    if typed is not None:
        return form_of_agency(plan, typed.rows, problems)
    if own.draft is not None:
        return form_of_agency(plan, own.draft.rows, own.draft.problems)
    last = next((reply for reply in own.sent if reply.stands), None)
    return form_of_agency(plan, last.rows if last else (), ())


def _facts(visit: Visit, run: str) -> Facts:
    """Of a plan that is shared with the agency; what is not, is as what is not there."""
    plans = visit.request.app.state.plans
    assert isinstance(plans, ShownPlans)
    with visit.service.store.reading() as session:
        if seen_run(session, visit.person, run).kind == "scenarios":
            raise NotFoundError("This run has no plan that can be shown.")
        return plans.shown(session, run).facts
