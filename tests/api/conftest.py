"""A store and a service for each test; clients of every role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access.people import Person, person_of
from api.inputs import apart
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from api.wire import Role
from tests.api.databases import Databases, databases, postgres_url
from tests.api.outside import Outside, fresh, service

__all__ = ["databases", "postgres_url"]

apart.PRELOADED.append("pytest")  # the main module of the tests, which every process would load anew
ClientAs = Callable[..., TestClient]


@pytest.fixture
def store(databases: Databases, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(databases.sqlite(tmp_path / "placements.db"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """A service with a round whose plan is shared with two agencies; see :func:`there`."""
    with service(tmp_path_factory.mktemp("outside")) as made:
        yield made


@pytest.fixture
def there(outside: Outside) -> Outside:
    """The same with a round of one's own, to which nothing came yet."""
    return fresh(outside)


@pytest.fixture
def client_as(store: Store) -> Iterator[ClientAs]:
    """A client of the service as somebody of a role; of nobody where none is given."""
    opened: list[TestClient] = []

    def make(
        role: Role | None = "team", *, agency: str | None = None, rounds: tuple[str, ...] = (), **settings: Any
    ) -> TestClient:
        app = create_app(Settings(**settings), store)
        if role is not None:
            somebody = Person(account=f"{role}1", role=role, agency=agency, rounds=frozenset(rounds))
            app.dependency_overrides[person_of] = lambda: somebody
        client = TestClient(app, raise_server_exceptions=True)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()
