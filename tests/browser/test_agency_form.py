"""The form of an agency on a telephone: short, with the ways to keep it at hand, and all of it by keys."""

from playwright.sync_api import expect

from api.client import Placements
from api.store.opening import Store
from tests.api.pages.planned import a_planned_round
from tests.api.people import a_token, an_account
from tests.api.sharing.partnership import MINE, its_plan, two_agencies
from tests.browser.chromium import NARROW, WITHOUT_SCRIPT
from tests.browser.conftest import Judged, SignedIn
from tests.browser.keyboard import tab_through


def a_shared_round(store: Store, address: str) -> str:
    """A round whose plan its agencies may see."""
    dataset = two_agencies()
    round = a_planned_round(store, dataset, its_plan(dataset), "Shared")
    with Placements(address, a_token(store, an_account(store, "team", rounds=(round,)))) as client:
        client.share(client.plans(round).plans[0].run)
    return round


def test_why_not_is_asked_of_whoever_says_no(
    signed_in: SignedIn, judged: Judged, store: Store, address: str
) -> None:  # fmt: skip
    round = a_shared_round(store, address)
    for view in (NARROW, WITHOUT_SCRIPT):
        page = signed_in("agency", agency=MINE, rounds=(round,), view=view)
        page.goto("/agency")
        card = page.get_by_role("region", name="Student S-ALDER at place").first
        why = card.get_by_label("If no: reason")
        expect(why).to_be_hidden()
        card.get_by_label("no", exact=True).check()
        expect(why).to_be_visible()
        judged(page)
        why.select_option(index=1)
        card.get_by_label("yes", exact=True).check()
        expect(why).to_be_visible()  # what was chosen does not go out of sight
        card.get_by_label("not answered").check()
        why.select_option(index=0)
        expect(why).to_be_hidden()
        card.locator("summary").first.click()
        card.get_by_role("checkbox").first.check()  # a place that is withdrawn has a reason, too
        expect(why).to_be_visible()
        card.get_by_role("checkbox").first.uncheck()
        expect(why).to_be_hidden()


def test_the_ways_to_keep_the_form_are_at_hand_and_hide_nothing(
    signed_in: SignedIn, store: Store, address: str
) -> None:  # fmt: skip
    page = signed_in("agency", agency=MINE, rounds=(a_shared_round(store, address),), view=NARROW)
    page.goto("/agency")
    page.get_by_role("region", name="Student S-ALDER at place").first.scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Send the reply")).to_be_in_viewport(ratio=1)
    assert "button Send the reply" in tab_through(page)
