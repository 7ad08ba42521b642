"""A Chromium that this machine has, started so that it speaks to nobody but this machine."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ABSENT = "no Chromium is installed here (Debian: apt-get install chromium), which would show the pages"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
"""As root it has no sandbox; and whatever it might ask of another machine has no address."""
PATIENCE = 15_000
"""Milliseconds for anything that a test waits for."""


@dataclass(frozen=True)
class View:
    """How somebody looks at a page; all but the size is what a browser is without settings."""

    width: int = 1280
    height: int = 1024
    scale: float = 1
    dark: bool = False
    still: bool = False
    script: bool = True

    def __str__(self) -> str:
        words = (self.dark and "dark", self.still and "without motion", not self.script and "without script")
        return ", ".join((f"{self.width} x {self.height}", *(word for word in words if word)))


DESKTOP = View()
DARK = View(dark=True)
NARROW = View(width=360, height=740)
ZOOMED = View(width=640, height=512, scale=2)
"""The desktop at 200 %: half as many pixels of CSS, each twice as large."""
WITHOUT_SCRIPT = View(script=False)
VIEWS = (DESKTOP, replace(NARROW, dark=True), replace(ZOOMED, still=True), WITHOUT_SCRIPT)
"""Each way to look at a page at least once."""


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """The browser, with a profile that is new and deleted at the end; a test is skipped where there is none.

    While it runs, this thread belongs to it: nothing else that waits asynchronously runs here, such as ``asyncio.run``.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=4 * PATIENCE)
        except Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


def new_context(browser: Browser, address: str, view: View) -> BrowserContext:
    """A browser that knows nothing yet: no cookie, no cache, nothing on its screen.

    Parameters
    ----------
    browser
        That was started.
    address
        Of the service; pages may be named by their path alone.
    view
        How its owner looks at pages.
    """
    context = browser.new_context(
        base_url=address,
        viewport={"width": view.width, "height": view.height},
        device_scale_factor=view.scale,
        color_scheme="dark" if view.dark else "light",
        reduced_motion="reduce" if view.still else "no-preference",
        java_script_enabled=view.script,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(PATIENCE)
    return context
