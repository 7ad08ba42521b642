"""A worker as a process of its own, for tests that kill it: ``python -m tests.api.jobs.one_worker URL [CHILD]``."""

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
    children.MODULE = sys.argv[2] if len(sys.argv) > 2 else children.MODULE
    Worker(Store(sys.argv[1]), 2, seconds=600, megabytes=4096, lease=5).serve(stop)


if __name__ == "__main__":
    main()
