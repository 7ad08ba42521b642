from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.store import audit, replies, rounds, runs, versions
from api.store.contents import content, keep
from api.store.opening import Store
from api.store.tables import Decision
from models.versions import Version
from tests.api.store.making import NOON, kept_round, kept_run

NEVER = [
    "update content set packed = (select packed from content c where c.kind = 'file' limit 1) where kind = 'source'",
    "update content set kind = 'other'",
    "update content set digest = 'other' where kind = 'file'",
    "update decision set why = 'other'",
    "update round_dataset set source = (select digest from content where kind = 'file')",
    "update match_step set done = 'other'",
    "update published_version set run = 'other'",
    "update reply set form = '{}'",
    "update reply_answer set reason = 'other'",
    "update run_event set content = '{}'",
    "update audit_entry set who = 'other'",
    "update audit_entry set details = '{}'",
    "update audit_entry set details = null, salt = 'other'",
    "update audit_entry set number = number + 1",
    "delete from audit_entry",
]


@pytest.fixture
def filled(store: Store) -> Store:
    with store.transaction() as session:
        kept_round(session)
        kept_run(session, round="r1")
        keep(session, b"file", "file")
        said: dict[str, Any] = {"dataset_digest": "0" * 64, "counts": {}, "issues": [], "by": "team1", "now": NOON}
        rounds.add_dataset(session, "r1", data=b"workbook", filename="w.xlsx", **said)
        made = {"id": "d1", "round": "r1", "number": 1, "row": {"student": "S1"}, "why": "kept", "made": NOON}
        session.add(Decision(made_by="team1", **made))
        versions.add_step(session, "r1", done="told", cells=(), workbook=1, by="team1", now=NOON)
        files = dict.fromkeys(versions.FILES.values(), b"file")
        frozen: dict[str, Any] = {"run": "run1", "files": files, "workbook": 1, "by": "team1", "now": NOON}
        versions.add_version(session, "r1", version=Version(version=1), **frozen)
        came: dict[str, Any] = {"name": "A.xlsx", "agency": "A", "run": None, "form": {"rows": []}, "by": "team1"}
        reply = replies.add_reply(session, "r1", now=NOON, **came)
        answer: dict[str, Any] = {"place": "row 5", "says": "no", "accepted": False, "reason": "agreed otherwise"}
        replies.add_answer(session, reply, **answer, by="team1", now=NOON)
        audit.record(session, "team1", "decided", "r1", {"row": "S1"}, NOON)
    return store


def test_what_is_written_once_is_never_changed(filled: Store) -> None:
    for statement in NEVER:
        with pytest.raises(DBAPIError, match="is written once"), filled.engine.begin() as connection:
            connection.execute(text(statement))
    with filled.reading() as session:
        assert audit.verify(session) is None


def test_rows_are_not_changed_by_putting_others_in_their_place(filled: Store) -> None:
    if filled.engine.dialect.name == "sqlite":
        replace = "insert or replace into content select digest, kind, size, x'00', created from content"
        message = "is written once"
    else:
        replace = "truncate audit_entry"
        message = "is written once"
    with pytest.raises(DBAPIError, match=message), filled.engine.begin() as connection:
        connection.execute(text(replace))


def test_details_may_be_blotted_out(filled: Store) -> None:
    with filled.engine.begin() as connection:
        connection.execute(text("update audit_entry set details = null, salt = null"))


def test_a_run_goes_with_its_events(filled: Store) -> None:
    with filled.transaction() as session:
        [run] = runs.to_do(session)
        session.delete(run)
        session.flush()
        assert runs.events_after(session, run.id, 0) == ()
        assert content(session, run.source) == b"workbook"
