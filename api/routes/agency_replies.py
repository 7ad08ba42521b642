"""``/v1/shared/{run}/agency/reply``: an agency's reply to a plan that was shared: typed, kept as a draft, sent."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from allocator.lifecycle.kept_replies import kept_form
from allocator.views.agency_forms import hosts
from allocator.views.facts import Facts, day
from api.access.people import Person
from api.access.seeing import seen_run
from api.problems import NotFoundError, UnusableError
from api.routes.runs import RunId
from api.routes.service import Reading, Service, TheService
from api.routes.shared import OfAgency
from api.sharing.facts import facts_of_run
from api.sharing.replying import form_typed, problems_of, reply_sent, without_names
from api.store import audit
from api.store.moments import utc_now
from api.store.replies import add_reply, answers_to, draft_of, drop_draft, keep_draft, replies_of, standing
from api.store.tables import Account, Reply
from api.wire.replies import Draft, OwnReplies, ReplySent, ReplyTyped, RowTyped

router = APIRouter(tags=["replies"])
TEAM = "the placements team"
"""Who read a form that came as a file, as an agency sees it."""


def run_seen(person: OfAgency, run: RunId, session: Reading) -> str:
    """The run of the address, where it is shared with whoever asks."""
    return seen_run(session, person, run).id


SharedRunId = Annotated[str, Depends(run_seen)]


@router.get("/shared/{run}/agency/reply")
def own_reply(person: OfAgency, run: SharedRunId, session: Reading) -> OwnReplies:
    """What your agency has typed and not sent, and what it sent in this round, with what the team did with it."""
    return own_replies(session, person, run, shared_facts(session, person, run))


@router.put("/shared/{run}/agency/reply")
def keep_reply(person: OfAgency, run: SharedRunId, service: TheService, typed: ReplyTyped) -> Draft:
    """Keep what is typed of your agency's reply form, without sending it; it takes the place of what was kept before.

    What cannot be read is kept too, and is named in `problems`; what names somebody is not kept.
    """
    return kept_draft(service, person, run, _facts(service, person, run), typed)


@router.post("/shared/{run}/agency/reply", status_code=HTTPStatus.CREATED)
def send_reply(person: OfAgency, run: SharedRunId, service: TheService, typed: ReplyTyped) -> ReplySent:
    """Send your agency's reply. The team reads it as a form that came back; of several the last one counts.

    Where a cell cannot be read or a row contradicts itself, the answer is 422 with all of it, and nothing is sent.
    """
    return sent_reply(service, person, run, _facts(service, person, run), typed)


def own_replies(session: Session, person: Person, run: str, facts: Facts) -> OwnReplies:
    """What an agency has typed and sent in the round of a run that is shared with it.

    Parameters
    ----------
    session
        That reads.
    person
        Of the agency.
    run
        Id of a run that they may see.
    facts
        Of the run.
    """
    agency, round = person.agency or "", seen_run(session, person, run).round or ""
    answers, draft = answers_to(session, round), draft_of(session, run, agency)
    counts = {reply.number for reply in standing(replies_of(session, round), answers)}
    sent = tuple(
        reply_sent(reply, answers, _who(session, reply), facts, stands=reply.number in counts)
        for reply in reversed(replies_of(session, round, agency))
    )  # fmt: skip
    kept = None
    if draft is not None:
        rows = tuple(map(RowTyped.model_validate, draft.answers))
        problems = problems_of(form_typed(facts, agency, ReplyTyped(rows=rows), "draft"))
        by = session.get(Account, draft.saved_by)
        kept = Draft(rows=rows, saved_by=by.login if by else "", saved=draft.saved, problems=problems)
    return OwnReplies(draft=kept, sent=sent)


def kept_draft(service: Service, person: Person, run: str, facts: Facts, typed: ReplyTyped) -> Draft:
    """Keep what an agency typed.

    Parameters
    ----------
    service
        The running one.
    person
        Of the agency.
    run, facts
        A run that is shared with it, and what it holds.
    typed
        What they typed.

    Raises
    ------
    UnusableError
        The form has no such row.
    """
    agency, now = person.agency or "", utc_now()
    form = form_typed(facts, agency, typed, "draft")
    rows = without_names(form, typed)
    with service.store.transaction() as session:
        seen_run(session, person, run)
        content = [row.model_dump(mode="json") for row in rows]
        keep_draft(session, run, agency, content, person.account, now)
        by = session.get(Account, person.account)
    return Draft(rows=rows, saved_by=by.login if by else "", saved=now, problems=problems_of(form))


def sent_reply(service: Service, person: Person, run: str, facts: Facts, typed: ReplyTyped) -> ReplySent:
    """Take an agency's reply.

    Parameters
    ----------
    service, person, run, facts, typed
        As for :func:`kept_draft`.

    Raises
    ------
    UnusableError
        Nothing is filled in, a cell cannot be read, or a row contradicts itself: with every one.
    """
    agency, now = person.agency or "", utc_now()
    name = f"{agency[:100]}, on its page {day(now.date())}"
    form = form_typed(facts, agency, typed, name)
    if problems := problems_of(form):
        raise UnusableError(" ".join(problem.message for problem in problems), problems)
    if not any(row.answered for row in form.rows):
        raise UnusableError("Nothing is filled in, so nothing was sent. Answer at least one row.")
    with service.store.transaction() as session:
        round = seen_run(session, person, run).round or ""
        made = add_reply(
            session, round, name=name, agency=agency, run=run, form=kept_form(form), by=person.account, now=now
        )
        drop_draft(session, run, agency)
        details = {"number": made.number, "agency": agency, "run": run}
        audit.record(session, person.account, "reply_sent", round, details, now)
        return reply_sent(made, (), _who(session, made), facts, stands=True)


def shared_facts(session: Session, person: Person, run: str) -> Facts:
    """What a run holds in which an agency has a form.

    Raises
    ------
    NotFoundError
        It is not shared with whoever asks, or has nothing of their agency.
    """
    seen_run(session, person, run)
    facts = facts_of_run(session, run)
    if person.agency not in hosts(facts):
        raise NotFoundError("This plan has no reply form of your agency: it has no offer in it.")
    return facts


def _facts(service: Service, person: Person, run: str) -> Facts:
    with service.store.reading() as session:
        return shared_facts(session, person, run)


def _who(session: Session, reply: Reply) -> str:
    """Who sent a reply: an account of the agency, or the team."""
    account = session.get(Account, reply.made_by)
    own = account is not None and account.role == "agency" and account.agency == reply.agency
    return account.login if own and account is not None else TEAM
