"""A back-up that is made while others write is of one moment, and goes back into either database."""

import json
import threading
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from api.store import audit, runs
from api.store.backing_up import MANIFEST, PASSING, back_up, manifest_of, restore
from api.store.contents import StoreDamagedError, content
from api.store.opening import Store, open_store
from api.store.tables import Account, AuditEntry, Base, Content, Decision, Run, RunFile, SignedIn, Worker
from models.errors import UsageError
from tests.api.databases import Databases
from tests.api.store.making import NOON, after, kept_round, kept_run

PLAN = bytes(range(256)) * 40


def filled(store: Store) -> None:
    with store.transaction() as session:
        kept_round(session, "r1", name="Frühling", announced=NOON)
        run = kept_run(session, round="r1", settings={"weights": [1, 0.1, None, "é\u2028\ud800"]})
        runs.begin_attempt(session, run.id)
        runs.keep_files(session, run.id, 1, {"plan.json": PLAN, "agencies/Ä.xlsx": b""})
        session.add(Decision(id="d1", round="r1", number=1, row=None, undoes=1, why=None, made_by="t", made=NOON))
        session.add(Account(id="a1", login="a", role="team", disabled=True, created=NOON))
        session.flush()
        session.add(SignedIn(digest="1" * 64, account="a1", form_token="", created=NOON, seen=NOON, expires=NOON))
        session.add(Worker(id="w1", machine="m", process="1", processes=1, started=NOON, seen=NOON))
        audit.record(session, "team1", "decided", "r1", {"row": {"student": "S1"}}, NOON)
        audit.record(session, "team1", "decided", "r1", {}, NOON)


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_everything_comes_back_in_either_database(
    store: Store, into: str, databases: Databases, tmp_path: Path
) -> None:
    filled(store)
    path = tmp_path / "back-up.zip"
    written = back_up(store, path, after(days=1))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []
    url = databases.sqlite(tmp_path / "new.db", empty=True) if into == "sqlite" else databases.postgres(empty=True)
    assert restore(path, url) == written == manifest_of(path)
    restored = open_store(url)
    before, there = rows(store), rows(restored)
    assert before.keys() == there.keys()
    assert {name: rows for name, rows in before.items() if name not in PASSING} == {
        name: rows for name, rows in there.items() if name not in PASSING
    }
    assert all(there[name] == [] for name in PASSING)
    # and it goes on from there: guards are up, the audit is added to, the run is finished
    with pytest.raises(Exception, match="is written once"), restored.engine.begin() as connection:
        connection.execute(text("delete from audit_entry"))
    with restored.transaction() as session:
        [run] = runs.to_do(session)
        assert runs.file_of(session, run.id, "plan.json") == PLAN
        runs.finish(session, run.id, 1, "complete", "proved")
        audit.record(session, "team1", "decided", "r1", {}, NOON)
    with restored.reading() as session:
        assert audit.verify(session, (written.audit_number, written.audit_digest)) is None
    restored.close()
    if into == "postgresql":
        databases.drop(url)


def test_a_back_up_that_is_made_while_others_write_is_of_one_moment(
    store: Store, databases: Databases, tmp_path: Path
) -> None:
    """Three writers, each transaction of which leaves a run with two files, an event and an audit entry, or nothing."""
    stop, failed = threading.Event(), list[BaseException]()

    def write(who: str) -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                with store.transaction() as session:
                    run = kept_run(session, source=f"{who} {number}".encode(), by=who)
                    runs.begin_attempt(session, run.id)
                    runs.keep_files(session, run.id, 1, {"plan.json": f"{run.id}".encode(), "same.txt": who.encode()})
                    runs.finish(session, run.id, 1, "complete", "proved")
                    audit.record(session, who, "run_finished", run.id, {"number": number}, NOON)
        except BaseException as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(f"team{n}",)) for n in range(3)]
    for writer in writers:
        writer.start()
    paths = [tmp_path / f"{n}.zip" for n in range(3)]
    for path in paths:
        stop.wait(0.2)
        back_up(store, path, NOON)
    stop.set()
    for writer in writers:
        writer.join()
    assert not failed
    sizes = []
    for path in paths[1:]:
        url = databases.sqlite(tmp_path / f"{path.stem}.db", empty=True)
        restore(path, url)
        restored = open_store(url)
        with restored.reading() as session:
            found = session.scalars(select(Run)).all()
            sizes.append(len(found))
            assert {run.state for run in found} <= {"complete"}
            assert audit.verify(session) is None
            assert audit.head(session)[0] == len(found)
            assert sorted(session.scalars(select(AuditEntry.subject))) == sorted(run.id for run in found)
            for run in found:
                assert runs.file_of(session, run.id, "plan.json") == run.id.encode()
                assert content(session, run.source).startswith(run.created_by.encode())
                assert [e.content["state"] for e in runs.events_after(session, run.id, 0)][-1] == "complete"
            assert len(session.scalars(select(RunFile)).all()) == 2 * len(found)
        restored.close()
    assert 0 < sizes[0] <= sizes[1]


