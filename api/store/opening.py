"""Opening the store: an engine for SQLite or PostgreSQL, brought to the newest tables, and sessions of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from api.store import audit
from api.store.tables import Base

BUSY_SECONDS = 30
"""How long a writer waits for another one (SQLite has one at a time)."""
READING = "placements_reading"
"""Execution option of connections that only read."""


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
        self._readers = sessionmaker(_for_reading(self.engine), expire_on_commit=False)
        audit.write_on_commit(self._sessions)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is kept as a whole, or not at all where it raises."""
        with self._sessions.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the store, holds up no writer, and is refused where it writes."""
        with self._readers.begin() as session:
            yield session

    def close(self) -> None:
        """Give back its connections."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open a store and bring it to the newest tables.

    Parameters
    ----------
    url
        ``sqlite:///file`` or ``postgresql://...``.

    Returns
    -------
    Store
        Open; close it when done.
    """
    store = Store(url)
    Base.metadata.create_all(store.engine)
    return store


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


def _begin(connection: Connection) -> None:
    """Take the place of the one writer at once: a transaction that reads first and then writes would be refused."""
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _for_reading(engine: Engine) -> Engine:
    """The same connections, for transactions that see one moment and write nothing."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READING: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
