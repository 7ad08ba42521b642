"""Rounds: what a placements team works on, its workbooks in order, and its decision log, which is only added to.

Every change counts the round's version up. Whoever changes it names the version that they saw; :func:`changing` holds
the round until the transaction ends, so that of two people who saw the same one only one is first.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.problems import NotFoundError
from api.store.contents import content, keep
from api.store.tables import Decision, Membership, Round, RoundDataset
from models.errors import Issue

NO_DATASET = "The round has no workbook yet: send one to its datasets."


def new_round(session: Session, *, name: str, tranches: Sequence[str], by: str, now: datetime) -> Round:
    """A round, with whoever made it as its first member.

    Parameters
    ----------
    session
        That writes.
    name, tranches
        What the team calls it, and the tranches that it decides.
    by
        Account.
    now
        When.

    Returns
    -------
    Round
        At version 1.
    """
    made = Round(
        id=secrets.token_hex(16), name=name, tranches=list(tranches), version=1, created=now, touched=now
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(Membership(account=by, round=made.id))
    session.flush()
    return made


def round_of(session: Session, id: str) -> Round:
    """A round.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.get(Round, id)
    if found is None:
        raise NotFoundError("There is no such round.")
    return found


def rounds_of(session: Session, ids: Collection[str]) -> tuple[Round, ...]:
    """Rounds by their ids, the one that was touched last first."""
    return tuple(session.scalars(select(Round).where(Round.id.in_(ids)).order_by(Round.touched.desc(), Round.id)))


def changing(session: Session, id: str, judge: Callable[[int], None], now: datetime) -> Round:
    """Hold a round to change it, and count its version up.

    Parameters
    ----------
    session
        That writes.
    id
        The round.
    judge
        Given the version in force; raises where whoever asks saw another one.
    now
        When.

    Returns
    -------
    Round
        At its next version; nobody else changes it until the transaction ends.

    Raises
    ------
    NotFoundError
        There is none.
    """
    wanted = select(Round).where(Round.id == id).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFoundError("There is no such round.")
    judge(found.version)
    found.version += 1
    found.touched, found.announced = now, None
    session.flush()
    return found


def datasets_of(session: Session, id: str) -> tuple[RoundDataset, ...]:
    """The workbooks of a round, in order."""
    wanted = select(RoundDataset).where(RoundDataset.round == id).order_by(RoundDataset.number)
    return tuple(session.scalars(wanted))


def dataset_of(session: Session, id: str, number: int | None = None) -> RoundDataset:
    """A workbook of a round: one by its number, or the one in force.

    Raises
    ------
    NotFoundError
        There is none.
    """
    wanted = select(RoundDataset).where(RoundDataset.round == id)
    if number is not None:
        wanted = wanted.where(RoundDataset.number == number)
    found = session.scalar(wanted.order_by(RoundDataset.number.desc()).limit(1))
    if found is None:
        raise NotFoundError(NO_DATASET if number is None else f"The round has no workbook {number}.")
    return found


def add_dataset(
    session: Session,
    id: str,
    *,
    data: bytes,
    filename: str,
    dataset_digest: str,
    counts: Mapping[str, int],
    issues: Sequence[Issue],
    by: str,
    now: datetime,
) -> RoundDataset:
    """Make a workbook the one in force of a round that is being changed; those before it stay.

    Parameters
    ----------
    session
        That writes.
    id
        The round.
    data, filename
        The workbook.
    dataset_digest, counts, issues
        What it was found to hold.
    by
        Account.
    now
        When.

    Returns
    -------
    RoundDataset
        With its number, from 1.
    """
    last = session.scalar(select(func.max(RoundDataset.number)).where(RoundDataset.round == id)) or 0
    row = RoundDataset(
        id=secrets.token_hex(16), round=id, number=last + 1, filename=filename, source=keep(session, data, "source"),
        dataset_digest=dataset_digest, counts=dict(counts), added_by=by, added=now,
        issues=[issue.model_dump(mode="json", exclude_none=True) for issue in issues],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def data_of(session: Session, dataset: RoundDataset) -> bytes:
    """The bytes of a workbook."""
    return content(session, dataset.source)


def log_of(session: Session, id: str) -> tuple[Decision, ...]:
    """The decision log of a round, in order: all of it, with what was undone."""
    return tuple(session.scalars(select(Decision).where(Decision.round == id).order_by(Decision.number)))


def lengths_of(session: Session, id: str) -> tuple[int, int]:
    """How many workbooks and how many entries of the log a round has."""
    counts = (select(func.count()).where(kind.round == id).scalar_subquery() for kind in (RoundDataset, Decision))
    datasets, decisions = session.execute(select(*counts)).one()
    return datasets, decisions


def add_entry(
    session: Session,
    id: str,
    *,
    row: Mapping[str, Any],
    undoes: int | None,
    cells: Sequence[Sequence[Any]],
    workbook: int,
    by: str,
    now: datetime,
) -> Decision:
    """Add an entry to the log of a round that is being changed.

    Parameters
    ----------
    session
        That writes.
    id
        The round.
    row
        Of the sheet Decisions, by column.
    undoes
        Number of the entry that this one undoes.
    cells, workbook
        What is typed beside it (sheet, row, column, cell), and into which workbook of the round.
    by
        Account.
    now
        When.

    Returns
    -------
    Decision
        With its number, from 1.
    """
    last = session.scalar(select(func.max(Decision.number)).where(Decision.round == id)) or 0
    entry = Decision(
        id=secrets.token_hex(16), round=id, number=last + 1, row=dict(row), undoes=undoes,
        cells=[list(cell) for cell in cells], workbook=workbook, made_by=by, made=now,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry
