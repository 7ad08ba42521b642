"""What a kind of run is given to do, and what comes of it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from api.jobs.bases import Bases
from api.jobs.telling import Teller
from api.wire import Answer, RunState
from models.run import Limits, StopSignal


class Task(NamedTuple):
    """A run as work in a folder.

    ``source`` is its input and ``out`` its folder of results, which is not there yet; ``before`` holds the files that
    an attempt before this one kept, if any; ``today`` is the day that the run is of, ``round`` the round, if any;
    ``bases`` is what the process has kept of runs before this one.
    """

    source: Path
    out: Path
    before: Path
    settings: Mapping[str, Any]
    limits: Limits
    today: date
    teller: Teller
    stop: StopSignal
    round: str | None
    bases: Bases


class Came(NamedTuple):
    """How a run ended, and what came out."""

    state: RunState
    answer: Answer


@contextmanager
def in_its_time(task: Task) -> Iterator[None]:
    """Stop a run that knows no limits by itself when its time is over."""
    clock = threading.Timer(task.limits.seconds or threading.TIMEOUT_MAX, task.stop.set)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
