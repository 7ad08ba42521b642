"""Deleting for good: a round or a run with all that is known through it alone, down to the bytes of the database.

What the audit says of it stays, without its details: that there was a round, who deleted it, and when.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Text, cast, delete, func, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.problems import NotFoundError
from api.store import audit
from api.store.contents import sweep
from api.store.opening import Store
from api.store.scrubbing import scrub
from api.store.tables import (
    AuditEntry,
    Decision,
    MatchStep,
    Membership,
    PublishedVersion,
    Repeated,
    Round,
    RoundDataset,
    Run,
    RunFile,
)
from api.store.versions import FILES

ROUND_DELETED, RUN_DELETED = DELETIONS = "round_deleted", "run_deleted"


class Deleted(NamedTuple):
    """What went: runs, contents that nothing else held, audit entries whose details were blotted out.

    ``scrubbed`` tells whether the database was rewritten without it at once; if others were at work in it for too
    long, the daily retention does so.
    """

    runs: int
    contents: int
    blotted: int
    scrubbed: bool


class Losses(NamedTuple):
    """What goes with a round: how many of each, and how many plans of it ever left the team."""

    workbooks: int
    decisions: int
    runs: int
    versions: int
    members: int
    shared: int


def losses_of(session: Session, id: str) -> Losses:
    """What would go with a round.

    Parameters
    ----------
    session
        That reads.
    id
        The round.
    """
    tables = (RoundDataset, Decision, Run, PublishedVersion, Membership)
    counts = (session.scalars(select(func.count()).where(table.round == id)).one() for table in tables)
    workbooks, decisions, runs, versions, members = counts
    shared = len(session.get_one(Round, id).plans_shared)
    return Losses(workbooks, decisions, runs, versions, members, shared)


def delete_round(store: Store, id: str, by: str, now: datetime) -> Deleted:
    """Delete a round with its datasets, decisions, versions, runs and their results; rewrite the database without it.

    Parameters
    ----------
    store
        Never from within a transaction of the same thread.
    id
        The round.
    by, now
        Who and when.

    Returns
    -------
    Deleted
        What went.

    Raises
    ------
    NotFoundError
        There is none.
    """
    with store.transaction() as session:
        gone = forget_round(session, id, by, now)
    return gone._replace(scrubbed=scrub(store, now))


def delete_run(store: Store, id: str, by: str, now: datetime) -> Deleted:
    """Delete a run with its results and events; whoever works on it is refused from then on.

    Parameters
    ----------
    store
        Never from within a transaction of the same thread.
    id
        The run.
    by, now
        Who and when.

    Returns
    -------
    Deleted
        What went. The database is rewritten without it by the daily retention.

    Raises
    ------
    NotFoundError
        There is none.
    """
    with store.transaction() as session:
        return forget_run(session, id, by, now)


def forget_round(session: Session, id: str, by: str, now: datetime) -> Deleted:
    """As :func:`delete_round`, as the first thing of a transaction, and without rewriting."""
    alone(session)
    if session.get(Round, id) is None:
        raise NotFoundError("There is no such round.")
    runs = session.scalars(select(Run.id).where(Run.round == id)).all()
    ids = {id, *runs, *_ids(session, RoundDataset.id, RoundDataset.round, id)}
    ids |= _ids(session, Decision.id, Decision.round, id) | _ids(session, MatchStep.id, MatchStep.round, id)
    ids |= _ids(session, PublishedVersion.id, PublishedVersion.round, id)
    held = _ids(session, RoundDataset.source, RoundDataset.round, id) | _held_by_runs(session, runs)
    for column in FILES:
        held |= _ids(session, getattr(PublishedVersion, column), PublishedVersion.round, id)
    session.execute(delete(Round).where(Round.id == id))
    return _forget(session, id, ids, held, len(runs), (by, ROUND_DELETED, now))


def forget_run(session: Session, id: str, by: str, now: datetime) -> Deleted:
    """As :func:`delete_run`, as the first thing of a transaction."""
    alone(session)
    if session.get(Run, id) is None:
        raise NotFoundError("There is no such run.")
    held = _held_by_runs(session, [id])
    session.execute(delete(Run).where(Run.id == id))
    return _forget(session, id, {id}, held, 1, (by, RUN_DELETED, now))


def alone(session: Session) -> None:
    """Let nobody keep or refer to a content meanwhile; taken before anything else, so that nobody waits for us."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("lock table content in exclusive mode"))


def _ids(session: Session, column: InstrumentedAttribute[str], of: InstrumentedAttribute[str], id: str) -> set[str]:
    return set(session.scalars(select(column).where(of == id)))


def _held_by_runs(session: Session, runs: Iterable[str]) -> set[str]:
    held: set[str] = set()
    for run in runs:
        held |= _ids(session, Run.source, Run.id, run) | _ids(session, RunFile.digest, RunFile.run, run)
    return held


def _forget(
    session: Session, id: str, ids: set[str], held: set[str], runs: int, said: tuple[str, str, datetime]
) -> Deleted:
    """What cascades do not reach: contents, answers kept for repeated requests, details of the audit."""
    session.expire_all()
    contents = sweep(session, held)
    repeated = select(Repeated.account, Repeated.key, cast(Repeated.headers, Text), cast(Repeated.body, Text))
    for account, key, *texts in session.execute(repeated).all():
        if any(_names(words, ids) for words in texts):
            session.execute(delete(Repeated).where(Repeated.account == account, Repeated.key == key))
    entries = select(AuditEntry.number, AuditEntry.subject, cast(AuditEntry.details, Text))
    entries = entries.where(AuditEntry.salt.is_not(None)).order_by(AuditEntry.number)
    blotted = [number for number, *texts in session.execute(entries) if any(_names(words, ids) for words in texts)]
    for number in blotted:
        session.execute(update(AuditEntry).where(AuditEntry.number == number).values(details=None, salt=None))
    by, action, now = said
    audit.record(session, by, action, id, {"runs": runs, "contents": contents, audit.BLOTTED: blotted}, now)
    return Deleted(runs, contents, len(blotted), scrubbed=False)


def _names(words: str, ids: set[str]) -> bool:
    """Whether a text names one of these ids."""
    return not ids.isdisjoint(re.findall(r"\w+", words))
