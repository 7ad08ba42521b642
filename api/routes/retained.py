"""``/v1/retention``: what will be deleted for good, and when."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from api.access.people import Person, only
from api.routes.service import Reading, TheService
from api.store.retention import Coming, coming
from api.store.tables import Round, Run
from api.wire.retention import ComingDeletion, RetentionView

router = APIRouter(tags=["retention"])
TeamOrAdmin = Annotated[Person, Depends(only("team", "admin"))]


@router.get("/retention")
def retention(person: TeamOrAdmin, service: TheService, session: Reading) -> RetentionView:
    """What is announced to be deleted, by its day: of the team its own, of an administrator everybody's.

    A round stays where anything in it is changed or run; a run of no round is deleted whatever is done, so save its
    files, or run it anew in a round.
    """
    settings = service.settings
    found = (_seen(session, person, one) for one in coming(session, settings))
    return RetentionView(
        retention_days=settings.retention_days, announce_days=settings.announce_days,
        coming=tuple(one for one in found if one is not None),
    )  # fmt: skip


def _seen(session: Session, person: Person, one: Coming) -> ComingDeletion | None:
    """What somebody is told of it; None where it is none of theirs."""
    everybody = person.role == "admin"
    if one.kind == "round":
        round = session.get_one(Round, one.id)
        if round.announced is None or not (everybody or round.id in person.rounds):
            return None
        return ComingDeletion(kind="round", id=round.id, name=round.name, announced=round.announced, on=one.on)
    run = session.get_one(Run, one.id)
    if run.announced is None or not (everybody or run.created_by == person.account):
        return None
    name = None if everybody else run.filename
    return ComingDeletion(kind="run", id=run.id, name=name, announced=run.announced, on=one.on)
