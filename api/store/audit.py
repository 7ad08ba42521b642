"""The audit: who did what when, each entry sealed with the one before, so that a change, a gap or a cut end is seen.

An entry's seal covers its number, time, person, action, subject, the digest of its details, and the seal before. The
details are covered through a salted digest, so that they can be blotted out when a round is deleted and the chain
still holds. Whoever writes into the database itself could seal everything anew: note the head (``placements audit
verify`` prints it) outside of it now and then.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from api.store.inserting import insert_new
from api.store.tables import AuditEntry, AuditHead
from models.errors import UsageError

BEGINNING = "0" * 64
"""The seal before the first entry."""
HEAD = 1
ITSELF = "service"
"""Who does what the service does by itself."""
BLOTTED = "blotted"
"""In the details of the entry that says so: the numbers of the entries whose details were blotted out."""
_PENDING = "audit_pending"


class _Pending(NamedTuple):
    """An entry that waits for the end of its transaction; ``within``: it and those around it."""

    within: tuple[SessionTransaction, ...]
    at: datetime
    who: str
    action: str
    subject: str
    details: dict[str, Any]


def record(session: Session, who: str, action: str, subject: str, details: Mapping[str, Any], now: datetime) -> None:
    """Note what somebody does; it is written with the transaction's last breath, so that nobody waits for the chain.

    Parameters
    ----------
    session
        Of :meth:`Store.transaction`; where it is taken back, so is the entry.
    who
        Account, or the part of the program that does it by itself.
    action
        A word or two with underscores: ``round_deleted``.
    subject
        What it was done to, by id: never a student's, since it cannot be blotted out. An entry of a round or of a run
        names its id here or in the details, so that it is found when the round is deleted.
    details
        What else there is to say, as JSON has it.
    now
        When.
    """
    within, inner = [], session.get_nested_transaction() or session.get_transaction()
    while inner is not None:
        within.append(inner)
        inner = inner.parent
    kept = json.loads(_canonical(dict(details)))
    session.info.setdefault(_PENDING, []).append(
        _Pending(tuple(within), now.astimezone(UTC), who, action, subject, kept)
    )


def verify(session: Session, anchor: tuple[int, str] | None = None) -> int | None:
    """Walk the chain from its beginning.

    Parameters
    ----------
    session
        That reads.
    anchor
        Number and seal of an entry, noted outside of the database: against somebody who seals all of it anew.

    Returns
    -------
    int | None
        The number of the first entry that is not as it was written, or is missing; None where all are.
    """
    anchored, anchor_digest = anchor or (0, BEGINNING)
    number, previous, wiped, blotted = 0, BEGINNING, [], set[int]()
    entries = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)
    with session.scalars(entries) as walked:
        for entry in walked:
            number += 1
            if number == anchored and entry.digest != anchor_digest:
                return number
            if entry.number != number or entry.previous != previous or entry.digest != _seal(entry):
                return number
            if entry.salt is None or entry.details is None:
                wiped.append(number)
            elif entry.details_digest != _details_digest(entry.salt, entry.details):
                return number
            else:
                blotted.update(entry.details.get(BLOTTED, ()))
            previous = entry.digest
    unsaid = [found for found in wiped if found not in blotted]
    if unsaid:
        return unsaid[0]
    return None if head(session) == (number, previous) and number >= anchored else number + 1


class Sought(NamedTuple):
    """Which entries are sought: by whom, of what kind, about what; None: any."""

    who: str | None = None
    action: str | None = None
    subject: str | None = None


def listed(session: Session, sought: Sought, before: int | None, limit: int) -> tuple[AuditEntry, ...]:
    """Entries, newest first.

    Parameters
    ----------
    session
        That reads.
    sought
        Which.
    before
        Only those before this number.
    limit
        How many at most.
    """
    wanted = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(AuditEntry.number < before)
    for name, value in sought._asdict().items():
        if value is not None:
            wanted = wanted.where(getattr(AuditEntry, name) == value)
    return tuple(session.scalars(wanted))


def actions(session: Session) -> tuple[str, ...]:
    """Every kind of entry that there is."""
    return tuple(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def head(session: Session) -> tuple[int, str]:
    """How many entries there are to be, and the seal of the last."""
    found = session.get(AuditHead, HEAD)
    return (0, BEGINNING) if found is None else (found.number, found.digest)


def anchor_of(words: str) -> tuple[int, str]:
    """The number and the seal of ``NUMBER:SEAL``.

    Raises
    ------
    UsageError
        They are none.
    """
    number, _, seal = words.strip().partition(":")
    if not number.isdecimal() or not re.fullmatch("[0-9a-f]{64}", seal):
        raise UsageError("No entry is named so. Allowed: NUMBER:SEAL, as placements audit verify prints them.")
    return int(number), seal


def write_on_commit(sessions: sessionmaker[Session]) -> None:
    """Let these sessions write what was recorded when they commit."""
    event.listen(sessions, "before_commit", _write)
    event.listen(sessions, "after_soft_rollback", _forget)


def _forget(session: Session, ended: SessionTransaction) -> None:
    waiting = session.info.get(_PENDING, [])
    session.info[_PENDING] = [pending for pending in waiting if ended not in pending.within]


def _write(session: Session) -> None:
    """Seal what waits. The head is locked last of all, so that two transactions never wait for each other."""
    if session.in_nested_transaction():
        return
    waiting: list[_Pending] = session.info.pop(_PENDING, [])
    if not waiting:
        return
    session.flush()
    insert_new(session, AuditHead, id=HEAD, number=0, digest=BEGINNING)
    last = session.scalars(select(AuditHead).where(AuditHead.id == HEAD).with_for_update()).one()
    number, previous = last.number, last.digest
    for pending in waiting:
        number += 1
        salt = secrets.token_hex(32)
        entry = AuditEntry(
            number=number, at=pending.at, who=pending.who, action=pending.action, subject=pending.subject,
            details=pending.details, salt=salt, details_digest=_details_digest(salt, pending.details),
            previous=previous,
        )  # fmt: skip
        entry.digest = previous = _seal(entry)
        session.add(entry)
    session.execute(update(AuditHead).where(AuditHead.id == HEAD).values(number=number, digest=previous))


def _seal(entry: AuditEntry) -> str:
    covered = [
        entry.number, entry.at.isoformat(), entry.who, entry.action, entry.subject, entry.details_digest,
        entry.previous,
    ]  # fmt: skip
    return hashlib.sha256(_canonical(covered).encode()).hexdigest()


def _details_digest(salt: str, details: Mapping[str, Any]) -> str:
    return hashlib.sha256((salt + _canonical(dict(details))).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
