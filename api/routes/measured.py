"""``/metrics``: for Prometheus, with a token of its own; where none is set there is no such page."""

from secrets import compare_digest
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from api.problems import NotFoundError, SignInNeededError
from api.routes.service import TheService

router = APIRouter(include_in_schema=False)
PAGE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics")
def metrics(request: Request, service: TheService, authorization: Annotated[str | None, Header()] = None) -> Response:
    """The numbers of this process and of the store."""
    expected = service.settings.metrics_token
    if expected is None:
        raise NotFoundError("There are no metrics here: set PLACEMENTS_METRICS_TOKEN to have them.")
    if not compare_digest((authorization or "").encode(), f"Bearer {expected}".encode()):
        raise SignInNeededError("Send the token of the metrics: Authorization: Bearer TOKEN.")
    return Response(request.app.state.metrics.page(), media_type=PAGE)
