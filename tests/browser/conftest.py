"""A served service, browsers, and people who sign in to it.

All but the pages live as long as the tests of this folder run one after the other: while Chromium runs, nothing else
that waits asynchronously may run in the same thread.
"""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.store.opening import Store, open_store
from api.wire import Role
from tests.api.access.conftest import PASSWORD, with_password
from tests.api.started import started
from tests.browser.chromium import DESKTOP, PATIENCE, View, new_context, started_chromium
from tests.browser.judging import judge
from tests.browser.keeping import keep_picture
from tests.browser.watching import Watch

LONGEST = 300
"""Seconds of a test with all that it starts; anything that it waits for ends long before."""
Opened = Callable[..., Page]
SignedIn = Callable[..., Page]
Judged = Callable[[Page], None]
expect.set_options(timeout=PATIENCE)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Nothing may hang."""
    item.add_marker(pytest.mark.timeout(LONGEST))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with started_chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the service's store, with its tables and nobody in them."""
    return f"sqlite:///{tmp_path_factory.mktemp('browser') / 'placements.db'}"


@pytest.fixture(scope="package")
def store(database: str) -> Iterator[Store]:
    """The service's store, to put into it what a test needs without clicking for it."""
    opened = open_store(database)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def address(chromium: Browser, store: Store, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the service is, with a worker; it lets one address sign in as often as tests do.

    Without a browser none is started.
    """
    often = {"sign_ins_a_minute": 10_000, "requests_a_minute": 100_000}
    with started(database, tmp_path_factory.mktemp("served"), **often) as said:
        yield said


@pytest.fixture
def watches() -> dict[BrowserContext, Watch]:
    """Who watches each browser of a test."""
    return {}


@pytest.fixture
def opened(chromium: Browser, address: str, watches: dict[BrowserContext, Watch]) -> Iterator[Opened]:
    """A page of the service in a new browser, by its path; at the end nothing may have gone wrong in any browser."""

    def make(path: str, view: View = DESKTOP) -> Page:
        context = new_context(chromium, address, view)
        watches[context] = Watch(context, address)
        page = context.new_page()
        page.goto(path)
        return page

    yield make
    for context in watches:
        context.close()
    for watch in watches.values():
        watch.judge()


@pytest.fixture
def signed_in(opened: Opened, store: Store) -> SignedIn:
    """Somebody of a role who has just signed in, with login and password, in a new browser."""

    def make(
        role: Role, *, agency: str | None = None, rounds: tuple[str, ...] = (), login: str = "", view: View = DESKTOP
    ) -> Page:
        login = login or f"{role}-{uuid4().hex[:8]}"
        with_password(store, login, role, agency=agency, rounds=rounds)
        page = opened("/sign-in", view)
        sign_in(page, login)
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return make


@pytest.fixture
def judged(watches: dict[BrowserContext, Watch], request: pytest.FixtureRequest) -> Judged:
    """A page as it stands is accessible, not too wide, and nothing has gone wrong in its browser."""

    def make(page: Page) -> None:
        keep_picture(page, request.node.name)
        judge(page)
        watches[page.context].judge()

    return make


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill in the form of the sign-in page and send it."""
    page.get_by_label("Login", exact=True).fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
