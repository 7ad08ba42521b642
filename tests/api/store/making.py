"""Small things in a store, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.store import runs
from api.store.tables import Round, Run

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def after(**passed: float) -> datetime:
    return NOON + timedelta(**passed)


def kept_round(session: Session, id: str = "r1", **values: Any) -> Round:
    made = Round(**{"id": id, "name": "Spring", "tranches": ["T1"], "created": NOON, "touched": NOON} | values)
    session.add(made)
    session.flush()
    return made


def kept_run(session: Session, *, source: bytes = b"workbook", by: str = "team1", **values: Any) -> Run:
    asked: dict[str, Any] = {"kind": "allocate", "filename": "w.xlsx", "settings": {}, "limits": {}, "now": NOON}
    return runs.accept(session, source=source, by=by, **asked | values)


def without_guards(session: Session) -> None:
    """As somebody does who means harm and has the database's password: the triggers are gone."""
    if session.get_bind().dialect.name == "sqlite":
        for name in session.scalars(text("select name from sqlite_master where type = 'trigger'")).all():
            session.execute(text(f"drop trigger {name}"))
    else:
        session.execute(text("drop function refuse_written_once cascade"))
