"""A sheet as data: columns, rows of typed values, emphasis. Who writes it into a file is no concern of a view."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

CellValue = str | int | float | date | None


def as_number(value: Decimal | int) -> int | float:
    """A number as a cell shows it: whole where it is."""
    return int(value) if value == int(value) else float(value)


Kind = Literal["text", "date", "whole", "centred"]
Tone = Literal["plain", "good", "warn", "bad", "quiet"]


class Column(NamedTuple):
    """One column: heading, width in characters, kind of value, and the group heading above it.

    ``reply``: somebody else fills it in; ``choices``: what may be typed there (empty: anything).
    """

    title: str
    width: float = 12
    kind: Kind = "text"
    group: str = ""
    reply: bool = False
    choices: tuple[str, ...] = ()


class Table(NamedTuple):
    """A sheet that is one table.

    ``keys``: columns that stay in view. ``tones``: words of the column ``tone_column`` that colour it and the keys; the
    word itself stays, so that colour is never the only signal. ``above``: columns whose numbers are marked above a
    number. ``printed``: so many columns from the left go on paper (None: all), the others are for the screen.
    ``on_paper``: a sheet that is not is hidden, since no spreadsheet program leaves a sheet that is in view out of a
    printed workbook; a table without rows never is.
    """

    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[CellValue]]
    keys: int = 1
    tone_column: str | None = None
    tones: Sequence[tuple[str, Tone]] = ()
    above: Sequence[tuple[str, int]] = ()
    printed: int | None = None
    on_paper: bool = True
    paper: Literal["A4", "A3"] = "A4"
    empty: str = "Nothing to show."
