"""How long somebody new needs from the first link of ``make serve`` to a published plan of the demonstration.

``python -m tests.browser.newcomer [pictures=FOLDER]``: a service without data is started and walked through in Chromium.
For each page it is counted what a person reads, clicks and types there, and measured how long the machine lets them
wait; pictures of the pages are kept where a folder is named. From that a time is estimated, since nobody sat there:

- reading: 238 words a minute, silent reading of non-fiction (Brysbaert 2019). Lines that stood on an earlier page are
  not read again. Twice: every word that is visible, and headings, notices, labels and buttons alone.
- hands and thinking: keystroke-level operators (Card, Moran and Newell 1980). K 0.28 s a key or button pressed, P 1.1 s
  to point, H 0.4 s between mouse and keyboard, M 1.35 s to make up one's mind before each click and each field.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import DESKTOP, new_context, started_chromium
from tests.browser.meeting import BY, LONG

WORDS_A_MINUTE = 238
KEY, POINT, HOME, MIND = 0.28, 1.1, 0.4, 1.35
PASSWORD = "seven green umbrellas"
LOGIN = "lena"
GOAL = 600
"""Seconds: ten minutes in all."""
SKIMMED = (
    "h1, h2, h3, h4, .notice, .message, .lead, [role=alert], label, legend, button, .button, summary, caption, .tile, "
    ".steps strong"
)
TEXTS = """
(skimmed) => {
  const lines = (text) => text.split("\\n").map((line) => line.trim()).filter(Boolean);
  const seen = [...document.querySelectorAll(skimmed)].filter(
    (one) => one.checkVisibility({checkVisibilityCSS: true}) && !one.parentElement.closest(skimmed));
  return [lines(document.body.innerText), seen.flatMap((one) => lines(one.innerText))];
}
"""


@dataclass
class Stay:
    """A page on the way: words on it that are new, all and those that somebody sees who skims it, and what is done."""

    name: str
    words: int = 0
    skimmed: int = 0
    clicks: int = 0
    fields: int = 0
    typed: int = 0
    waited: float = 0.0

    def hands(self) -> float:
        """Seconds of pointing, typing and making up one's mind."""
        clicks = self.clicks * (MIND + POINT + KEY)
        return clicks + self.fields * (MIND + POINT + KEY + 2 * HOME) + self.typed * KEY

    def seconds(self, words: int) -> float:
        """Seconds in all for somebody who reads so many words."""
        return 60 * words / WORDS_A_MINUTE + self.hands() + self.waited


