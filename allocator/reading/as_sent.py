"""Rows of a file as they stand in it, to be shown beside what is said of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from allocator.reading.collecting import Collector
from allocator.reading.headings import is_blank
from allocator.reading.reader import read_register
from allocator.reading.sources import RawSheet, read_file
from models.errors import InputUnusableError
from models.register import Origin

LONGEST = 200
"""Characters of a cell that are shown."""


class SheetAsSent(NamedTuple):
    """Some rows of a sheet: its own name, its headings as typed, our name of each, and cells as text by row number."""

    name: str
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Mapping[int, tuple[str, ...]]


def rows_as_sent(path: Path, wanted: Mapping[str, Collection[int]]) -> dict[str, SheetAsSent]:
    """Rows of a file as they stand in it, in the columns that we know: what stands in others is nobody's business.

    Parameters
    ----------
    path
        A workbook or a JSON file.
    wanted
        Row numbers by our name of the sheet.

    Returns
    -------
    dict
        By our name of the sheet; without those that are not there, or have no headings.
    """
    try:
        raws = {raw.name: raw for raw in read_file(path, Collector())}
        pages = read_register(path).pages
    except InputUnusableError:
        return {}
    return {
        name: _of_sheet(raws[origin.sheet], origin, frozenset(numbers))
        for name, numbers in wanted.items()
        if name in pages and (origin := pages[name].origin) is not None and origin.sheet in raws
    }


def _of_sheet(raw: RawSheet, origin: Origin, numbers: frozenset[int]) -> SheetAsSent:
    ordered = sorted(origin.headings.items(), key=lambda item: item[1][0])
    places = [place for _, (place, _) in ordered]
    wanted = frozenset(number for number in numbers if number > origin.header)
    rows = {number: tuple(_text(cells, place) for place in places) for number, cells in raw.rows if number in wanted}
    return SheetAsSent(raw.name, tuple(typed for _, (_, typed) in ordered), tuple(name for name, _ in ordered), rows)


def _text(cells: Sequence[Any], place: int) -> str:
    """A cell as a person sees it: dates as 2027-01-05, whole numbers without a point."""
    value = cells[place] if place < len(cells) else None
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, Enum):
        text = str(value.value)
    elif isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, date):
        text = str(value)
    elif isinstance(value, float):
        text = f"{value:.15g}"
    else:
        text = "" if is_blank(value) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
