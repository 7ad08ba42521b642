"""Reports of commands are written without charts."""

import pytest


@pytest.fixture(autouse=True)
def reports_without_charts(without_charts: None) -> None:
    """In every test here."""