class Walk:
    """A browser in the hands of somebody new, who counts."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page = page
        self.stays: list[Stay] = []
        self._pictures = pictures
        self._read: tuple[set[str], set[str]] = (set(), set())

    def looks(self, name: str) -> None:
        """Read the page that is there."""
        stay = Stay(name)
        stay.words, stay.skimmed = (
            self._new(lines, read) for lines, read in zip(self.page.evaluate(TEXTS, SKIMMED), self._read, strict=True)
        )
        self.stays.append(stay)
        if self._pictures is not None:
            self.page.screenshot(path=self._pictures / f"{len(self.stays):02}.png", full_page=True)

    @staticmethod
    def _new(lines: list[str], read: set[str]) -> int:
        fresh = [line for line in dict.fromkeys(lines) if line not in read]
        read.update(fresh)
        return sum(len(line.split()) for line in fresh)

    def types(self, field: Locator, text: str) -> None:
        """Type into a field."""
        field.fill(text)
        self.stays[-1].fields += 1
        self.stays[-1].typed += len(text)

    def clicks(self, on: Locator, then: Callable[[], object]) -> None:
        """Click, and wait until something is there."""
        self.waits(on.click, then)
        self.stays[-1].clicks += 1

    def waits(self, *does: Callable[[], object]) -> None:
        """What the machine does while somebody waits."""
        began = time.monotonic()
        for do in does:
            do()
        self.stays[-1].waited += time.monotonic() - began


@contextmanager
def begun(folder: Path) -> Iterator[tuple[str, float]]:
    """The first link of a service without data, and how long it took to come."""
    command = (sys.executable, "-m", "allocator", "serve", "--port", "0", "--database", f"sqlite:///{folder}/new.db")
    began = time.monotonic()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(os.environ), stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout is not None
        with process.stdout:
            link = next((line.split()[-1] for line in process.stdout if "/invitation/" in line), None)
            assert link is not None, (folder / "log").read_text()
            try:
                yield link, time.monotonic() - began
            finally:
                process.terminate()
                process.wait(60)


def set_password(walk: Walk, name: str, login: str) -> None:
    """Set the password that a link asks for, and sign in with it."""
    page = walk.page
    walk.looks(name)
    walk.types(page.get_by_label("Password", exact=True), PASSWORD)
    walk.types(page.get_by_label("The same password again", exact=True), PASSWORD)
    sign_in = page.get_by_role("button", name="Sign in", exact=True)
    walk.clicks(page.get_by_role("button", name="Set the password"), lambda: expect(sign_in).to_be_visible())
    walk.looks("Sign in")
    if not page.get_by_label("Login", exact=True).input_value():
        walk.types(page.get_by_label("Login", exact=True), login)
    walk.types(page.get_by_label("Password", exact=True), PASSWORD)
    walk.clicks(sign_in, lambda: page.wait_for_url(lambda url: "/sign-in" not in url))


def walks(page: Page, link: str, started: float, pictures: Path | None) -> list[Stay]:
    """The whole way."""
    walk = Walk(page, pictures)
    walk.stays.append(Stay("Terminal", words=22, skimmed=22, clicks=1, waited=started))
    walk.waits(lambda: page.goto(link))
    administrator = page.locator("main strong").first.inner_text()
    set_password(walk, "Link of the administrator", administrator)
    walk.looks("People")
    walk.types(page.get_by_label("Login", exact=True), LOGIN)
    own = page.get_by_role("link", name="open it here")
    walk.clicks(page.get_by_role("button", name="Make the account and its link"), lambda: expect(own).to_be_visible())
    walk.looks("People, with the link")
    walk.clicks(own, lambda: expect(page.get_by_label("The same password again")).to_be_visible())
    set_password(walk, "Link of the team", LOGIN)
    walk.looks("Rounds")
    begin = page.get_by_role("button", name="Begin with the demonstration", exact=True)
    walk.clicks(begin, lambda: page.wait_for_url("**/runs/*"))
    walk.looks("The plan is worked out")
    walk.waits(lambda: page.wait_for_url("**/rounds/*?done=planned", timeout=LONG))
    page.wait_for_load_state()
    walk.looks("Overview")
    publish = page.get_by_role("navigation", name="Steps of the round").get_by_role("link", name="Publish")
    field = page.get_by_label("Who publishes: initials or a role")
    walk.clicks(publish, lambda: expect(field).to_be_visible())
    walk.looks("Publish")
    walk.types(field, BY)
    last = page.get_by_role("button", name="Publish version 1, by LM")
    walk.clicks(
        page.get_by_role("button", name="See what publishing does"), lambda: expect(last).to_be_visible(timeout=LONG)
    )
    walk.looks("What publishing does")
    walk.clicks(last, lambda: expect(page.get_by_role("heading", name="Version 1").first).to_be_visible(timeout=LONG))
    walk.looks("The version in force")
    return walk.stays


def told(stays: list[Stay]) -> Iterator[str]:
    """The table, and the sums."""
    yield f"{'page':28}{'words':>7}{'skim':>6}{'clicks':>8}{'typed':>7}{'hands':>8}{'waits':>8}{'reads all':>11}{'skims':>8}"
    for s in stays:
        yield (
            f"{s.name:28}{s.words:7}{s.skimmed:6}{s.clicks + s.fields:8}{s.typed:7}{s.hands():7.1f}s{s.waited:7.1f}s"
            f"{s.seconds(s.words):10.0f}s{s.seconds(s.skimmed):7.0f}s"
        )
    for name, total in (
        ("reads every word", sum(s.seconds(s.words) for s in stays)),
        ("reads headings, notices and labels", sum(s.seconds(s.skimmed) for s in stays)),
    ):
        verdict = "within" if total <= GOAL else "over"
        yield f"Somebody who {name}: {total / 60:.1f} minutes, {verdict} the goal of {GOAL // 60}."


def main() -> int:
    """Walk, and print what it comes to."""
    asked = dict(word.split("=", 1) for word in sys.argv[1:])
    pictures = Path(asked["pictures"]) if "pictures" in asked else None
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, begun(Path(folder)) as (link, started), started_chromium() as chromium:
        context = new_context(chromium, link.partition("/invitation")[0], DESKTOP)
        stays = walks(context.new_page(), link, started, pictures)
        context.close()
    print("\n".join(told(stays)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
