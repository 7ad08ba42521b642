"""A page by keyboard alone: what Tab comes to, in order, and whether one sees where one is."""

from typing import Any

from playwright.sync_api import CDPSession, Page

MOST = 500
"""Keys until a page counts as one that lets nobody out."""
LEAST_CONTRAST = 3.0
"""Of an outline against what lies around it (WCAG 1.4.11)."""
LOOKS = """
(element) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const colour = (words) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = words;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark")
    && matchMedia("(prefers-color-scheme: dark)").matches;
  let around = dark ? [18, 18, 18, 255] : [255, 255, 255, 255];
  for (let outer = element.parentElement; outer; outer = outer.parentElement) {
    const found = colour(getComputedStyle(outer).backgroundColor);
    if (found[3] === 255) { around = found; break; }
  }
  const seen = [...element.getClientRects()].some(box => [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]].some(
    ([x, y]) => {
      const hit = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
      return hit !== null && (element.contains(hit) || hit.contains(element));
    }));
  const style = getComputedStyle(element);
  return {
    seen, around, shadow: style.boxShadow !== "none", kind: style.outlineStyle, width: parseFloat(style.outlineWidth),
    outline: colour(style.outlineColor),
  };
}
"""


def tab_through(page: Page) -> list[str]:
    """Press Tab until it has been everywhere.

    Parameters
    ----------
    page
        Opened; where the focus is, Tab begins.

    Returns
    -------
    list
        Role and name of each element, as a screen reader says them: ``textbox Login``.

    Raises
    ------
    AssertionError
        An element has no name or is not in sight, its focus is not visible, or there is no way out.
    """
    protocol = page.context.new_cdp_session(page)
    found: list[str] = []
    first = None
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate_handle("() => document.activeElement")
        if here.evaluate("(here, first) => here === document.body || here === first", first):
            protocol.detach()
            return found
        first = first or here
        found.append(_spoken(protocol))
        _judge(found[-1], here.evaluate(LOOKS))
    raise AssertionError(f"{page.url} lets nobody out: after {MOST} keys Tab is at {found[-1]}")


def _spoken(protocol: CDPSession) -> str:
    element = protocol.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
    asked = {"objectId": element, "fetchRelatives": False}
    node = protocol.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
    role, name = node["role"]["value"], node.get("name", {}).get("value", "").strip()
    assert name, f"What Tab comes to is a {role} without a name."
    return f"{role} {name}"


def _judge(spoken: str, looks: dict[str, Any]) -> None:
    assert looks["seen"], f"Tab comes to what is not in sight: {spoken}"
    outlined = looks["kind"] != "none" and looks["width"] > 0 and looks["outline"][3] > 0
    assert outlined or looks["shadow"], f"It is not to be seen that the focus is on {spoken}."
    if outlined and looks["kind"] != "auto":  # the browser's own has two colours, for any ground
        found = contrast(looks["outline"], looks["around"])
        assert found >= LEAST_CONTRAST, (
            f"The outline of {spoken} has a contrast of {found:.1f}: {LEAST_CONTRAST} at least."
        )


def contrast(one: list[int], other: list[int]) -> float:
    """How much two colours differ, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: list[int]) -> float:
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
