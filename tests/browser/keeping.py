"""A page on paper, and as a picture."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page

FOLDER = "SCREENSHOTS"
"""Variable of the environment: the folder for pictures of every page that is judged; without it none are made."""
_SHEET = re.compile(rb"/Type\s*/Page\b")


def sheets_of_paper(page: Page, size: str = "A3") -> int:
    """How many sheets a page takes when it is printed: of the size that it wants itself, else of this one."""
    return len(_SHEET.findall(page.pdf(format=size, prefer_css_page_size=True)))


def keep_picture(page: Page, name: str) -> None:
    """A picture of a whole page, for somebody to look at, where the environment names a folder for it.

    Parameters
    ----------
    page
        As it stands.
    name
        Of the test; what cannot be in the name of a file is left out, and a number tells pictures apart.
    """
    if folder := os.environ.get(FOLDER):
        Path(folder).mkdir(parents=True, exist_ok=True)
        stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
        number = len(list(Path(folder).glob(f"{stem}.*.png"))) + 1
        page.screenshot(path=Path(folder) / f"{stem}.{number}.png", full_page=True)
