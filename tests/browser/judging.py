"""A page as it stands, judged: accessible by axe-core's rules, and no wider than its window.

axe-core comes with axe-playwright-python. It runs beside the page's own scripts, in a world of its own, where the page's
content policy holds as ever: a policy that was lifted for it would hide what the policy blocks.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""WCAG 2.2 at level AA, and what is good beside it."""
BEFORE = """
window.setTimeout = (then, after = 0) => { if (after < 1000) Promise.resolve().then(then); return 0; };
"""
"""Where a browser runs no scripts of pages, no timer runs either; axe-core waits by timers, for nothing."""
RUN = f"""
(async () => {{
  const root = document.documentElement;
  const clear = (element) => getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)";
  const dark = getComputedStyle(root).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
  const before = root.style.backgroundColor;
  if (dark && clear(root) && clear(document.body)) root.style.backgroundColor = "#121212";
  try {{
    return JSON.stringify(
      (await axe.run(document, {{runOnly: {json.dumps(TAGS)}, resultTypes: ["violations"]}})).violations);
  }} finally {{
    root.style.backgroundColor = before;
  }}
}})()
"""
"""axe-core takes a page without a colour of its own for white; in the dark it is Chromium's black."""
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


class Violation(NamedTuple):
    """One element that breaks one rule."""

    rule: str
    help: str
    target: str
    html: str
    mend: str

    def __str__(self) -> str:
        mend = "\n    ".join(self.mend.splitlines())
        return f"{self.rule}: {self.help}\n  at {self.target}\n    {self.html}\n    {mend}"


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[Violation]:
    """What axe-core finds on a page."""
    protocol = page.context.new_cdp_session(page)
    frame = protocol.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = protocol.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})["executionContextId"]

    def run(script: str) -> Any:
        asked = {"expression": script, "contextId": world, "awaitPromise": True, "returnByValue": True}
        answer = protocol.send("Runtime.evaluate", asked)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    run(f"{BEFORE}{_axe()}; null")
    found = json.loads(run(RUN))
    protocol.detach()
    return [
        Violation(each["id"], each["help"], str(node["target"]), node["html"], node["failureSummary"])
        for each in found
        for node in each["nodes"]
    ]


def judge(page: Page) -> None:
    """A page is accessible and its body does not scroll sideways.

    Raises
    ------
    AssertionError
        Each element that breaks a rule, with the rule and how to mend it.
    """
    found = [str(violation) for violation in violations(page)]
    assert not found, "\n".join((f"{page.url}:", *found))
    judge_width(page)


def judge_width(page: Page) -> None:
    """The body of a page does not scroll sideways.

    Raises
    ------
    AssertionError
        It does.
    """
    needed, there = page.evaluate(WIDTHS)
    words = f"The page scrolls sideways: it takes {needed} pixels, and its window has {there}."
    assert needed <= there, f"{page.url}: {words}"
