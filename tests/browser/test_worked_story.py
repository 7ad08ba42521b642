"""The worked story in browsers: a round from the first workbook to the second version, by four people, on pages alone.

Its steps have the names of docs/worked-story, where nearly the same round is walked with the command line: here S12 gets
the place of S15 by a decision before January is published. What pages look like without such a step is judged elsewhere.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import NARROW
from tests.browser.conftest import Judged, SignedIn
from tests.browser.keeping import sheets_of_paper
from tests.browser.meeting import BY, LONG, choose, lane, planned, see_effect, take
from tests.browser.partnership import RESULTS, retyped, with_rows, workbook

NAME = "January 2027"


class Walk:
    """A round, the browsers of whoever works at it, and a folder for files that they save."""

    def __init__(self, signed_in: SignedIn, judged: Judged, folder: Path) -> None:
        self.signed_in = signed_in
        self.judged = judged
        self.folder = folder
        self.team = self.second = signed_in("team", login="lena")
        self.base = ""

    @property
    def round(self) -> str:
        """The round's id."""
        return self.base.rpartition("/")[2]

    def go(self, path: str, page: Page | None = None) -> Page:
        """Open a page of the round, in the team's browser where no other is named."""
        page = page or self.team
        page.goto(f"{self.base}{path}")
        return page

    def joins(self, role: str, login: str, agency: str | None = None) -> Page:
        """Somebody else signs in, who is a member of the round; an agency on a telephone."""
        view = {"view": NARROW} if agency else {}
        return self.signed_in(role, login=login, agency=agency, rounds=(self.round,), **view)


@pytest.mark.timeout(900)
def test_the_worked_story(signed_in: SignedIn, judged: Judged, tmp_path: Path) -> None:
    walk = Walk(signed_in, judged, tmp_path)
    an_own_workbook_is_sent_and_mended(walk)
    january_is_allocated(walk)
    why_s07_is_not_placed(walk)
    who_fits_o07_best(walk)
    a_decision_is_taken(walk)
    it_is_undone_and_taken_again(walk)
    january_is_published(walk)
    letters_go_out_and_the_plan_is_shared(walk)
    meetings_are_held(walk)
    replies_come_in(walk)
    results_day(walk)
    an_agency_withdraws_two_confirmed_places(walk)
    a_stage_2_trainee_leaves(walk)
    a_late_statutory_final_with_a_peps2_comes(walk)
    a_student_appeals(walk)
    an_agency_asks_for_a_student(walk)
    an_agency_missed_the_meeting(walk)
    the_second_version(walk)
    the_alliance_looks(walk)


def an_own_workbook_is_sent_and_mended(walk: Walk) -> None:
    page = walk.team
    expect(page.get_by_role("main")).to_contain_text("You have none yet")
    right = workbook(walk.folder / "January.xlsx")
    wrong = retyped(right, walk.folder / "Wrong.xlsx", "Tranches", first_day="after Christmas")
    page.get_by_label("Name of the round").fill(NAME)
    page.get_by_label("Workbook", exact=True).set_input_files(wrong)
    page.get_by_role("button", name="Begin the round").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept of it")
    expect(page.locator("mark")).to_contain_text(["after Christmas"])
    walk.judged(page)

    page.get_by_label("Name of the round").fill(NAME)
    page.get_by_label("Workbook", exact=True).set_input_files(right)
    page.get_by_role("button", name="Begin the round").click()


def january_is_allocated(walk: Walk) -> None:
    page = walk.team
    expect(page.locator("[data-progress]")).to_be_visible()
    expect(page.locator("[data-progress] progress.placed")).to_be_visible(timeout=LONG)
    page.wait_for_url("**/rounds/*?done=planned", timeout=LONG)
    walk.base = page.url.partition("?")[0]
    expect(page.locator(".tiles")).to_contain_text("14")


