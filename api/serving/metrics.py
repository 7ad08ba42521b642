"""Metrics for Prometheus: what came in, how long it took, what waits, what is under way and what came out."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from api.jobs.leases import Watch
from api.store.moments import utc_now
from api.store.opening import Store
from api.store.tables import Run
from api.wire import RunState

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 10.0)
"""Bounds of the histogram; 0.3 s is what a page may take."""
SOLVING_SECONDS = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0)
LATE = timedelta(hours=1)
"""How much later than its end a run may come into the store: clocks differ, and a database may be away for a while."""


class Metrics:
    """The numbers of one process and, when they are asked for, of the store.

    Parameters
    ----------
    store
        Where runs are counted.
    watch
        Sees which workers live.
    now
        The time.
    """

    def __init__(self, store: Store, watch: Watch, now: Callable[[], datetime] = utc_now) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "placements_requests", "Requests by method, route and status.", ("method", "route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "placements_request_seconds", "Seconds to the begin of the answer, by route.", ("route",), buckets=SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._ended = _Ended(now(), self._registry)
        self._store, self._now = store, now
        self._registry.register(_OfStore(store, watch, now))

    def page(self) -> bytes:
        """All of them, as Prometheus reads them."""
        with self._store.reading() as session:
            self._ended.look(session, self._now())
        return generate_latest(self._registry)


class _Ended:
    """Runs that ended since this process began, each once: a worker ended them, so the store is looked through.

    Counted here and not in the store, since what is deleted there must not count backwards.
    """

    def __init__(self, began: datetime, registry: CollectorRegistry) -> None:
        self._began = self._looked = began
        self._counted: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._seconds = Histogram(
            "placements_solving_seconds", "Seconds from the begin of a run to its end, by kind and how it ended.",
            ("kind", "state"), buckets=SOLVING_SECONDS, registry=registry,
        )  # fmt: skip

    def look(self, session: Session, now: datetime) -> None:
        """Count those that ended since the last look."""
        with self._lock:
            since = max(self._began, self._looked - LATE)
            wanted = select(Run.id, Run.kind, Run.state, Run.started, Run.ended)
            for run in session.execute(wanted.where(Run.ended >= since, Run.started.is_not(None))):
                if run.id not in self._counted:
                    self._counted[run.id] = run.ended
                    seconds = (run.ended - run.started).total_seconds()
                    self._seconds.labels(run.kind, run.state).observe(max(0.0, seconds))
            self._counted = {id: ended for id, ended in self._counted.items() if ended >= since}
            self._looked = now


class _OfStore(Collector):
    """Counted when asked: runs by state, the wait of the oldest, workers that live, the size of the database."""

    def __init__(self, store: Store, watch: Watch, now: Callable[[], datetime]) -> None:
        self._store, self._watch, self._now = store, watch, now

    def describe(self) -> Iterator[Metric]:
        """Nothing before somebody asks: the store may not be there yet."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """What the store holds now."""
        with self._store.reading() as session:
            states = dict(session.execute(select(Run.state, func.count()).group_by(Run.state)).all())
            oldest = session.scalar(select(func.min(Run.created)).where(Run.state == "queued"))
            living = self._watch.living(session)
            size = session.execute(text(_SIZE[self._store.engine.dialect.name])).scalar_one()
        runs = GaugeMetricFamily("placements_runs", "Runs by state.", labels=("state",))
        for state in get_args(RunState):  # none of a state is 0, so that an alarm sees that it is over
            runs.add_metric((state,), states.get(state, 0))
        yield runs
        waited = 0.0 if oldest is None else max(0.0, (self._now() - oldest).total_seconds())
        yield GaugeMetricFamily(
            "placements_oldest_queued_seconds", "How long the oldest queued run waits.", value=waited
        )
        yield GaugeMetricFamily("placements_workers", "Workers that live.", value=float(living))
        yield GaugeMetricFamily("placements_database_bytes", "Size of the database.", value=float(size))


_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}
