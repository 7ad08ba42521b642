"""Which workers live: each counts its beats in the store, and whose count stands still is gone.

No clocks are compared: who looks on measures by its own how long a count stands still. A worker of the same machine is
known to be gone as soon as its process is.
"""

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.store.moments import utc_now
from api.store.tables import Worker

LEASE = 15.0
"""Seconds for which a count may stand still. Too early does no harm: the store refuses the elder."""
BEAT = 1.0
"""Seconds between two beats."""
_SYSTEM = Path("/proc")


def new_name() -> str:
    """A name for a worker that no other has, nor had."""
    return secrets.token_hex(8)


def register(session: Session, name: str, processes: int) -> None:
    """Enter this process as a worker.

    Parameters
    ----------
    session
        That writes.
    name
        Of the worker.
    processes
        How many runs it works on side by side.
    """
    now = utc_now()
    session.add(
        Worker(
            id=name, machine=machine(), process=process_of(os.getpid()), processes=processes, beats=0, started=now,
            seen=now,
        )
    )  # fmt: skip


def beat(session: Session, name: str) -> bool:
    """Count one more beat; False where others took this worker to be gone, and have removed it."""
    counted = update(Worker).where(Worker.id == name).values(beats=Worker.beats + 1, seen=utc_now())
    return bool(session.execute(counted).rowcount)  # type: ignore[attr-defined]  # of an update


def names(session: Session) -> tuple[str, ...]:
    """All workers that are entered."""
    return tuple(session.scalars(select(Worker.id)))


def remove(session: Session, name: str) -> None:
    """A worker is no more."""
    session.execute(delete(Worker).where(Worker.id == name))


class Watch:
    """What one process knows of the workers.

    Parameters
    ----------
    lease
        Seconds for which a count may stand still.
    clock
        Seconds that never go back.
    """

    def __init__(self, lease: float = LEASE, clock: Callable[[], float] = time.monotonic) -> None:
        self._lease, self._clock = lease, clock
        self._beats: dict[str, tuple[int, float]] = {}

    def gone(self, session: Session) -> list[str]:
        """The workers that are gone; looked for again and again."""
        now, gone, beats = self._clock(), [], {}
        for worker in session.scalars(select(Worker)):
            before = self._beats.get(worker.id)
            since = now if before is None or before[0] != worker.beats else before[1]
            beats[worker.id] = (worker.beats, since)
            if now - since >= self._lease or has_ended(worker.machine, worker.process):
                gone.append(worker.id)
        self._beats = beats
        return gone

    def living(self, session: Session) -> int:
        """How many workers live; one is taken to until its count has been seen to stand still."""
        gone = set(self.gone(session))
        return sum(name not in gone for name in names(session))


def machine() -> str:
    """What tells this machine (since it was started) and this container from others; blank where nothing does."""
    with suppress(OSError):
        boot = (_SYSTEM / "sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        return f"{boot} {os.readlink(_SYSTEM / 'self/ns/pid')}"
    return ""


def process_of(pid: int) -> str:
    """A process by its number and when it was started; blank where there is none, or the system does not tell."""
    with suppress(OSError, IndexError):
        fields = (_SYSTEM / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else f"{pid} {fields[19]}"
    return ""


def has_ended(machine_: str, process: str) -> bool:
    """Whether a process of this machine is there no more; False of others, which is not known."""
    if not process or not machine_ or machine_ != machine():
        return False
    return process_of(int(process.partition(" ")[0])) != process
