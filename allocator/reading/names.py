"""Names, read only when a report is written for the team; never stored, never sent to engine or API."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from allocator.reading.collecting import Collector
from allocator.reading.folding import fold
from allocator.reading.headings import is_blank
from allocator.reading.marks import ShownNumber
from allocator.reading.sources import RawSheet, read_file
from models.base import natural_key
from models.dataset import Dataset
from models.errors import InputUnusableError, UsageError

_NUMBERED = re.compile(r"(.*?)(\d+)")
_RANGES = 10
"""Ids, or ranges of them, that a sentence names."""


def read_names(path: Path) -> dict[str, str]:
    """Names by id from a local file of id, name, e-mail.

    Parameters
    ----------
    path
        A CSV file or a workbook with a sheet whose columns are headed ``id`` and ``name``.

    Returns
    -------
    dict
        Name by id, blanks left out.

    Raises
    ------
    UsageError
        When the file cannot be read, has no such columns, or a row could show one student as another.
    """
    try:
        sheets = read_file(path, Collector())
    except InputUnusableError as error:
        raise UsageError(f"{path} cannot be read as a file of names: {error}") from error
    headed = [(sheet, columns) for sheet in sheets if (columns := _columns(sheet)) is not None]
    if not headed:
        found = ", ".join(str(c) for s in sheets for _, cells in s.rows[:1] for c in cells if not is_blank(c))
        raise UsageError(f"{path} needs the columns id and name; found {found or 'none'}")
    sheet, (id_at, name_at, width) = headed[0]
    names: dict[str, str] = {}
    twice: set[str] = set()
    for number, cells in sheet.rows[1:]:
        if any(not is_blank(c) for c in cells[width:]):
            raise UsageError(
                f"{path}, row {number}: more cells than headings, so names would stand beside the wrong ids. "
                'A name with a comma must be in quotes: S001,"Smith, Jane"'
            )
        id, name = (_text(cells[at]) if at < len(cells) else "" for at in (id_at, name_at))
        if id and name and names.setdefault(id, name) != name:
            twice.add(id)
    if twice:
        shown = ", ".join(sorted(twice))
        raise UsageError(f"{path} has more than one row for {shown}: a student must not be shown as another")
    return names


def names_of(names: Mapping[str, str], ids: Iterable[str], path: Path) -> dict[str, str]:
    """The names of the people of an input.

    Parameters
    ----------
    names
        Name by id, as the file has them.
    ids
        Those of the input's students and PEs.
    path
        For the message.

    Returns
    -------
    dict
        Name by id, as the input spells it; the file may know more people.

    Raises
    ------
    UsageError
        Nobody of the input is in the file: every name would be blank without a word.
    """
    listed = list(ids)
    spelt = {fold(id): name for id, name in names.items()}
    known = {id: name for id in listed if (name := names.get(id) or spelt.get(fold(id)))}
    if not known:
        ours, theirs = (", ".join(sorted(some)[:3]) or "none" for some in (listed, names))
        raise UsageError(
            f"{path} has no name for anybody of the input: its ids are {theirs} ..., those of the input {ours} ..."
        )
    return known


def without_name(names: Mapping[str, str], ids: Iterable[str], kind: str) -> str | None:
    """A sentence about people of the input who have no name in the file.

    Parameters
    ----------
    names
        As :func:`names_of` gives them.
    ids
        Those of the input's students, or of its PEs.
    kind
        What they are called.

    Returns
    -------
    str or None
        How many and which, numbers that follow one another as a range; None where everybody has a name.
    """
    listed = list(ids)
    missing = sorted((id for id in listed if id not in names), key=natural_key)
    if not missing:
        return None
    if len(missing) == len(listed):
        return f"none of the {len(listed)} {kind} has a name in it"
    ranges = _ranges(missing)
    more = len(missing) - sum(len(ids) for ids in ranges[:_RANGES])
    shown = ", ".join(f"{ids[0]} to {ids[-1]}" if len(ids) > 1 else ids[0] for ids in ranges[:_RANGES])
    return f"{len(missing)} of {len(listed)} {kind} have no name in it: {shown}" + (f" and {more} more" if more else "")


def nameless(names: Mapping[str, str], dataset: Dataset, path: Path) -> tuple[str, ...]:
    """Who is shown by an id alone, in a sentence each of students and PEs.

    Parameters
    ----------
    names
        As :func:`names_of` gives them.
    dataset
        The input.
    path
        Of the file of names, for the sentences.
    """
    people = ((dataset.student_by_id, "students"), (dataset.educator_by_id, "PEs"))
    said = (without_name(names, ids, kind) for ids, kind in people)
    return tuple(f"{path.name}: {text}." for text in said if text)


def _ranges(ids: Sequence[str]) -> list[list[str]]:
    """Ids in natural order, cut where one does not follow another."""
    found: list[list[str]] = []
    for id in ids:
        before, number = (_NUMBERED.fullmatch(found[-1][-1]) if found else None), _NUMBERED.fullmatch(id)
        if before and number and before[1] == number[1] and int(before[2]) + 1 == int(number[2]):
            found[-1].append(id)
        else:
            found.append([id])
    return found


def _columns(sheet: RawSheet) -> tuple[int, int, int] | None:
    """Where id and name stand, and how many headings there are."""
    headings = [str(c).strip().casefold() for c in (sheet.rows[0][1] if sheet.rows else ())]
    if not {"id", "name"} <= set(headings):
        return None
    return headings.index("id"), headings.index("name"), len(headings)


def _text(cell: Any) -> str:
    if isinstance(cell, ShownNumber):
        return cell.shown
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if is_blank(cell) else str(cell).strip()
