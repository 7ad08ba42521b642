"""Which runs there are, newest first, page by page."""

import base64
import binascii
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from allocator.results import PLAN
from api.problems import UnusableError
from api.store.contents import content
from api.store.tables import Decision, MatchStep, RoundDataset, Run, RunFile
from api.wire import OVER, RunState

ALLOCATE = "allocate"
"""Kind of the runs that make plans."""
LOOKS = ("fits", "moves")
"""Kinds of the runs that may look ahead for minutes."""
SCENARIOS = "scenarios"
"""Kind of the runs that answer questions."""


class NewestPlan(NamedTuple):
    """The run that made the newest plan of a round; ``current``: it is of the data in force."""

    run: str
    current: bool


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
    wanted = wanted.where(Run.round == round, Run.kind == ALLOCATE, Run.answer == "proved", RunFile.path == PLAN)
    wanted = wanted.where(Run.dataset_digest == dataset_digest, Run.policy_digest == policy_digest)
    found = session.scalar(wanted.order_by(Run.created.desc(), Run.id).limit(1))
    return None if found is None else content(session, found)


def newest_plan(session: Session, round: str) -> NewestPlan | None:
    """The newest plan of a round; None before there is one.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    """
    wanted = select(Run).join(RunFile, RunFile.run == Run.id).where(Run.round == round, Run.kind == ALLOCATE)
    run = session.scalar(wanted.where(RunFile.path == PLAN).order_by(Run.created.desc(), Run.id.desc()).limit(1))
    return None if run is None else NewestPlan(run.id, is_current(session, run))


class LastChange(NamedTuple):
    """When the data of a round last changed (None: it has none), and how many entries its log has."""

    moment: datetime | None
    decisions: int

    def is_seen_by(self, run: Run) -> bool:
        """Whether a run of the round is of the data in force."""
        return self.moment is not None and run.created >= self.moment and run.decisions == self.decisions


def last_change(session: Session, round: str) -> LastChange:
    """When the data of a round last changed.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    """
    asked = (
        select(func.max(RoundDataset.added)).where(RoundDataset.round == round).scalar_subquery(),
        select(func.max(MatchStep.made)).where(MatchStep.round == round).scalar_subquery(),
        select(func.count()).where(Decision.round == round).scalar_subquery(),
    )
    workbook, step, decisions = session.execute(select(*asked)).one()
    return LastChange(max((moment for moment in (workbook, step) if moment is not None), default=None), decisions)


def is_current(session: Session, run: Run) -> bool:
    """Whether a run of a round is of the data that are in force there.

    Parameters
    ----------
    session
        That reads.
    run
        Of a round.
    """
    assert run.round is not None
    return last_change(session, run.round).is_seen_by(run)


def scenario_runs(session: Session, round: str, limit: int = 50) -> tuple[Run, ...]:
    """The runs of scenarios of a round, newest first.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    limit
        How many at most.
    """
    wanted = select(Run).where(Run.round == round, Run.kind == SCENARIOS)
    return tuple(session.scalars(wanted.order_by(Run.created.desc(), Run.id.desc()).limit(limit)))


def looking_at_old_data(session: Session, round: str) -> tuple[Run, ...]:
    """Runs under way that look ahead from data of the round that are in force no more: nobody is shown their answers.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    """
    wanted = select(Run).where(Run.round == round, Run.kind.in_(LOOKS), Run.state.not_in(OVER))
    return tuple(run for run in session.scalars(wanted) if not is_current(session, run))


def working_on(session: Session, round: str, plan: str | None) -> Run | None:
    """The last allocation of a round, where it is under way, or came after the newest plan and has none.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    plan
        Id of the run that made the newest plan.
    """
    wanted = select(Run).where(Run.round == round, Run.kind == ALLOCATE)
    last = session.scalar(wanted.order_by(Run.created.desc(), Run.id.desc()).limit(1))
    return None if last is None or (last.id == plan and last.state in OVER) else last


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
