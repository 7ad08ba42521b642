"""A sheet as data: columns, rows of typed values, emphasis. Who writes it into a file is no concern of a view."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

CellValue = str | int | float | date | None
Kind = Literal["text", "date", "whole", "centred"]
Tone = Literal["plain", "good", "warn", "bad", "quiet"]


class Column(NamedTuple):
    """One column: heading, width in characters, kind of value, and the group heading above it."""

    title: str
    width: float = 12
    kind: Kind = "text"
    group: str = ""


class Table(NamedTuple):
    """A sheet that is one table.

    ``keys``: columns that stay in view and are repeated on every printed page. ``tones``: words of the column
    ``tone_column`` that colour it and the keys; the word itself stays, so that colour is
    never the only signal.
    """

    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[CellValue]]
    keys: int = 1
    tone_column: str | None = None
    tones: Sequence[tuple[str, Tone]] = ()
    pages_wide: int = 1
    paper: Literal["A4", "A3"] = "A4"
    empty: str = "Nothing to show."
