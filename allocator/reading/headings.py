"""Which row of a sheet holds the headings, and which column of ours each heading is."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.columns import Column, Sheet
from allocator.reading.sources import RawSheet
from allocator.reading.spelling import did_you_mean, meant
from allocator.reading.words import HEADINGS, RENAMED, heading_key, is_personal, is_protected_characteristic

HEADER_WITHIN = 30
"""Rows among which the headings are looked for."""


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing but spaces.

    Parameters
    ----------
    cell
        As it stands in the file.

    Returns
    -------
    bool
        True for None and for texts without a visible character.
    """
    return cell is None or (isinstance(cell, str) and not cell.strip())


def filled_of(cells: Sequence[Any]) -> list[Any]:
    """The cells of a row that are not blank.

    Parameters
    ----------
    cells
        A row.

    Returns
    -------
    list
        In their order.
    """
    return [c for c in cells if not is_blank(c)]


def _column_of(heading: str, sheet: Sheet, headings: Mapping[str, str]) -> tuple[Column | None, bool]:
    """The column of a heading, and whether the heading is our own word for it."""
    key = heading_key(heading)
    if key in sheet.by_name:
        return sheet.by_name[key], True
    for table in (headings, HEADINGS.get(sheet.name, {}), HEADINGS["*"]):
        named = table.get(key, "").removeprefix(f"{sheet.name}.")
        column = sheet.by_name.get(RENAMED.get(named, named))
        if column:
            return column, False
    return None, False


def find_header(raw: RawSheet, sheet: Sheet, headings: Mapping[str, str]) -> tuple[int, set[str]] | None:
    """Find the row of headings: the one with most words that we know.

    Parameters
    ----------
    raw, sheet
        The cells, and what they should be.
    headings
        The user's own headings to our columns.

    Returns
    -------
    tuple or None
        Its place among the rows, and the keys of its headings; None where no row looks like one.
    """
    best: tuple[int, int] | None = None
    for n, (_, cells) in enumerate(raw.rows[:HEADER_WITHIN]):
        known = {c.name for c, _ in (_column_of(str(v), sheet, headings) for v in filled_of(cells)) if c}
        if known and (best is None or len(known) > best[0]):
            best = (len(known), n)
    # One known word in a row of text is chance, unless the sheet is as narrow.
    if best is None or best[0] < min(2, len(sheet.columns)):
        return None
    keys = {heading_key(str(v)) for v in filled_of(raw.rows[best[1]][1])}
    return best[1], keys


def map_columns(
    header: tuple[int, Sequence[Any]], sheet: Sheet, headings: Mapping[str, str], collector: Collector
) -> dict[int, Column]:
    """Tell which column of ours each heading is.

    Parameters
    ----------
    header
        The row of headings: number and cells.
    sheet, headings
        As in :func:`find_header`.
    collector
        Takes headings that are nobody's, two of one column, and those that must not be there.

    Returns
    -------
    dict
        Position to column; our own headings first.
    """
    number, cells = header
    named = {c.name for c, _ in (_column_of(str(v), sheet, headings) for v in filled_of(cells)) if c}
    mapping: dict[int, Column] = {}
    ours: dict[str, bool] = {}
    order = sorted(
        (n for n, v in enumerate(cells) if not is_blank(v)),
        key=lambda n: (not _column_of(str(cells[n]), sheet, headings)[1], n),
    )
    for n in order:
        heading = " ".join(str(cells[n]).split())
        column, own = _column_of(heading, sheet, headings)
        where: dict[str, Any] = {"sheet": sheet.name, "row": number, "column": heading, "found": heading}
        if is_personal(heading) and not (own or (column and column.name == "name")):
            collector.add("V122", **where)
        elif column is None and is_protected_characteristic(heading):
            collector.add("V124", **where)
        elif column is None and (column := _meant(heading, sheet, named)):
            mapping[n], ours[column.name] = column, False
            named.add(column.name)
            less_alike = f"{sheet.name} under a name that is less alike"
            collector.add("V320", near=column.name, **where | {"where": less_alike})
        elif column is None or (column.name in ours and ours[column.name] and not own):
            collector.add("V112", suggestion=did_you_mean(heading_key(heading), sheet.by_name), **where)
        elif column.name in ours:
            collector.add("V114", **where)
        else:
            mapping[n], ours[column.name] = column, own
            if not own:
                collector.add("V113", meaning=column.name, **where)
    return mapping


def _meant(heading: str, sheet: Sheet, named: Collection[str]) -> Column | None:
    """The column that a misspelt heading means, where no other heading is that column's."""
    near = meant(heading_key(heading), sheet.by_name)
    return sheet.by_name[near] if near and near not in named else None
