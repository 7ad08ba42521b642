"""Who asks: by token or by cookie, read anew at each request."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.access import accounts, sessions, tokens
from api.access.gate import Gate
from api.access.people import Person
from api.access.seeing import may_see_round, may_see_run
from api.problems import NotFoundError
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store
from api.store.tables import AuditEntry, Run
from tests.api.people import NOW, a_round, a_token, an_account, bearer

WHERE = "/v1/rules"


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), store)) as client:
        yield client


def test_a_token_lets_its_account_in(client: TestClient, store: Store) -> None:
    assert client.get(WHERE, headers=bearer(store, "team")).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer placements_x_y", "Bearer " + "a" * 8000, "Bearer placements_" + "0" * 32 + "_" + "a" * 43],
)  # fmt: skip
def test_what_is_no_token_lets_nobody_in(client: TestClient, header: str) -> None:
    answer = client.get(WHERE, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_secret_of_another_token_does_not_do(client: TestClient, store: Store) -> None:
    first, second = (a_token(store, an_account(store, "team")) for _ in range(2))
    mixed = first[:44] + second[44:]
    assert client.get(WHERE, headers={"Authorization": f"Bearer {mixed}"}).status_code == 401


def test_a_revoked_token_ends_at_once(client: TestClient, store: Store) -> None:
    account = an_account(store, "team")
    headers = {"Authorization": f"Bearer {a_token(store, account)}"}
    assert client.get(WHERE, headers=headers).status_code == 200
    with store.transaction() as session:
        assert tokens.revoke(session, tokens.tokens_of(session, account)[0].id)
    assert client.get(WHERE, headers=headers).status_code == 401


def test_a_disabled_account_is_out_at_once(client: TestClient, store: Store) -> None:
    account = an_account(store, "team")
    headers = {"Authorization": f"Bearer {a_token(store, account)}"}
    assert client.get(WHERE, headers=headers).status_code == 200
    with store.transaction() as session:
        accounts.change(session, accounts.account_of(session, account), disabled=True, by="test", now=NOW)
    assert client.get(WHERE, headers=headers).status_code == 401


def test_what_a_disabled_account_had_never_holds_again(client: TestClient, store: Store) -> None:
    account = an_account(store, "team")
    before = {"Authorization": f"Bearer {a_token(store, account)}"}

    def disabled(said: bool) -> None:
        with store.transaction() as session:
            accounts.change(session, accounts.account_of(session, account), disabled=said, by="test", now=NOW)

    disabled(True)
    meanwhile = {"Authorization": f"Bearer {a_token(store, account)}"}  # asked for a moment before, made a moment after
    disabled(False)
    assert [client.get(WHERE, headers=sent).status_code for sent in (before, meanwhile)] == [401, 401]
    with store.reading() as session:
        changes = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "account_changed"))
        assert [said and said["tokens_revoked"] for said in changes] == [1, 1]
    assert client.get(WHERE, headers={"Authorization": f"Bearer {a_token(store, account)}"}).status_code == 200


def test_a_token_ends_with_its_time(store: Store) -> None:
    account = an_account(store, "team")
    with store.transaction() as session:
        _, words = tokens.make_token(session, account, "t", tokens.API, NOW, NOW + timedelta(hours=1))
    gate = Gate(Settings(), store)
    with store.reading() as session:
        for minutes, holds in ((59, True), (60, False)):
            now = NOW + timedelta(minutes=minutes)
            assert (tokens.token_of(session, words, tokens.API, now, gate.verified) is not None) is holds


def test_a_link_is_no_token(client: TestClient, store: Store) -> None:
    account = an_account(store, "team")
    with store.transaction() as session:
        path, _ = accounts.invite(session, accounts.account_of(session, account), "test", NOW)
    words = path.removeprefix(accounts.LINK_PATH)
    assert client.get(WHERE, headers={"Authorization": f"Bearer {words}"}).status_code == 401


def test_a_cookie_lets_its_account_in_until_it_ends(client: TestClient, store: Store) -> None:
    account = an_account(store, "team")
    now = client.app.state.gate.now()  # type: ignore[attr-defined]
    with store.transaction() as session:
        _, cookie = sessions.begin(session, account, now, 12)
        _, over = sessions.begin(session, account, now - timedelta(hours=13), 12)
    client.cookies.set("placements", cookie)
    assert client.get(WHERE).status_code == 200
    client.cookies.set("placements", over)
    assert client.get(WHERE).status_code == 401


def test_rounds_are_those_of_its_members(store: Store) -> None:
    mine, other = a_round(store), a_round(store)
    member = Person(account="a", role="team", rounds=frozenset({mine}))
    may_see_round(member, mine)
    with pytest.raises(NotFoundError):
        may_see_round(member, other)
    with pytest.raises(NotFoundError):
        may_see_round(Person(account="a", role="admin", rounds=frozenset({mine})), mine)


@pytest.mark.parametrize(
    ("role", "round", "by", "shared", "seen"),
    [
        ("team", "r", "x", False, True),
        ("team", "other", "a", False, False),  # no member of its round any more
        ("team", None, "a", False, True),
        ("team", None, "x", False, False),
        ("agency", "r", "x", False, False),
        ("agency", "r", "x", True, True),
        ("agency", "other", "x", True, False),
        ("agency", None, "a", True, False),
        ("alliance", "r", "x", True, True),
        ("alliance", "r", "x", False, False),
        ("admin", "r", "a", True, False),
    ],
)
def test_runs_are_those_of_their_rounds(role: str, round: str | None, by: str, shared: bool, seen: bool) -> None:
    person = Person.model_validate({"account": "a", "role": role, "rounds": {"r"}})
    run = Run(round=round, created_by=by, shared=NOW if shared else None)
    if seen:
        may_see_run(person, run)
    else:
        with pytest.raises(NotFoundError):
            may_see_run(person, run)
