"""What every answer and every request goes through: security headers, and the limit of requests by address."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.gate import Gate
from api.access.limiting import address_of
from api.problems import TooManyRequestsError
from models.errors import AllocationError

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from outside, nothing inline, in nobody's frame."""
FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Of a page among a run's files, which brings its own style and pictures: it is shown, and can do nothing."""
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers would send the origin "null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""Of every answer that does not set them itself."""
SECURE_ONLY = "max-age=31536000"
"""A year of HTTPS alone, where it is spoken."""
UNCOUNTED = ("/health/", "/assets/")
"""Paths that cost nothing and are asked for by machines, or several at once by a page."""


class Guard:
    """Around the application.

    Parameters
    ----------
    app
        What answers.
    gate
        Settings and limits.
    answer
        What is said of an error, to a program or on a page.
    """

    def __init__(self, app: ASGIApp, gate: Gate, answer: Callable[[Request, AllocationError], Response]) -> None:
        self.app, self.gate, self.answer = app, gate, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or say that there were too many."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.gate.speaks_tls:
                    headers.setdefault("Strict-Transport-Security", SECURE_ONLY)
            await send(message)

        if not scope["path"].startswith(UNCOUNTED):
            try:
                self.gate.limits.request_from(address_of(HTTPConnection(scope)))
            except TooManyRequestsError as error:
                await self.answer(Request(scope), error)(scope, receive, guarded)
                return
        await self.app(scope, receive, guarded)
