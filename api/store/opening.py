"""Opening the store: an engine for SQLite or PostgreSQL, brought to the newest tables, and sessions of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

BUSY_SECONDS = 30
"""How long a writer waits for another one (SQLite has one at a time)."""


class Store:
    """The database of the service.

    Parameters
    ----------
    url
        ``sqlite:///file`` or ``postgresql://...``.
    """

    def __init__(self, url: str) -> None:
        self.url = _with_driver(url)
        self.engine = _engine(self.url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is kept as a whole, or not at all where it raises."""
        with self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Give back its connections."""
        self.engine.dispose()


def _with_driver(url: str) -> str:
    """The URL as SQLAlchemy needs it: people write ``postgresql://`` or ``postgres://``."""
    for start in ("postgresql://", "postgres://"):
        if url.startswith(start):
            return "postgresql+psycopg://" + url.removeprefix(start)
    return url


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    """Readers beside a writer (WAL), foreign keys on; transactions are begun by us, not by the driver."""
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    """Take the place of the one writer at once: a transaction that reads first and then writes would be refused."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
