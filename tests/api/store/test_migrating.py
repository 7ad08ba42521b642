import multiprocessing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from api.store.engines import engine_of
from api.store.migrating import FOLDER, migrate, newest, present
from api.store.opening import Store, open_store
from api.store.tables import Base
from models.errors import UsageError
from tests.api.store.making import kept_round, kept_run

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(FOLDER)).walk_revisions()))]


def opened(url: str) -> None:
    open_store(url).close()


def test_the_migrations_lead_to_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
        assert present(connection) == newest()


def test_each_migration_goes_up_from_the_one_before(empty_url: str) -> None:
    engine = engine_of(empty_url)
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    for revision in REVISIONS:
        assert migrate(engine, revision)
        assert not migrate(engine, revision)
        with engine.connect() as connection:
            assert present(connection) == revision
    engine.dispose()


def test_what_is_kept_survives_a_table_that_is_made_anew(store: Store) -> None:
    """SQLite changes a column by copying the table and dropping the old one: what refers to it must stay."""
    from alembic.operations import Operations

    from api.store.engines import for_migrating

    with store.transaction() as session:
        kept_round(session)
        run = kept_run(session, round="r1")
    with for_migrating(store.engine).begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("round", recreate="auto") as batch:
            batch.alter_column("name", nullable=True)
    with store.reading() as session:
        assert session.execute(text("select id, round from run")).all() == [(run.id, "r1")]


def test_processes_that_open_at_once_do_not_collide(empty_url: str) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["api.store.opening"])
    processes = [context.Process(target=opened, args=(empty_url,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    store = Store(empty_url)
    assert "audit_entry" in inspect(store.engine).get_table_names()
    store.close()


def test_a_database_of_a_newer_program_is_left_alone(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(UsageError, match=r"written by a newer program .* 9999.* Install the newer program"):
        open_store(store.url)


@pytest.mark.parametrize("url", ["", "placements.db", "mysql://here/there", "oracle:nothing", "sqlite+aiosqlite:///x"])
def test_a_url_of_no_store(url: str) -> None:
    with pytest.raises(UsageError, match="Allowed: sqlite:///FILE"):
        open_store(url)


def test_a_database_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be opened") as caught:
        open_store(f"postgresql://somebody:secret@/none?host={tmp_path}")
    assert "secret" not in str(caught.value)
    with pytest.raises(UsageError, match="unable to open"):
        open_store(f"sqlite:///{tmp_path}/no/such/folder/placements.db")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "placements.db"
    path.write_text("not a database at all, but long enough to be looked at as if it were one" * 20)
    with pytest.raises(UsageError, match="not a database"):
        open_store(f"sqlite:///{path}")


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/placements.db")
    with store.transaction() as session:
        kept_round(session)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == dict.fromkeys(
        ["placements.db", "placements.db-wal", "placements.db-shm"], 0o600
    )
    store.close()
