"""Processes of runs, as their worker sees them: one ready for the next run, each watched until it ends.

One that stays after a run waits for the next of its kind, with what it has read and solved, and is ended after a while.
"""

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

from api.jobs.orders import DONE, FULL, OVER, Order

MODULE = "api.jobs.child"
LOOK = 0.02
"""Seconds between two looks at a process."""
ALMOST = 0.9
"""A process that dies with this part of its memory taken is taken to have died of it."""
STAYS = 900.0
"""Seconds for which a process stays that nobody needs."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Thread pools of dot products keep 20 MB for every thread, and gain nothing here."""
How = Literal["done", "full", "late", "died", "ended"]


class Ended(NamedTuple):
    """How a process ended: done with its run; memory full; over its time; died by itself (``reason``); ended by us."""

    how: How
    reason: str = ""


class Child:
    """A process that waits for an order. ``has_worked``: it had one before, and may hold what came of it."""

    def __init__(self) -> None:
        self.has_worked = False
        self._over = threading.Event()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(os.getpid())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=ONE_THREAD | os.environ,
            start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, name="listener", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def carry_out(self, order: Order, seconds: float, leaving: threading.Event) -> Ended:
        """Give it its order, and wait for its end, or for the end of the run where it is to stay.

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
            Nothing of it goes on, but that a process that stays waits.
        """
        until, most, waits = time.monotonic() + seconds, 0.0, False
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
                if order.stay and self._over.wait(LOOK):
                    waits = self.has_worked = True
                    self._over.clear()
                    return Ended("done")
                if not order.stay:
                    with suppress(subprocess.TimeoutExpired):
                        self._process.wait(LOOK)
            return self._ended(most >= ALMOST * order.megabytes)
        finally:
            if not waits:
                self.end()

    def takes(self, megabytes: float) -> bool:
        """Whether it has taken so much memory of its own."""
        return _taken(self.pid) >= megabytes

    def end(self) -> None:
        """End it, if it has not ended."""
        if self.is_alive:
            _kill(self._process)
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._errors.close()

    def _listen(self) -> None:
        """Hear what it says; its output ends with it."""
        assert self._process.stdout is not None
        with self._process.stdout as said:
            for line in said:
                if line.strip() == OVER.encode():
                    self._over.set()

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
    """One process ready for the next run, and one that has stayed; they are started by a thread that lives as long.

    Linux ends a process with the *thread* that started it.
    """

    def __init__(self) -> None:
        self._starter = ThreadPoolExecutor(1, "starter")
        self._lock = threading.Lock()
        self._ready: Child | None = None
        self._stayed: Child | None = None
        self._since = 0.0
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

    def take_again(self) -> Child:
        """The process that has stayed, or else as :meth:`take`."""
        with self._lock:
            stayed, self._stayed = self._stayed, None
        if stayed is not None and stayed.is_alive:
            return stayed
        if stayed is not None:
            stayed.end()
        return self.take()

    @property
    def one_has_stayed(self) -> bool:
        """Whether a process waits that has stayed after a run."""
        with self._lock:
            return self._stayed is not None and self._stayed.is_alive

    def put_back(self, child: Child, megabytes: float) -> None:
        """Let a process that stays wait for the next run, or end it where it has taken so much memory."""
        with self._lock:
            fits = self._stayed is None and not self._closed and child.is_alive and not child.takes(megabytes)
            if fits:
                self._stayed, self._since = child, time.monotonic()
        if not fits:
            child.end()

    def expire(self) -> None:
        """End the process that has stayed, where it was not needed for long: it holds what people sent."""
        with self._lock:
            if self._stayed is None or time.monotonic() - self._since < STAYS:
                return
            stayed, self._stayed = self._stayed, None
        stayed.end()

    def close(self) -> None:
        """End those that wait."""
        with self._lock:
            waiting = (self._ready, self._stayed)
            self._ready, self._stayed, self._closed = None, None, True
        for child in waiting:
            if child is not None:
                child.end()

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
