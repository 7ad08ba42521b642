"""Metrics for Prometheus: what came in, how long it took, what waits and what is under way."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text

from api.store.opening import Store
from api.store.tables import Run

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 10.0)
"""Bounds of the histogram; 0.3 s is what a page may take."""


class Metrics:
    """The numbers of one process and, when they are asked for, of the store.

    Parameters
    ----------
    store
        Where runs are counted.
    """

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "placements_requests", "Requests by method, route and status.", ("method", "route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "placements_request_seconds", "Seconds to the begin of the answer, by route.", ("route",), buckets=SECONDS,
            registry=self._registry,
        )  # fmt: skip
        self._registry.register(_OfStore(store))

    def page(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self._registry)


class _OfStore(Collector):
    """Counted when asked: runs by state, the wait of the oldest, the size of the database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> Iterator[Metric]:
        """Nothing before somebody asks: the store may not be there yet."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """What the store holds now."""
        with self._store.transaction() as session:
            states = session.execute(select(Run.state, func.count()).group_by(Run.state)).all()
            size = session.execute(text(_SIZE[self._store.engine.dialect.name])).scalar_one()
        runs = GaugeMetricFamily("placements_runs", "Runs by state.", labels=("state",))
        for state, number in states:
            runs.add_metric((state,), number)
        yield runs
        yield GaugeMetricFamily("placements_database_bytes", "Size of the database.", value=float(size))


_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}
