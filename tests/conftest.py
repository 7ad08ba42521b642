"""What coverage's tracer sees: tests and fixtures, but those marked ``untraced``, pytest and some libraries it does not."""

import gc
from collections.abc import Iterator

import pytest

from tests.kept import keep_command, keep_routes
from tests.tracing import Telling, Tracer, coverage_traces, libraries_untraced

if coverage_traces():
    libraries_untraced()
keep_command()
keep_routes()


TRACER = Tracer()
TELLING = Telling()
OBJECTS_BETWEEN_COLLECTIONS = 50_000


def pytest_collection_finish() -> None:
    """Look for garbage less often, and never among the modules and tests: hundreds of thousands of objects that stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop() -> Iterator[None]:
    """Take the tracer away from all that pytest does between tests, in its workers and in who hears from them.

    Inside what pytest-cov does there, which stops and sums up afterwards.
    """
    with TRACER.absent():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    """Trace how fixtures are set up, those of the whole session too."""
    with TRACER.present():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Trace how fixtures end."""
    with TRACER.present():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Trace a test that is not marked ``untraced``, which says that other tests cover its lines.

    The mark is not for a test that sends requests to a service which other tests share: threads that begin in it and go
    on to answer those others would stay untraced too. Nor are further parameters of a test traced where those before
    reached nothing new. pytest-cov's own ``no_cover`` does not do: a worker of pytest-xdist measures twice, one inside
    the other, and that mark ends the inner one alone.
    """
    name, _, parameters = pyfuncitem.nodeid.partition("[")
    if pyfuncitem.get_closest_marker("untraced") is not None or TELLING.is_idle(name):
        return (yield)
    with TRACER.present():
        TELLING.begin()
        try:
            return (yield)
        finally:
            if parameters:
                TELLING.end(name)


@pytest.fixture
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the charts of the summary page empty: they take much of the time of a report, and have tests of their own."""
    monkeypatch.setattr(
        "allocator.report.summary.charts", lambda _: dict.fromkeys(("programmes", "figures", "agencies"), "")
    )
