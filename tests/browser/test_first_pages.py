"""Where each role begins: judged, and walked through by keyboard."""

import pytest
from playwright.sync_api import expect

from api.wire import Role
from tests.browser.conftest import Judged, SignedIn
from tests.browser.keyboard import tab_through


@pytest.mark.parametrize("role", ["team", "agency", "alliance", "admin"])
def test_the_page_is_accessible(signed_in: SignedIn, judged: Judged, role: Role) -> None:
    page = signed_in(role)
    expect(page.get_by_role("banner")).to_be_visible()
    judged(page)


def test_tab_begins_in_the_header(signed_in: SignedIn) -> None:
    header = ["link Skip to the page", "link Placements", "button Meeting view", "link tabs", "button Sign out"]
    assert tab_through(signed_in("team", login="tabs"))[: len(header)] == header
