"""Which runs there are, newest first, page by page."""

import base64
import binascii
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from allocator.results import PLAN
from api.problems import UnusableError
from api.store.contents import content
from api.store.tables import Run, RunFile
from api.wire import RunState


class Listing(NamedTuple):
    """Some runs, newest first, and the cursor after which the next ones come (None: these were the last)."""

    runs: tuple[Run, ...]
    after: str | None


def listed(
    session: Session,
    *,
    rounds: Collection[str] = (),
    by: str | None = None,
    state: RunState | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listing:
    """Runs of these rounds and those that somebody asked for, newest first.

    Parameters
    ----------
    session
        That reads.
    rounds
        Rounds whose runs are wanted.
    by
        Account whose runs are wanted too.
    state
        Only those in this state.
    after
        Cursor of the listing before.
    limit
        How many at most.

    Returns
    -------
    Listing
        Of these runs.

    Raises
    ------
    UnusableError
        The cursor is none that a listing gave.
    """
    wanted = select(Run).where(or_(Run.round.in_(rounds), Run.created_by == by))
    if state is not None:
        wanted = wanted.where(Run.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(Run.created, Run.id) < tuple_(*_moment_and_id(after)))
    found = session.scalars(wanted.order_by(Run.created.desc(), Run.id.desc()).limit(limit + 1)).all()
    shown = tuple(found[:limit])
    return Listing(shown, _cursor(shown[-1]) if len(found) > limit else None)


def best_plan_of(session: Session, round: str, dataset_digest: str, policy_digest: str) -> bytes | None:
    """The newest proved plan of a round that was made from these data; None where there is none.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    dataset_digest, policy_digest
        Of the data.
    """
    wanted = select(RunFile.digest).join(Run, Run.id == RunFile.run)
    wanted = wanted.where(Run.round == round, Run.kind == "allocate", Run.answer == "proved", RunFile.path == PLAN)
    wanted = wanted.where(Run.dataset_digest == dataset_digest, Run.policy_digest == policy_digest)
    found = session.scalar(wanted.order_by(Run.created.desc(), Run.id).limit(1))
    return None if found is None else content(session, found)


def _cursor(run: Run) -> str:
    return base64.urlsafe_b64encode(f"{run.created.isoformat()} {run.id}".encode()).decode()


def _moment_and_id(cursor: str) -> tuple[datetime, str]:
    try:
        moment, id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        found = datetime.fromisoformat(moment)
    except (binascii.Error, ValueError) as error:
        raise UnusableError("The cursor is none that a listing gave. Begin again without one.") from error
    if found.tzinfo is None:
        raise UnusableError("The cursor is none that a listing gave. Begin again without one.")
    return found, id
