"""``placements accounts ...``, as somebody types them."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from typer.testing import CliRunner

from allocator.commands.app import app
from api.access.hashing import parts_of_token
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store
from api.store.tables import AuditEntry

USAGE = 2
Say = Callable[..., str]


@pytest.fixture
def say(store: Store) -> Say:
    """What a command prints, its lines as one."""

    def run(*words: str, status: int = 0) -> str:
        told = CliRunner(env={"PLACEMENTS_DATABASE": store.url}).invoke(app, ["accounts", *words])
        assert told.exit_code == status, told.output
        return " ".join((told.output if status else told.stdout).split())

    return run


def test_added_invited_and_listed(say: Say, store: Store) -> None:
    first = say("add", "Team@Example.org", "--role", "team")
    assert "team@example.org (team) sets a password here, once, until" in first
    assert say("list") == "team@example.org: team, invited"
    second = say("invite", "team@example.org")
    links = [re.findall(r"http://127\.0\.0\.1:8000(/invitation/\S+)", words)[0] for words in (first, second)]
    with TestClient(create_app(Settings(), store)) as client:
        assert "Choose its password" in client.get(links[1]).text
        assert "Choose its password" not in client.get(links[0]).text  # the earlier link has ended


def test_a_token_lets_its_account_in(say: Say, store: Store) -> None:
    say("add", "a1", "--role", "agency", "--agency", "North")
    token = say("token", "a1")
    with TestClient(create_app(Settings(), store), headers={"Authorization": f"Bearer {token}"}) as client:
        me = client.get("/v1/me").json()
    assert (me["login"], me["role"], me["agency"]) == ("a1", "agency", "North")
    assert say("list") == "a1: agency of North, invited"


def test_tokens_are_listed_and_revoked(say: Say, store: Store) -> None:
    for login in ("a1", "b1"):
        say("add", login, "--role", "team")
    words = [say("token", *said) for said in (("a1",), ("a1", "--name", "nightly", "--days", "1"), ("b1",))]
    ids = [parts[0] for word in words if (parts := parts_of_token(word))]
    today = datetime.now(UTC)
    ninety, one = (f"{today + timedelta(days=days):%Y-%m-%d}" for days in (90, 1))
    assert say("tokens", "a1") == (
        f"{ids[0]} a1: command line, until {ninety}, never used {ids[1]} a1: nightly, until {one}, never used"
    )
    assert [t["token"] for t in json.loads(say("tokens", "--json"))["tokens"]] == ids
    assert say("revoke", "a1", "--token", ids[1]) == "1 token of a1 revoked."
    assert say("revoke", "a1", "--all") == "1 token of a1 revoked."
    assert say("tokens", "a1") == "There is no token that is not revoked."
    with TestClient(create_app(Settings(), store)) as client:
        held = [client.get("/v1/me", headers={"Authorization": f"Bearer {word}"}).status_code for word in words]
    assert held == [401, 401, 200]
    with store.reading() as session:
        said = select(AuditEntry.action, AuditEntry.who, AuditEntry.details).order_by(AuditEntry.number)
        entries = [(action, details["token"]) for action, who, details in session.execute(said) if "token" in action]
    assert entries == [*(("token_made", id) for id in ids), *(("token_revoked", id) for id in (ids[1], ids[0]))]


def test_what_cannot_be_revoked_is_said(say: Say) -> None:
    for login in ("a1", "b1"):
        say("add", login, "--role", "team")
    of_b = say("token", "b1").removeprefix("placements_").split("_")[0]
    assert "--token ID, or --all" in say("revoke", "a1", status=USAGE)
    assert "--token ID, or --all" in say("revoke", "a1", "--all", "--token", of_b, status=USAGE)
    assert "'a1' has no token" in say("revoke", "a1", "--token", of_b, status=USAGE)
    assert of_b in say("tokens", "b1")
    say("token", "a1", "--days", "0", status=USAGE)


def test_what_is_wrong_is_said(say: Say) -> None:
    assert "no role 'boss'. Allowed: team, agency, alliance, admin" in say("add", "x", "--role", "boss", status=USAGE)
    assert "no account 'nobody'" in say("invite", "nobody", status=USAGE)
    assert "no account 'nobody'" in say("token", "nobody", status=USAGE)
    say("add", "x", "--role", "agency", status=USAGE)
    say("add", "x", "--role", "team")
    say("add", "x", "--role", "team", status=USAGE)
    assert say("list") == "x: team, invited"
