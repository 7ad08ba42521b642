"""The mark ``untraced``: tests that run without coverage's tracer; and libraries that do whoever calls them."""

from collections import Counter
from collections.abc import Iterable

import pytest

from tests.tracing import coverage_traces, libraries_untraced, untraced

if coverage_traces():
    libraries_untraced()


TRACED_OF_EACH = 3
"""Of a test with many parameters so many are traced: the others mostly take the same ways."""


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark the later ones of the parameters of each test."""
    before = Counter[str]()
    for item in items:
        name = item.nodeid.partition("[")[0]
        before[name] += 1
        if before[name] > TRACED_OF_EACH:
            item.add_marker("untraced")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Take the tracer away from a test that is marked ``untraced``, since other tests cover its lines.

    pytest-cov's own ``no_cover`` does not: a worker of pytest-xdist measures twice, one inside the other, and that mark
    ends the inner one alone.
    """
    if pyfuncitem.get_closest_marker("untraced") is not None:
        pyfuncitem.obj = untraced(pyfuncitem.obj)
