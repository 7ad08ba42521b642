"""What a process of a run may take, and that it ends with whoever started it."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 1024 * 1024
LATER = 10
"""How much later a process comes that gives way: it has about a tenth of a processor that another one wants whole."""
TRIES = 5
AUTOGROUP = Path("/proc/self/autogroup")
"""How much later the session of a process comes, on Linux."""
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux."""


def die_with_parent(parent: int, told: Callable[[bytes], None] = lambda _line: None, pipe: int = 0) -> None:
    """End this process as soon as the one that started it is gone.

    The pipe from it closes then, on every system; Linux sends a signal besides, which reaches a process that is busy
    in a solver too.

    Parameters
    ----------
    parent
        Process that started this one.
    told
        Given every line that comes through the pipe.
    pipe
        Comes from it and stays open as long as it lives: by default the standard input.
    """
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - used on Linux alone

        ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it was gone before the system knew that we care
            os._exit(1)

    def wait() -> None:
        # by its number: a stream is locked while it is read, and Python aborts where it ends meanwhile
        said = b""
        while found := os.read(pipe, 65536):
            *lines, said = (said + found).split(b"\n")
            for line in lines:
                told(line)
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def give_way() -> None:
    """Let other processes of this machine come first, such as those that somebody waits for before a screen.

    Linux may share the processors out between sessions before it looks at the processes of each, and this process
    leads a session of its own: then the whole session gives way.
    """
    with contextlib.suppress(AttributeError, OSError):  # there is no such thing on Windows
        os.nice(LATER)
    for _ in range(TRIES):
        try:
            AUTOGROUP.write_text(str(LATER), encoding="ascii")
        except BlockingIOError:  # at most ten times a second on the whole machine
            time.sleep(0.1)
        except OSError:  # there is no such thing here
            return
        else:
            return


def limit_memory(megabytes: int) -> None:
    """Let this process take so much memory of its own and no more; where the system has no such limit, nothing.

    What counts is memory that is written to (``RLIMIT_DATA``): HiGHS and the thread stacks reserve far more addresses
    (``RLIMIT_AS``) than they ever use, and would be refused for nothing.
    """
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE, megabytes * MEGABYTE))
