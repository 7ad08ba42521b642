"""Runs: accepted work, its attempts, what it tells while it works, its files and its end.

Whoever works on a run begins an attempt, and writes with its number. An attempt that another one has followed is
refused (:class:`OldAttemptError`), so that nothing is done twice, whoever wakes up late.
Which runs there are is told by :mod:`api.store.listing`.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from api.problems import ConflictError, NotFoundError
from api.store.contents import content, digest_of, drop_unheld, keep
from api.store.moments import utc_now
from api.store.tables import Content, Round, Run, RunEvent, RunFile
from api.wire import OVER, Answer, RunState

TO_DO: tuple[RunState, ...] = ("queued", "running")
"""States of runs that are still to be brought to an end."""


class OldAttemptError(ConflictError):
    """Another attempt at the run has begun since, or the run is over: whoever is refused stops working on it."""

    code, title = "old_attempt", "Somebody else works on it"


class FileOfRun(NamedTuple):
    """A file of a run's results; ``digest`` is of its bytes, ``size`` their number."""

    path: str
    digest: str
    size: int


def accept(
    session: Session,
    *,
    kind: str,
    source: bytes,
    filename: str,
    settings: Mapping[str, Any],
    limits: Mapping[str, Any],
    by: str,
    now: datetime,
    round: str | None = None,
    decisions: int = 0,
    priority: int = 0,
    issues: Sequence[Any] = (),
) -> Run:
    """Accept a run: once the transaction is kept, it will be finished, stopped or failed, never forgotten.

    Parameters
    ----------
    session
        That writes.
    kind
        What is done, such as ``allocate``: one of ``api.jobs.working``.
    source
        What it works on: a workbook, or JSON of sheets.
    filename
        What whoever sent it calls it.
    settings, limits
        Of the request.
    by
        Account.
    now
        When.
    round
        Round that it belongs to, if any.
    decisions
        How many decisions of the round are in the source.
    priority
        Lower comes first.
    issues
        What validation warned of.

    Returns
    -------
    Run
        Queued.
    """
    run = Run(
        id=secrets.token_hex(16), kind=kind, round=round, source=keep(session, source, "source"), filename=filename,
        decisions=decisions, settings=dict(settings), limits=dict(limits), state="queued", priority=priority,
        issues=list(issues), created_by=by, created=now,
    )  # fmt: skip
    session.add(run)
    if round is not None:
        session.execute(update(Round).where(Round.id == round).values(touched=now, announced=None))
    session.flush()
    tell_state(session, run, now)
    return run


def begin_with(session: Session, id: str, files: Mapping[str, bytes]) -> None:
    """Keep files that a run begins with, before any attempt; whoever works on it finds them as those of one before.

    Parameters
    ----------
    session
        Of the transaction in which it is accepted.
    id
        The run.
    files
        Bytes by path.
    """
    for path, data in files.items():
        session.add(RunFile(run=id, path=path, digest=keep(session, data, "file")))
    session.flush()


def run_of(session: Session, id: str) -> Run:
    """A run.

    Raises
    ------
    NotFoundError
        There is none.
    """
    run = session.get(Run, id)
    if run is None:
        raise NotFoundError(f"There is no run {id}.")
    return run


def to_do(session: Session) -> tuple[Run, ...]:
    """Runs that are still to be brought to an end, the most urgent first; running ones among them."""
    wanted = select(Run).where(Run.state.in_(TO_DO)).order_by(Run.priority, Run.created, Run.id)
    return tuple(session.scalars(wanted))


def begin_attempt(session: Session, id: str, now: datetime | None = None) -> int | None:
    """Begin to work on a run, and from now on refuse whoever worked on it before.

    Parameters
    ----------
    session
        That writes.
    id
        The run.
    now
        When.

    Returns
    -------
    int | None
        The number of the attempt, from 1; None where the run is over or is no more.
    """
    run = session.scalar(select(Run).where(Run.id == id).with_for_update())
    if run is None or run.state not in TO_DO:
        return None
    now = now or utc_now()
    run.attempt += 1
    run.state = "running"
    run.started = run.started or now
    session.flush()
    tell_state(session, run, now)
    return run.attempt


def tell(
    session: Session, id: str, attempt: int, kind: str, content: Mapping[str, Any], now: datetime | None = None
) -> int:
    """Note an event of a run, for whoever looks on.

    Parameters
    ----------
    session
        That writes.
    id, attempt
        The run, and the attempt that tells.
    kind
        ``progress`` is kept with the run as well, being its newest state.
    content
        As JSON has it.
    now
        When.

    Returns
    -------
    int
        Its number, from 1.

    Raises
    ------
    OldAttemptError
        Another attempt has begun, or the run is over.
    """
    run = _worked_on(session, id, attempt)
    if kind == "progress":
        run.progress = dict(content)
    return _tell(session, id, kind, content, now or utc_now())


