"""Published versions of a round, frozen, and the steps that its published matches took; both are only added to."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from allocator.results import CHECK, DATA, PLAN, RUN
from api.problems import ConflictError, NotFoundError
from api.store.contents import keep
from api.store.tables import Decision, MatchStep, PublishedVersion, RoundDataset, Run
from models.versions import Version

FILES = {"plan": PLAN, "checked": CHECK, "cost": RUN, "data": DATA}
"""What a version is made of: column and file of results."""


def add_version(
    session: Session, round: str, *, version: Version, run: str, files: Mapping[str, bytes], workbook: int, by: str,
    now: datetime,
) -> PublishedVersion:  # fmt: skip
    """Freeze a version of a round that is being changed.

    Parameters
    ----------
    session
        That writes.
    round
        Id.
    version
        As its row of the sheet Versions says it.
    run, files
        The run that made the plan, and its files of results.
    workbook
        Number of the one in which it is published.
    by, now
        Account, and when.

    Returns
    -------
    PublishedVersion
        Never changed again.

    Raises
    ------
    ConflictError
        The round has a version of this number, since an older workbook was sent after it.
    """
    wanted = select(PublishedVersion.id).where(PublishedVersion.round == round)
    if session.scalar(wanted.where(PublishedVersion.number == version.version)) is not None:
        raise ConflictError(
            f"Version {version.version} of the round was published already, and the workbook in force knows nothing of "
            "it: its sheet Versions has no such row. Send the workbook that was taken out after it was published."
        )
    made = PublishedVersion(
        id=secrets.token_hex(16), round=round, number=version.version, run=run, workbook=workbook,
        facts=version.model_dump(mode="json"), made_by=by, made=now,
        **{column: keep(session, files[name], "file") for column, name in FILES.items()},
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def versions_of(session: Session, round: str) -> tuple[PublishedVersion, ...]:
    """The versions of a round, in order; the last is the one in force."""
    wanted = select(PublishedVersion).where(PublishedVersion.round == round)
    return tuple(session.scalars(wanted.order_by(PublishedVersion.made, PublishedVersion.number)))


def version_of(session: Session, round: str, number: int) -> PublishedVersion:
    """A version of a round.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.scalar(
        select(PublishedVersion).where(PublishedVersion.round == round, PublishedVersion.number == number)
    )
    if found is None:
        raise NotFoundError(f"The round has no published version {number}.")
    return found


def published_as_shown(session: Session, round: str, run: str) -> PublishedVersion | None:
    """The version in force, where it is the plan of a run and nothing of the round was changed since; else None.

    Publishing sends the round's next workbook: the run is of before that, and its plan is in force all the same.

    Parameters
    ----------
    session
        That reads.
    round
        Id.
    run
        That made the plan.
    """
    known = versions_of(session, round)
    if not known or known[-1].run != run:
        return None
    version = known[-1]
    later_workbook = exists().where(RoundDataset.round == round, RoundDataset.number > version.workbook)
    step = exists().where(MatchStep.round == round, MatchStep.workbook == version.workbook)
    decided = select(func.count()).where(Decision.round == round).scalar_subquery()
    seen = select(Run.decisions).where(Run.id == run).scalar_subquery()
    return None if session.scalar(select(later_workbook | step | (decided != seen))) else version


def add_step(
    session: Session, round: str, *, done: str, cells: Sequence[Sequence[Any]], workbook: int, by: str, now: datetime
) -> MatchStep:
    """Add a step of a published match of a round that is being changed.

    Parameters
    ----------
    session
        That writes.
    round
        Id.
    done
        The step in words.
    cells, workbook
        What is typed (sheet, row, column, cell), and into which workbook of the round.
    by, now
        Account, and when.
    """
    last = session.scalar(select(func.max(MatchStep.number)).where(MatchStep.round == round)) or 0
    step = MatchStep(
        id=secrets.token_hex(16), round=round, number=last + 1, done=done, cells=[list(cell) for cell in cells],
        workbook=workbook, made_by=by, made=now,
    )  # fmt: skip
    session.add(step)
    session.flush()
    return step


def steps_of(session: Session, round: str) -> tuple[MatchStep, ...]:
    """The steps of matches of a round, in order."""
    return tuple(session.scalars(select(MatchStep).where(MatchStep.round == round).order_by(MatchStep.number)))
