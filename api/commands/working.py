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
    run_seconds: Annotated[
        float, typer.Option(envvar="PLACEMENTS_RUN_SECONDS", min=1, help="After which a run stops with its best plan.")
    ] = 3600.0,
    run_megabytes: Annotated[
        int, typer.Option(envvar="PLACEMENTS_RUN_MEGABYTES", min=512, help="Memory that one run may take.")
    ] = 8192,
) -> None:
    """Work on the runs of a store until Ctrl-C; several workers, here or elsewhere, share them."""
    import os
    import signal
    import threading
    from types import FrameType

    from api.commands.serving import needed

    needed()
    from api.jobs.limits import die_with_parent
    from api.jobs.worker import Worker
    from api.store.opening import open_store

    if supervisor := os.environ.get("PLACEMENTS_SUPERVISOR"):
        die_with_parent(int(supervisor))
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    store = open_store(database)
    try:
        Worker(store, processes, seconds=run_seconds, megabytes=run_megabytes).serve(stop)
    finally:
        store.close()
