"""Opening the store: SQLite or PostgreSQL, brought to the newest tables, and sessions of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from api.store import audit
from api.store.engines import engine_of, for_reading
from api.store.migrating import migrate, present
from models.errors import UsageError


class Store:
    """The database of the service.

    Parameters
    ----------
    url
        ``sqlite:///file`` or ``postgresql://...``.

    Raises
    ------
    UsageError
        The URL is none of a store.
    """

    def __init__(self, url: str) -> None:
        self.engine = engine_of(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(for_reading(self.engine), expire_on_commit=False)
        audit.write_on_commit(self._sessions)

    @property
    def url(self) -> str:
        """Its URL, with the password: for other processes, never for people."""
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def name(self) -> str:
        """Its URL without the password."""
        return self.engine.url.render_as_string()

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


def open_store(url: str, *, make: bool = True) -> Store:
    """Open a store and bring it to the newest tables.

    Parameters
    ----------
    url
        ``sqlite:///file`` or ``postgresql://...``.
    make
        Whether a database that has no tables, or is not there, gets them; else it is refused.

    Returns
    -------
    Store
        Open; close it when done.

    Raises
    ------
    UsageError
        The URL is none, the database cannot be reached or is not there, or a newer program has written it.
    """
    store = Store(url)
    try:
        if not make and not _is_there(store.engine):
            raise UsageError(
                f"There is no store at {store.name}. Name it by --database or PLACEMENTS_DATABASE ('make serve' keeps "
                "it at sqlite:///placements-data/placements.db). 'placements serve' makes a new one, and so does "
                "'placements store migrate'."
            )
        migrate(store.engine)
    except BaseException as error:
        store.close()
        if isinstance(error, DBAPIError):
            raise UsageError(f"The database {store.name} cannot be opened: {error.orig}") from error
        raise
    return store


def _is_there(engine: Engine) -> bool:
    """Whether somebody has made tables in it; a file of SQLite that is only asked for is not made."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").is_file():
        return False
    with for_reading(engine).connect() as connection:
        return present(connection) is not None
