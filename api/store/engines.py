"""Engines: how connections to SQLite and to PostgreSQL are set up, and how their transactions begin."""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from models.errors import UsageError

BUSY_SECONDS = 30
"""How long a writer waits for another one (SQLite has one at a time)."""
_POOL: Final[Mapping[str, int]] = {"pool_size": 10, "max_overflow": 40}
"""Connections: as many as the server has threads, of which ten are kept open."""
_READING, _MIGRATING = "placements_reading", "placements_migrating"


def engine_of(url: str) -> Engine:
    """The engine of a URL, for transactions that write.

    Parameters
    ----------
    url
        ``sqlite:///file`` or ``postgresql://...``.

    Returns
    -------
    Engine
        Connected to nothing yet.

    Raises
    ------
    UsageError
        The URL is none of a store.
    """
    for start in ("postgresql://", "postgres://"):  # as people write it; SQLAlchemy wants the driver named
        if url.startswith(start):
            url = "postgresql+psycopg://" + url.removeprefix(start)
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise UsageError("No store has this URL. Allowed: sqlite:///FILE and postgresql://USER@HOST/DATABASE.")
    if parsed.drivername != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, **_POOL)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, **_POOL)
    event.listen(engine, "do_connect", _own_file)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def for_reading(engine: Engine) -> Engine:
    """The same connections, for transactions that see one moment and write nothing."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_READING: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def for_migrating(engine: Engine) -> Engine:
    """The same connections, for changes of tables: SQLite copies them, which must not delete what refers to them."""
    return engine.execution_options(**{_MIGRATING: True})


def _own_file(_dialect: object, _record: object, arguments: tuple[Any, ...], _options: object) -> None:
    """A new file is its owner's alone, since there are people in it; SQLite takes after it for the files beside it."""
    path = Path(str(arguments[0]))
    if arguments[0] != ":memory:" and path.parent.is_dir() and not path.exists():
        path.touch(0o600)


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    """Readers beside a writer (WAL); transactions are begun by us, not by the driver."""
    connection.isolation_level = None
    # secure_delete: what is deleted is overwritten, not just forgotten
    for pragma in ("synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    give_up = time.monotonic() + BUSY_SECONDS
    # Here SQLite does not wait by itself for another one who is just doing the same.
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def _begin(connection: Connection) -> None:
    """Take the place of the one writer at once: a transaction that reads first and then writes would be refused."""
    options = connection.get_execution_options()
    reading = options.get(_READING, False)
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if options.get(_MIGRATING) else 'ON'}")
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
