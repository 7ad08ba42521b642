"""The application: routes, problems, headers. ``placements serve`` and the tests make it here."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from api.access.gate import Gate
from api.access.guarding import Guard
from api.problems import as_problem
from api.routes import accounts, health, measured, rules, signing
from api.routes.service import Service
from api.serving.metrics import Metrics
from api.serving.watching import Watched
from api.settings import Settings
from api.store.opening import Store
from models.errors import AllocationError

PROBLEM = "application/problem+json"
ROUTERS: tuple[APIRouter, ...] = (rules.router, accounts.router)
VERSION_PREFIX = "/v1"


def create_app(settings: Settings, store: Store) -> FastAPI:
    """Put the service together.

    Parameters
    ----------
    settings
        Of the administrator.
    store
        Open, with the newest tables.

    Returns
    -------
    FastAPI
        The application; nothing is started.
    """
    app = FastAPI(title="Placements", version="1", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    app.state.service, app.state.gate = Service(settings, store), Gate(settings, store)
    for router in ROUTERS:
        app.include_router(router, prefix=VERSION_PREFIX)
    for router in (health.router, measured.router, signing.router):
        app.include_router(router)
    app.state.metrics = Metrics(store)
    app.add_middleware(Guard, gate=app.state.gate)
    app.add_middleware(Watched, metrics=app.state.metrics)
    app.add_exception_handler(AllocationError, _problem)
    return app


def _problem(_request: Request, error: Any) -> JSONResponse:
    status, body, headers = as_problem(error)
    return JSONResponse(body, status, headers, media_type=PROBLEM)
