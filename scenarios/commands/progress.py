"""What a batch shows on stderr while it works, and how Ctrl-C stops it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from models.run import StopSignal
from scenarios.batch.batch import Step


@contextmanager
def stoppable(console: Console) -> Iterator[StopSignal]:
    """The signal by which Ctrl-C stops the work: the first one asks for what is done, a second one gives up."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        console.print("[yellow]Stopping: what is done is written (Ctrl-C again to give up).[/]")

    signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def followed(console: Console) -> Iterator[tuple[Callable[[Step], None], StopSignal]]:
    """A listener that shows how far a batch is, and the signal by which Ctrl-C stops it.

    The bar takes one line of 80 columns; it is drawn on a terminal alone.
    """
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task("cases", total=None, state="")

    def tell(step: Step) -> None:
        failed = f", {step.failed} failed" if step.failed else ""
        state = f"{step.done} of {step.cases} done{failed}"
        bar.update(task, completed=step.done, total=step.cases, state=state)

    with stoppable(console) as stop, bar if console.is_terminal else nullcontext():
        yield tell, stop
