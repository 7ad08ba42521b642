"""Runs and workers for tests: a tiny partnership as JSON, a worker in this process, and waiting for a run's end."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from api.jobs.worker import Worker
from api.store import runs
from api.store.moments import utc_now
from api.store.opening import Store
from api.store.tables import Run
from api.wire import OVER
from tests.reading.sheets import sheets

SOON = 60.0
"""Seconds that anything may take on a machine that others use too."""


def source(**rows: Any) -> bytes:
    """The small partnership of the tests of reading, as a JSON file."""
    return json.dumps(sheets(**rows), default=str).encode()


def accepted(
    store: Store, *, kind: str = "allocate", data: bytes | None = None, filename: str = "input.json",
    settings: Mapping[str, Any] | None = None, limits: Mapping[str, Any] | None = None, by: str = "team1",
) -> str:  # fmt: skip
    with store.transaction() as session:
        run = runs.accept(
            session, kind=kind, source=source() if data is None else data, filename=filename, settings=settings or {},
            limits=limits or {}, by=by, now=utc_now(),
        )  # fmt: skip
        return run.id


def seen(store: Store, run: str) -> Run:
    with store.reading() as session:
        return runs.run_of(session, run)


def files(store: Store, run: str) -> dict[str, bytes]:
    with store.reading() as session:
        return {file.path: runs.file_of(session, run, file.path) for file in runs.files_of(session, run)}


def events(store: Store, run: str, kind: str | None = None) -> list[dict[str, Any]]:
    with store.reading() as session:
        return [e.content for e in runs.events_after(session, run, 0) if kind is None or e.kind == kind]


def over(store: Store, run: str, seconds: float = SOON) -> Run:
    """The run, once it is over."""
    until = time.monotonic() + seconds
    while (found := seen(store, run)).state not in OVER:
        assert time.monotonic() < until, f"{found.state} after {seconds} s: {events(store, run)}"
        time.sleep(0.05)
    return found


@contextmanager
def at_work(store: Store, processes: int = 1, *, seconds: float = 600, megabytes: int = 4096) -> Iterator[Worker]:
    """A worker in this process; its runs are done in processes of their own."""
    worker, stop = Worker(store, processes, seconds=seconds, megabytes=megabytes), threading.Event()
    thread = threading.Thread(target=worker.serve, args=(stop,))
    thread.start()
    try:
        yield worker
    finally:
        stop.set()
        thread.join()
