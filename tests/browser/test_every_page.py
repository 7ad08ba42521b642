"""Every page of a round with a published plan; what a projector leaves out; deciding by keys alone and without script."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.access import sessions
from api.client import Placements
from api.pages.navigation import SECTIONS
from api.store.opening import Store
from api.wire import OVER
from tests.api.people import a_token, an_account
from tests.browser.chromium import DESKTOP, NARROW, VIEWS, WITHOUT_SCRIPT, View, new_context
from tests.browser.conftest import Judged, Opened
from tests.browser.judging import judge, judge_width
from tests.browser.keeping import keep_picture, sheets_of_paper
from tests.browser.keyboard import MOST
from tests.browser.meeting import BY, LONG, lane, planned
from tests.browser.partnership import workbook
from tests.browser.watching import Watch

Visited = Callable[..., Page]
Kept = Callable[[View], tuple[Page, Watch]]
ABOUT_ONE = (
    "/student?id=S07", "/place?id=O07", "/agency?id=South", "/educator?id=PE09", "/open", "/mark", "/mark?request=S08/first",
    "/decide?decision=fix", "/decisions?show=today", "/versions/1", "/compare?before=version:1&after=now",
    "/letters/student?id=S08", "/letters/agency?id=Hope", "/scenarios/question?name=causes", "/change",
    "/workbooks?number=1",
)  # fmt: skip
PAGES = (*(section.path for of in SECTIONS.values() for section in of), *ABOUT_ONE)
JUDGED_IN = dict(zip(PAGES, cycle(view for view in VIEWS if view.script), strict=False))
"""How a page is looked at when axe-core judges it; in the others its width is judged."""
SIZES = tuple(dict.fromkeys((view.width, view.height) for view in VIEWS))
FIRST = {
    "/students": ("Result", "Provisional because, or why not placed", "Agency", "PE", "Owner", "Due"),
    "/places": ("Use", "Who has it, with PE", "If unused, why", "Who could take it"),
    "/agencies": ("Against its range", "To settle", "Offered", "Used", "Firm", "Unused"),
    "/educators": ("Stage", "Spare", "Students", "Needs a student by"),
    "/chase": ("State", "Due", "Owner", "What", "Which", "Where"),
}
"""Headings that nobody may have to look for."""
A4_WIDTH, A3_WIDTH = 703, 1511
"""Pixels of CSS between the edges of a sheet of A4 that stands upright, and of one of A3 that lies on its side."""
PRIVATE = re.compile(r"\b(minutes?|districts?|prefer\w*|priority|home)\b", re.IGNORECASE)
"""What no agency may read on a projector."""


@pytest.fixture(scope="module")
def client(address: str, store: Store) -> Iterator[Placements]:
    """The service as a program of the team speaks to it."""
    with Placements(address, a_token(store, an_account(store, "team"))) as placements:
        yield placements


def a_round(client: Placements, folder: Path, name: str) -> str:
    """A round of the worked story's partnership, without a plan."""
    made = client.new_round(name, ("JAN27",))
    client.send_workbook(made.id, workbook(folder / "January.xlsx"), made.version)
    return made.id


def client_waits(client: Placements, run: str) -> None:
    """Until a run is over."""
    list(client.events(run))
    assert client.run_view(run).state in OVER


