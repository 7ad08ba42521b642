"""A process that does one run: started with a file for its events, watched, and ended where it exceeds its limit."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from scenarios.batch.machine import busy_elsewhere
from scenarios.batch.watch import Event, Tail, events

POLL = 0.05
"""Seconds between two looks at a run."""
GRACE = 10.0
"""Seconds (and a tenth of the limit) that a run may take to stop by itself."""
BEFORE = 7200.0
"""Seconds that reading and building a model may take before the clock starts."""
AFTER = 1800.0
"""Seconds that checking the plan and writing the report may take."""
KILLED = -9
"""How a process ends that the system kills (Linux, macOS)."""


class Ended(NamedTuple):
    """How a process ended and what it said.

    ``most``: the most memory that it and its children were seen to hold together (MiB); ``stopped``: ended from outside
    at its limit; ``busy``: cores that others kept busy meanwhile; both numbers are None where the system does not say.
    """

    said: tuple[Event, ...] = ()
    most: float | None = None
    stopped: bool = False
    code: int | None = 0
    errors: str = ""
    busy: float | None = None

    @property
    def problem(self) -> str:
        """Why it did not come to its end, in a line."""
        if self.stopped:
            return "stopped at its limit"
        lines = self.errors.strip().splitlines()
        if lines:
            return lines[-1][:300]
        why = ": killed by the system, most likely for want of memory" if self.code == KILLED else ""
        return f"the process ended with {self.code}{why}"


def watched(command: Sequence[str], limit: float, folder: Path) -> Ended:
    """Run a command that writes its events to a file.

    Parameters
    ----------
    command
        Program and words; the file of events and the moment of the start (``time.monotonic()``) are added at its end.
    limit
        Seconds that it may work, counted from its event that starts the clock.
    folder
        The folder that it is started in.

    Returns
    -------
    Ended
        How it ended; nothing that it started goes on.
    """
    with tempfile.TemporaryDirectory() as place:
        file, errors = Path(place) / "events.jsonl", Path(place) / "errors.txt"
        began, before = time.monotonic(), busy_elsewhere()
        with errors.open("w", encoding="utf-8") as stream:
            process = subprocess.Popen(
                [*command, str(file), str(began)],
                cwd=folder, stdout=subprocess.DEVNULL, stderr=stream, start_new_session=True,
            )  # fmt: skip
            stopped, most = wait(process, Tail(file), limit, began)
        after = busy_elsewhere()
        busy = None if before is None or after is None else round((after - before) / (time.monotonic() - began), 2)
        said = errors.read_text(encoding="utf-8", errors="replace")
        return Ended(tuple(events(file)), most, stopped, process.returncode, said, busy)


def wait(process: subprocess.Popen[bytes], tail: Tail, limit: float, began: float) -> tuple[bool, float | None]:
    """Wait; end process and children where it exceeds its limit. Says so, and the most memory seen (MiB)."""
    most: float | None = None
    since, allowed, finished = 0.0, BEFORE, False
    try:
        while process.poll() is None:
            for event in tail.fresh():
                if event.get("clock") == "start":
                    since, allowed = event["at"], limit * 1.1 + GRACE
                elif "clock" in event or event.get("finished"):
                    since, allowed = event["at"], AFTER
                finished = finished or bool(event.get("finished"))
            if not finished:  # what comes after the run, such as the report, is no part of it
                most = max(filter(None, (most, held(process.pid))), default=None)
            if time.monotonic() - began - since > allowed:
                return True, most
            time.sleep(POLL)
        return False, most
    finally:
        # Whatever happens here, also Ctrl-C: nothing that was started goes on.
        if process.poll() is None:
            end(process)
        process.wait()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started; where there are no process groups, the process alone."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def held(process: int) -> float | None:
    """What a process and its children hold now (MiB); None where the system does not say (only Linux does)."""
    total, waiting = 0.0, [process]
    while waiting:
        now = Path(f"/proc/{waiting.pop()}")
        try:
            lines = (now / "status").read_text(encoding="utf-8").splitlines()
            for thread in (now / "task").iterdir():  # a child is listed by the thread that started it
                waiting += [int(n) for n in (thread / "children").read_text(encoding="utf-8").split()]
        except OSError:
            continue
        total += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
    return round(total, 1) or None
