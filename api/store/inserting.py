"""Rows that somebody else may be adding at this moment, too: the one statement that both databases understand."""

from typing import Any

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_new(session: Session, into: type[DeclarativeBase], **values: Any) -> bool:
    """Add a row, unless there is one of its key.

    Parameters
    ----------
    session
        That writes.
    into
        The table's class.
    **values
        By column.

    Returns
    -------
    bool
        Whether it was added.
    """
    table = into.__table__
    assert isinstance(table, Table)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    done = session.execute(dialect.insert(table).values(values).on_conflict_do_nothing())
    assert isinstance(done, CursorResult)
    return done.rowcount == 1
