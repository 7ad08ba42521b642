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
def stoppable(console: Console) -> Iterator[StopSignal]:
    """The first Ctrl-C asks the run to stop with the best plan so far; a second one ends the program."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        console.print("[yellow]Stopping: the best plan so far is checked and written (Ctrl-C again to give up).[/]")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class _Bar:
    """The live bar of a run: tier, requests placed, gap, time."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("reading", total=None, state="")

    def tell(self, step: Step) -> None:
        """Show how far the run is (a ``ProgressListener``)."""
        if step.tier is None:
            words = "writing the report" if step.phase == "report" else f"which offers fit whom, {step.live} requests"
            self._bar.update(self._task, description=words, state="")
            return
        known = "" if step.bound is None else f"bound {step.bound}"
        if step.value is not None and step.bound is not None:
            known = f"gap {abs(step.value - step.bound)}"
        self._bar.update(
            self._task, description=f"tier {step.number + 1}/{step.tiers} {step.tier:<17}", completed=step.number,
            total=step.tiers, state=f"placed {step.placed} of {step.live}  {known}",
        )  # fmt: skip


@contextmanager
def run_bar(console: Console) -> Iterator[ProgressListener]:
    """A live bar on one line of 80 columns, to be told of progress; nothing where ``console`` is no terminal."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=10), TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(), console=console, transient=True,
    )  # fmt: skip
    with bar if console.is_terminal else nullcontext():
        yield _Bar(bar).tell
