"""Scrubbing: rewriting the database, so that what was deleted cannot be read from its files either.

SQLite overwrites what it deletes (``secure_delete``), but copies of rows may be left in the unused part of a page, and
in the file beside it (WAL): ``VACUUM`` builds every page anew, and the WAL is emptied. PostgreSQL leaves deleted rows
in its pages until they are used again: ``VACUUM FULL`` writes the tables into new files and gives up the old ones. Its
own log (``pg_wal``) and back-ups keep what they hold until they run out, which is for whoever runs it to set.
"""

import sqlite3
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.store import audit
from api.store.opening import Store
from api.store.tables import Base

SCRUBBED = "store_scrubbed"
PATIENCE_SECONDS = 30
"""How long others who are at work in the database are waited for."""


def scrub(store: Store, now: datetime) -> bool:
    """Rewrite the database without what was deleted.

    Parameters
    ----------
    store
        Never from within a transaction of the same thread.
    now
        When.

    Returns
    -------
    bool
        Whether it was done; if not, others were at work for too long, and the daily retention tries again.
    """
    done = _rewritten_sqlite(store) if store.engine.dialect.name == "sqlite" else _rewritten_postgresql(store)
    if done:
        with store.transaction() as session:
            audit.record(session, audit.ITSELF, SCRUBBED, "store", {}, now)
    return done


def _rewritten_sqlite(store: Store) -> bool:
    connection = store.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
        return busy is not None and busy[0] == 0
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise
    finally:
        connection.invalidate()
        connection.close()


def _rewritten_postgresql(store: Store) -> bool:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"set lock_timeout = '{PATIENCE_SECONDS}s'"))
        try:
            for table in Base.metadata.sorted_tables:
                connection.execute(text(f'vacuum full "{table.name}"'))
        except OperationalError as error:
            if "lock timeout" in str(error):
                return False
            raise
        finally:
            connection.execute(text("reset lock_timeout"))
    return True
