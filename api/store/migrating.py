"""Bringing a database to the newest tables."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from api.store.engines import for_migrating, for_reading
from api.store.guards import put_guards
from models.errors import UsageError

FOLDER = Path(__file__).parent / "migrations"
LOCK = 712_355_004
"""One process at a time migrates (PostgreSQL's advisory lock; SQLite has one writer anyway)."""


@cache
def newest() -> str:
    """The last migration."""
    found = ScriptDirectory(str(FOLDER)).get_current_head()
    assert found is not None
    return found


def present(connection: Connection) -> str | None:
    """The migration that a database stands at; None where it has no tables yet."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine, to: str = "head") -> bool:
    """Carry out the migrations that are missing, all or none; processes that come at once wait for each other.

    Parameters
    ----------
    engine
        Of the database.
    to
        The migration to go up to; the newest unless said otherwise.

    Returns
    -------
    bool
        Whether anything was to be done.

    Raises
    ------
    UsageError
        The database has tables of a newer program.
    """
    with for_reading(engine).connect() as connection:
        before = present(connection)
        _refuse_newer(before)
        if before == (newest() if to == "head" else to):
            return False
    with for_migrating(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        put_guards(connection)
        if connection.dialect.name == "sqlite":
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return True


def configuration() -> Config:
    """Alembic's, without a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    return config


@cache
def known() -> frozenset[str]:
    """Every migration of this program."""
    return frozenset(script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions())


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in known():
        raise UsageError(
            f"The database was written by a newer program (its tables are at {revision}, this program knows up to "
            f"{newest()}). Install the newer program, or restore a back-up of before."
        )