def why_s07_is_not_placed(walk: Walk) -> None:
    page = walk.team
    page.get_by_role("main").get_by_role("link", name="S07").first.click()
    expect(page.get_by_role("heading", name="S07/first: not placed")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("10 offers fit this request alone, but the places are taken by")


def who_fits_o07_best(walk: Walk) -> None:
    page = walk.team
    page.get_by_role("link", name="Board", exact=True).click()
    expect(lane(page, "Not placed")).to_contain_text("S12")
    page.get_by_role("link", name="O07", exact=True).click()
    page.get_by_role("button", name="Show who fits it best").click()
    link = page.get_by_role("link", name="Fix S12 at O07")
    expect(link).to_be_visible(timeout=LONG)
    expect(page.get_by_role("row").filter(has=link)).to_contain_text("S15")  # who has it, and loses it
    walk.judged(page)
    link.click()


def a_decision_is_taken(walk: Walk) -> None:
    page, second = walk.team, walk.joins("team", "omar")
    walk.second = walk.go("/board", second)
    see_effect(page, "One is placed (S12/final)")
    walk.judged(page)
    take(page, "asked for on the day")
    expect(lane(page, "South")).to_contain_text("S12")
    expect(second.locator("#news")).to_contain_text("LM decided: fix: S12/final, O07")
    walk.judged(second)


def it_is_undone_and_taken_again(walk: Walk) -> None:
    page = walk.team
    walk.go("/decisions").get_by_role("link", name="Undo D1", exact=True).click()
    see_effect(page, "S12/final")
    take(page)
    expect(lane(page, "Not placed")).to_contain_text("S12")
    walk.go("/decisions").get_by_role("link", name=re.compile("^Undo D2")).click()
    take(page)
    expect(lane(page, "South")).to_contain_text("S12")
    walk.judged(walk.go("/decisions"))


def january_is_published(walk: Walk) -> None:
    page = walk.go("/publish")
    page.get_by_label("Who publishes: initials or a role").fill(BY)
    page.get_by_role("button", name="See what publishing does").click()
    expect(page.get_by_role("main")).to_contain_text("14 of 16 placed, in all tranches; 20 of 20 aims proved")
    walk.judged(page)
    page.get_by_role("button", name="Publish version 1, by LM").click()
    expect(page.get_by_role("heading", name=re.compile("^Version 1"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Published: version 1 is this plan, and is in force.")


def letters_go_out_and_the_plan_is_shared(walk: Walk) -> None:
    page = walk.go("/letters")
    expect(page.get_by_role("main")).not_to_contain_text("Nothing is published yet")
    page.get_by_role("link", name="All letters to students (14)").click()
    page.wait_for_url("**/letters/student")
    assert sheets_of_paper(page, "A4") == 14
    walk.go("/letters").get_by_role("link", name="All letters to agencies (4)").click()
    page.wait_for_url("**/letters/agency")
    assert sheets_of_paper(page, "A4") == 4
    walk.go("/share").get_by_role("button", name="Share the plan").click()
    expect(page.get_by_role("main")).to_contain_text("The newest plan is shared")
    walk.judged(page)


def meetings_are_held(walk: Walk) -> None:
    page = walk.go("/mark")
    steps = ["sent_to_agency", "meeting_booked", "meeting_passed"]
    for step, of in [
        *((step, ("S11/final", "S13/final", "S08/first")) for step in steps),
        ("confirmed", ("S11/final", "S13/final")),
    ]:
        for request in of:
            page.get_by_role("checkbox", name=request, exact=True).check()
        page.get_by_label("Step", exact=True).select_option(step)
        page.get_by_role("button", name="Take the step").click()
        expect(page.locator("#news")).to_contain_text("The step is taken.")


def replies_come_in(walk: Walk) -> None:
    hope = walk.joins("agency", "hope", "Hope")
    main = hope.get_by_role("main")
    expect(main).to_contain_text("Say yes or no to 3 students.")
    for others in ("S08", "S11", "North", "South", "Bridge", "O01"):
        expect(main).not_to_contain_text(others)
    for student, place in (("S09", "O10"), ("S10", "O11")):
        hope.get_by_role("region", name=f"Student {student} at place {place}").get_by_label("yes", exact=True).check()
    named = hope.get_by_role("region", name="Student S05 at place O12")
    named.get_by_label("PE you name (their reference)").fill("PE12")
    walk.judged(hope)
    hope.get_by_role("button", name="Send the reply").click()
    expect(main).to_contain_text("Your reply was sent")
    walk.judged(hope)
    hope.goto(f"{walk.base}/board")
    expect(hope.get_by_role("main")).not_to_contain_text("S11")

    page = walk.go("/replies")
    page.get_by_role("button", name="Look at what the replies would do").click()
    accept = page.get_by_role("button", name="Accept all 3 that harm nobody")
    show = page.get_by_role("link", name="Show it")
    expect(accept.or_(show)).to_be_visible(timeout=LONG)
    if show.is_visible():
        show.click()
    expect(accept).to_be_visible()
    walk.judged(page)
    page.get_by_label("Who accepts (initials or a role)").fill(BY)
    accept.click()
    expect(page.get_by_role("main")).to_contain_text("What you chose was accepted")
    planned(walk.go("/board"))


def results_day(walk: Walk) -> None:
    page = walk.go("/results-day")
    page.get_by_label("Paste it: a first row of headings, then a row for each student").fill(RESULTS)
    page.get_by_role("button", name="Look at it").click()
    enter = page.get_by_role("button", name="Enter 7 new results")
    expect(enter).to_be_visible()
    shown = page.get_by_role("button", name="Show it").or_(page.get_by_role("heading", name="What it does to the plan"))
    expect(shown.first).to_be_visible(timeout=LONG)
    if page.locator("[data-waits-for]").count():
        page.get_by_role("button", name="Show it").click(timeout=LONG)
    expect(page.get_by_role("main")).to_contain_text("S02/first")
    walk.judged(page)
    enter.click()
    expect(page.get_by_role("main")).to_contain_text("The results were entered")
    planned(walk.go("/board"))
    expect(lane(page, "Not placed")).to_contain_text("S02")


def an_agency_withdraws_two_confirmed_places(walk: Walk) -> None:
    page, second = walk.team, walk.second
    for person, offer in ((second, "O05"), (page, "O02")):
        walk.go(f"/place?id={offer}", person).get_by_role("link", name="Place withdrawn").click()
        see_effect(person, "loses the place")
    take(page, "the team is closed")
    expect(second.locator("#news")).to_contain_text("LM decided: withdraw: offer, O02")
    second.get_by_label("Decided by").fill(BY)
    second.get_by_label("Why").fill("the team is closed")
    second.get_by_role("button", name="Take this decision").click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody else was first.")
    see_effect(second, "S13/final")
    expect(second.get_by_label("Why")).to_have_value("the team is closed")
    walk.judged(second)
    take(second, "the team is closed")
    expect(lane(second, "Not placed")).to_contain_text("S13")


def a_stage_2_trainee_leaves(walk: Walk) -> None:
    page = walk.go("/educator?id=PE09")
    page.get_by_role("link", name="Withdraw this PE").click()
    choose(page, about="pe")
    see_effect(page, "S04/first")
    take(page, "left the course")


def a_late_statutory_final_with_a_peps2_comes(walk: Walk) -> None:
    page = walk.go("/workbooks")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download the round as a workbook").click()
    now = walk.folder / "now.xlsx"
    saved.value.save_as(now)
    offer = {
        "offer": "O15",
        "agency": "South",
        "team": "Children",
        "stage": "final",
        "educators": "PE15",
        "on_site_supervisor": "yes",
    }
    educator = {
        "pe": "PE15",
        "employed_by": "South",
        "team": "Children",
        "qualification": "PEPS2",
        "registered": "yes",
        "current_until": "2028-07-31",
    }
    late = with_rows(now, walk.folder / "late.xlsx", Offers=offer, Educators=educator)
    page.get_by_label("Workbook", exact=True).set_input_files(late)
    page.get_by_role("button", name="Send the workbook and work out the plan").click()
    page.wait_for_url("**/rounds/*?done=planned", timeout=LONG)
    walk.judged(walk.go("/workbooks"))
    expect(walk.go("/place?id=O15").get_by_role("region", name="Who has it")).to_contain_text("S11, final")


def a_student_appeals(walk: Walk) -> None:
    page = walk.go("/student?id=S04")
    here = page.get_by_role("link", name=re.compile("^Place O")).first.inner_text().removeprefix("Place ")
    page.get_by_role("link", name="Meeting failed").click()
    choose(page, party="student", reason_code="", offer=here)
    see_effect(page, "S04/first")
    take(page, "appeal upheld")
    expect(walk.go("/student?id=S04").get_by_role("main")).not_to_contain_text(f"Place {here}")


def an_agency_asks_for_a_student(walk: Walk) -> None:
    page = walk.go("/decide?decision=requested&request=S07/first&agency=South")
    see_effect(page, "Price of yes: S07/first at South", "Price of no: S07/first not at South")
    walk.judged(page)
    take(page)


def an_agency_missed_the_meeting(walk: Walk) -> None:
    page = walk.go("/chase")
    expect(page.get_by_role("row").filter(has_text="Bridge").filter(has_text="speak with it")).to_be_visible()


def the_second_version(walk: Walk) -> None:
    page = walk.go("/moves")
    page.get_by_label("Look at up to so many moves").select_option("1")
    page.get_by_role("button", name="Find out").click()
    expect(page.get_by_role("row", name=re.compile("nobody moves"))).to_be_visible(timeout=LONG)
    walk.judged(page)
    walk.go("/publish?by=LM").get_by_role("button", name="Publish version 2, by LM").click()
    expect(page.get_by_role("heading", name=re.compile("^Version 2"))).to_be_visible()
    page.get_by_role("link", name="Everything that differs from the version before").click()
    expect(page.get_by_role("main")).to_contain_text("Placed: 14 before, 12 after")


def the_alliance_looks(walk: Walk) -> None:
    page = walk.go("/scenarios")
    question = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name=re.compile("front", re.I)))
    question.first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Ask the ticked questions").click()
    share = page.get_by_role("button", name=re.compile("^Share"))
    expect(share).to_be_visible(timeout=LONG)
    share.click()

    alliance = walk.joins("alliance", "alliance")
    expect(alliance.locator("ol.questions > li")).to_have_count(16)
    expect(alliance.get_by_role("main")).to_contain_text("1 answer is shared; 15 questions are not answered yet.")
    expect(alliance.locator(".withheld").first).to_be_visible()
    for nobody in ("S07", "PE15", "S11"):
        expect(alliance.get_by_role("main")).not_to_contain_text(nobody)
    walk.judged(alliance)
