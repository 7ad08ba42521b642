"""Unlockings that have served: a plan was made with them and is published, so what it promises is kept again.

Otherwise who was unlocked once, and was told of the new place, could be moved for ever after.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from allocator.reading.editing import CellTyped, Edit, RowAdded
from allocator.settling.directories import Directory
from models.base import Date, natural_key
from models.dataset import Dataset
from models.decisions import UNDO
from models.plan import Plan
from models.register import Page, Register, Row

SHEET = "Decisions"
_NUMBERED = re.compile(r"[Dd](\d{1,6})")


class Spent(NamedTuple):
    """The requests whose unlocking has served, and the rows of Decisions that say so."""

    requests: tuple[str, ...]
    edits: tuple[Edit, ...]


def spent_unlocks(register: Register, dataset: Dataset, plan: Plan, *, by: str, on: Date | None, why: str) -> Spent:
    """Undo every ``unlock`` in force whose requests have a place in a plan that is published.

    Parameters
    ----------
    register, dataset
        The input that is published, and what it says.
    plan
        Made from it.
    by, on, why
        Of the rows that undo.

    Returns
    -------
    Spent
        A row of Decisions without an id gets one, since an undo names it by that.
    """
    rows = register.pages.get(SHEET, Page(SHEET)).rows
    placed, unplaced = {m.request for m in plan.matches}, {u.request for u in plan.unplaced}
    ids = _new_ids(rows)
    requests: set[str] = set()
    edits: list[Edit] = []
    for row in rows:
        unlocked = _unlocked(dataset, row) if row.get("decision") == "unlock" else set()
        if not unlocked & placed or unlocked & unplaced:
            continue
        requests |= unlocked & placed
        id = row.get("id")
        if id is None:
            id = next(ids)
            edits.append(CellTyped(SHEET, row.number, "id", id))
        cells = {"decision": UNDO, "value": id, "by": by, "why": why, "on": on, "id": next(ids)}
        edits.append(RowAdded(SHEET, cells))
    return Spent(tuple(sorted(requests, key=natural_key)), tuple(edits))


def _unlocked(dataset: Dataset, row: Row) -> set[str]:
    """The requests that a row unlocks; none where it is not in force."""
    id, found = row.get("id"), [d for d in dataset.decisions if d.decision == "unlock"]
    if id is not None:
        return {d.request for d in found if d.request and d.id.startswith(f"{id} (")}
    students, requests = Directory("Students", dataset.student_by_id), Directory("Requests", dataset.request_by_id)
    typed = [str(row.get(column)) for column in ("about", "request") if row.get(column) is not None]
    meant = {name for text in typed for name in (students.find(text), requests.find(text)) if name is not None}
    return {d.request for d in found if d.request and {d.student, d.request} & meant}


def _new_ids(rows: tuple[Row, ...]) -> Iterator[str]:
    """Ids that no decision has, nor an undo names: ``D8`` behind ``D7``."""
    texts = (str(row.get(column) or "").strip() for row in rows for column in ("id", "value"))
    number = max((int(found[1]) for text in texts if (found := _NUMBERED.fullmatch(text))), default=0)
    while True:
        number += 1
        yield f"D{number}"
