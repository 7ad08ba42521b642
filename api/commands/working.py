"""``placements worker``: takes runs from the store and has them done."""

from typing import Annotated

import typer

from api.settings import DATABASE

group = typer.Typer()


@group.command(epilog="Example: placements worker --database postgresql://placements@database/placements")
def worker(
    database: Annotated[
        str, typer.Option(envvar="PLACEMENTS_DATABASE", help="URL of the store: sqlite:///file or postgresql://...")
    ] = DATABASE,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Runs side by side, each in a process of its own.")] = 1,
) -> None:
    """Work on the runs of a store until Ctrl-C; several workers, here or elsewhere, share them."""
    import signal
    import threading
    from types import FrameType

    from api.jobs.worker import Worker
    from api.settings import Settings
    from api.store.opening import open_store

    settings = Settings(database=database)
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    store = open_store(settings.database)
    try:
        Worker(store, processes, seconds=settings.run_seconds, megabytes=settings.run_megabytes).serve(stop)
    finally:
        store.close()
