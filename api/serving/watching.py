"""Around every request: a number for it, a line in the log, and the metrics."""

import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from api.serving.logs import log
from api.serving.metrics import Metrics

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
NUMBER = "X-Request-Id"
UNKNOWN = "unknown"


class Watched:
    """The application with its requests counted, timed and logged.

    Parameters
    ----------
    app
        What answers.
    metrics
        Where it is counted.
    """

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, number, status = time.monotonic(), secrets.token_hex(8), 500
        took: float | None = None

        async def watched(message: Message) -> None:
            nonlocal status, took
            if message["type"] == "http.response.start":
                status, took = message["status"], time.monotonic() - began
                message["headers"] = [*message["headers"], (NUMBER.lower().encode(), number.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request=number):
            try:
                await self._app(scope, receive, watched)
            finally:
                route = _template(scope)
                seconds = time.monotonic() - began if took is None else took
                self._metrics.requests.labels(scope["method"], route, status).inc()
                self._metrics.seconds.labels(route).observe(seconds)
                account = scope.get("state", {}).get("account")
                log.info(
                    "request", method=scope["method"], route=route, status=status, seconds=round(seconds, 4),
                    account=account,
                )  # fmt: skip


def _template(scope: Scope) -> str:
    """The route that answered, with its parameters unfilled; a router's prefix is in FastAPI's own context alone."""
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return str(getattr(route, "path", UNKNOWN))
