"""What people of a team do again and again in a browser: wait for a plan, look at a decision, take it."""

import re

from playwright.sync_api import Locator, Page, expect

LONG = 120_000
"""Milliseconds for whatever a worker makes, on a machine that does other things as well."""
BY = "LM"


def lane(page: Page, name: str) -> Locator:
    """A column of the board: of an agency, or of who is not placed."""
    return page.get_by_role("region", name=name, exact=True)


def planned(page: Page) -> None:
    """No plan is being worked out any more: the page has told, and shows the newest."""
    expect(page.locator("[data-run], [data-waits-for]")).to_have_count(0, timeout=LONG)


def see_effect(page: Page, *words: str) -> None:
    """Wait on the page of a decision until its effect on the plan is there, and says these words."""
    expect(page.get_by_role("button", name="Take this decision", exact=True)).to_be_visible(timeout=LONG)
    for said in words:
        expect(page.get_by_role("region", name=re.compile("^What it does"))).to_contain_text(said)


def take(page: Page, why: str = "") -> None:
    """Take the decision that is looked at, and wait for the plan with it."""
    page.get_by_label("Decided by").fill(BY)
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name=re.compile("^Take (this decision|it without waiting)")).click()
    page.wait_for_url(re.compile("/board"))
    planned(page)


def choose(page: Page, **fields: str) -> None:
    """Fill in fields of a decision by their names, and ask what it does."""
    for name, value in fields.items():
        field = page.locator(f"#f-{name}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Show what it does", exact=True).click()
