"""The mark ``untraced``: tests that run without coverage's tracer; and libraries that do whoever calls them."""

import pytest

from tests.tracing import coverage_traces, libraries_untraced, untraced

if coverage_traces():
    libraries_untraced()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Take the tracer away from a test that is marked ``untraced``, since other tests cover its lines.

    pytest-cov's own ``no_cover`` does not: a worker of pytest-xdist measures twice, one inside the other, and that mark
    ends the inner one alone.
    """
    if pyfuncitem.get_closest_marker("untraced") is not None:
        pyfuncitem.obj = untraced(pyfuncitem.obj)
