"""Letters on paper: one sheet of A4 each where it has room; each further sheet says whose letter goes on there."""

from playwright.sync_api import expect

from api.store.opening import Store
from tests.api.pages.planned import a_planned_round
from tests.api.sharing.partnership import its_plan, two_agencies
from tests.browser.conftest import SignedIn
from tests.browser.keeping import sheets_of_paper

GROW = """
(rows) => document.querySelectorAll(".letter tbody").forEach((body) => {
  while (body.rows.length < rows) body.append(body.rows[0].cloneNode(true));
  body.closest(".letter").classList.toggle("long", rows > 12);
})
"""
"""Letters of so many students: what a long one has is what a short one has, more often."""


def test_a_letter_takes_one_sheet_where_it_has_room_and_goes_on_under_its_name(
    signed_in: SignedIn, store: Store
) -> None:  # fmt: skip
    dataset = two_agencies()
    round = a_planned_round(store, dataset, its_plan(dataset))
    page = signed_in("team", rounds=(round,))
    page.goto(f"/rounds/{round}/letters/student")
    assert sheets_of_paper(page, "A4") == page.locator(".letter").count() == 3
    page.goto(f"/rounds/{round}/letters/agency")
    assert sheets_of_paper(page, "A4") == page.locator(".letter").count() == 2
    expect(page.locator("tr.on-paper")).to_have_count(2)
    expect(page.locator("tr.on-paper").first).to_be_hidden()
    page.evaluate(GROW, 17)
    assert sheets_of_paper(page, "A4") == 2
    page.evaluate(GROW, 60)
    assert sheets_of_paper(page, "A4") > 2
    page.emulate_media(media="print")
    for row in page.locator("tr.on-paper").all():  # in the head of the table, which each sheet repeats
        expect(row).to_contain_text("Placements planned with")
        expect(row).to_be_visible()
