"""A worker as a process of its own, for tests that kill it: ``python -m tests.api.jobs.one_worker URL``."""

import signal
import sys
import threading
from types import FrameType

from api.jobs import children
from api.jobs.worker import Worker
from api.store.opening import Store


def main() -> None:
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    children.MODULE = "tests.api.jobs.acting"
    children.Children.prepare = lambda self: None  # type: ignore[method-assign]  # each start of Python costs a second
    Worker(Store(sys.argv[1]), 2, seconds=600, megabytes=4096, lease=5).serve(stop)


if __name__ == "__main__":
    main()
