"""``placements accounts ...``, as somebody types them."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from allocator.commands.app import app
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store

USAGE = 2
Say = Callable[..., str]


@pytest.fixture
def say(store: Store) -> Say:
    """What a command prints, its lines as one."""

    def run(*words: str, status: int = 0) -> str:
        told = CliRunner(env={"PLACEMENTS_DATABASE": store.url}).invoke(app, ["accounts", *words])
        assert told.exit_code == status, told.output
        return " ".join(told.output.split())

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


def test_what_is_wrong_is_said(say: Say) -> None:
    assert "no role 'boss'. Allowed: team, agency, alliance, admin" in say("add", "x", "--role", "boss", status=USAGE)
    assert "no account 'nobody'" in say("invite", "nobody", status=USAGE)
    assert "no account 'nobody'" in say("token", "nobody", status=USAGE)
    say("add", "x", "--role", "agency", status=USAGE)
    say("add", "x", "--role", "team")
    say("add", "x", "--role", "team", status=USAGE)
    assert say("list") == "x: team, invited"
