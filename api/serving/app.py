"""The application: routes, problems, limits. ``placements serve`` and the tests make it here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI

from api.access.gate import Gate
from api.access.guarding import Guard
from api.inputs.apart import Apart, warm_up
from api.jobs.leases import Watch
from api.pages import routers as pages
from api.pages.plans import ShownPlans
from api.routes import (
    accounts,
    agency_replies,
    checks,
    comparisons,
    decisions,
    demonstrations,
    health,
    looking,
    measured,
    policy,
    replies,
    results,
    results_day,
    retained,
    rounds,
    rules,
    run_events,
    run_files,
    runs,
    scenarios,
    shared,
    versions,
)
from api.routes.parameters import refuse_unread
from api.routes.readers import Readers
from api.routes.service import Bell, Service
from api.serving.answering import answer_problems, answer_to
from api.serving.bodies import Bodies
from api.serving.faults import Faults
from api.serving.metrics import Metrics
from api.serving.openapi import document
from api.serving.watching import Watched
from api.settings import Settings
from api.store.opening import Store

ROUTERS: tuple[APIRouter, ...] = (
    runs.router,
    run_files.router,
    run_events.router,
    checks.router,
    results.router,
    comparisons.router,
    rounds.router,
    decisions.router,
    looking.router,
    versions.router,
    scenarios.router,
    rules.router,
    policy.router,
    demonstrations.router,
    accounts.router,
    retained.router,
    shared.router,
    agency_replies.router,
    replies.router,
    results_day.router,
)
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
    app = FastAPI(
        title="Placements", version="1", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json", lifespan=_alive,
    )  # fmt: skip
    watch = Watch()
    app.state.service = Service(settings, store, Apart(settings), Readers(store), watch, Bell())
    app.state.gate = Gate(settings, store)
    for router in ROUTERS:
        app.include_router(router, prefix=VERSION_PREFIX, dependencies=[Depends(refuse_unread)])
    app.state.plans = ShownPlans()
    for router in (health.router, measured.router, *pages.ROUTERS):
        app.include_router(router)
    answer_problems(app)
    document(app)
    app.state.metrics = Metrics(store, watch)
    app.add_middleware(Bodies, settings=settings)
    app.add_middleware(Faults)
    app.add_middleware(Guard, gate=app.state.gate, answer=answer_to)
    app.add_middleware(Watched, metrics=app.state.metrics)  # the last is the outermost
    return app


@asynccontextmanager
async def _alive(app: FastAPI) -> AsyncIterator[None]:
    """While it is served."""
    warm_up()
    yield
    app.state.service.apart.close()
