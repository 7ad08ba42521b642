"""Processes of runs, as their worker sees them: one ready for the next run, each watched until it ends."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from api.jobs.orders import DONE, FULL, Order

MODULE = "api.jobs.child"
LOOK = 0.02
"""Seconds between two looks at a process."""
ALMOST = 0.9
"""A process that dies with this part of its memory taken is taken to have died of it."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Thread pools of dot products keep 20 MB for every thread, and gain nothing here."""
How = Literal["done", "full", "late", "died", "ended"]


class Ended(NamedTuple):
    """How a process ended: done with its run; memory full; over its time; died by itself (``reason``); ended by us."""

    how: How
    reason: str = ""


class Child:
    """A process that waits for the order of one run."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(os.getpid())],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._errors, env=ONE_THREAD | os.environ,
            start_new_session=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def carry_out(self, order: Order, seconds: float, leaving: threading.Event) -> Ended:
        """Give it its order, and wait for its end.

        Parameters
        ----------
        order
            The run.
        seconds
            After which it is ended.
        leaving
            Set where the worker leaves: then it is ended at once.

        Returns
        -------
        Ended
            Nothing of it goes on.
        """
        until, most = time.monotonic() + seconds, 0.0
        try:
            assert self._process.stdin is not None
            with suppress(OSError):  # it has died before; how, is seen below
                self._process.stdin.write(order.model_dump_json().encode() + b"\n")
                self._process.stdin.flush()
            while self._process.poll() is None:
                if leaving.is_set():
                    return Ended("ended")
                if time.monotonic() > until:
                    return Ended("late")
                most = max(most, _taken(self.pid))
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(LOOK)
            return self._ended(most >= ALMOST * order.megabytes)
        finally:
            self.end()

    def end(self) -> None:
        """End it, if it has not ended."""
        if self.is_alive:
            _kill(self._process)
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._errors.close()

    def _ended(self, almost_full: bool) -> Ended:
        code = self._process.returncode
        if code == DONE:
            return Ended("done")
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip()
        if code == FULL or "bad_alloc" in said or "MemoryError" in said or almost_full:
            return Ended("full")
        return Ended("died", _reason(code, said))


class Children:
    """One process ready for the next run; processes are started by one thread, which lives as long as the worker.

    Linux ends a process with the *thread* that started it.
    """

    def __init__(self) -> None:
        self._starter = ThreadPoolExecutor(1, "starter")
        self._lock = threading.Lock()
        self._ready: Child | None = None
        self._closed = False

    def prepare(self) -> None:
        """Have a process ready, if there is none."""
        self._starter.submit(self._prepare)

    def take(self) -> Child:
        """The process that is ready, or a new one."""
        with self._lock:
            ready, self._ready = self._ready, None
        if ready is not None and ready.is_alive:
            return ready
        if ready is not None:
            ready.end()
        return self._starter.submit(Child).result()

    def close(self) -> None:
        """End the one that is ready."""
        with self._lock:
            ready, self._ready, self._closed = self._ready, None, True
        if ready is not None:
            ready.end()

    def _prepare(self) -> None:
        with self._lock:
            if self._ready is None and not self._closed:
                self._ready = Child()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and what it started; where there are no process groups, the process alone."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _taken(pid: int) -> float:
    """The memory of its own that a process has written to (MB), which is what its limit counts; 0 where not told."""
    with suppress(OSError, ValueError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmData:")).split()[1]) / 1024
    return 0.0


def _reason(code: int, said: str) -> str:
    """Why a process died, in a line."""
    if code < 0:
        with suppress(ValueError):
            return f"its process was ended by the system ({signal.Signals(-code).name})"
    last = said.splitlines()[-1][:300] if said else ""
    return f"its process ended with {code}" + (f": {last}" if last else "")
