"""What a round stands on: its workbook and its log, read at once from the store, for whoever works on them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from api.inputs.folding import Entry, in_force, undone, workbook_in_force
from api.inputs.sending import Sent
from api.routes.service import Service
from api.store.rounds import data_of, dataset_of, log_of, round_of
from api.store.tables import Decision
from api.wire.rounds import LogEntry

Rows = tuple[Mapping[str, Any], ...]
"""Rows of the sheet Decisions, by column."""


class InForce(NamedTuple):
    """A round's state: its version, the workbook in force, the rows of its log in force, and the log's length."""

    version: int
    sent: Sent
    rows: Rows
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
    log = log_of(session, round)
    sent = Sent(data_of(session, dataset), dataset.filename)
    return InForce(version, sent, in_force(entries(log)), len(log))


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
    return await service.apart.run(workbook_in_force, found.sent, found.rows), found.decisions


def entries(log: tuple[Decision, ...]) -> tuple[Entry, ...]:
    """The log as it is folded."""
    return tuple(Entry(entry.number, entry.row, entry.undoes) for entry in log)


def log_lines(log: tuple[Decision, ...]) -> tuple[LogEntry, ...]:
    """The log as it goes over the wire."""
    gone = undone(entries(log))
    return tuple(
        LogEntry(
            number=e.number, row=e.row, undoes=e.undoes, why=e.why, made_by=e.made_by, made=e.made,
            in_force=e.row is not None and e.number not in gone,
        )
        for e in log
    )  # fmt: skip
