"""The mark ``untraced``: tests that run without coverage's tracer; and libraries that do whoever calls them."""

from collections.abc import Iterator

import pytest

from tests.tracing import Telling, coverage_traces, libraries_untraced, untraced

if coverage_traces():
    libraries_untraced()


TELLING = Telling()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Take the tracer away from a test that is marked ``untraced``, since other tests cover its lines.

    So too from further parameters of a test where those before reached nothing new. pytest-cov's own ``no_cover`` does
    not: a worker of pytest-xdist measures twice, one inside the other, and that mark ends the inner one alone.
    """
    name, _, parameters = pyfuncitem.nodeid.partition("[")
    marked = pyfuncitem.get_closest_marker("untraced") is not None
    if marked or TELLING.is_idle(name):
        pyfuncitem.obj = untraced(pyfuncitem.obj)
        return (yield)
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
