"""A page of several small tables as data, block by block from the top."""

from collections.abc import Sequence
from typing import NamedTuple

from allocator.views.table import CellValue, Tone

GRID = 24
"""Columns of the page; a table's columns span several of them."""


class Title(NamedTuple):
    """The page's title and a line below it."""

    text: str
    below: str


class Heading(NamedTuple):
    """A heading, after a gap."""

    text: str


class Text(NamedTuple):
    """A paragraph over the page's width."""

    text: str


class Banner(NamedTuple):
    """A sentence on a coloured ground; the words carry the meaning, the colour helps."""

    text: str
    tone: Tone


class Fields(NamedTuple):
    """Labels with room to write by hand, side by side."""

    labels: tuple[str, ...]


class NewPage(NamedTuple):
    """What follows is printed on a new page."""


class Grid(NamedTuple):
    """A small table: headings with their widths in grid columns, rows, a tone for each row (plain where left out).

    ``total``: the last row is a total.
    """

    headings: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[CellValue]]
    total: bool = False
    tones: Sequence[Tone] = ()


Block = Title | Heading | Text | Banner | Fields | NewPage | Grid
