"""What coverage counts: what a test runs, unless it is marked ``untraced``; nothing that pytest does around it."""

import sys
from collections.abc import Generator

import pytest

from tests.tracing import coverage_traces, libraries_untraced, traced, untraced_threads

libraries_untraced()
_TRACER = pytest.StashKey[object]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Take the tracer away from a test and all that is done for it; it is put back in the frame that took it away.

    pytest-cov's own ``no_cover`` does not: a worker of pytest-xdist measures twice, one inside the other, and that mark
    ends the inner one alone.
    """
    if not coverage_traces():
        return (yield)
    tracer = sys.gettrace()
    item.stash[_TRACER] = tracer
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Give the tracer to what the test itself runs, unless it is marked ``untraced``, since other tests cover its lines."""
    tracer = pyfuncitem.stash.get(_TRACER, None)
    if tracer is not None:
        marked = pyfuncitem.get_closest_marker("untraced") is not None
        pyfuncitem.obj = untraced_threads(pyfuncitem.obj) if marked else traced(pyfuncitem.obj, tracer)
