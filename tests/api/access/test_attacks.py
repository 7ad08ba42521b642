"""The service as somebody who wants more than they may have would try it; and the same over a real PostgreSQL."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.access import accounts, people, sessions
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store, open_store
from api.store.runs import begin_attempt, tell
from api.store.tables import SignedIn, Token
from tests.api.access.conftest import PASSWORD, Browser, token_in, with_password
from tests.api.databases import Databases
from tests.api.people import a_round, a_token, an_account, bearer
from tests.api.store.making import kept_run


@pytest.fixture(scope="module")
def postgres(databases: Databases) -> Iterator[Store]:
    url = databases.postgres()
    opened = open_store(url)
    yield opened
    opened.close()
    databases.drop(url)


def service(store: Store) -> TestClient:
    return TestClient(create_app(Settings(sign_ins_a_minute=1000), store), follow_redirects=False)


def test_people_over_postgresql(postgres: Store) -> None:
    """The statements that the two databases may take otherwise: locks, one-time links, pages, odd letters."""
    admin = bearer(postgres, "admin")
    client = service(postgres)
    made = client.post("/v1/accounts", json={"login": "jo", "role": "team"}, headers=admin).json()
    path = client.post(f"/v1/accounts/{made['id']}/invitation", headers=admin).json()["link"].removeprefix("http://testserver")  # fmt: skip
    browser = Browser(client.app, follow_redirects=False)
    assert browser.fill(path, password=PASSWORD, again=PASSWORD).status_code == 303
    assert browser.sign_in("jo").status_code == 303
    assert browser.get("/v1/me").status_code == 200
    assert client.patch(f"/v1/accounts/{made['id']}", json={"disabled": True}, headers=admin).status_code == 200
    assert browser.get("/v1/me").status_code == 401
    assert client.get("/v1/audit", headers=admin).status_code == 200
    assert client.get("/v1/accounts?limit=1", headers=admin).json()["next"]
    for odd in ("a\x00b", "\ud800".encode("utf-8", "replace").decode(), "x" * 5000, "é\u202e"):
        assert browser.sign_in(odd, odd).status_code == 401
    assert client.get("/v1/accounts", params={"cursor": "\x00"}, headers=admin).status_code == 400
    assert client.post("/v1/tokens", json={"name": "a\x00"}, headers=admin).status_code == 422
    assert client.post("/v1/accounts", json={"login": "y", "role": "agency", "agency": "\x00"}, headers=admin).status_code == 422  # fmt: skip


def test_a_round_that_one_left_is_not_there_any_more(store: Store) -> None:
    round = a_round(store)
    account = an_account(store, "team", rounds=(round,))
    client, headers = service(store), {"Authorization": f"Bearer {a_token(store, account)}"}
    assert client.get(f"/v1/rounds/{round}", headers=headers).status_code == 200
    with store.transaction() as session:
        accounts.change(session, accounts.account_of(session, account), rounds=(), by="t", now=datetime.now(UTC))
    there, nowhere = (client.get(f"/v1/rounds/{id}", headers=headers) for id in (round, "0" * 32))
    assert (there.status_code, there.text) == (404, nowhere.text)


def test_a_stream_ends_with_the_account_that_asked_for_it(store: Store) -> None:
    """Events go on for minutes; whoever is shut out meanwhile gets none of those that follow."""
    account = an_account(store, "team")
    headers = {"Authorization": f"Bearer {a_token(store, account)}"}
    with store.transaction() as session:
        run = kept_run(session, by=account).id
        begin_attempt(session, run)
    texts: list[str] = []
    with service(store) as client, ThreadPoolExecutor(1) as reader:
        reading = reader.submit(lambda: texts.append(client.get(f"/v1/runs/{run}/events", headers=headers).text))
        time.sleep(0.5)
        with store.transaction() as session:
            accounts.change(
                session, accounts.account_of(session, account), disabled=True, by="t", now=datetime.now(UTC)
            )
            tell(session, run, 1, "progress", {"placed": 77})
        reading.result(30)
    assert '"running"' in texts[0]
    assert "placed" not in texts[0]
    assert "event: end" not in texts[0]


def test_somebody_elses_round_and_one_that_is_none_read_the_same(store: Store) -> None:
    client, headers = service(store), bearer(store, "team")
    answers = [client.get(f"/v1/rounds/{id}", headers=headers) for id in (a_round(store), "0" * 32)]
    assert {answer.text for answer in answers} == {answers[0].text}


@pytest.mark.parametrize(
    "path",
    ["/assets/../settings.py", "/assets/%2e%2e/%2e%2e/settings.py", "/assets//etc/passwd", "/invitation/../sign-in/x",
     "/invitation/" + "a" * 10_000, "/invitation/%0d%0aSet-Cookie:%20a=b", "/sign-in/%00"],
)  # fmt: skip
def test_paths_lead_nowhere(store: Store, path: str) -> None:
    answer = service(store).get(path)
    assert answer.status_code in (400, 404)
    assert "a=b" not in str(answer.headers)


@pytest.mark.parametrize("value", ["x" * 60_000, "Bearer " + "x" * 60_000, "Bearer \x7f", "bearer placements_"])
def test_oversized_and_odd_tokens(store: Store, value: str) -> None:
    assert service(store).get("/v1/me", headers={"Authorization": value}).status_code == 401


def test_a_token_beside_a_cookie_decides(store: Store) -> None:
    """A stolen cookie does not lend its role to a request that says who it is; nor does a bad token fall back to it."""
    with_password(store, "boss", "admin")
    browser = Browser(service(store).app, follow_redirects=False)
    browser.sign_in("boss")
    assert browser.get("/v1/accounts").status_code == 200
    assert browser.get("/v1/accounts", headers=bearer(store, "team")).status_code == 403
    assert browser.get("/v1/accounts", headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_cookie_of_another_name_or_a_digest_lets_nobody_in(store: Store) -> None:
    account = with_password(store, "ann")
    with store.transaction() as session:
        row, cookie = sessions.begin(session, account, datetime.now(UTC), 1)
    client = service(store)
    for name, value in (("placements", row.digest), ("__Host-placements", cookie), ("placements", row.form_token)):
        client.cookies.clear()
        client.cookies.set(name, value)
        assert client.get("/v1/me").status_code == 401


def test_guesses_at_tokens_are_counted_and_good_ones_are_not_held_up(store: Store) -> None:
    client = TestClient(create_app(Settings(sign_ins_a_minute=3), store))
    bad = {"Authorization": f"Bearer placements_{'0' * 32}_{'a' * 43}"}
    assert [client.get("/v1/me", headers=bad).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert client.get("/v1/me", headers=bearer(store, "team")).status_code == 200


def test_two_use_one_link_at_once(store: Store) -> None:
    account = an_account(store, "team", login="jo")
    with store.transaction() as session:
        path, _ = accounts.invite(session, accounts.account_of(session, account), "t", datetime.now(UTC))
    first, second = (Browser(service(store).app, follow_redirects=False) for _ in range(2))
    tokens = [token_in(b.get(path)) for b in (first, second)]
    assert first.send_form(path, tokens[0], password=PASSWORD, again=PASSWORD).status_code == 303
    assert second.send_form(path, tokens[1], password="another long password", again="another long password").status_code == 404  # fmt: skip
    assert second.sign_in("jo", "another long password").status_code == 401


def test_that_somebody_was_here_is_noted_now_and_then(store: Store) -> None:
    account, long_ago = with_password(store, "ann"), datetime.now(UTC) - timedelta(days=1)
    headers = {"Authorization": f"Bearer {a_token(store, account)}"}
    client = Browser(service(store).app, follow_redirects=False)
    client.get("/v1/me", headers=headers)
    client.sign_in("ann")
    with store.transaction() as session:
        session.execute(update(SignedIn).values(seen=long_ago))
    client.get("/v1/me")
    with store.reading() as session:
        assert session.scalars(select(SignedIn.seen)).one() > long_ago
        assert session.scalars(select(Token.used)).one() is not None


def test_an_answer_waits_for_no_writer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks is found out by reading alone: with the writer's place taken, requests are answered still."""
    headers = bearer(store, "team")
    client = service(store)
    client.get("/v1/me", headers=headers)  # notes that the token is used
    monkeypatch.setattr(people, "_note", lambda *_: pytest.fail("nothing is to be noted again"))
    with store.transaction():
        assert client.get("/v1/me", headers=headers).status_code == 200
