"""What judges the pages finds what is wrong with a page that is made so."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.chromium import DARK, DESKTOP, NARROW, WITHOUT_SCRIPT, View
from tests.browser.conftest import Judged, Opened
from tests.browser.keeping import sheets_of_paper
from tests.browser.keyboard import contrast, tab_through
from tests.browser.watching import Watch

Made = Callable[..., Page]
STYLE = "/assets/made.css"
DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
POLICY = "default-src 'none'; style-src 'self'; img-src * data:; connect-src *; script-src 'self'"


@pytest.fixture
def made(opened: Opened) -> Made:
    """A page with a body of its own, as the service would send it."""

    def make(body: str, style: str = "", view: View = DESKTOP) -> Page:
        page = opened("/sign-in", view)
        head = f"<title>Made</title><link rel=stylesheet href={STYLE}><meta name=viewport content='width=device-width'>"
        html = (
            f"<!doctype html><html lang=en-GB><head>{head}</head><body><main><h1>Made</h1>{body}</main></body></html>"
        )
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
        page.route("/made", lambda route: route.fulfill(body=html, headers=headers))
        page.route(STYLE, lambda route: route.fulfill(body=style, content_type="text/css"))
        page.goto("/made")
        return page

    return make


@pytest.mark.parametrize("view", [DESKTOP, WITHOUT_SCRIPT], ids=str)
def test_a_page_in_order_passes(made: Made, judged: Judged, view: View) -> None:
    judged(made("<p>Words.</p>", view=view))


@pytest.mark.parametrize(
    ("body", "style", "rule"),
    [
        (f"<img src={DOT}>", "", "image-alt"),
        ("<label>Faint <input></label><p>Words.</p>", "p { color: #bbb }", "color-contrast"),
        ("<input>", "", "label"),
        ("<h3>Two levels down</h3>", "", "heading-order"),
        ("<p><button>x</button><button>y</button></p>", "button { all: unset; font-size: 9px }", "target-size"),
    ],
)
@pytest.mark.parametrize("view", [DESKTOP, WITHOUT_SCRIPT], ids=str)
def test_what_is_not_accessible_is_named(
    made: Made, judged: Judged, body: str, style: str, rule: str, view: View
) -> None:
    with pytest.raises(AssertionError, match=f"{rule}: .*\n  at .*\n    <.*\n    Fix "):
        judged(made(body, style, view))


def test_faint_words_are_found_in_the_dark(made: Made, judged: Judged) -> None:
    style = ":root { color-scheme: light dark } p { color: #555 }"
    judged(made("<p>Words.</p>", style))
    with pytest.raises(AssertionError, match="color-contrast"):
        judged(made("<p>Words.</p>", style, DARK))


def test_a_page_that_is_too_wide_is_found(made: Made, judged: Judged) -> None:
    style = "p { width: 500px }"
    judged(made("<p>Words.</p>", style))
    with pytest.raises(AssertionError, match="scrolls sideways: it takes 508 pixels, and its window has 360"):
        judged(made("<p>Words.</p>", style, NARROW))  # and 8 pixels of the body's margin


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<img alt='' src=http://example.org/dot.png>", "asks another machine: http://example.org/dot.png"),
        ("<p style='color: red'>Words.</p>", "Content Security Policy"),
        ("<script>1</script>", "Content Security Policy"),
        ("<img alt='' src=/assets/none.png>", r"/assets/none.png \(image\) is answered by 404"),
    ],
)
def test_what_a_browser_complains_of_is_found(
    made: Made, judged: Judged, watches: dict[BrowserContext, Watch], body: str, words: str
) -> None:
    with pytest.raises(AssertionError, match=words):
        judged(made(body))
    for watch in watches.values():  # it is said once
        watch.judge()


def test_a_script_that_fails_is_found(made: Made, judged: Judged) -> None:
    page = made("<script src=/assets/fails.js></script>")
    page.route("/assets/fails.js", lambda route: route.fulfill(body="nothing()", content_type="text/javascript"))
    page.reload()
    with pytest.raises(AssertionError, match="nothing is not defined"):
        judged(page)


@pytest.mark.parametrize(
    ("body", "style", "words"),
    [
        ("<button>One</button>", ":focus { outline: none }", "not to be seen that the focus is on button One"),
        ("<button>One</button>", ":focus { outline: 3px solid #eee }", r"outline of button One has a contrast of 1\.2"),
        ("<button></button>", "", "a button without a name"),
        ("<button>One</button>", "button { position: fixed; left: -99px }", "comes to what is not in sight: button One"),
        ("<button>One</button><div>Over it</div>", "div { position: fixed; inset: 0 }", "comes to what is not in sight"),
    ],
)  # fmt: skip
def test_a_focus_that_is_not_seen_is_found(made: Made, body: str, style: str, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        tab_through(made(body, style))


def test_tab_goes_round_once(made: Made) -> None:
    body = "<a href=/>Home</a> <label>Name <input></label> <button disabled>Off</button> <button>On</button>"
    assert tab_through(made(body)) == ["link Home", "textbox Name", "button On"]
    assert tab_through(made("<p>Nothing to do.</p>")) == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast([0, 0, 0], [255, 255, 255]) == pytest.approx(21)
    assert contrast([255, 255, 255], [0x76, 0x76, 0x76]) == pytest.approx(4.54, abs=0.005)


def test_sheets_of_paper_are_counted(made: Made) -> None:
    page = made("<p>One</p><p>Two</p><p>Three</p>", "p + p { break-before: page }")
    assert sheets_of_paper(page) == 3
