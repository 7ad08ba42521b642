"""A worker: takes runs from the queue, has each done in a process of its own, takes over from workers gone."""

import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from api.jobs import leases
from api.jobs.children import Children, Ended
from api.jobs.durable import DurableQueue
from api.jobs.failures import DiedError, NotEnoughMemoryError, TookTooLongError
from api.jobs.filling import accepted, tagged, to_do
from api.jobs.folders import sweep, working_folder
from api.jobs.lasting import lasting
from api.jobs.order import is_quick
from api.jobs.orders import Order, name_of
from api.jobs.warming import is_plan_of_a_round
from api.problems import ProblemError, as_problem
from api.store import runs
from api.store.opening import Store
from api.store.runs import OldAttemptError
from api.store.tables import RunEvent

POLL = 0.2
"""Seconds between two looks for runs that were accepted."""
LOOK = 1.0
"""Seconds between two looks for workers that are gone, and for runs that the queue has lost."""
DEATHS = 3
"""So many processes may die of one run."""
BEGINNINGS = 100
"""So often a run is begun, whoever is killed: what takes its worker with it each time is a danger to the others."""
WARMING = 30.0
"""Seconds after which a process that is made ready for looks is ended."""
STAYING = 0.25
"""A process stays after a run unless it has taken this part of the memory that a run may take."""
GRACE = 60.0
"""Seconds, and a tenth of the limit, that a run may take beyond it to read, to check and to write its report."""
DIED = "died"
"""The kind of the event that says so."""


