"""Back-ups: the whole store at one moment in a single file, which either database takes back.

The file is a ZIP: a file of JSON lines for each table, in the order in which they are to be filled, and a manifest that
says of which tables' state they are, how many rows there are, and the digest of each. It is read in one transaction
that sees one moment, while others go on writing, and takes no program of the database. Browsers' sessions, workers and
answers to repeated requests are of that moment alone, and are left out: after a restore everybody signs in again.
"""

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.types import TypeEngine

from allocator.files import whole
from api.store import audit, migrating
from api.store.contents import StoreDamagedError, content
from api.store.engines import engine_of
from api.store.opening import Store, open_store
from api.store.tables import Base, Content, Moment
from models.base import Record
from models.errors import UsageError

MANIFEST, FORMAT = "back-up.json", 1
PASSING = {"signed_in", "worker", "repeated"}
"""Tables that are left out."""
ROWS_AT_ONCE = 50
Kind = Literal["text", "whole", "yes_no", "moment", "bytes", "json"]
_TYPES: Mapping[Kind, TypeEngine[Any]] = {
    "text": String(), "whole": Integer(), "yes_no": Boolean(), "moment": Moment(), "bytes": LargeBinary(),
    "json": JSON(none_as_null=True),
}  # fmt: skip


class TableOfBackUp(Record):
    """A table: what its columns hold, how many rows, and the SHA-256 of its lines."""

    name: str
    columns: dict[str, Kind]
    rows: int
    digest: str


class Manifest(Record):
    """What a back-up is of: the migration of its tables, when it was begun, the head of its audit, its tables."""

    format: int
    revision: str
    at: datetime
    audit_number: int
    audit_digest: str
    tables: tuple[TableOfBackUp, ...]


