"""``/health/live``, ``/health/ready``: for whoever watches the service. Open to all; they say nothing about anybody."""

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.routes.service import TheService
from api.wire import Health

router = APIRouter(tags=["health"])


@router.get("/health/live")
def live() -> Health:
    """The server answers."""
    return Health(status="ok")


@router.get("/health/ready", responses={503: {"model": Health}})
def ready(service: TheService, response: Response) -> Health:
    """The store can be reached; 503 with the reason where it cannot."""
    try:
        with service.store.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        response.status_code = 503
        return Health(status="not_ready", detail="The database cannot be reached.")
    return Health(status="ok")