def test_only_an_empty_database_is_filled(store: Store, tmp_path: Path) -> None:
    filled(store)
    path = tmp_path / "back-up.zip"
    back_up(store, path, NOON)
    before = rows(store)
    with pytest.raises(UsageError, match=r"not empty \(.*round"):
        restore(path, store.url)
    assert rows(store) == before


NEWER = {"run": ("shared", "announced"), "round": ("plans_shared",), "decision": ("cells", "workbook")}
"""Columns by table that the first migration did not know."""
NEW = ("match_step", "published_version")
"""Tables that it did not know."""


def test_a_back_up_of_older_tables_is_brought_up(databases: Databases, store: Store, tmp_path: Path) -> None:
    """As a program wrote it that knew the first migration alone."""
    filled(store)
    path, older = tmp_path / "back-up.zip", tmp_path / "older.zip"
    back_up(store, path, NOON)
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(older, "w") as changed:
        for name in archive.namelist():
            if name == MANIFEST:
                continue
            changed.writestr(name, archive.read(name))
        manifest = json.loads(archive.read(MANIFEST))
        manifest["revision"] = "0001"
        manifest["tables"] = [table for table in manifest["tables"] if table["name"] not in NEW]
        for table in manifest["tables"]:
            for column in NEWER.get(table["name"], ()):
                del table["columns"][column]
        changed.writestr(MANIFEST, json.dumps(manifest))
    url = databases.sqlite(tmp_path / "new.db", empty=True)
    restore(older, url)
    restored = open_store(url)
    with restored.reading() as session:
        assert runs.to_do(session)[0].shared is None
    restored.close()


def broken(path: Path, into: Path, name: str, change: str) -> Path:
    found, put = (words.encode() for words in change.split(">"))
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(into, "w") as changed:
        for each in archive.namelist():
            data = archive.read(each)
            changed.writestr(each, data.replace(found, put) if each == name else data)
    return into


def test_what_is_no_back_up_or_damaged_is_refused(store: Store, databases: Databases, tmp_path: Path) -> None:
    filled(store)
    path, url = tmp_path / "back-up.zip", databases.sqlite(tmp_path / "new.db", empty=True)
    back_up(store, path, NOON)
    for bad, words in (
        (broken(path, tmp_path / "1.zip", "tables/round.jsonl", "Fr>Gr"), "round is not as it was written"),
        (broken(path, tmp_path / "2.zip", MANIFEST, '"format":1>"format":2'), "newer program"),
        (broken(path, tmp_path / "3.zip", MANIFEST, '"format">"farmot"'), "no back-up"),
        (tmp_path / "4.zip", "no back-up"),
        (tmp_path / "5.zip", "no back-up"),
    ):
        if not bad.exists():
            bad.write_bytes(b"nothing" if bad.stem == "4" else path.read_bytes()[:-300])
        with pytest.raises(UsageError, match=words):
            restore(bad, url)
    restore(path, url)


def test_a_content_that_is_damaged_is_found_when_it_is_restored(
    store: Store, databases: Databases, tmp_path: Path
) -> None:
    with store.transaction() as session:
        session.execute(insert(Content).values(digest="0" * 64, kind="file", size=1, packed=b"?", created=NOON))
    path = tmp_path / "back-up.zip"
    back_up(store, path, NOON)
    with pytest.raises(StoreDamagedError):
        restore(path, databases.sqlite(tmp_path / "new.db", empty=True))