class Worker:
    """One process of ``placements worker``.

    Parameters
    ----------
    store
        Open.
    processes
        How many runs side by side.
    seconds, megabytes
        Limits of one run.
    lease
        Seconds without a beat after which another worker is taken to be gone.
    woken
        Set by whoever knows that a run was accepted; it is looked for without that too.
    """

    def __init__(
        self, store: Store, processes: int, *, seconds: float, megabytes: int, lease: float = leases.LEASE,
        woken: threading.Event | None = None,
    ) -> None:  # fmt: skip
        self._store, self._seconds, self._megabytes = store, seconds, megabytes
        self._watch = leases.Watch(lease)
        self._children = Children()
        self._folder = working_folder(store.url)
        self._leaving = threading.Event()
        self._woken = woken or threading.Event()
        self._warmer = ThreadPoolExecutor(1, "warmer")
        self._known: set[str] = set()
        self._processes, self.name = processes, leases.new_name()
        with store.transaction() as session:
            leases.register(session, self.name, processes)
        self._queue = DurableQueue(store.url, self.name, processes, self.work)

    def serve(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; what is under way then is left to others with the best plan so far."""
        beating = threading.Thread(target=self._beat, name="beat", daemon=True)
        beating.start()
        try:
            self._children.prepare()
            self._queue.open()
            looked = float("-inf")
            while not stop.is_set():
                self._woken.wait(POLL)
                self._woken.clear()
                try:
                    self._fill()
                    if time.monotonic() - looked >= LOOK:
                        looked = time.monotonic()
                        self._look()
                except SQLAlchemyError:  # the database is busy or cannot be reached: it is tried again
                    stop.wait(LOOK)
        finally:
            self._leaving.set()
            self._queue.close()
            self._warmer.shutdown()
            self._children.close()
            beating.join()
            with self._store.transaction() as session:
                leases.remove(session, self.name)

    def work(self, run: str) -> None:
        """Bring a run to its end; called by the queue, on a thread for each run.

        Where the worker leaves before, the run is left as it is: the queue has lost it then, and others see that.
        """
        while True:
            attempt, quick = self._begin(run)
            if attempt is None:
                return
            child = self._children.take_again() if quick else self._children.take()
            self._children.prepare()
            order = Order(
                database=self._store.url, run=run, attempt=attempt, seconds=self._seconds, megabytes=self._megabytes,
                folder=self._folder, stay=quick,
            )  # fmt: skip
            kept_something = quick and child.has_worked
            ended = child.carry_out(order, self._seconds * 1.1 + GRACE, self._leaving)
            if quick and ended.how == "done":
                self._children.put_back(child, STAYING * self._megabytes)
            shutil.rmtree(self._folder / order.name, ignore_errors=True)
            if ended.how == "full" and kept_something:
                continue  # what it had kept may have filled the memory: now alone
            if self._over(order, ended):
                if not quick and ended.how == "done":
                    self._warmer.submit(self._warm, order)
                return

    def _warm(self, order: Order) -> None:
        """Have a process ready for looks at a round whose plan was worked out, where none has stayed after looks.

        That runs beside the queue, whose next run does not wait for it.
        """
        try:
            needless = self._leaving.is_set() or self._children.one_has_stayed
            if needless or not is_plan_of_a_round(self._store, order.run):
                return
        except SQLAlchemyError:
            return
        child = self._children.take()
        self._children.prepare()
        warming = order.model_copy(update={"stay": True, "warm": True})
        if child.carry_out(warming, WARMING, self._leaving).how == "done":
            self._children.put_back(child, STAYING * self._megabytes)

    # ---- the store ---------------------------------------------------------------------------------------------
    def _begin(self, run: str) -> tuple[int | None, bool]:
        """The number of a new attempt, None where the run is over; and whether somebody waits for it."""
        with self._store.transaction() as session:
            attempt = runs.begin_attempt(session, run)
            found = None if attempt is None else runs.run_of(session, run)
            quick = found is not None and is_quick(found.kind, found.settings)
        if attempt is not None and attempt > BEGINNINGS:
            self._fail(run, attempt, DiedError(f"It was begun {BEGINNINGS} times, and whoever worked on it ended."))
            return None, quick
        return attempt, quick

    def _over(self, order: Order, ended: Ended) -> bool:
        """What follows from how a process ended; whether that was the end of the run."""
        if ended.how == "full":
            words = (
                f"The memory that a run may take ({order.megabytes} MB) was not enough. Ask for less at once, or have"
            )
            self._fail(order.run, order.attempt, NotEnoughMemoryError(f"{words} the limit raised."))
        elif ended.how == "late":
            words = f"It did not stop within the time that a run may take ({order.seconds:g} s). The best plan is kept."
            self._fail(order.run, order.attempt, TookTooLongError(words))
        elif ended.how == "died":
            deaths = self._died(order, ended.reason)
            if deaths is not None and deaths < DEATHS:
                return False
            words = f"Its process died {DEATHS} times; at last {ended.reason}."
            self._fail(order.run, order.attempt, DiedError(words))
        return True

    def _died(self, order: Order, reason: str) -> int | None:
        """Note that a process has died; how many have. None where the run is no longer ours."""
        found: list[int] = []

        def tell() -> None:
            with self._store.transaction() as session:
                runs.tell(session, order.run, order.attempt, DIED, {"reason": reason})
                died = select(func.count()).where(RunEvent.run == order.run, RunEvent.kind == DIED)
                found.append(session.scalar(died) or 0)

        try:
            lasting(tell)
        except OldAttemptError:
            return None
        return found[-1]

    def _fail(self, run: str, attempt: int, error: ProblemError) -> None:
        def finish() -> None:
            with self._store.transaction() as session:
                kept = any(file.path == "plan.json" for file in runs.files_of(session, run))
                runs.finish(session, run, attempt, "failed", "within_gap" if kept else "nothing", as_problem(error)[1])

        try:
            lasting(finish)
        except OldAttemptError:
            return

    # ---- the queue ---------------------------------------------------------------------------------------------
    def _fill(self) -> None:
        """Enqueue what was accepted; what somebody waits for before a screen is begun at once, if nobody else waits."""
        with self._store.reading() as session:
            waiting = accepted(session)
        self._known &= {run.id for run in waiting}
        if all(run.id in self._known for run in waiting):
            return
        entries = self._queue.active()
        with self._store.reading() as session:
            found = tagged(session, waiting, entries)
            quick = {run.id for run in to_do(session) if run.quick}
        others = any(entry.run in quick and entry.worker in (None, self.name) for entry in entries)
        first = None if others else next((run for run in found if run in quick), None)
        if first is not None:
            self._queue.begin(first)
        self._queue.put({run: tag for run, tag in found.items() if run != first}, quick)
        self._known |= found.keys() | {entry.run for entry in entries}

    def _look(self) -> None:
        """Put back what workers that are gone had claimed, and what the queue has lost."""
        with self._store.reading() as session:
            gone = self._watch.gone(session)
            living = {*leases.names(session), self.name}
        entries = self._queue.active()
        lost = {entry.worker for entry in entries if entry.worker is not None} - living.difference(gone)
        self._queue.recover(sorted(lost))
        if gone:
            with self._store.transaction() as session:
                for name in gone:
                    leases.remove(session, name)
        self._sweep()
        self._children.expire()
        self._queue.forget_over()
        entries = self._queue.active()
        with self._store.reading() as session:
            missing = [run for run in to_do(session) if run.id not in {entry.run for entry in entries}]
            found = tagged(session, missing, entries) if missing else {}
        self._queue.put(found, {run.id for run in missing if run.quick})

    def _sweep(self) -> None:
        """Remove what killed processes left on this machine; an attempt is in the store before its folder is made."""
        folder = working_folder(self._store.url)  # made again, where something that tidies up has removed it
        left = [path.name for path in folder.iterdir()]
        if left:
            with self._store.reading() as session:
                wanted = [name_of(run.id, run.attempt) for run in runs.to_do(session) if run.state == "running"]
            sweep(folder, left, wanted)

    def _beat(self) -> None:
        while not self._leaving.wait(leases.BEAT):
            try:
                with self._store.transaction() as session:
                    if not leases.beat(session, self.name):
                        leases.register(session, self.name, self._processes)
            except SQLAlchemyError:
                continue
