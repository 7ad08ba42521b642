"""What a process of a run may take, and that it ends with whoever started it."""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

MEGABYTE = 1024 * 1024
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux."""


def die_with_parent(parent: int, pipe: BinaryIO, told: Callable[[bytes], None]) -> None:
    """End this process as soon as the one that started it is gone.

    The pipe from it closes then, on every system; Linux sends a signal besides, which reaches a process that is busy
    in a solver too.

    Parameters
    ----------
    parent
        Process that started this one.
    pipe
        Comes from it and stays open as long as it lives.
    told
        Given every line that comes through the pipe.
    """
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - used on Linux alone

        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it was gone before the system knew that we care
            os._exit(1)

    def wait() -> None:
        for line in iter(pipe.readline, b""):
            told(line)
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def limit_memory(megabytes: int) -> None:
    """Let this process take so much memory of its own and no more; where the system has no such limit, nothing.

    What counts is memory that is written to (``RLIMIT_DATA``): HiGHS and the thread stacks reserve far more addresses
    (``RLIMIT_AS``) than they ever use, and would be refused for nothing.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE, megabytes * MEGABYTE))
