"""``placements serve``: the service on this machine."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allocator.commands.printing import say
from api.commands.opening import Database, settings_of

if TYPE_CHECKING:
    from api.store.opening import Store

group = typer.Typer()


@group.command(epilog="Example: placements serve --port 8080")
def serve(
    database: Database = None,
    host: Annotated[str | None, typer.Option(help="Beyond this machine only with TLS. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="0: any that is free. [default: 8000]")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that solve, beside the server. [default: 1]")] = None,
    behind_proxy: Annotated[
        bool | None, typer.Option("--behind-proxy", help="A proxy in front speaks TLS.", show_default=False)
    ] = None,
    public_url: Annotated[str | None, typer.Option(help="Where people reach it, such as behind a proxy.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Certificate (PEM); the service speaks TLS.")] = None,
    certificate_key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
) -> None:
    """Start the service: API, store and workers. Ctrl-C ends it; runs under way go on with the next start.

    Every setting can be given as a variable of the environment too, such as PLACEMENTS_DATABASE; the administrator's
    guide lists them.
    """
    settings = settings_of(
        database=database, host=host, port=port, workers=workers, behind_proxy=behind_proxy, public_url=public_url,
        certificate=certificate, certificate_key=certificate_key,
    )  # fmt: skip
    from api.access.accounts import first_link
    from api.serving.app import create_app
    from api.serving.daily import Daily
    from api.serving.exposing import refuse_open_network
    from api.serving.logs import log_as_json
    from api.serving.server import serve as serve_app
    from api.store.opening import open_store

    refuse_open_network(settings)
    log_as_json()
    store = open_store(settings.database)

    def started(address: str) -> None:
        with store.transaction() as session:
            link = first_link(session, settings.public_url or address)
        say(f"Placements is at {address}")
        if link is not None:
            say(f"Nobody administers it yet. Set the first administrator's password here, once: {link}")
        sys.stdout.flush()

    try:
        with Daily(store, settings):
            serve_app(create_app(settings, store), settings, started)
        say(_left(store))
    finally:
        store.close()


def _left(store: "Store") -> str:
    """What is told at the end: whether runs are under way, and what becomes of them."""
    from contextlib import suppress

    from sqlalchemy.exc import SQLAlchemyError

    from allocator.views.words import counted
    from api.store.runs import to_do

    left = 0
    with suppress(SQLAlchemyError), store.reading() as session:
        left = len(to_do(session))
    if not left:
        return "Placements has ended."
    runs = counted(left, "run that is not over goes", "runs that are not over go")
    return f"Placements has ended. {runs} on with the next start, or with workers elsewhere."
