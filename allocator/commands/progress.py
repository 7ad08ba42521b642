"""What a run shows on stderr while it works, and how Ctrl-C stops it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from models.run import Progress as Step
from models.run import ProgressListener, StopSignal


@contextmanager
def followed(console: Console, *, stoppable: bool = True) -> Iterator[tuple[ProgressListener, StopSignal]]:
    """A listener that shows how far a run is, and the signal by which Ctrl-C stops it.

    The bar takes one line of 80 columns; it is drawn on a terminal alone. Until the run has told of its progress there
    is nothing to stop with, and Ctrl-C does what it did before. From then on the first one asks for the best plan so
    far, and a second one gives up. What is not ``stoppable`` has no use for half a plan: there it is never set.
    """
    stop, before = threading.Event(), signal.getsignal(signal.SIGINT)
    bar, task = _bar(console)

    def tell(step: Step) -> None:
        if stoppable and signal.getsignal(signal.SIGINT) is before:
            signal.signal(signal.SIGINT, _asking(stop, console, "the best plan so far is checked and written"))
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

    with _drawn(bar, console, before):
        yield tell, stop


@contextmanager
def counting(console: Console, what: str) -> Iterator[tuple[Callable[[int, int], None], StopSignal]]:
    """A listener that shows how many of how many were looked at, and the signal by which Ctrl-C stops it.

    The first Ctrl-C ends it with what was found, and a second one gives up.
    """
    stop, before = threading.Event(), signal.getsignal(signal.SIGINT)
    bar, task = _bar(console)

    def tell(number: int, of: int) -> None:
        bar.update(task, description=f"{what}: {number} of {of}", completed=number, total=of, state="")

    signal.signal(signal.SIGINT, _asking(stop, console, "what was found so far is shown"))
    with _drawn(bar, console, before):
        yield tell, stop


def _bar(console: Console) -> tuple[Progress, TaskID]:
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=10), TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(), console=console, transient=True,
    )  # fmt: skip
    return bar, bar.add_task("reading", total=None, state="")


def _asking(stop: threading.Event, console: Console, what: str) -> Callable[[int, FrameType | None], None]:
    """A handler of Ctrl-C: it asks to stop, and gives up when it comes again."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        console.print(f"[yellow]Stopping: {what} (Ctrl-C again to give up).[/]")

    return ask


@contextmanager
def _drawn(bar: Progress, console: Console, before: object) -> Iterator[None]:
    try:
        with bar if console.is_terminal else nullcontext():
            yield
    finally:
        signal.signal(signal.SIGINT, before)  # type: ignore[arg-type]
