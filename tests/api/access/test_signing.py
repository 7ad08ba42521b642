"""Signing in and out, and setting a password, as a browser does it; and as somebody who should not."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from api.access import accounts, hashing
from api.access.hashing import hash_password
from api.problems import UnusableError
from api.settings import Settings
from api.store.opening import Store
from api.store.tables import AuditEntry, SignedIn, Token
from tests.api.access.conftest import PASSWORD, BrowserOf, token_in, with_password
from tests.api.people import an_account


def actions(store: Store) -> list[tuple[str, str]]:
    with store.reading() as session:
        return [(e.action, e.subject) for e in session.query(AuditEntry).order_by(AuditEntry.number)]


def test_sign_in_see_who_you_are_sign_out(store: Store, browser_of: BrowserOf) -> None:
    account, browser = with_password(store, "ann@example.org"), browser_of()
    assert browser.get("/").headers["location"] == "/sign-in"
    answer = browser.sign_in(" ANN@example.org ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/").headers["location"] == "/rounds"
    home = browser.get("/account")
    assert "ann@example.org" in home.text
    me = browser.get("/v1/me").json()
    assert (me["account"], me["form_token"]) == (account, token_in(home))
    assert browser.send_form("/sign-out", token_in(home)).headers["location"] == "/sign-in"
    assert browser.get("/v1/me").status_code == 401
    assert actions(store)[-2:] == [("signed_in", account), ("signed_out", account)]


def test_the_cookie_is_kept_from_scripts_and_other_sites(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    cookie = [c for c in browser_of().sign_in("ann").headers.get_list("set-cookie") if "-form" not in c]
    assert len(cookie) == 1
    words = cookie[0].casefold()
    assert words.startswith("placements=")
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= {part.strip() for part in words.split(";")}
    assert "secure" not in words  # on this machine alone, without TLS

    secure = browser_of(behind_proxy=True)
    secure.base_url = "https://testserver"
    page = secure.get("/sign-in")
    answer = secure.post("/sign-in", data={"form_token": token_in(page), "login": "ann", "password": PASSWORD})
    words = next(c for c in answer.headers.get_list("set-cookie") if "-form" not in c).casefold()
    assert words.startswith("__host-placements=")
    assert "secure" in words
    assert "domain" not in words
    assert answer.headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(("login", "password"), [("ann", "wrong words here"), ("nobody", PASSWORD), ("off", PASSWORD), ("new", PASSWORD), ("ann", "x" * 100_000), ("", "")])  # fmt: skip
def test_who_is_not_let_in_all_hear_the_same(store: Store, browser_of: BrowserOf, login: str, password: str) -> None:
    with_password(store, "ann")
    off = with_password(store, "off")
    an_account(store, "team", login="new")
    with store.transaction() as session:
        accounts.change(session, accounts.account_of(session, off), disabled=True, by="t", now=datetime.now(UTC))
    browser = browser_of()
    answer = browser.sign_in(login, password)
    assert answer.status_code == 401
    assert "No account of this login and password" in answer.text
    assert password not in answer.text or not password
    assert browser.get("/").headers["location"] == "/sign-in"
    assert actions(store)[-1][0] == "sign_in_failed"


def test_an_unknown_login_is_not_kept(store: Store, browser_of: BrowserOf) -> None:
    browser_of().sign_in("my-password-by-mistake")
    with store.reading() as session:
        entry = session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
        assert entry is not None
        assert entry.subject == "unknown"
        assert "mistake" not in str(entry.details)


def test_every_attempt_costs_one_password_hash(store: Store, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Timing tells nobody which logins exist: whichever it is, exactly one hash is worked out, of the same cost."""
    with_password(store, "ann")
    an_account(store, "team", login="new")
    hashed: list[str] = []
    real = hashing._is

    def noted(hasher: PasswordHasher, secret: str, known: str) -> bool:
        hashed.append(known)
        return real(hasher, secret, known)

    monkeypatch.setattr(hashing, "_is", noted)
    for login in ("ann", "nobody", "new"):
        hashed.clear()
        browser_of().sign_in(login, "wrong words here")
        assert [known.split("$")[1:4] for known in hashed] == [["argon2id", "v=19", "m=19456,t=2,p=1"]]


