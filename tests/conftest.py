"""What all tests share: less work between them, and a report without its charts."""

import gc

import pytest
from hypothesis import settings

from tests.kept import keep_command, keep_routes

keep_command()
keep_routes()
settings.register_profile("untimed", deadline=None)  # machines are noisy, and how long an example takes says little
settings.load_profile("untimed")

OBJECTS_BETWEEN_COLLECTIONS = 50_000


def pytest_collection_finish() -> None:
    """Look for garbage less often, and never among the modules and tests: hundreds of thousands of objects that stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])


@pytest.fixture
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the charts of the summary page empty: they take much of the time of a report, and have tests of their own."""
    monkeypatch.setattr(
        "allocator.report.summary.charts", lambda _: dict.fromkeys(("programmes", "figures", "agencies"), "")
    )
