"""Browsers at the sign-in pages."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access import accounts
from api.access.hashing import hash_password
from api.serving.app import create_app
from api.settings import Settings
from api.store.opening import Store
from api.wire import Role
from tests.api.people import an_account

PASSWORD = "seven green umbrellas"


class Browser(TestClient):
    """Fills in forms as a browser does; it follows no redirects, so that tests see them."""

    def fill(self, path: str, action: str | None = None, **fields: str) -> Response:
        """Open a page and send its form."""
        page = self.get(path)
        return self.send_form(action or path, token_in(page), **fields)

    def send_form(self, action: str, form_token: str, **fields: str) -> Response:
        """Send a form with a form token, as from the service's own pages."""
        headers = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
        return self.post(action, data={"form_token": form_token} | fields, headers=headers)

    def sign_in(self, login: str, password: str = PASSWORD) -> Response:
        return self.fill("/sign-in", login=login, password=password)


def token_in(page: Response) -> str:
    found = re.search(r'name="form_token" value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


BrowserOf = Callable[..., Browser]


@pytest.fixture
def browser_of(store: Store) -> Iterator[BrowserOf]:
    """A new browser, at a service of its own over the same store; its settings may be named."""
    opened: list[Browser] = []

    def make(**settings: object) -> Browser:
        app = create_app(Settings.model_validate({"sign_ins_a_minute": 100} | settings), store)
        opened.append(Browser(app, follow_redirects=False))
        return opened[-1]

    yield make
    for browser in opened:
        browser.close()


def with_password(
    store: Store, login: str, role: Role = "team", *, agency: str | None = None, rounds: tuple[str, ...] = ()
) -> str:
    """An account that can sign in; whoever is of the role agency is of A1 where none is named."""
    of = agency or ("A1" if role == "agency" else None)
    account = an_account(store, role, login=login, agency=of, rounds=rounds)
    with store.transaction() as session:
        accounts.account_of(session, account).password_hash = hash_password(PASSWORD, login)
    return account
