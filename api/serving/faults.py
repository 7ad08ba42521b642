"""What nobody expects: told as a problem without internals, and logged without what anybody typed."""

import traceback

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.serving.answering import answer_to, fault
from api.serving.logs import log


class Faults:
    """ASGI middleware: an exception that no handler took is logged and answered with a problem (500).

    The log has the kinds of the errors and the places in the program; their messages may hold what is about people.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except ClientDisconnect:
            return
        except Exception as error:
            log.error("fault", errors=chain(error))  # its request has a line of its own, with the same number
            if begun:
                raise  # the connection is cut, so that nobody takes half an answer for a whole one
            await answer_to(Request(scope), fault())(scope, receive, send)


def chain(error: BaseException) -> list[dict[str, object]]:
    """The error and those behind it: kind, and the places in the program, the innermost last."""
    found: list[dict[str, object]] = []
    behind: BaseException | None = error
    while behind is not None and len(found) < 5:
        places = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(behind.__traceback__)
        ]
        found.append({"kind": f"{type(behind).__module__}.{type(behind).__qualname__}", "where": places[-12:]})
        behind = behind.__cause__ or behind.__context__
    return found
