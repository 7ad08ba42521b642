"""The log of decisions as it stands: what was undone counts as though it had not been decided (SEMANTICS S9.9)."""

from collections import defaultdict
from typing import Any, NamedTuple

from allocator.reading.folding import fold
from allocator.reading.spelling import Nearest
from allocator.settling.directories import Directory
from allocator.settling.draft import Draft
from models.decisions import UNDO
from models.register import Row


class _Undo(NamedTuple):
    """A row that undoes, and the row that it names."""

    row: Row
    undone: Row


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
    undoes: dict[int, _Undo] = {}
    for row in rows:
        if row.get("decision") == UNDO and (undone := _undone(draft, row, named, ids)) is not None:
            undoes[id(row)] = _Undo(row, undone)
    by: defaultdict[int, list[Row]] = defaultdict(list)
    for undo in undoes.values():
        if _ends(undo, undoes):
            by[id(undo.undone)].append(undo.row)
        else:
            _nothing(draft, undo.row, "rows that undo each other in a ring undo nothing")

    def undone_by(row: Row) -> Row | None:
        return next((other for other in by[id(row)] if undone_by(other) is None), None)

    standing = []
    for row in rows:
        other = undone_by(row)
        if other is not None:
            draft.collector.add(
                "V521", sheet="Decisions", row=row.number, subject=row.get("id"), other=other.get("id") or UNDO
            )
        elif row.get("decision") != UNDO:
            standing.append(row)
    return standing


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


def _ends(undo: _Undo, undoes: dict[int, _Undo]) -> bool:
    """Whether what a row undoes, and what that undoes, and so on, comes to an end."""
    seen = {id(undo.row)}
    at = undo.undone
    while id(at) in undoes:
        if id(at) in seen:
            return False
        seen.add(id(at))
        at = undoes[id(at)].undone
    return True


def _nothing(draft: Draft, row: Row, why: str, suggestion: str | Nearest = "") -> None:
    draft.collector.add(
        "V520", sheet="Decisions", row=row.number, column="value", subject=_subject(row), why=why, suggestion=suggestion
    )


def _subject(row: Row) -> str:
    """The row in a few words."""
    words = (row.get("id"), UNDO, row.get("value"))
    return " ".join(str(word) for word in words if word is not None)
