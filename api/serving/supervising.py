"""Workers beside the server: started with it, started again where one dies, ended with it."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from api.serving.logs import log

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds before a worker that died is started again; doubled each time that it dies at once."""
LONG_LIFE = 60.0
"""Seconds after which a worker's death is no longer taken for its start's fault."""
LOOK = 0.2
END_SECONDS = 20.0
"""How long a worker may take to let go of what it does; then it is killed, and its runs are taken up later."""


SUPERVISOR = "PLACEMENTS_SUPERVISOR"
"""The variable that tells a worker whose end is its own, too: killed, the server leaves nobody behind."""
WORKER = (sys.executable, "-m", "allocator", "worker")
"""How a worker is started; the database's URL goes by the environment, since it may hold a password."""


class Supervisor:
    """Keeps a number of processes of a command going.

    Parameters
    ----------
    command
        What a worker is.
    number
        How many.
    environment
        Variables beside those of this process.
    """

    def __init__(self, command: Sequence[str], number: int, environment: dict[str, str]) -> None:
        self._command = tuple(command)
        self._environment = os.environ | environment | {SUPERVISOR: str(os.getpid())}
        self._ending = threading.Event()
        self._pipes: set[int] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._keep, name=f"worker {n + 1}") for n in range(number)]

    def __enter__(self) -> "Supervisor":
        """Start them."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End them, and wait until they are gone."""
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def wake(self) -> None:
        """Tell them that a run was accepted; one that does not listen looks by itself."""
        with self._lock:
            for pipe in self._pipes:
                with suppress(OSError):
                    os.write(pipe, b"\n")

    def _keep(self) -> None:
        wait = FIRST_WAIT
        while not self._ending.is_set():
            began = time.monotonic()
            with subprocess.Popen(self._command, env=self._environment, stdin=subprocess.PIPE) as process:
                with self._listening(process):
                    while process.poll() is None and not self._ending.wait(LOOK):
                        pass
                if self._ending.is_set():
                    _end(process)
                    return
            wait = FIRST_WAIT if time.monotonic() - began > LONG_LIFE else min(LONGEST_WAIT, wait * 2)
            log.warning("worker ended", code=process.returncode, again_after=wait)
            self._ending.wait(wait)

    @contextmanager
    def _listening(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """As long as a worker hears what is written into its pipe."""
        assert process.stdin is not None
        pipe = process.stdin.fileno()
        with suppress(OSError):  # who writes never waits
            os.set_blocking(pipe, False)
        with self._lock:
            self._pipes.add(pipe)
        try:
            yield
        finally:
            with self._lock:
                self._pipes.discard(pipe)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
