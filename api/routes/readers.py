"""Who waits for a run to tell more: one look at the store for all of them, and nobody holds a thread or a session."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from anyio import to_thread
from sqlalchemy import func, select

from api.store.opening import Store
from api.store.tables import Run, RunEvent

SOONEST, LATEST = 0.02, 0.1
"""Seconds between two looks: who has come to wait a moment ago waits for an end before a screen, mostly."""
PART = 0.05
"""The part of what the last who came has waited, after which is looked again."""


class Readers:
    """Readers of the events of runs, who are woken when there are more.

    Parameters
    ----------
    store
        That runs tell their events to.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looks: WeakKeyDictionary[asyncio.AbstractEventLoop, _Look] = WeakKeyDictionary()
        self.closing = False

    async def more(self, run: str, number: int, seconds: float) -> None:
        """Wait until a run has told more than an event, is gone, some seconds are over, or the service closes.

        Parameters
        ----------
        run
            Its id.
        number
            Of the last event that is known.
        seconds
            How long at most.
        """
        look = self._looks.setdefault(asyncio.get_running_loop(), _Look(self._store))
        if not self.closing:
            await look.wait(run, number, seconds)

    def close(self) -> None:
        """Wake all readers for good, so that a server that stops does not wait for them; from any thread."""
        self.closing = True
        for loop, look in list(self._looks.items()):
            if not loop.is_closed():
                loop.call_soon_threadsafe(look.wake_all)


class _Look:
    """Readers of one event loop, and the task that looks for them while there are any."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._readers: defaultdict[str, dict[asyncio.Event, int]] = defaultdict(dict)
        self._came = 0.0
        self._task: asyncio.Task[None] | None = None

    async def wait(self, run: str, number: int, seconds: float) -> None:
        woken = asyncio.Event()
        self._readers[run][woken] = number
        self._came = time.monotonic()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go_on())
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            pass
        finally:
            del self._readers[run][woken]
            if not self._readers[run]:
                del self._readers[run]

    async def _go_on(self) -> None:
        while self._readers:
            await asyncio.sleep(min(LATEST, max(SOONEST, PART * (time.monotonic() - self._came))))
            try:
                newest = await to_thread.run_sync(self._newest, tuple(self._readers))
            except Exception:  # whatever it is, who reads the events meets it too: nobody waits in vain
                self.wake_all()
                continue
            for run, readers in self._readers.items():
                for woken, number in readers.items():
                    if newest.get(run, number + 1) > number:
                        woken.set()

    def _newest(self, runs: Iterable[str]) -> dict[str, int]:
        """The number of the last event of each run that there is."""
        last = func.coalesce(func.max(RunEvent.number), 0)
        wanted = select(Run.id, last).outerjoin(RunEvent, RunEvent.run == Run.id).where(Run.id.in_(runs))
        with self._store.reading() as session:
            return {run: number for run, number in session.execute(wanted.group_by(Run.id))}  # noqa: C416  (rows are no pairs to mypy)

    def wake_all(self) -> None:
        for readers in self._readers.values():
            for woken in readers:
                woken.set()
