"""The rows of a sheet below its headings: blank ones, titles, lines of totals and repeated headings are told apart."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.columns import Column, Sheet
from allocator.reading.folding import fold
from allocator.reading.headings import filled_of, is_blank
from allocator.reading.sources import RawSheet
from allocator.reading.words import heading_key

_TOTAL = re.compile(r"(?:(?:grand|sub)[\s-]?)?totals?\b\W*(.*)|sum\b\W*(.*)", re.IGNORECASE | re.DOTALL)
_COUNTED = re.compile(
    r"[\d\W]*\b(?:number|no|of|students?|requests?|offers?|places?|placements?|agenc(?:y|ies)|teams?|pes?|educators?|fte|"
    r"social workers?|minutes|days|rows?|for|in|all)\b.*|[\d\W]*",
    re.IGNORECASE | re.DOTALL,
)
"""What follows 'Total' in a line of totals (an agency may be called 'Total Recovery')."""


_ANSWERS = frozenset(("yes", "no"))
"""What no sheet is titled; where it stands alone, the row's other cells are missing."""


def used(cells: Sequence[Any]) -> int:
    """The number of cells of a row, less blank ones at its end.

    Parameters
    ----------
    cells
        A row.

    Returns
    -------
    int
        0 for a blank row.
    """
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return end


def first_words(cells: Sequence[Any]) -> str:
    """What stands in the first filled cell of a row.

    Parameters
    ----------
    cells
        A row that is not blank.

    Returns
    -------
    str
        On one line.
    """
    return " ".join(str(filled_of(cells)[0]).split())


def body_of(
    raw: RawSheet, start: int, mapping: Mapping[int, Column], header: set[str], sheet: Sheet, collector: Collector
) -> list[tuple[int, Sequence[Any]]]:
    """The rows below the headings, less blank ones, titles, totals and repeated headings.

    Parameters
    ----------
    raw, start
        The cells, and the place of the headings among the rows.
    mapping, header, sheet
        The columns by position, the keys of the headings, and what the sheet should hold.
    collector
        Takes rows that are left out.

    Returns
    -------
    list
        Numbers and cells.
    """
    body: list[tuple[int, Sequence[Any]]] = []
    headings = raw.rows[start][1]
    gaps = [n for n, v in enumerate(headings) if is_blank(v)]
    needs = sum(c.required for c in sheet.columns)
    stray: int | None = None
    for number, cells in raw.rows[start + 1 :]:
        first = next((c for c in cells if not is_blank(c)), None)
        if first is None:
            continue
        if stray is None and (
            used(cells) > len(headings) or any(n < len(cells) and not is_blank(cells[n]) for n in gaps)
        ):
            stray = number
        if isinstance(first, str):
            if _is_total(first.strip(), cells, [n for n, column in mapping.items() if column.required]):
                collector.add("V118", sheet=sheet.name, row=number, found=first_words(cells))
                continue
            if _is_title(first, cells, needs, header):
                collector.add("V117", sheet=sheet.name, row=number, found=first_words(cells))
                continue
        if any(n < len(cells) and not is_blank(cells[n]) for n in mapping):
            body.append((number, cells))
    if stray is not None:
        collector.add("V121", sheet=sheet.name, row=stray)
    return body


def _is_total(first: str, cells: Sequence[Any], required: Sequence[int]) -> bool:
    """Whether a row is a line of totals: its first word says so, and the rest is not what a row of the sheet holds."""
    found = _TOTAL.fullmatch(first)
    if not found:
        return False
    more = (found[1] or found[2] or "").strip()
    words = [isinstance(c, str) and bool(c.strip()) and not c.strip()[0].isdigit() for c in cells]
    whole = all(n < len(cells) and words[n] for n in required)
    others = sum(words) > 1
    if more and not _COUNTED.fullmatch(more):
        return not others and not whole
    return not (others and whole)


def _is_title(first: str, cells: Sequence[Any], needs: int, header: set[str]) -> bool:
    """Whether a row is a title (a cell without digits alone, where more must be filled), or the headings again."""
    words, again = not any(ch.isdigit() for ch in first), heading_key(first) in header
    if not (words or again):
        return False
    filled = filled_of(cells)
    if len(filled) == 1:
        return words and needs > 1 and fold(first) not in _ANSWERS
    return again and {heading_key(str(v)) for v in filled} == header
