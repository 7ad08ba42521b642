"""The pages of signing in and out, and of setting a password, in every view and by keyboard alone."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from api.access import accounts
from api.store.opening import Store
from api.wire import Role
from tests.api.access.conftest import PASSWORD, with_password
from tests.api.people import an_account
from tests.browser.chromium import VIEWS, View
from tests.browser.conftest import Judged, Opened, SignedIn, sign_in
from tests.browser.keeping import sheets_of_paper
from tests.browser.keyboard import MOST, tab_through

FIRST = "/rounds"
"""Where somebody of a team begins."""
FORM = ["textbox Login", "textbox Password", "button Sign in"]
IN_EVERY_VIEW = pytest.mark.parametrize("view", VIEWS, ids=str)


def an_invitation(store: Store, login: str) -> str:
    """The path of a link for somebody new."""
    account = an_account(store, "team", login=login)
    with store.transaction() as session:
        return accounts.invite(session, accounts.account_of(session, account), "test", datetime.now(UTC))[0]


def send_passwords(page: Page, password: str, again: str) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("The same password again", exact=True).fill(again)
    page.get_by_role("button", name="Set the password", exact=True).click()


@IN_EVERY_VIEW
def test_signing_in_after_a_wrong_password_and_out(opened: Opened, judged: Judged, store: Store, view: View) -> None:
    login = f"ann of {view}".replace(" ", "-")
    with_password(store, login)
    page = opened("/", view)
    page.wait_for_url("/sign-in")
    judged(page)

    sign_in(page, login, "three red umbrellas")
    expect(page.get_by_role("alert")).to_contain_text("No account of this login and password.")
    judged(page)

    sign_in(page, login)
    page.wait_for_url(FIRST)
    expect(page.get_by_role("link", name=login, exact=True)).to_be_visible()

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("/sign-in")
    page.goto("/")
    page.wait_for_url("/sign-in")


@IN_EVERY_VIEW
def test_a_password_is_set_by_a_link_once(opened: Opened, judged: Judged, store: Store, view: View) -> None:
    login = f"bob of {view}".replace(" ", "-")
    link = an_invitation(store, login)
    page = opened(link, view)
    judged(page)

    send_passwords(page, PASSWORD, "seven green trees")
    expect(page.get_by_role("alert")).to_contain_text("The two are not the same.")
    judged(page)

    send_passwords(page, PASSWORD, PASSWORD)
    page.wait_for_url("/sign-in")
    sign_in(page, login)
    page.wait_for_url(FIRST)

    page.goto(link)
    expect(page.get_by_role("main")).to_contain_text("Ask your administrator for a new one.")
    judged(page)


def test_signing_in_and_out_by_keyboard_alone(opened: Opened, store: Store) -> None:
    with_password(store, "keyboard")
    page = opened("/sign-in")
    assert tab_through(page) == FORM
    page.keyboard.press("Tab")
    for words in ("keyboard", PASSWORD):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(FIRST)
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent") == "Sign out":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("/sign-in")


@pytest.mark.parametrize("view", [view for view in VIEWS if view.script], ids=str)
def test_tab_goes_where_the_eye_goes(opened: Opened, store: Store, view: View) -> None:
    assert tab_through(opened("/sign-in", view)) == FORM
    stops = tab_through(opened(an_invitation(store, f"carl-{view.width}-{view.dark}-{view.still}"), view))
    assert stops == ["textbox Password", "textbox The same password again", "button Set the password"]


@pytest.mark.parametrize("role", ["team", "agency", "alliance", "admin"])
def test_everybody_comes_in_and_sees_who_they_are(signed_in: SignedIn, judged: Judged, role: Role) -> None:
    page = signed_in(role, login=f"dora-{role}")
    page.goto("/account")
    expect(page.get_by_role("main")).to_contain_text(f"You are signed in as dora-{role}, role {role}")
    judged(page)


def test_the_form_is_one_sheet_of_paper(opened: Opened) -> None:
    assert sheets_of_paper(opened("/sign-in")) == 1
