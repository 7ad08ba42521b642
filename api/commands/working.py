"""``placements worker``: takes runs from the store and has them done."""

from typing import Annotated

import typer

from api.commands.opening import Database, opened

group = typer.Typer()


@group.command(epilog="Example: placements worker --database postgresql://placements@database/placements")
def worker(
    database: Database = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Runs side by side, each in a process of its own.")] = 1,
    run_seconds: Annotated[
        float | None, typer.Option(help="After which a run stops with its best plan. [default: 3600]")
    ] = None,
    run_megabytes: Annotated[int | None, typer.Option(help="Memory that one run may take. [default: 8192]")] = None,
) -> None:
    """Work on the runs of a store until Ctrl-C; several workers, here or elsewhere, share them."""
    import os
    import signal
    import threading
    from types import FrameType

    from api.jobs.limits import die_with_parent

    stop, woken = threading.Event(), threading.Event()
    if supervisor := os.environ.get("PLACEMENTS_SUPERVISOR"):
        die_with_parent(int(supervisor), lambda _line: woken.set())

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    with opened(make=True, database=database, run_seconds=run_seconds, run_megabytes=run_megabytes) as (
        store,
        settings,
    ):
        from api.jobs.worker import Worker

        Worker(store, processes, seconds=settings.run_seconds, megabytes=settings.run_megabytes, woken=woken).serve(
            stop
        )
