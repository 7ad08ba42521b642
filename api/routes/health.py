"""``/health/live``, ``/health/ready``: for whoever watches the service. Open to all; they say nothing about anybody."""

from fastapi import APIRouter, Response
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.routes.service import Service, TheService
from api.store.migrating import newest, present
from api.store.runs import TO_DO
from api.store.tables import Run
from api.wire import Health, Readiness

router = APIRouter(tags=["health"])
OK = Health(status="ok")
UNREACHED = "The database cannot be reached."
NO_WORKER = "No worker lives: runs are accepted and read, and none is worked on. Start 'placements worker'."


@router.get("/health/live")
def live() -> Health:
    """The server answers."""
    return OK


@router.get("/health/ready", responses={503: {"model": Readiness}})
def ready(service: TheService, response: Response) -> Readiness:
    """Whether what is kept can be read, and whether runs are worked on; 503 where not, and somebody waits for it."""
    waiting = False
    try:
        with service.store.reading() as session:
            reading = _reading(session)
            solving = _solving(session, service) if reading == OK else reading
            if solving != OK:
                waiting = bool(reading == OK and session.scalar(select(exists().where(Run.state.in_(TO_DO)))))
    except SQLAlchemyError:
        reading = solving = Health(status="not_ready", detail=UNREACHED)
    if reading == OK and not waiting:
        return Readiness(status="ok", detail="", reading=reading, solving=solving)
    response.status_code = 503
    detail = reading.detail or f"Runs wait. {solving.detail}"
    return Readiness(status="not_ready", detail=detail, reading=reading, solving=solving)


def _reading(session: Session) -> Health:
    """Whether the tables are those of this program: another may have migrated or restored them while it ran."""
    found = present(session.connection())
    if found == newest():
        return OK
    words = f"The database's tables are {found or 'not there'}, and this program's are {newest()}."
    return Health(status="not_ready", detail=f"{words} Start the service anew with the program that fits them.")


def _solving(session: Session, service: Service) -> Health:
    return OK if service.watch.living(session) else Health(status="not_ready", detail=NO_WORKER)
