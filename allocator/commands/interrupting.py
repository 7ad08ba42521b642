"""Ctrl-C where there is no plan to stop with: it ends the program at once, without a traceback.

An exception would not do: libraries that are interrupted while they load turn it into another one, or lose it.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from allocator.begun import remove_begun
from allocator.commands.statuses import INTERRUPTED

_SHOW_CURSOR = b"\x1b[?25h"


def leave(_signal: int = signal.SIGINT, _frame: FrameType | None = None) -> NoReturn:
    """End the program now, threads and all (a signal handler); folders that it made and are empty go."""
    remove_begun()
    os.write(2, (_SHOW_CURSOR if os.isatty(2) else b"") + b"\nInterrupted.\n")
    os._exit(INTERRUPTED)


@contextmanager
def tidied() -> Iterator[None]:
    """Within it Ctrl-C raises, so that a half-written file is removed before the program ends."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
