"""The server with its workers beside it, until it is told to end."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from api.serving.exposing import address_of, refuse_open_network
from api.serving.supervising import WORKER, Supervisor
from api.settings import Settings
from models.errors import UsageError

DATABASE = "PLACEMENTS_DATABASE"
"""The variable that tells a worker where the store is."""
LEAVING_SECONDS = 5
"""How long open answers, such as live progress, may go on once the server was told to end."""


def serve(app: FastAPI, settings: Settings, started: Callable[[str], None]) -> None:
    """Serve until a signal ends it (Ctrl-C, SIGTERM); runs under way go on with the next start.

    Parameters
    ----------
    app
        What answers.
    settings
        Where it listens, how many workers.
    started
        Told the address, once it can be reached.

    Raises
    ------
    UsageError
        The port is taken, or the network would be reached in the clear.
    """
    refuse_open_network(settings)
    listening = _listening(settings)
    port: int = listening.getsockname()[1]
    config = uvicorn.Config(
        app, log_config=None, server_header=False, timeout_graceful_shutdown=LEAVING_SECONDS,
        proxy_headers=settings.behind_proxy, access_log=False,
        ssl_certfile=settings.certificate, ssl_keyfile=settings.certificate_key,
    )  # fmt: skip
    leaving = app.state.service.readers.close
    supervisor = Supervisor(WORKER, settings.workers, {DATABASE: settings.database})
    with listening, _outliving_signals(), supervisor:
        app.state.service.bell.ring = supervisor.wake
        _Server(config, lambda: started(address_of(settings, port)), leaving).run(sockets=[listening])


@contextmanager
def _outliving_signals() -> Iterator[None]:
    """Within it a signal ends the server and not the process: uvicorn raises it again once the server has ended."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Server(uvicorn.Server):
    """Says when it can be reached, and lets readers of events go when it is told to end."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None], leaving: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell, self._leaving = started, leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leaving()
        await super().shutdown(sockets)


def _listening(settings: Settings) -> socket.socket:
    try:
        return socket.create_server(
            (settings.host, settings.port), family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
            backlog=2048,
        )  # fmt: skip
    except OSError as error:
        raise UsageError(
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror or error}): another program may "
            "use it. Give another --port, or end that program"
        ) from error
