"""Names in selections that nothing has: likely misspelt, and said, as some selections go on without them."""

from collections.abc import Iterator
from typing import NamedTuple

from allocator.reading.sheets_record import SHEETS
from allocator.reading.spelling import did_you_mean
from allocator.settling.directories import Directory
from models.base import natural_key
from scenarios.model import Condition, Where
from scenarios.selecting.conditions import COMPARED, column_meant
from scenarios.selecting.naming import Names

_NAMING = frozenset(
    ("id", "reference", "references", "place", "places", "open_word", "open_words", "educators", "text")
)
"""Kinds of column whose cells name something."""
MOST_NAMED = 12
"""So many names are given where none of them is near."""
_OTHER_THAN = "!="


class Unknown(NamedTuple):
    """A name that nothing has: in words, and whether another one is near."""

    said: str
    is_near: bool


def unknown_in(names: Names, sheet: str, where: Where) -> Iterator[Unknown]:
    """Every name in the conditions of a selection that no row, no listing sheet and no list of words has.

    Parameters
    ----------
    names
        Of the register.
    sheet, where
        The selection; headings of the team's own are passed over.
    """
    for name, condition in where.items():
        meant = column_meant(sheet, name)
        if meant is None or SHEETS[meant[0]].by_name[meant[1]].kind not in _NAMING:
            continue
        for text in _texts(condition, many=SHEETS[meant[0]].by_name[meant[1]].many):
            if not names.knows(*meant, text):
                yield _unknown(names, *meant, text)


def _texts(condition: Condition, *, many: bool) -> Iterator[str]:
    """What a condition names."""
    for one in condition if isinstance(condition, tuple) else (condition,):
        compared = COMPARED.fullmatch(one) if isinstance(one, str) else None
        if compared is not None and compared[1] != _OTHER_THAN:
            continue
        text = compared[2] if compared is not None else one
        if isinstance(text, str):
            yield from filter(None, (part.strip() for part in (text.split(";") if many else [text])))


def _unknown(names: Names, sheet: str, column: str, text: str) -> Unknown:
    listing, known = names.sheet_of(column), names.known(sheet, column)
    near = did_you_mean(text, sorted(known))
    slip = None if near else Directory(sheet, known).near(text)  # short words are near by letters that changed places
    near = f" Did you mean '{slip}'?" if slip else near
    there = (
        f" There are: {', '.join(sorted(known, key=natural_key))}."
        if listing is None and len(known) <= MOST_NAMED
        else ""
    )
    said = f"'{text}' is not on {listing}." if listing is not None else f"'{text}' is no {column} on {sheet}."
    return Unknown(said + (near or there), bool(near))


def nothing_found(names: Names, sheet: str, where: Where) -> str:
    """Why a selection may be empty, in words: which condition names nothing that is there."""
    said = " and ".join(f"{name} {_said(condition)}" for name, condition in where.items()) or "a row"
    return " ".join([f"no row of {sheet} has {said}.", *(one.said for one in unknown_in(names, sheet, where))])


def _said(condition: Condition) -> str:
    if isinstance(condition, tuple):
        return " or ".join(_said(one) for one in condition)
    if isinstance(condition, str) and COMPARED.fullmatch(condition):
        return condition.strip()
    return "blank" if condition in ("", None) else repr(condition)
