"""What a run shows on stderr while it works, and how Ctrl-C stops it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from models.run import Progress as Step
from models.run import ProgressListener, StopSignal


@contextmanager
def followed(console: Console, *, stoppable: bool = True) -> Iterator[tuple[ProgressListener, StopSignal]]:
    """A listener that shows how far a run is, and the signal by which Ctrl-C stops it.

    The bar takes one line of 80 columns; it is drawn on a terminal alone. Until the run has told of its progress there
    is nothing to stop with, and Ctrl-C does what it did before. From then on the first one asks for the best plan so
    far, and a second one gives up. What is not ``stoppable`` has no use for half a plan: there it is never set.
    """
    stop = threading.Event()
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=10), TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(), console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task("reading", total=None, state="")
    before = signal.getsignal(signal.SIGINT)

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        console.print("[yellow]Stopping: the best plan so far is checked and written (Ctrl-C again to give up).[/]")

    def tell(step: Step) -> None:
        if stoppable and signal.getsignal(signal.SIGINT) is before:
            signal.signal(signal.SIGINT, ask)
        if step.tier is None:
            words = "writing the report" if step.phase == "report" else f"which offers fit whom, {step.live} requests"
            bar.update(task, description=words, state="")
            return
        known = "" if step.bound is None else f"bound {step.bound}"
        if step.value is not None and step.bound is not None:
            known = f"gap {abs(step.value - step.bound)}"
        bar.update(
            task, description=f"tier {step.number + 1}/{step.tiers} {step.tier:<17}", completed=step.number,
            total=step.tiers, state=f"placed {step.placed} of {step.live}  {known}",
        )  # fmt: skip

    try:
        with bar if console.is_terminal else nullcontext():
            yield tell, stop
    finally:
        signal.signal(signal.SIGINT, before)