def back_up(store: Store, path: Path, now: datetime) -> Manifest:
    """Write a back-up; the file appears when it is whole, and is its owner's alone.

    Parameters
    ----------
    store
        With the newest tables. Others go on writing.
    path
        Of the file; one that is there is replaced.
    now
        When.

    Returns
    -------
    Manifest
        What it holds.
    """
    with whole(path) as partial:
        opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as file, store.reading() as session:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                connection = session.connection()
                number, digest = audit.head(session)
                written = Manifest(
                    format=FORMAT, revision=str(migrating.present(connection)), at=now, audit_number=number,
                    audit_digest=digest, tables=tuple(_write(connection, archive, table) for table in _tables()),
                )  # fmt: skip
                archive.writestr(MANIFEST, written.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
    return written


def manifest_of(path: Path) -> Manifest:
    """What a back-up holds, once each of its tables was found to be as it was written.

    Parameters
    ----------
    path
        Of the file.

    Raises
    ------
    UsageError
        It is no back-up, is damaged, or is of a newer program.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = Manifest.model_validate_json(archive.read(MANIFEST))
            broken = [table.name for table in manifest.tables if _digest(archive, table) != table.digest]
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise UsageError(f"{path.name} is no back-up of this program, or is damaged: {error}") from error
    if broken:
        raise UsageError(f"{path.name} is damaged: {', '.join(broken)} is not as it was written. Take another one.")
    if manifest.format != FORMAT or manifest.revision not in migrating.known():
        raise UsageError(f"{path.name} was written by a newer program. Install that one, or take an older back-up.")
    return manifest


def restore(path: Path, url: str) -> Manifest:
    """Fill an empty database from a back-up, bring it to the newest tables, and look whether all is as it was.

    Parameters
    ----------
    path
        Of the file.
    url
        Of a database without tables, or with none but empty ones; of either kind, whichever the back-up was of.

    Returns
    -------
    Manifest
        What it holds now.

    Raises
    ------
    UsageError
        The file is no back-up, or the database is not empty.
    StoreDamagedError
        What was restored is not whole.
    """
    manifest = manifest_of(path)
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            _refuse_filled(connection)
            present = migrating.present(connection)
        if present is None:
            migrating.migrate(engine, manifest.revision)
        elif present != manifest.revision:
            raise UsageError(
                f"The database has tables of another state ({present}) than the back-up ({manifest.revision}). Take an "
                "empty database."
            )
        with zipfile.ZipFile(path) as archive, engine.begin() as connection:
            for table in manifest.tables:
                _fill(connection, archive, table)
    finally:
        engine.dispose()
    store = open_store(url)
    try:
        _look_through(store, manifest)
    finally:
        store.close()
    return manifest


def _tables() -> Iterator[Table]:
    return (table for table in Base.metadata.sorted_tables if table.name not in PASSING)


def _write(connection: Connection, archive: zipfile.ZipFile, table: Table) -> TableOfBackUp:
    columns = {column.name: _kind(column) for column in table.columns}
    rows, digest = 0, hashlib.sha256()
    order = list(table.primary_key)
    with archive.open(_name(table.name), "w", force_zip64=True) as file:
        found = connection.execute(select(table).order_by(*order).execution_options(yield_per=ROWS_AT_ONCE))
        for row in found.mappings():
            line = json.dumps({name: _out(row[name], kind) for name, kind in columns.items()}).encode() + b"\n"
            file.write(line)
            digest.update(line)
            rows += 1
    return TableOfBackUp(name=table.name, columns=columns, rows=rows, digest=digest.hexdigest())


def _kind(column: Column[Any]) -> Kind:
    kinds: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
        (Moment, "moment"), (JSON, "json"), (LargeBinary, "bytes"), (Boolean, "yes_no"), (Integer, "whole"),
        (String, "text"),
    )  # fmt: skip
    return next(kind for type_, kind in kinds if isinstance(column.type, type_))


def _out(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "bytes":
        return base64.b64encode(value).decode()
    return value.astimezone(UTC).isoformat() if kind == "moment" else value


def _in(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "bytes":
        return base64.b64decode(value)
    return datetime.fromisoformat(value) if kind == "moment" else value


def _name(table: str) -> str:
    return f"tables/{table}.jsonl"


def _digest(archive: zipfile.ZipFile, table: TableOfBackUp) -> str:
    digest = hashlib.sha256()
    with archive.open(_name(table.name)) as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _fill(connection: Connection, archive: zipfile.ZipFile, table: TableOfBackUp) -> None:
    """By the columns that the back-up names: its tables may be older than the program's."""
    into = Table(table.name, MetaData(), *(Column(name, _TYPES[kind]) for name, kind in table.columns.items()))
    with archive.open(_name(table.name)) as file:
        for rows in _chunks(file):
            connection.execute(
                insert(into),
                [{name: _in(row[name], kind) for name, kind in table.columns.items()} for row in rows],
            )


def _chunks(file: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for line in file:
        rows.append(json.loads(line))
        if len(rows) == ROWS_AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


def _refuse_filled(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names())
    filled = [
        table.name
        for table in Base.metadata.sorted_tables
        if table.name in there and connection.scalar(select(func.count()).select_from(table))
    ]
    if filled:
        raise UsageError(
            f"The database is not empty ({', '.join(filled)}). A back-up is restored into an empty one: name a new "
            "file or a new database, then start the service with that."
        )


def _look_through(store: Store, manifest: Manifest) -> None:
    """Count the rows, walk the audit, unpack every content."""
    with store.reading() as session:
        for table in manifest.tables:
            kept = session.scalar(select(func.count()).select_from(Base.metadata.tables[table.name]))
            if kept != table.rows:
                raise StoreDamagedError(f"{table.name} has {kept} rows where the back-up has {table.rows}.")
        broken = audit.verify(session)
        if broken is not None or audit.head(session) != (manifest.audit_number, manifest.audit_digest):
            raise StoreDamagedError(f"The audit is not as it was written, from entry {broken} on.")
        for digest in session.scalars(select(Content.digest)):
            content(session, digest)
