"""A round is deleted with every byte that only it held; others keep theirs."""

import secrets
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Text, cast, func, make_url, select, text
from sqlalchemy.orm import Session

from api.problems import NotFoundError
from api.store import audit, replies, rounds, runs, versions
from api.store.contents import LEVEL, digest_of, keep
from api.store.deleting import Deleted, delete_round, delete_run
from api.store.opening import Store
from api.store.runs import OldAttemptError
from api.store.tables import AuditEntry, Base, Content, Repeated, Run
from models.errors import Issue
from models.versions import Version
from tests.api.store.making import NOON, after, kept_round, kept_run

STUDENT = "S-7c1f93ab"
"""An id that occurs nowhere else."""
SECRET = secrets.token_bytes(400)
"""What zlib cannot make shorter, so that there are bytes to look for."""
PLAN = SECRET + STUDENT.encode() * 3


def filled(session: Session, student: str, *, shared: bytes) -> str:
    """A round with a dataset, a decision, a step, a version, a reply and a run that tells, keeps files and is spoken of everywhere."""
    made = kept_round(session, secrets.token_hex(16), name=f"of {student}")
    issue = Issue(level="warning", code="V1", message=f"{student} has no home", subject=student)
    rounds.add_dataset(
        session, made.id, data=f"sheet of {student}".encode(), filename=f"{student}.xlsx", dataset_digest="0" * 64,
        counts={}, issues=[issue], by="team1", now=NOON,
    )  # fmt: skip
    entry: dict[str, Any] = {
        "row": {"student": student, "why": f"{student} asked"},
        "undoes": None,
        "cells": (),
        "workbook": 1,
    }
    rounds.add_entry(session, made.id, **entry, by="team1", now=NOON)
    versions.add_step(session, made.id, done=f"{student}: told", cells=(), workbook=1, by="team1", now=NOON)
    frozen = {name: f"{name} of {student}".encode() for name in versions.FILES.values()}
    made_of: dict[str, Any] = {"run": "run1", "files": frozen, "workbook": 1, "by": "team1", "now": NOON}
    versions.add_version(session, made.id, version=Version(version=1, changes=student), **made_of)
    run = kept_run(session, source=b"source of " + student.encode(), round=made.id, issues=[{"subject": student}])
    runs.begin_attempt(session, run.id)
    runs.tell(session, run.id, 1, "progress", {"student": student})
    for plan in (b"worse" + PLAN, PLAN):
        runs.keep_files(session, run.id, 1, {"plan.json": plan if student == STUDENT else b"other", "help.txt": shared})
    kept = {"request_digest": "0" * 64, "status": 202, "headers": {"location": f"/v1/runs/{run.id}"}, "created": NOON}
    session.add(Repeated(account="team1", key=f"k-{student}", body={"issues": [student]}, **kept))
    form = {"rows": [{"student": student}]}
    came: dict[str, Any] = {"name": f"{student}.xlsx", "agency": "A", "run": run.id, "form": form}
    reply = replies.add_reply(session, made.id, **came, by="team1", now=NOON)
    done: dict[str, Any] = {"place": "row 5", "says": f"{student}: no", "accepted": True, "reason": None}
    replies.add_answer(session, reply, **done, by="team1", now=NOON)
    replies.keep_draft(session, run.id, "A", [{"student": student}], "agency1", NOON)
    audit.record(session, "team1", "decided", made.id, {"student": student}, NOON)
    audit.record(session, "team1", "compared", "runs", {"before": run.id, "student": student}, NOON)
    return made.id


@pytest.fixture
def two(store: Store) -> tuple[str, str]:
    with store.transaction() as session:
        return filled(session, STUDENT, shared=b"the same for all"), filled(session, "S2", shared=b"the same for all")


def everything(store: Store) -> str:
    """Every row of every table, as text."""
    with store.engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(*(cast(c, Text) for c in table.c if c.name != "packed")))
        )


