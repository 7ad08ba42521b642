"""What is sent, held to limits before any route reads it: size, and for JSON depth and what no program agrees on."""

from http import HTTPStatus

from anyio import move_on_after, to_thread
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.inputs.json_text import judge_json
from api.problems import ProblemError, TooLargeError
from api.serving.answering import answer_to
from api.settings import Settings

STRAIGHT_BYTES = 50_000
"""JSON up to this size is looked through at once, larger beside the event loop."""
LINGER_SECONDS, LINGER_BYTES = 5.0, 200_000_000
"""So long, and so much, is still read of a body that is refused and dropped: whoever is still sending when the
connection is closed sees that it was reset, and never the answer that says why."""


class MalformedError(ProblemError):
    """The address holds what no text holds."""

    status, code, title = HTTPStatus.BAD_REQUEST, "bad_request", "The request is malformed"


class Bodies:
    """ASGI middleware: refuses a body over the limit of size, and JSON that is too deep or not quite JSON.

    Parameters
    ----------
    app
        What comes behind.
    settings
        ``upload_bytes`` and ``body_depth``.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                raise MalformedError("The address holds a NUL character (%00): leave it out.")
            length = headers.get("content-length", "")
            if length.isdecimal() and int(length) > self.settings.upload_bytes:
                await _drop(receive)
                raise self._too_large()
            kind = headers.get("content-type", "").partition(";")[0].strip().casefold()
            if kind == "application/json" or kind.endswith("+json"):
                receive = await self._judged(receive)
        except ProblemError as error:
            await _refuse(error, scope, receive, send)
            return
        except ClientDisconnect:
            return
        await self._counted(scope, receive, send)

    async def _judged(self, receive: Receive) -> Receive:
        """Read a JSON body and look it through; what is returned gives it again."""
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self.settings.upload_bytes:
                if more:
                    await _drop(receive)
                raise self._too_large()
        whole, depth = bytes(body), self.settings.body_depth
        if len(whole) <= STRAIGHT_BYTES:
            judge_json(whole, depth)
        else:
            await to_thread.run_sync(judge_json, whole, depth)
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": whole, "more_body": False}

        return again

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application read a body up to the limit; beyond it the answer is that it is too large."""
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.settings.upload_bytes:
                if message.get("more_body", False):
                    await _drop(receive)
                raise self._too_large()
            return message

        async def judged(message: Message) -> None:
            nonlocal begun
            if read <= self.settings.upload_bytes or begun:
                begun = True
                await send(message)
            elif message["type"] == "http.response.start":  # whatever the application made of it
                await _refuse(self._too_large(), scope, receive, send)

        await self.app(scope, counted, judged)

    def _too_large(self) -> TooLargeError:
        limit = self.settings.upload_bytes
        return TooLargeError(
            f"What was sent is larger than the {limit:,} bytes that this service takes (upload_bytes)."
        )


async def _drop(receive: Receive) -> None:
    """Read on and keep nothing, until the body ends, whoever sends it is gone, or it is enough."""
    read = 0
    with move_on_after(LINGER_SECONDS):
        while read < LINGER_BYTES:
            message = await receive()
            read += len(message.get("body", b""))
            if not message.get("more_body", False):  # nor has a message that they are gone
                return


async def _refuse(error: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    answer = answer_to(Request(scope), error)
    answer.headers["connection"] = "close"  # the rest of what is sent is not read
    await answer(scope, receive, send)