def keep_files(session: Session, id: str, attempt: int, files: Mapping[str, bytes]) -> None:
    """Keep files of a run's results; one that was there under its path is replaced.

    Parameters
    ----------
    session
        That writes.
    id, attempt
        The run, and the attempt that made them.
    files
        Bytes by path in the folder of results.

    Raises
    ------
    OldAttemptError
        Another attempt has begun, or the run is over.
    """
    _worked_on(session, id, attempt)
    before = dict(session.execute(select(RunFile.path, RunFile.digest).where(RunFile.run == id)).all())
    # In the order of their digests, so that two runs that keep the same files never wait for each other.
    digests = {path: keep(session, files[path], "file") for path in sorted(files, key=lambda p: digest_of(files[p]))}
    changed = [path for path in files if before.get(path) != digests[path]]
    if not changed:
        return
    session.execute(delete(RunFile).where(RunFile.run == id, RunFile.path.in_(changed)))
    session.execute(insert(RunFile), [{"run": id, "path": path, "digest": digests[path]} for path in changed])
    drop_unheld(session, [before[path] for path in changed if path in before])


def finish(
    session: Session,
    id: str,
    attempt: int,
    state: RunState,
    answer: Answer | None = None,
    problem: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Bring a run to its end.

    Parameters
    ----------
    session
        That writes.
    id, attempt
        The run, and the attempt that ends it.
    state
        ``complete``, ``stopped``, ``failed`` or ``invalid``.
    answer
        What came out.
    problem
        Why it failed, as the body of a problem.
    now
        When.

    Raises
    ------
    OldAttemptError
        Another attempt has begun, or the run is over.
    """
    run = _worked_on(session, id, attempt)
    now = now or utc_now()
    run.state, run.answer, run.ended = state, answer, now
    run.problem = None if problem is None else dict(problem)
    session.flush()
    tell_state(session, run, now)


def ask_to_stop(session: Session, id: str, now: datetime | None = None) -> Run:
    """Ask a run to stop with the best that it has; one that nobody has begun ends at once.

    Parameters
    ----------
    session
        That writes.
    id
        The run.
    now
        When.

    Returns
    -------
    Run
        As it is now; one that is over stays as it was.

    Raises
    ------
    NotFoundError
        There is none.
    """
    run = session.scalar(select(Run).where(Run.id == id).with_for_update())
    if run is None:
        raise NotFoundError(f"There is no run {id}.")
    if run.state in OVER:
        return run
    run.stop_asked = True
    if run.state != "running":
        now = now or utc_now()
        run.state, run.answer, run.ended = "stopped", "nothing", now
        session.flush()
        tell_state(session, run, now)
    return run


def events_after(session: Session, id: str, number: int, limit: int = 500) -> tuple[RunEvent, ...]:
    """Events of a run after one, in order.

    Parameters
    ----------
    session
        That reads.
    id
        The run.
    number
        Of the last event that is known; 0 for none.
    limit
        How many at most.

    Returns
    -------
    tuple[RunEvent, ...]
        Those that followed.
    """
    wanted = select(RunEvent).where(RunEvent.run == id, RunEvent.number > number)
    return tuple(session.scalars(wanted.order_by(RunEvent.number).limit(limit)))


def files_of(session: Session, id: str) -> tuple[FileOfRun, ...]:
    """The files of a run's results, by path."""
    wanted = select(RunFile.path, RunFile.digest, Content.size).join(Content, Content.digest == RunFile.digest)
    rows = session.execute(wanted.where(RunFile.run == id).order_by(RunFile.path))
    return tuple(FileOfRun(*row) for row in rows)


def file_of(session: Session, id: str, path: str) -> bytes:
    """The bytes of a file of a run's results.

    Parameters
    ----------
    session
        That reads.
    id
        The run.
    path
        One of :func:`files_of`; no other is found.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    NotFoundError
        The run has none under this path.
    """
    digest = session.scalar(select(RunFile.digest).where(RunFile.run == id, RunFile.path == path))
    if digest is None:
        raise NotFoundError("The run has no file of this name.")
    return content(session, digest)


def tell_state(session: Session, run: Run, now: datetime) -> None:
    """Note the event that a run is in another state."""
    _tell(session, run.id, "state", {"state": run.state, "answer": run.answer, "attempt": run.attempt}, now)


def _worked_on(session: Session, id: str, attempt: int) -> Run:
    """The run, held until the transaction ends, where this attempt is the one that works on it."""
    wanted = select(Run).where(Run.id == id).with_for_update().execution_options(populate_existing=True)
    run = session.scalar(wanted)
    if run is None or run.attempt != attempt or run.state != "running":
        raise OldAttemptError(f"Attempt {attempt} at the run {id} is no longer the one that works on it.")
    return run


def _tell(session: Session, id: str, kind: str, told: Mapping[str, Any], now: datetime) -> int:
    last = session.scalar(select(func.max(RunEvent.number)).where(RunEvent.run == id)) or 0
    session.add(RunEvent(run=id, number=last + 1, at=now, kind=kind, content=dict(told)))
    session.flush()
    return last + 1
