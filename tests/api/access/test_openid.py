"""Signing in by OpenID Connect, against a small provider made here: what holds, and everything that must not."""

import hashlib
import time
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import MockTransport, Request, Response
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from api.access import accounts
from api.access.openid import OpenId
from api.settings import Settings
from api.store.opening import Store
from tests.api.access.conftest import Browser, BrowserOf
from tests.api.people import NOW, an_account

ISSUER = "https://login.example.org/tenant"
KEY = RSAKey.generate_key(2048, {"kid": "k1"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k1"})


class Provider:
    """Answers as a provider does; a test bends one thing."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.key, self.algorithm = KEY, "RS256"
        self.metadata: dict[str, Any] = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }  # fmt: skip
        self.asked: dict[str, str] = {}
        self.down = False

    def __call__(self, request: Request) -> Response:
        if self.down:
            return Response(503)
        path = str(request.url).removeprefix(ISSUER)
        if path == "/.well-known/openid-configuration":
            return Response(200, json=self.metadata)
        if path == "/keys":
            return Response(200, json={"keys": [KEY.as_dict(private=False)]})
        assert path == "/token"
        sent = {k: v[0] for k, v in parse_qs(request.content.decode()).items()}
        challenge = urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if sent["code"] != "code1" or challenge != self.asked["code_challenge"] or sent["redirect_uri"] != self.asked["redirect_uri"]:  # fmt: skip
            return Response(400, json={"error": "invalid_grant"})
        now = int(time.time())
        claims = {
            "iss": ISSUER, "aud": "placements", "sub": "42", "iat": now, "exp": now + 300, "nonce": self.asked["nonce"],
            "email": "ann@example.org", "email_verified": True,
        } | self.claims  # fmt: skip
        header = {"alg": self.algorithm, "kid": "k1"}
        key = self.key if self.algorithm == "RS256" else OctKey.import_key("x" * 64)
        return Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": jwt.encode(header, claims, key)})  # fmt: skip

    def visit(self, address: str) -> dict[str, str]:
        """The browser comes, signs in there, and is sent back with this."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/authorize"
        self.asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
        assert self.asked["code_challenge_method"] == "S256"
        return {"code": "code1", "state": self.asked["state"]}


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def browser(store: Store, browser_of: BrowserOf, provider: Provider) -> Browser:
    an_account(store, "team", login="ann@example.org")
    return at(browser_of, provider)


def at(browser_of: BrowserOf, provider: Provider, **settings: object) -> Browser:
    browser = browser_of(openid_issuer=ISSUER, openid_client="placements", openid_secret="s", **settings)
    gate = browser.app.state.gate  # type: ignore[attr-defined]
    gate.openid = OpenId(gate.settings, MockTransport(provider))
    return browser


def signed_in(browser: Browser, provider: Provider, **bent: str) -> Response:
    answer = browser.get("/sign-in/openid")
    assert answer.status_code == 303
    back = provider.visit(answer.headers["location"]) | bent
    return browser.get("/sign-in/openid/answer", params=back)


def test_whom_the_provider_vouches_for_is_signed_in(browser: Browser, provider: Provider) -> None:
    assert "Sign in with your organisation" in browser.get("/sign-in").text
    answer = signed_in(browser, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert provider.asked["redirect_uri"] == "http://testserver/sign-in/openid/answer"
    assert browser.get("/v1/me").json()["login"] == "ann@example.org"


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1},
        {"email": "unknown@example.org"}, {"email": None}, {"email": ["ann@example.org"]}, {"email_verified": False},
        {"email_verified": "true"}, {"sub": None, "iat": "x"}, {"aud": ["placements", "other"], "azp": "other"},
    ],
    ids=str,
)  # fmt: skip
def test_claims_that_do_not_hold(browser: Browser, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    assert signed_in(browser, provider).status_code == 401
    assert browser.get("/v1/me").status_code == 401


@pytest.mark.parametrize("bent", [{"state": "x"}, {"code": "code2"}, {"iss": "https://evil.example"}], ids=str)
def test_answers_that_do_not_hold(browser: Browser, provider: Provider, bent: dict[str, str]) -> None:
    assert signed_in(browser, provider, **bent).status_code == 401


def test_signatures_that_do_not_hold(browser: Browser, provider: Provider) -> None:
    provider.key = OTHER_KEY
    assert signed_in(browser, provider).status_code == 401
    provider.key, provider.algorithm = KEY, "HS256"
    assert signed_in(browser, provider).status_code == 401


def test_an_answer_holds_once_and_in_its_browser_alone(store: Store, browser: Browser, browser_of: BrowserOf, provider: Provider) -> None:  # fmt: skip
    back = provider.visit(browser.get("/sign-in/openid").headers["location"])
    thief = Browser(browser.app, follow_redirects=False)
    assert thief.get("/sign-in/openid/answer", params=back).status_code == 401  # somebody else's answer, sent on
    assert browser.get("/sign-in/openid/answer", params=back).status_code == 303
    assert browser.get("/sign-in/openid/answer", params=back).status_code == 401
    with store.reading() as session:
        assert accounts.by_login(session, "ann@example.org") is not None


def test_a_disabled_account_is_not_let_in(store: Store, browser: Browser, provider: Provider) -> None:
    with store.transaction() as session:
        ann = accounts.by_login(session, "ann@example.org")
        assert ann is not None
        accounts.change(session, ann, disabled=True, by="t", now=NOW)
    assert signed_in(browser, provider).status_code == 401


def test_a_provider_that_is_down_or_another(browser: Browser, provider: Provider) -> None:
    provider.down = True
    answer = browser.get("/sign-in/openid")
    assert answer.status_code == 401
    assert "cannot be reached" in answer.text
    provider.down = False
    provider.metadata["issuer"] = "https://evil.example"
    assert browser.get("/sign-in/openid").status_code == 401


def test_another_claim_is_the_login(store: Store, browser_of: BrowserOf, provider: Provider) -> None:
    an_account(store, "team", login="42")
    browser = at(browser_of, provider, openid_claim="sub", public_url="https://placements.example.org/")
    assert signed_in(browser, provider).status_code == 303
    assert provider.asked["redirect_uri"] == "https://placements.example.org/sign-in/openid/answer"


def test_it_is_off_by_default(browser_of: BrowserOf) -> None:
    assert Settings().openid_issuer is None
    browser = browser_of()
    assert [browser.get(f"/sign-in/openid{path}").status_code for path in ("", "/answer")] == [404, 404]
    assert "organisation" not in browser.get("/sign-in").text
