"""The log of decisions as it stands: what was undone counts as though it had not been decided (SEMANTICS S9.9)."""

from collections import defaultdict
from typing import Any

from allocator.reading.folding import fold
from allocator.reading.spelling import Nearest
from allocator.settling.directories import Directory
from allocator.settling.draft import Draft
from models.decisions import UNDO
from models.register import Row

RING = -1
"""Instead of a number of steps, where following what rows undo comes back to one of them."""


def without_undone(draft: Draft) -> list[Row]:
    """The rows of the Decisions sheet that stand, in an order that does not depend on how they are listed.

    Parameters
    ----------
    draft
        Its Decisions sheet; takes what is said of rows that undo, and of those that are undone.

    Returns
    -------
    list of Row
        Rows that decide something; an ``undo`` is none of them.
    """
    rows = sorted(draft.table("Decisions").rows, key=lambda row: row.content)
    named: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("id") is not None:
            named[fold(str(row.get("id")))].append(row)
    ids = Directory("Decisions", {str(row.get("id")) for row in rows if row.get("id") is not None})
    target: dict[int, Row] = {}
    for row in rows:
        if row.get("decision") == UNDO and (undone := _undone(draft, row, named, ids)) is not None:
            target[id(row)] = undone
    steps = _steps(rows, target)
    gone: dict[int, Row] = {}
    # Those that undo others come first: whether they count is known when their turn to undo comes.
    for row in sorted((r for r in rows if id(r) in target), key=lambda r: -steps[id(r)]):
        if steps[id(row)] == RING:
            _nothing(draft, row, "rows that undo each other in a ring undo nothing")
        elif id(row) not in gone:
            gone.setdefault(id(target[id(row)]), row)
    for row in rows:
        if (other := gone.get(id(row))) is not None:
            draft.undone.append((row.number, other.number))
            draft.collector.add(
                "V521", sheet="Decisions", row=row.number, subject=row.get("id"), other=other.get("id") or UNDO
            )
    return [row for row in rows if row.get("decision") != UNDO and id(row) not in gone]


def _steps(rows: list[Row], target: dict[int, Row]) -> dict[int, int]:
    """From each row that undoes how many lead to one that undoes nothing; ``RING`` where none does."""
    found: dict[int, int] = {}
    for row in rows:
        way: dict[int, None] = {}  # in order
        at = row
        while id(at) in target and id(at) not in found and id(at) not in way:
            way[id(at)] = None
            at = target[id(at)]
        end = RING if id(at) in way else found.get(id(at), 0)
        for number, passed in enumerate(reversed(way), 1):
            found[passed] = RING if end == RING else end + number
    return found


def _undone(draft: Draft, row: Row, named: dict[str, list[Row]], ids: Directory) -> Row | None:
    """The row that an ``undo`` names; None (and a problem) where it names none, or is not in force yet."""
    where: dict[str, Any] = {"sheet": "Decisions", "row": row.number, "subject": _subject(row)}
    on, value = row.get("on"), row.get("value")
    if on is not None and on > draft.as_of:
        draft.collector.add(
            "V518", column="on", found=on, today=draft.as_of, consequence="it is not in force in this plan", **where
        )
        return None
    if value is None:
        draft.collector.add("V503", missing="the id of a decision in value", **where)
        return None
    found = named.get(fold(str(value)), [])
    if len(found) != 1:
        why = f"{'several rows have' if found else 'no row has'} the id '{value}'"
        _nothing(draft, row, why, "" if found else ids.suggestion(str(value)))
        return None
    if row.get("by") is None:
        draft.collector.add(
            "V215", column="by", consequence=": nobody stands behind the decision", allowed="initials or role", **where
        )
    return found[0]


def _nothing(draft: Draft, row: Row, why: str, suggestion: str | Nearest = "") -> None:
    draft.collector.add(
        "V520", sheet="Decisions", row=row.number, column="value", subject=_subject(row), why=why, suggestion=suggestion
    )


def _subject(row: Row) -> str:
    """The row in a few words."""
    words = (row.get("id"), UNDO, row.get("value"))
    return " ".join(str(word) for word in words if word is not None)
