"""What a round stands on: its workbook and its log, read at once from the store, for whoever works on them."""

from collections.abc import Collection
from typing import NamedTuple

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from allocator.reading.editing import CellTyped
from allocator.reading.folding import fold
from api.inputs.folding import Entry, rows_of, workbook_in_force
from api.inputs.sending import Sent
from api.routes.service import Service
from api.store.rounds import data_of, dataset_of, log_of, round_of
from api.store.tables import Decision
from api.store.versions import steps_of
from api.wire.rounds import LogEntry

CHANGED = "The round was changed meanwhile: see its decisions and workbooks."
"""What is said to whoever saw an old state."""


class InForce(NamedTuple):
    """A round's state: its version, the workbook in force and its number, what is typed into it, and the log's length.

    What is typed: the log, and steps of published matches.
    """

    version: int
    number: int
    sent: Sent
    entries: tuple[Entry, ...]
    decisions: int


def in_force_of(session: Session, round: str) -> InForce:
    """The state of a round.

    Raises
    ------
    NotFoundError
        There is no such round, or it has no workbook yet.
    """
    version = round_of(session, round).version
    dataset = dataset_of(session, round)
    sent = Sent(data_of(session, dataset), dataset.filename)
    typed, decisions = typed_into(session, round, dataset.number), len(log_of(session, round))
    return InForce(version, dataset.number, sent, typed, decisions)


def typed_into(session: Session, round: str, number: int) -> tuple[Entry, ...]:
    """What is typed into a workbook of a round: its log, and steps of matches that were taken in that workbook."""
    steps = (step for step in steps_of(session, round) if step.workbook == number)
    typed = (Entry(0, None, None, tuple(CellTyped(*cell) for cell in step.cells)) for step in steps)
    return (*entries(log_of(session, round), number), *typed)


async def sent_of_round(service: Service, round: str) -> tuple[Sent, int]:
    """The data in force of a round as a workbook, and how many entries its log has.

    Raises
    ------
    NotFoundError
        There is no such round, or it has no workbook yet.
    """

    def state() -> InForce:
        with service.store.reading() as session:
            return in_force_of(session, round)

    found = await run_in_threadpool(state)
    return await service.apart.run(workbook_in_force, found.sent, found.entries), found.decisions


def entries(log: tuple[Decision, ...], number: int) -> tuple[Entry, ...]:
    """The log as it is folded into a workbook of the round; cells are typed into the one that they are of."""
    return tuple(
        Entry(
            e.number, e.row, e.undoes,
            tuple(CellTyped(*cell) for cell in e.cells or ()) if e.workbook == number else (),
        )
        for e in log
    )  # fmt: skip


def log_lines(log: tuple[Decision, ...], undone: Collection[str]) -> tuple[LogEntry, ...]:
    """The log as it goes over the wire.

    Parameters
    ----------
    log
        All of it.
    undone
        Ids of rows that a later row undoes.
    """
    rows, gone = rows_of(entries(log, 0)), {fold(id) for id in undone}
    return tuple(
        LogEntry(
            number=e.number, id=rows[e.number]["id"], row=dict(rows[e.number]), undoes=e.undoes,
            in_force=fold(str(rows[e.number]["id"])) not in gone, made_by=e.made_by, made=e.made,
            why=rows[e.number].get("why") or e.why,
        )
        for e in log
    )  # fmt: skip
