"""From the store into the queue: runs that were accepted are enqueued, and those that the queue has lost.

A run is accepted by its row in the store alone, so that it cannot be lost between two places: every worker looks for
rows that are not in the queue yet. Two that find the same one enqueue it once, by its id.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from api.jobs.order import Queued, Waiting, cost_of, is_quick, tags
from api.store.runs import TO_DO
from api.store.tables import Content, Run

AT_ONCE = 100
"""So many runs are enqueued in one go: whoever asks while somebody's thousand are enqueued does not wait for all."""


class Entry(NamedTuple):
    """A run in the queue: its tag, and the worker that has claimed it, if any."""

    run: str
    tag: int
    worker: str | None


def accepted(session: Session) -> list[Waiting]:
    """Runs that nobody has begun, in the order in which they were accepted."""
    return _waiting(session, Run.state == "queued")


def to_do(session: Session) -> list[Waiting]:
    """Runs that are still to be brought to an end, begun or not."""
    return _waiting(session, Run.state.in_(TO_DO))


def tagged(session: Session, waiting: Sequence[Waiting], queue: Collection[Entry]) -> dict[str, int]:
    """Tags by run, for those that are not in the queue: of the lowest tags, as many as are enqueued in one go.

    Parameters
    ----------
    session
        That reads.
    waiting
        In the order in which they were accepted.
    queue
        What is in the queue.

    Returns
    -------
    dict
        The lowest tag comes next.
    """
    known = {entry.run: entry for entry in queue}
    runs = {run.id: run for run in to_do(session)}
    there = [
        (entry.run, Queued(runs[entry.run].owner, runs[entry.run].cost, entry.tag, entry.worker is not None))
        for entry in queue if entry.run in runs
    ]  # fmt: skip
    new = [run for run in waiting if run.id not in known]
    quick = {run.id for run in runs.values() if run.quick}
    found = tags([run for run in new if not run.quick], [q for entry, q in there if entry not in quick])
    found |= tags([run for run in new if run.quick], [q for entry, q in there if entry in quick])
    return dict(sorted(found.items(), key=lambda tagged: tagged[1])[:AT_ONCE])


_RUNS = (
    select(Run.id, Run.round, Run.created_by, Run.kind, Run.settings, Run.priority, Content.size)
    .join(Content, Content.digest == Run.source)
    .order_by(Run.created, Run.id)
)


def _waiting(session: Session, which: ColumnElement[bool]) -> list[Waiting]:
    return [
        Waiting(
            run.id,
            run.round or run.created_by,
            cost_of(run.kind, run.size, run.priority),
            quick=is_quick(run.kind, run.settings),
        )
        for run in session.execute(_RUNS.where(which))
    ]
