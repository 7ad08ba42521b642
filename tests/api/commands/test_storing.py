"""``placements store ...`` and ``placements audit ...``, as somebody types them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from allocator.commands.app import app
from api.store import audit
from api.store.migrating import newest
from api.store.moments import utc_now
from api.store.opening import Store, open_store
from tests.api.store.making import NOON, kept_round, kept_run, without_guards

Say = Callable[..., str]


@pytest.fixture
def say(store: Store) -> Say:
    """What a command prints on a terminal, its lines as one."""

    def run(*words: str | Path, status: int = 0, database: str = store.url) -> str:
        told = CliRunner(env={"PLACEMENTS_DATABASE": database}).invoke(app, [str(word) for word in words])
        assert told.exit_code == status, told.output
        return " ".join(told.output.split())

    return run


def test_backed_up_and_restored(store: Store, say: Say, tmp_path: Path) -> None:
    with store.transaction() as session:
        kept_round(session)
        kept_run(session, round="r1")
        audit.record(session, "team1", "run_accepted", "r1", {}, NOON)
    file, new = tmp_path / "back-up.zip", f"sqlite:///{tmp_path}/new.db"
    assert "holds 1 round, 1 run and 1 file as of" in say("store", "back-up", file)
    said = say("store", "restore", file, "--database", new)
    assert "Restored 1 round, 1 run and 1 file" in said
    assert "and 1 entry of the audit; every file is whole and the audit holds." in said
    assert "tokens that were revoked since are back: do so again" in said
    restored = open_store(new)
    with restored.reading() as session:
        assert audit.head(session)[0] == 1
    restored.close()
    assert "The database is not empty" in say("store", "restore", file, "--database", new, status=2)
    assert "is no back-up" in say("store", "restore", Path(__file__), "--database", new, status=2)


def test_the_audit_holds_or_not(store: Store, say: Say) -> None:
    for action in "ab":
        with store.transaction() as session:
            audit.record(session, "team1", action, "r1", {}, NOON)
    said = say("audit", "verify")
    assert "The audit holds: 2 entries." in said
    noted = said.split()[-1]
    assert say("audit", "verify", "--kept", noted) == said
    assert "NUMBER:SEAL" in say("audit", "verify", "--kept", "yesterday", status=2)
    with store.transaction() as session:
        without_guards(session)
        session.execute(text("update audit_entry set who = 'other' where number = 2"))
    assert "The audit does not hold from entry 2 on" in say("audit", "verify", status=4)


def test_retained(store: Store, say: Say) -> None:
    assert "Nothing is due" in say("store", "retain")
    with store.transaction() as session:
        kept_round(session)
    # untouched since 5 January 2026; 1 day is over, 1 day of announcement begins
    tomorrow = utc_now() + timedelta(days=1)
    assert f"Will be deleted on {tomorrow:%-d %B %Y} unless somebody changes it: round r1." in say(
        "store", "retain", "--retention-days", "1", "--announce-days", "1"
    )
    assert "Deleted for good: round r1." in say("store", "retain", "--retention-days", "1", "--announce-days", "0")


def test_settings_are_those_of_the_service(store: Store, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.transaction() as session:
        kept_round(session)
    monkeypatch.setenv("PLACEMENTS_RETENTION_DAYS", "1")
    assert "unless somebody changes it: round r1." in say("store", "retain")  # as the service will do it
    monkeypatch.setenv("PLACEMENTS_RETENTION_DAYZ", "1")
    for words in (("store", "retain"), ("store", "back-up", "x.zip"), ("store", "migrate"), ("audit", "verify")):
        assert "PLACEMENTS_RETENTION_DAYZ is no setting. Did you mean" in say(*words, status=2)


def test_no_store_is_made_by_a_look(say: Say, tmp_path: Path) -> None:
    missing = f"sqlite:///{tmp_path}/misspelt.db"
    for words in (("back-up", tmp_path / "x.zip"), ("retain",)):
        assert "There is no store at" in say("store", *words, status=2, database=missing)
    assert "There is no store at" in say("audit", "verify", status=2, database=missing)
    assert "There is no store at" in say("accounts", "list", status=2, database=missing)
    assert not (tmp_path / "misspelt.db").exists()


def test_migrated(say: Say, tmp_path: Path) -> None:
    assert say("store", "migrate") == f"The store has the newest tables ({newest()})."
    assert "No store has this URL" in say("store", "migrate", "--database", "mysql://x", status=2)
