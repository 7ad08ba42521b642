"""Every test of the store runs over SQLite and over a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.opening import Store, open_store
from tests.api.databases import Databases

KINDS = ["sqlite", "postgresql"]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """Of a database with the newest tables and nothing in them."""
    yield from _given(request.param, databases, tmp_path / "placements.db", empty=False)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """Of a database without tables."""
    yield from _given(request.param, databases, tmp_path / "empty.db", empty=True)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()


def _given(kind: str, databases: Databases, path: Path, *, empty: bool) -> Iterator[str]:
    if kind == "sqlite":
        yield databases.sqlite(path, empty=empty)
        return
    url = databases.postgres(empty=empty)
    yield url
    databases.drop(url)
