"""Retention: what nobody touched for long is announced, and deleted for good when its day has come.

A round counts from its last change or run, a run of no round from the day on which it was asked for. What is announced
and then touched is no longer announced. The same daily work removes what has run out (sessions, answers kept for
repeated requests), sweeps contents that nothing refers to, and rewrites the database where something was deleted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from api.settings import Settings
from api.store import audit, contents
from api.store.deleting import DELETIONS, alone, forget_round, forget_run
from api.store.opening import Store
from api.store.scrubbing import SCRUBBED, scrub
from api.store.tables import AuditEntry, Repeated, Round, Run, SignedIn

ANNOUNCED, CARRIED_OUT = "deletion_announced", "retention_carried_out"
REPEATED_FOR = timedelta(days=1)
"""How long the answer to a request is kept, to be given again."""
LOOSE_FOR = timedelta(days=1)
"""After which a content that nothing refers to is swept away."""
EVERY = timedelta(days=1)
_FORGET = {"round": forget_round, "run": forget_run}


class Coming(NamedTuple):
    """A round or a run (``kind``) that is deleted on a day unless somebody touches it.

    ``on``: the first moment at which both the days that it is kept and those of its announcement are over.
    """

    kind: str
    id: str
    on: datetime


class Retained(NamedTuple):
    """What was announced, what was deleted, and whether the database was rewritten (None: nothing was deleted)."""

    announced: tuple[Coming, ...]
    deleted: tuple[Coming, ...]
    scrubbed: bool | None


def coming(session: Session, settings: Settings) -> tuple[Coming, ...]:
    """What is announced, in the order of its day."""
    found = [one for one, announced in _untouched(session, settings, None) if announced is not None]
    return tuple(sorted(found, key=lambda one: (one.on, one.id)))


def is_due(session: Session, now: datetime) -> bool:
    """Whether a day has gone by since retention was carried out."""
    last = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.action == CARRIED_OUT))
    return last is None or now - last >= EVERY


def carry_out(store: Store, settings: Settings, now: datetime) -> Retained:
    """Announce what will be deleted, delete what was announced and is due, and tidy up.

    Parameters
    ----------
    store
        Never from within a transaction of the same thread. Two who do it at once do no harm.
    settings
        ``retention_days`` and ``announce_days``.
    now
        When.

    Returns
    -------
    Retained
        What was done.
    """
    with store.transaction() as session:
        announced = _announce(session, settings, now)
    with store.reading() as session:
        due = [one for one, said in _untouched(session, settings, now) if said is not None and one.on <= now]
    deleted = tuple(one for one in due if _deleted(store, one, now))
    with store.transaction() as session:
        alone(session)
        swept = contents.sweep(session, before=now - LOOSE_FOR)
        session.execute(delete(Repeated).where(Repeated.created < now - REPEATED_FOR))
        session.execute(delete(SignedIn).where(SignedIn.expires < now))
        did = {"announced": len(announced), "deleted": len(deleted), "swept": swept}
        audit.record(session, audit.ITSELF, CARRIED_OUT, "store", did, now)
    return Retained(announced, deleted, scrub(store, now) if swept or _unscrubbed(store) else None)


def _untouched(session: Session, settings: Settings, now: datetime | None) -> list[tuple[Coming, datetime | None]]:
    """Rounds and loose runs whose day comes (``now``: by then), and since when that is announced."""
    kept, ahead = timedelta(days=settings.retention_days), timedelta(days=settings.announce_days)
    rounds = select(Round.id, Round.touched, Round.announced)
    runs = select(Run.id, Run.created, Run.announced).where(Run.round.is_(None))
    if now is not None:
        rounds, runs = rounds.where(Round.touched <= now - kept), runs.where(Run.created <= now - kept)
    return [
        (Coming(kind, id, since + kept if announced is None else max(since + kept, announced + ahead)), announced)
        for kind, wanted in (("round", rounds), ("run", runs))
        for id, since, announced in session.execute(wanted)
    ]


def _announce(session: Session, settings: Settings, now: datetime) -> tuple[Coming, ...]:
    ahead = now + timedelta(days=settings.announce_days)
    found = tuple(
        one._replace(on=max(one.on, ahead)) for one, said in _untouched(session, settings, ahead) if said is None
    )
    for one in found:
        table = Round if one.kind == "round" else Run
        session.execute(update(table).where(table.id == one.id).values(announced=now))
        said: Mapping[str, str] = {"kind": one.kind, "on": one.on.isoformat()}
        audit.record(session, audit.ITSELF, ANNOUNCED, one.id, said, now)
    return found


def _deleted(store: Store, one: Coming, now: datetime) -> bool:
    """Delete it, unless somebody has touched or deleted it meanwhile."""
    with store.transaction() as session:
        alone(session)
        table = Round if one.kind == "round" else Run
        if session.scalar(select(table.announced).where(table.id == one.id)) is None:
            return False
        _FORGET[one.kind](session, one.id, audit.ITSELF, now)
        return True


def _unscrubbed(store: Store) -> bool:
    """Whether something was deleted since the database was last rewritten."""
    last = select(func.coalesce(func.max(AuditEntry.number), 0))
    with store.reading() as session:
        deleted = session.scalars(last.where(AuditEntry.action.in_(DELETIONS))).one()
        return deleted > session.scalars(last.where(AuditEntry.action == SCRUBBED)).one()