def test_a_round_goes_with_all_that_only_it_holds(store: Store, two: tuple[str, str]) -> None:
    assert STUDENT in everything(store)
    # source and dataset, the plan, four files of the version; the better plan has sent the worse one away, and the other round has the help too
    assert delete_round(store, two[0], "team1", after(days=1)) == Deleted(1, 7, 2, scrubbed=True)
    left = everything(store)
    assert STUDENT not in left
    assert "S2" in left
    with store.reading() as session:
        digests = set(session.scalars(select(Content.digest)))
        assert digest_of(b"the same for all") in digests
        assert digest_of(PLAN) not in digests
        assert len(digests) == 8
        assert session.scalar(select(func.count()).select_from(Repeated)) == 1
        assert audit.verify(session) is None
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        assert [(e.action, e.details is None) for e in entries] == [
            ("decided", True), ("compared", True), ("decided", False), ("compared", False), ("round_deleted", False),
            ("store_scrubbed", False),
        ]  # fmt: skip
        assert (entries[4].who, entries[4].subject, entries[4].at) == ("team1", two[0], after(days=1))
        assert entries[4].details == {"runs": 1, "contents": 7, "blotted": [1, 2]}
        assert rounds.round_of(session, two[1]).name == "of S2"


def test_its_bytes_are_in_no_file_of_the_database(store: Store, two: tuple[str, str]) -> None:
    bytes_of = _files_of(store)
    packed = zlib.compress(PLAN, LEVEL)
    needles = [STUDENT.encode(), packed[20:60], packed[200:240]]
    _settle(store)
    assert all(needle in bytes_of() for needle in needles)
    delete_round(store, two[0], "team1", after(days=1))
    _settle(store)
    found = bytes_of()
    assert len(found) > 50_000
    assert not any(needle in found for needle in needles)


def _settle(store: Store) -> None:
    """PostgreSQL writes its pages, and gives up files that are no more used, at a checkpoint."""
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("checkpoint"))


def _files_of(store: Store) -> Callable[[], bytes]:
    if store.engine.dialect.name == "sqlite":
        folder = Path(str(make_url(store.url).database)).parent
        return lambda: _bytes_in(folder)
    with store.engine.connect() as connection:
        place = Path(str(connection.scalar(text("show data_directory"))))
        number = connection.scalar(text("select oid from pg_database where datname = current_database()"))
    return lambda: _bytes_in(place / "base" / str(number))


def _bytes_in(folder: Path) -> bytes:
    """Of every file; one that the database takes away meanwhile, such as its lists of tables, has none."""
    found = []
    for path in sorted(folder.iterdir()):
        with suppress(FileNotFoundError):
            found.append(path.read_bytes())
    return b"".join(found)


def test_a_run_goes_alone_and_its_worker_is_refused(store: Store, two: tuple[str, str]) -> None:
    with store.reading() as session:
        [run] = session.scalars(select(Run.id).where(Run.round == two[0]))
    assert delete_run(store, run, "team1", after(days=1)) == Deleted(1, 2, 1, scrubbed=False)
    with store.transaction() as session, pytest.raises(OldAttemptError):
        runs.tell(session, run, 1, "progress", {})
    with store.reading() as session:
        assert len(rounds.datasets_of(session, two[0])) == 1
        assert audit.verify(session) is None


def test_what_is_not_there_is_not_deleted(store: Store) -> None:
    for deleting in (delete_round, delete_run):
        with pytest.raises(NotFoundError):
            deleting(store, "none", "team1", NOON)
    with store.reading() as session:
        assert audit.head(session) == (0, audit.BEGINNING)


def test_a_blotted_entry_that_no_deletion_speaks_of_is_seen(store: Store, two: tuple[str, str]) -> None:
    delete_round(store, two[0], "team1", NOON)
    with store.engine.begin() as connection:
        connection.execute(text("update audit_entry set details = null, salt = null where number = 3"))
    with store.reading() as session:
        assert audit.verify(session) == 3


def test_somebody_who_reads_for_long_holds_up_the_scrubbing_only(
    store: Store, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.store import scrubbing

    monkeypatch.setattr(scrubbing, "PATIENCE_SECONDS", 1)
    with store.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(Content)) == 15  # four of each version among them
        assert not delete_round(store, two[0], "team1", NOON).scrubbed
    assert STUDENT not in everything(store)
    assert scrubbing.scrub(store, NOON)


def test_a_content_that_is_being_kept_meanwhile_stays(store: Store, two: tuple[str, str]) -> None:
    """Another transaction keeps the very plan while the round is deleted: whoever comes second sees what the first did."""
    from threading import Thread

    done: list[Deleted] = []
    work = Thread(target=lambda: done.append(delete_round(store, two[0], "team1", NOON)))
    with store.transaction() as session:
        keep(session, PLAN, "file")
        work.start()
        work.join(0.3)
        assert not done
        kept_run(session, source=PLAN)
    work.join(30)
    assert done
    assert done[0].contents == 6
