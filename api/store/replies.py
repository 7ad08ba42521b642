"""Replies of agencies in a round, what the team did with them, and drafts; replies are only added to."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.store.rounds import round_of
from api.store.tables import Reply, ReplyAnswer, ReplyDraft, Round, Run


def add_reply(
    session: Session, round: str, *, name: str, agency: str | None, run: str | None, form: Mapping[str, Any], by: str,
    now: datetime,
) -> Reply:  # fmt: skip
    """Keep a reply.

    Parameters
    ----------
    session
        That writes; the round is held until the transaction ends.
    round
        Id.
    name
        What the form is called; one that is there already gets a number behind it.
    agency
        Whose it is, where the form tells.
    run
        The one whose plan the agency's page showed; None of a file.
    form
        As it was read, its name left out.
    by, now
        Account, and when.

    Returns
    -------
    Reply
        With its number, from 1.
    """
    _hold(session, round, now)
    there = {reply.name for reply in replies_of(session, round)}
    ending = PurePath(name).suffix
    names = (name if n == 1 else f"{name.removesuffix(ending)} ({n}){ending}" for n in count(1))
    free = next(name for name in names if name not in there)
    made = Reply(
        id=secrets.token_hex(16), round=round, number=len(there) + 1, name=free, agency=agency, run=run,
        form=dict(form), made_by=by, made=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def replies_of(session: Session, round: str, agency: str | None = None) -> tuple[Reply, ...]:
    """The replies of a round in order: all, or those of an agency."""
    wanted = select(Reply).where(Reply.round == round)
    if agency is not None:
        wanted = wanted.where(Reply.agency == agency)
    return tuple(session.scalars(wanted.order_by(Reply.number)))


def answers_to(session: Session, round: str) -> tuple[ReplyAnswer, ...]:
    """What the team did with the replies of a round, in order."""
    return tuple(session.scalars(select(ReplyAnswer).where(ReplyAnswer.round == round).order_by(ReplyAnswer.number)))


def standing(replies: Iterable[Reply], answers: Iterable[ReplyAnswer]) -> tuple[Reply, ...]:
    """The replies that count: none that the team set aside, and of an agency's on its page the last.

    Parameters
    ----------
    replies
        Of a round, in order.
    answers
        What the team did with them.
    """
    aside = {answer.reply for answer in answers if not answer.place}
    replies = tuple(replies)
    last = {reply.agency: reply.number for reply in replies if reply.run is not None}
    return tuple(
        reply for reply in replies
        if reply.number not in aside and (reply.run is None or last[reply.agency] == reply.number)
    )  # fmt: skip


def add_answer(
    session: Session, reply: Reply, *, place: str, says: str, accepted: bool, reason: str | None, by: str, now: datetime
) -> ReplyAnswer:  # fmt: skip
    """Note what the team does with something that a reply proposes.

    Parameters
    ----------
    session
        That writes; the round is held until the transaction ends.
    reply
        Which.
    place, says
        Where in the form it stands, and what it proposes; both are empty for the reply as a whole.
    accepted, reason
        Whether it is accepted, and else why not.
    by, now
        Account, and when.
    """
    _hold(session, reply.round, now)
    last = session.scalar(select(func.max(ReplyAnswer.number)).where(ReplyAnswer.round == reply.round)) or 0
    made = ReplyAnswer(
        id=secrets.token_hex(16), round=reply.round, number=last + 1, reply=reply.number, place=place, says=says,
        accepted=accepted, reason=reason, made_by=by, made=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def draft_of(session: Session, run: str, agency: str) -> ReplyDraft | None:
    """What an agency has typed of its reply to a run's plan; None where there is nothing."""
    return session.get(ReplyDraft, (run, agency))


def keep_draft(
    session: Session, run: str, agency: str, answers: Sequence[Mapping[str, Any]], by: str, now: datetime
) -> ReplyDraft:
    """Keep what an agency has typed, in place of what it had before."""
    drop_draft(session, run, agency)
    made = ReplyDraft(run=run, agency=agency, answers=[dict(row) for row in answers], saved_by=by, saved=now)
    session.add(made)
    session.flush()
    return made


def drop_draft(session: Session, run: str, agency: str) -> None:
    """Forget what an agency has typed: it is sent."""
    session.execute(delete(ReplyDraft).where(ReplyDraft.run == run, ReplyDraft.agency == agency))


def newest_look(session: Session, round: str) -> Run | None:
    """The last run that looked at the replies of a round; None before there is one."""
    wanted = select(Run).where(Run.round == round, Run.kind == "replies")
    return session.scalar(wanted.order_by(Run.created.desc(), Run.id.desc()).limit(1))


def _hold(session: Session, round: str, now: datetime) -> None:
    """Let nobody else add to the round until the transaction ends; it was touched."""
    round_of(session, round)
    found = session.get_one(Round, round, with_for_update=True)
    found.touched, found.announced = now, None
