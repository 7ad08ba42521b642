"""The pictures of the README: the terminal as SVG, the summary page as PNG."""

import io
import re
import shutil
import subprocess
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from allocator.checker import check
from allocator.commands.tables import plan_summary
from allocator.intake import read
from models.errors import UsageError
from models.plan import Plan

WIDTH = 100
"""Columns of the terminal in the picture."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def terminal(workbook: Path, plan: Path, picture: Path) -> None:
    """Draw what ``placements allocate`` shows of a plan.

    Parameters
    ----------
    workbook
        The input that the plan was made from.
    plan
        Its ``plan.json``.
    picture
        The SVG file to write; it refers to nothing outside itself.
    """
    reading = read(workbook)
    proposed = Plan.model_validate_json(plan.read_bytes())
    console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True)
    console.print(plan_summary(reading.dataset, proposed, check(reading.dataset, reading.policy, proposed)))
    drawn = console.export_svg(title="placements demo", theme=MONOKAI, unique_id="terminal")
    picture.write_text(re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL), encoding="utf-8")


def page(summary: Path, picture: Path) -> None:
    """Draw the summary page with a browser.

    Parameters
    ----------
    summary
        A ``summary.html``.
    picture
        The PNG file to write, 1100 by 1760 points.

    Raises
    ------
    UsageError
        There is no browser to draw with.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise UsageError(f"the picture of the page needs one of: {', '.join(BROWSERS)}")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1100,1760")
    target = f"--screenshot={picture.resolve()}"
    subprocess.run([browser, *options, target, summary.resolve().as_uri()], check=True, capture_output=True)
