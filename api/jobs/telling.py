"""What the process of a run puts into the store while it works, and what it hears from there."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from api.store import runs
from api.store.opening import Store
from api.store.runs import OldAttemptError
from api.store.tables import Run
from models.run import Progress, StopSignal

LOOK = 0.2
"""Seconds between two looks into the store: whether to stop, and whether this attempt is still the one."""
SPACING = 0.01
"""Progress is told again after this part of the time that the run has worked, so that long runs tell no more."""


class Teller:
    """A thread that tells the newest progress and keeps better plans, and that sets the stop signal when asked to.

    Parameters
    ----------
    store
        Where the run stands.
    run, attempt
        The run, and the attempt that this is.
    stop
        Set where somebody asked the run to stop.
    gone
        Called where the run is over, is no more, or another attempt works on it.
    """

    def __init__(self, store: Store, run: str, attempt: int, stop: StopSignal, gone: Callable[[], None]) -> None:
        self._store, self._run, self._attempt, self._stop, self._gone = store, run, attempt, stop, gone
        self._lock = threading.Lock()
        self._files: dict[str, bytes] = {}
        self._progress: dict[str, Any] | None = None
        self._placed: dict[str, Any] | None = None
        self._began, self._told = time.monotonic(), float("-inf")
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="teller", daemon=True)

    def __enter__(self) -> "Teller":
        """Begin; where the run was asked to stop before, the signal is set from the start."""
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End; what was not told yet is left to whoever ends the run."""
        self._over.set()
        self._thread.join()

    def progress(self, step: Progress) -> None:
        """Take a run's progress; the newest is told, soon."""
        gap = None if step.value is None or step.bound is None else abs(step.bound - step.value)
        self.news({**step._asdict(), "seconds": round(step.seconds, 3), "gap": gap})

    def news(self, progress: Mapping[str, Any]) -> None:
        """Take progress as it is told, such as cases that are done."""
        with self._lock:
            self._progress = dict(progress)

    def plan(self, files: Mapping[str, bytes], placed: int, live: int) -> None:
        """Take the files of a better plan; they are kept soon."""
        with self._lock:
            self._files = dict(files)
            self._placed = {"placed": placed, "live": live}

    def files(self, files: Mapping[str, bytes]) -> None:
        """Take files that are results already, while the run goes on."""
        with self._lock:  # a new dictionary: the thread may be keeping the one before
            self._files = self._files | dict(files)

    def _work(self) -> None:
        while not self._over.wait(LOOK):
            try:
                self._look()
                self._tell()
            except OldAttemptError:
                self._gone()
            except SQLAlchemyError:  # the database is not to be reached or busy: it is tried again, the solver works on
                continue

    def _look(self) -> None:
        with self._store.reading() as session:
            found = session.execute(
                select(Run.attempt, Run.state, Run.stop_asked).where(Run.id == self._run)
            ).one_or_none()
        if found is None or found.attempt != self._attempt or found.state != "running":
            self._gone()
        elif found.stop_asked:
            self._stop.set()

    def _tell(self) -> None:
        now = time.monotonic()
        with self._lock:
            files, placed, progress = self._files, self._placed, self._progress
            if not files and now - self._told < SPACING * (now - self._began):
                progress = None
        if not files and progress is None:
            return
        with self._store.transaction() as session:
            if files:
                runs.keep_files(session, self._run, self._attempt, files)
            if placed is not None:
                runs.tell(session, self._run, self._attempt, "plan", placed)
            if progress is not None:
                runs.tell(session, self._run, self._attempt, "progress", progress)
        with self._lock:  # what came meanwhile is told next time
            if progress is not None:
                self._told = now
                self._progress = None if self._progress is progress else self._progress
            if files is self._files:
                self._files, self._placed = {}, None
