"""The team's own columns: nothing is planned by them, but a workbook that is written again holds them as they stood."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from allocator.reading.headings import is_blank
from allocator.reading.words import is_personal, is_protected_characteristic
from models.register import OwnColumn

_ERROR = "#N/A"
_LONGEST_NUMBER = 10**15
"""Whole numbers from here on lose digits in a workbook, so they are written as text."""


def own_columns(
    titles: Sequence[Any], body: Sequence[tuple[int, Sequence[Any]]], ours: Collection[int]
) -> dict[int, OwnColumn]:
    """The columns with something in them that are none of ours, less those that may not be kept.

    Parameters
    ----------
    titles
        The row of headings.
    body
        The rows below.
    ours
        Positions of our columns, from 0.

    Returns
    -------
    dict
        Position to column, in the order of the sheet; a column that nobody headed has a blank heading.
    """
    headed = {n for n, v in enumerate(titles) if not is_blank(v)}
    width = max((len(cells) for _, cells in body), default=0)
    unheaded = [n for n in range(width) if n not in headed and n not in ours]
    filled = {n for n in unheaded if any(n < len(cells) and not is_blank(cells[n]) for _, cells in body)}
    result = {}
    for n in sorted((headed | filled) - set(ours)):
        heading = " ".join(str(titles[n]).split()) if n < len(titles) and titles[n] is not None else ""
        if not (is_personal(heading) or is_protected_characteristic(heading)):
            result[n] = OwnColumn(heading, sum(1 for position in ours if position < n))
    return result


def own_cells(cells: Sequence[Any], positions: Iterable[int]) -> tuple[Any, ...]:
    """What a row holds in the team's own columns.

    Parameters
    ----------
    cells
        The row as it stands in the file.
    positions
        Those of the columns.

    Returns
    -------
    tuple
        A cell each, None where it is blank; shorter where the last ones are, empty where all are.
    """
    kept = [_kept(cells[n]) if n < len(cells) else None for n in positions]
    while kept and kept[-1] is None:
        kept.pop()
    return tuple(kept)


def _kept(cell: Any) -> Any:
    """A cell as a workbook can hold it: its value, or its text."""
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        return ILLEGAL_CHARACTERS_RE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")) or None
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())  # as workbooks have it
    if isinstance(cell, bool | date | time | timedelta):
        return cell
    if isinstance(cell, int):
        return cell if abs(cell) < _LONGEST_NUMBER else str(cell)
    if isinstance(cell, float):
        return cell if isfinite(cell) else str(cell)
    return _ERROR