@pytest.fixture(scope="module")
def published(client: Placements, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A round with a decision and a published plan; nobody changes it any more."""
    round = a_round(client, tmp_path_factory.mktemp("published"), "Published")
    wanted = {"decision": "requested", "request": "S07/first", "agency": "South", "by": BY}
    client.decide(round, wanted, client.round_view(round).version)
    run = client.run_of_round(round).id
    client_waits(client, run)
    client.publish(round, run, BY, client.round_view(round).version)
    return round


@pytest.fixture(scope="module")
def deciding(client: Placements, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A round with a plan, in which tests decide."""
    round = a_round(client, tmp_path_factory.mktemp("deciding"), "Deciding")
    client_waits(client, client.run_of_round(round).id)
    return round


@pytest.fixture(scope="module")
def cookie(store: Store, published: str, deciding: str) -> str:
    """Of a browser in which somebody of the team has signed in; that is seen by itself elsewhere."""
    account = an_account(store, "team", rounds=(published, deciding))
    with store.transaction() as session:
        return sessions.begin(session, account, datetime.now(UTC), 8)[1]


@pytest.fixture
def visited(opened: Opened, cookie: str, address: str) -> Visited:
    """A page of a round in a new browser of the team."""

    def make(round: str, path: str, view: View = DESKTOP) -> Page:
        page = opened("about:blank", view)
        page.context.add_cookies([{"name": "placements", "value": cookie, "url": address}])
        answer = page.goto(f"/rounds/{round}{path}")
        assert answer is not None
        assert answer.ok, page.inner_text("body")
        return page

    return make


@pytest.fixture(scope="module")
def kept(chromium: Browser, address: str, cookie: str) -> Iterator[Kept]:
    """A browser of the team for each view: to start one takes longer than to open and judge a page."""
    made: dict[View, tuple[Page, Watch]] = {}

    def of(view: View) -> tuple[Page, Watch]:
        if view not in made:
            context = new_context(chromium, address, view)
            context.add_cookies([{"name": "placements", "value": cookie, "url": address}])
            watch = Watch(context, address)
            made[view] = context.new_page(), watch
        return made[view]

    yield of
    for page, watch in made.values():
        page.context.close()
        watch.judge()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_no_wider_than_its_window(
    kept: Kept, published: str, path: str, request: pytest.FixtureRequest
) -> None:
    view = JUDGED_IN[path]
    page, watch = kept(view)
    page.set_viewport_size({"width": view.width, "height": view.height})
    answer = page.goto(f"/rounds/{published}{path}")
    assert answer is not None
    assert answer.ok, page.inner_text("body")
    keep_picture(page, request.node.name)
    judge(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        judge_width(page)
    watch.judge()


def test_a_projector_shows_nothing_private_of_students(visited: Visited, judged: Judged, published: str) -> None:
    page = visited(published, "/student?id=S07")
    main = page.get_by_role("main")
    assert PRIVATE.search(main.inner_text())
    page.get_by_role("button", name="Meeting view").click()
    expect(page.get_by_text("Meeting view: districts")).to_be_visible()
    for path in ("/student?id=S07", "/student?id=S08", "/board", "/place?id=O07", "/students", "/not-placed"):
        page.goto(f"/rounds/{published}{path}")
        text = main.inner_text()
        assert "S08" in text or "S07" in text or "S15" in text
        assert not PRIVATE.search(text), (path, PRIVATE.search(text))
    judged(page)
    page.goto(f"/rounds/{published}/results-day")
    expect(main).to_contain_text("meeting view")
    assert "S01" not in main.inner_text()


@pytest.mark.parametrize(
    ("path", "label", "asked"),
    [
        ("/students", "Agency", "?Agency=Hope"),
        ("/board", "Agency", "?agency=Hope"),
        ("/map", "Programme", "?agency=Hope"),
    ],
)
def test_filters_are_folded_on_a_telephone_until_one_is_set(
    visited: Visited, published: str, path: str, label: str, asked: str
) -> None:
    page = visited(published, path, NARROW)
    field = page.get_by_role("combobox", name=label, exact=True)
    expect(field).to_be_hidden()
    page.locator(".fold > summary").click()
    expect(field).to_be_visible()
    page.goto(f"/rounds/{published}{path}{asked}")
    expect(field).to_be_visible()
    wide = visited(published, path, WITHOUT_SCRIPT)
    expect(wide.get_by_role("combobox", name=label, exact=True)).to_be_visible()
    expect(wide.locator(".fold > summary")).to_be_hidden()


@pytest.mark.parametrize(("path", "wanted"), FIRST.items())
def test_what_is_asked_first_is_seen_without_scrolling_sideways(
    visited: Visited, published: str, path: str, wanted: tuple[str, ...]
) -> None:
    page = visited(published, path)
    for heading in wanted:
        box = page.get_by_role("columnheader", name=heading, exact=True).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= DESKTOP.width, heading


@pytest.mark.parametrize(
    ("path", "width"),
    [
        *((path, A4_WIDTH) for path in ("", "/figures", "/map", "/not-placed", "/decisions", "/student?id=S07")),
        *((path, A3_WIDTH) for path in ("/students", "/places", "/agencies", "/educators", "/return")),
    ],
)
def test_paper_is_as_wide_as_what_is_printed(visited: Visited, published: str, path: str, width: int) -> None:
    page = visited(published, path)
    page.set_viewport_size({"width": width, "height": 1032})
    page.emulate_media(media="print")
    judge_width(page)
    expect(page.locator("main .button:visible")).to_have_count(0)
    for note in page.locator("thead .note").all()[:3]:
        expect(note).to_have_css("color", "rgb(0, 0, 0)")  # on a ground that is light on paper


def test_the_board_is_one_sheet_of_a3(visited: Visited, published: str) -> None:
    assert sheets_of_paper(visited(published, "/board")) == 1


def test_a_decision_by_keyboard_alone(visited: Visited, deciding: str) -> None:
    page = visited(deciding, "/board")
    tab_to(page, ".board a.to")
    assert here(page) == "S07"
    page.keyboard.press("ArrowDown")
    assert here(page) == "S12"
    page.keyboard.press("x")
    page.wait_for_url("**/decide?decision=fix&request=S12%2Ffinal")
    tab_to(page, "#f-offer")
    page.keyboard.type("O07")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take this decision")).to_be_visible(timeout=LONG)
    tab_to(page, "#by")
    page.keyboard.type(BY)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/board"))
    planned(page)
    expect(lane(page, "South")).to_contain_text("S12")


def test_a_decision_without_script(visited: Visited, judged: Judged, deciding: str) -> None:
    page = visited(deciding, "/board", WITHOUT_SCRIPT)
    lane(page, "Not placed").get_by_role("link", name="S07", exact=True).click()
    page.get_by_role("link", name="Fix S07/first at O06").click()
    expect(page.get_by_role("button", name="Take this decision")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("region", name=re.compile("^What it does"))).to_contain_text("is placed (S07/first)")
    judged(page)
    page.get_by_label("Decided by").fill(BY)
    page.get_by_role("button", name="Take this decision").click()
    expect(page.get_by_role("main")).to_contain_text("The decision is taken")
    page.get_by_role("link", name="See how far it is").click()
    planned(page)
    page.get_by_role("link", name="Board", exact=True).click()
    expect(lane(page, "South")).to_contain_text("S07")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on one of these elements."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def here(page: Page) -> str:
    """The words of what has the focus."""
    return str(page.evaluate("() => document.activeElement.textContent"))