def test_a_session_cannot_be_prepared_for_somebody(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    browser = browser_of()
    browser.cookies.set("placements", "a" * 43, domain="testserver.local")
    browser.sign_in("ann")
    first = browser.cookies["placements"]
    assert first != "a" * 43
    browser.sign_in("ann")  # again: the session that it replaces has ended
    assert browser.cookies["placements"] != first
    with store.reading() as session:
        assert session.query(SignedIn).count() == 1


def test_other_sites_forms_are_refused(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    browser = browser_of()
    fields = {"form_token": token_in(browser.get("/sign-in")), "login": "ann", "password": PASSWORD}
    for headers in (
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/x"},
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://[broken"},
    ):  # fmt: skip
        assert browser.post("/sign-in", data=fields, headers=headers).status_code == 403, headers
    assert browser.post("/sign-in", data=fields | {"form_token": "b" * 43}).status_code == 403
    assert browser.post("/sign-in", data={"login": "ann", "password": PASSWORD}).status_code == 403


def test_changes_by_cookie_need_the_form_token(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    browser = browser_of()
    browser.sign_in("ann")
    token = browser.get("/v1/me").json()["form_token"]
    wanted = {"name": "a program"}
    assert browser.post("/v1/tokens", json=wanted).status_code == 403
    assert browser.post("/v1/tokens", json=wanted, headers={"X-Form-Token": "x"}).status_code == 403
    evil = {"X-Form-Token": token, "Origin": "https://evil.example"}
    assert browser.post("/v1/tokens", json=wanted, headers=evil).status_code == 403
    assert browser.post("/v1/tokens", json=wanted, headers={"X-Form-Token": token}).status_code == 201
    other = with_password(store, "bob")
    assert other
    bob = browser_of()
    bob.sign_in("bob")
    assert bob.post("/v1/tokens", json=wanted, headers={"X-Form-Token": token}).status_code == 403


def test_sign_out_everywhere(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    here, there = browser_of(), browser_of()
    here.sign_in("ann")
    there.sign_in("ann")
    sessions = here.get("/v1/sessions").json()
    assert [s["here"] for s in sessions] == [True, False]
    here.fill("/account", "/sign-out-everywhere")
    assert [b.get("/v1/me").status_code for b in (here, there)] == [401, 401]
    assert here.send_form("/sign-out", "x").headers["location"] == "/sign-in"  # there is nothing left to sign out of


def test_role_and_disabling_take_hold_at_once(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "admin2", "admin")
    boss = with_password(store, "boss", "admin")
    browser = browser_of()
    browser.sign_in("boss")
    assert browser.get("/v1/accounts").status_code == 200
    with store.transaction() as session:
        accounts.change(session, accounts.account_of(session, boss), role="team", by="t", now=datetime.now(UTC))
    assert browser.get("/v1/accounts").status_code == 401
    browser.sign_in("boss")
    assert browser.get("/v1/accounts").status_code == 403
    with store.transaction() as session:
        accounts.change(session, accounts.account_of(session, boss), disabled=True, by="t", now=datetime.now(UTC))
        accounts.change(session, accounts.account_of(session, boss), disabled=False, by="t", now=datetime.now(UTC))
    assert browser.get("/v1/me").status_code == 401  # enabled again: the session that it had stays ended


def test_too_many_attempts_from_one_address(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    browser = browser_of(sign_ins_a_minute=3)
    for n in range(3):
        assert browser.sign_in(f"guess{n}").status_code == 401
    answer = browser.sign_in("ann")
    assert answer.status_code == 429
    assert "from this address" in answer.text
    assert 1 <= int(answer.headers["retry-after"]) <= 60


def test_too_many_attempts_at_one_login(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    browser = browser_of(sign_ins_a_minute=3)
    gate = browser.app.state.gate  # type: ignore[attr-defined]
    for _ in range(3):
        gate.limits.sign_in_as("ann")  # from other addresses
    answer = browser.sign_in("Ann")
    assert answer.status_code == 429
    assert "by this login" in answer.text


def test_an_invitation_sets_a_password_once(store: Store, browser_of: BrowserOf) -> None:
    account = an_account(store, "agency", agency="A1", login="jo")
    with store.transaction() as session:
        old, _ = accounts.invite(session, accounts.account_of(session, account), "t", datetime.now(UTC))
        path, _ = accounts.invite(session, accounts.account_of(session, account), "t", datetime.now(UTC))
    browser = browser_of()
    assert browser.get(old).status_code == 404  # a newer one was made
    assert "jo" in browser.get(path).text
    for wrong in ("short", "jo jo jo jo jo jo"[:11], "aaaaaaaaaaaaaaaa", "x" * 201):
        assert browser.fill(path, password=wrong, again=wrong).status_code == 422
    assert browser.fill(path, password=PASSWORD, again="other").status_code == 422
    assert browser.fill(path, password=PASSWORD, again=PASSWORD).headers["location"] == "/sign-in?done=password-set"
    assert browser.get(path).status_code == 404
    assert browser.sign_in("jo").status_code == 303
    assert browser.get("/v1/me").json()["agency"] == "A1"


def test_links_are_guessed_no_oftener_than_passwords(browser_of: BrowserOf) -> None:
    browser = browser_of(sign_ins_a_minute=3)
    statuses = [browser.get(f"/invitation/placements_{'0' * 32}_{'a' * 43}").status_code for _ in range(4)]
    assert statuses == [404, 404, 404, 429]


def test_a_link_ends_with_its_time_and_with_its_account(store: Store, browser_of: BrowserOf) -> None:
    account = an_account(store, "team", login="late")
    with store.transaction() as session:
        path, _ = accounts.invite(session, accounts.account_of(session, account), "t", datetime(2020, 1, 1, tzinfo=UTC))
    assert browser_of().get(path).status_code == 404
    with store.transaction() as session:
        path, _ = accounts.invite(session, accounts.account_of(session, account), "t", datetime.now(UTC))
        accounts.change(session, accounts.account_of(session, account), disabled=True, by="t", now=datetime.now(UTC))
    assert browser_of().get(path).status_code == 404


def test_the_first_admin_comes_by_a_link_that_each_start_makes_anew(store: Store, browser_of: BrowserOf) -> None:
    with store.transaction() as session:
        first = accounts.first_link(session, "http://127.0.0.1:8000/")
    with store.transaction() as session:
        second = accounts.first_link(session, "http://127.0.0.1:8000")
    assert first is not None
    assert second is not None
    assert second.startswith("http://127.0.0.1:8000/invitation/placements_")
    browser, start = browser_of(), len("http://127.0.0.1:8000")
    assert browser.get(first[start:]).status_code == 404
    browser.fill(second[start:], password=PASSWORD, again=PASSWORD)
    assert browser.sign_in("admin").status_code == 303
    assert browser.get("/v1/me").json()["role"] == "admin"
    with store.transaction() as session:
        assert accounts.first_link(session, "http://127.0.0.1:8000") is None


def test_what_is_kept_lets_nobody_in(store: Store, browser_of: BrowserOf) -> None:
    """Neither cookie, nor token, nor link, nor password stands in the store."""
    account = with_password(store, "ann")
    browser = browser_of()
    browser.sign_in("ann")
    headers = {"X-Form-Token": browser.get("/v1/me").json()["form_token"]}
    words = browser.post("/v1/tokens", json={"name": "t"}, headers=headers).json()["words"]
    with store.reading() as session:
        kept = str([row.digest for row in session.query(SignedIn)] + [row.secret_hash for row in session.query(Token)])
        kept += str(accounts.account_of(session, account).password_hash)
    assert browser.cookies["placements"] not in kept
    assert words[44:] not in kept
    assert PASSWORD not in kept
    assert kept.count("$argon2id$") == 2


def test_every_answer_has_the_headers(browser_of: BrowserOf) -> None:
    browser = browser_of()
    for path in ("/sign-in", "/assets/style.css", "/v1/rules", "/nowhere", "/v1/openapi.json"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    assert browser.get("/sign-in").headers["cache-control"] == "no-store"
    assert "<script" not in browser.get("/sign-in").text
    assert "style=" not in browser.get("/sign-in").text


def test_nothing_of_a_request_becomes_an_address_or_a_header(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    browser = browser_of()
    for path in ("/sign-in?next=https://evil.example", "/sign-in?next=//evil.example"):
        answer = browser.fill(path, login="ann", password=PASSWORD)
        assert answer.headers["location"] == "/"
    browser = browser_of()
    browser.cookies.set("placements-form", 'x"><script>')
    page = browser.get("/sign-in")
    assert "<script" not in page.text
    assert "<script" not in str(page.headers)


def test_requests_a_minute_by_address_and_by_account(store: Store, browser_of: BrowserOf) -> None:
    with_password(store, "ann")
    browser = browser_of(requests_a_minute=5)
    statuses = [browser.get("/v1/rules").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    page = browser.get("/rounds")
    assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert "More than 5 requests a minute from this address. Wait" in page.text
    answer = browser.get("/v1/rules")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "5 requests a minute from this address" in answer.json()["detail"]
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert "content-security-policy" in answer.headers
    assert browser.get("/health/live").status_code == 200


def test_a_password_names_no_login() -> None:
    with pytest.raises(UnusableError):
        hash_password("ann@example.org 12", "ann@example.org")
    assert Settings().sign_ins_a_minute == 10
