"""Unlockings that have served: a plan was made with them and is published, so what it promises is kept again.

Otherwise who was unlocked once, and was told of the new place, could be moved for ever after.
"""

from collections import defaultdict
from typing import NamedTuple

from allocator.lifecycle.entering import next_id
from allocator.lifecycle.log import SHEET
from allocator.reading.editing import CellTyped, Edit, RowAdded, edited
from allocator.settling.settling import Reading
from models.base import natural_key
from models.decisions import UNDO
from models.plan import Plan
from models.register import Page, Register


class Spent(NamedTuple):
    """The requests whose unlocking has served, and the rows of Decisions that say so."""

    requests: tuple[str, ...]
    edits: tuple[Edit, ...]


def spent_unlocks(register: Register, reading: Reading, plan: Plan, *, by: str, why: str) -> Spent:
    """Undo every ``unlock`` in force whose requests have a place in a plan that is published.

    Parameters
    ----------
    register, reading
        The input that is published, and what it says.
    plan
        Made from it.
    by, why
        Of the rows that undo; they are of the day of the plan.

    Returns
    -------
    Spent
        A row of Decisions without an id gets one, since an undo names it by that.
    """
    placed, unplaced = {m.request for m in plan.matches}, {u.request for u in plan.unplaced}
    unlocked: defaultdict[int, set[str]] = defaultdict(set)
    for decision in reading.dataset.decisions:
        if decision.decision == "unlock" and decision.request is not None:
            unlocked[reading.traces.decisions[decision.id]].add(decision.request)
    requests: set[str] = set()
    made: list[Edit] = []
    for row in register.pages.get(SHEET, Page(SHEET)).rows:
        served = unlocked[row.number] & placed
        if not served or unlocked[row.number] & unplaced:
            continue
        requests |= served
        edits: list[Edit] = []
        id = row.get("id") or next_id(register)
        if row.get("id") is None:
            edits.append(CellTyped(SHEET, row.number, "id", id))
            register = edited(register, edits)
        cells = {"decision": UNDO, "value": id, "by": by, "why": why, "on": reading.policy.as_of}
        edits.append(RowAdded(SHEET, cells | {"id": next_id(register)}))
        register = edited(register, edits[-1:])
        made += edits
    return Spent(tuple(sorted(requests, key=natural_key)), tuple(made))
