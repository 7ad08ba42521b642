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
from api.wire.rounds import LogEntry


class InForce(NamedTuple):
    """A round's state: its version, the workbook in force and its number, and the log."""

    version: int
    number: int
    sent: Sent
    entries: tuple[Entry, ...]


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
    return InForce(version, dataset.number, sent, entries(log_of(session, round), dataset.number))


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
    return await service.apart.run(workbook_in_force, found.sent, found.entries), len(found.entries)


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
