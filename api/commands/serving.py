"""``placements serve``: the service on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from allocator.commands.printing import say
from api.settings import DATABASE

group = typer.Typer()
Database = Annotated[
    str, typer.Option(envvar="PLACEMENTS_DATABASE", help="Where everything is kept: sqlite:///FILE or postgresql://...")
]


@group.command(epilog="Example: placements serve --port 8080")
def serve(
    database: Database = DATABASE,
    host: Annotated[
        str,
        typer.Option(envvar="PLACEMENTS_HOST", help="Beyond this machine only with TLS, see the two options below."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PLACEMENTS_PORT", min=0, max=65535, help="0: any that is free.")] = 8000,
    workers: Annotated[
        int, typer.Option(envvar="PLACEMENTS_WORKERS", min=0, max=64, help="Processes that solve, beside the server.")
    ] = 1,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", envvar="PLACEMENTS_BEHIND_PROXY", help="A proxy before it speaks TLS.")
    ] = False,
    certificate: Annotated[
        Path | None, typer.Option(envvar="PLACEMENTS_CERTIFICATE", help="Certificate (PEM); the service speaks TLS.")
    ] = None,
    certificate_key: Annotated[
        Path | None, typer.Option(envvar="PLACEMENTS_CERTIFICATE_KEY", help="Its private key (PEM).")
    ] = None,
    metrics_token: Annotated[
        str | None,
        typer.Option(envvar="PLACEMENTS_METRICS_TOKEN", help="What Prometheus sends; without it there are no metrics."),
    ] = None,
) -> None:
    """Start the service: API, store and workers. Ctrl-C ends it; runs under way go on with the next start."""
    needed()
    from api.serving.app import create_app
    from api.serving.daily import Daily
    from api.serving.exposing import refuse_open_network
    from api.serving.logs import log_as_json
    from api.serving.server import serve as serve_app
    from api.settings import Settings
    from api.store.opening import open_store

    settings = Settings(
        database=database, host=host, port=port, workers=workers, behind_proxy=behind_proxy, certificate=certificate,
        certificate_key=certificate_key, metrics_token=metrics_token,
    )  # fmt: skip
    refuse_open_network(settings)
    log_as_json()
    store = open_store(settings.database)
    try:
        with Daily(store, settings):
            serve_app(create_app(settings, store), settings, lambda address: say(f"Placements is at {address}"))
    finally:
        store.close()


def needed() -> None:
    """Say what to install where the libraries of the service are not there.

    Raises
    ------
    UsageError
        One is not there.
    """
    from importlib.util import find_spec

    from models.errors import UsageError

    missing = [name for name in ("fastapi", "sqlalchemy", "uvicorn", "dbos") if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"the service needs libraries that are not here ({', '.join(missing)}): "
            "install them with pip install 'placement-allocation[service]'"
        )
