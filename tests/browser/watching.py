"""What goes wrong while pages are looked at, whether a person would see it or not."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

SPOKEN_OF = "Failed to load resource: the server responded with a status of"
"""What the console says of each answer that is an error; answers are judged by their own kind here."""
ANSWERED_BY_A_PAGE = ("document", "fetch", "xhr", "eventsource")
"""What may be refused: a page says so. A style or a script that is missing is a fault."""
LOCAL = ("data:", "blob:", "about:")


class Watch:
    """Faults of one browser since it was last asked: requests to elsewhere, errors of scripts and of the console.

    Parameters
    ----------
    context
        The browser.
    address
        Of the service, the only place that a page may speak to.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self._found: list[str] = []
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", self._raised)

    def judge(self) -> None:
        """Nothing has gone wrong since the last time.

        Raises
        ------
        AssertionError
            All that has.
        """
        found, self._found = self._found, []
        assert not found, "\n".join(found)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", *LOCAL)):
            self._found.append(f"{request.frame.url} asks another machine: {request.url}")

    def _answered(self, response: Response) -> None:
        kind = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and kind not in ANSWERED_BY_A_PAGE):
            self._found.append(f"{response.request.method} {response.url} ({kind}) is answered by {response.status}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(SPOKEN_OF):
            self._found.append(f"The console says: {message.text} ({message.location['url']})")

    def _raised(self, error: WebError) -> None:
        self._found.append(f"A script fails: {error.error}")
