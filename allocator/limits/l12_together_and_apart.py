"""L12: students who are to be together, or apart, where both are placed at the same time (S5.13).

For every decision and two open requests of its students. Where most of their matches conflict, which is so mostly with
``together``: columns of what may be at once (``formulation.together``). Else, mostly with ``apart``, with C(i) what
conflicts with a match i of the one: for every distinct C, the one's matches that conflict with all of C + the matches
of C <= 1; likewise from the other's side. These are whole blocks of conflicts, which leave the relaxation tighter than
a row per two matches. A kept match closes what conflicts with it.
"""

from collections.abc import Iterator

import numpy as np

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Indexes, Linear, Mask
from allocator.formulation.together import add_together
from allocator.terms.company import Placed
from models.decisions import Decision
from models.entities import Request

RULE = "L12"


def rows(model: Formulation) -> None:
    """Rows for each decision."""
    company = model.terms.company
    for decision in company.decisions:
        one, other = decision.student or "", decision.other or ""
        for ones, placed in _open(model, one):
            for others, there in _open(model, other):
                conflicts = company.conflicts(decision, placed, there)
                if conflicts.any():
                    _add(model, decision, (ones, others), conflicts)
        for student, beside in ((one, other), (other, one)):
            for given in _given(model, beside):
                for columns, placed in _open(model, student):
                    closed = columns[company.conflicts(decision, placed, [given])[:, 0]]
                    model.program.add_row(Linear.sum_of(closed), rule=RULE, subject=decision.id, upper=0)


def _requests(model: Formulation, student: str) -> list[Request]:
    two = model.eligibility.horizon.by_student.get(student)
    return [r for r in (two.first, two.final) if r is not None] if two is not None else []


def _open(model: Formulation, student: str) -> list[tuple[Indexes, list[Placed]]]:
    """The new columns of each request of a student, and where and when each is."""
    found = []
    for request in _requests(model, student):
        columns = model.columns_of.get(request.request, np.zeros(0, dtype=np.int64))
        columns = columns[~model.x.kept[columns]]
        matches = map(model.match, columns.tolist())
        found.append((columns, [Placed(m.offer, m.window) for m in matches]))
    return found


def _given(model: Formulation, student: str) -> list[Placed]:
    """Where a student is whatever the plan: kept matches, and what still runs."""
    kept = [Placed(k.offer, k.window) for k in model.kept if k.request.student == student]
    running = model.terms.running_of.get(student, ())
    return [*kept, *(Placed(r.offer, r.window) for r in running if r.offer is not None)]


def _add(model: Formulation, decision: Decision, columns: tuple[Indexes, Indexes], conflicts: Mask) -> None:
    """What one request of each may not be with the other: by what may be, or by what conflicts, whichever is less."""
    if np.count_nonzero(conflicts) > conflicts.size // 2:
        found = add_together(model.program, decision.student or "", columns, conflicts, rule=RULE, subject=decision.id)
        model.together.append(found)
        return
    for block in _blocks(columns, conflicts):
        model.program.add_row(Linear.sum_of(block), rule=RULE, subject=decision.id, upper=1)


def _blocks(columns: tuple[Indexes, Indexes], conflicts: Mask) -> Iterator[Indexes]:
    """Columns of which at most one may be taken."""
    known: set[bytes] = set()
    for side, far, near in ((conflicts, columns[1], columns[0]), (conflicts.T, columns[0], columns[1])):
        for theirs in _distinct(side):
            mine = side[:, theirs].all(axis=1)
            block = np.sort(np.concatenate([near[mine], far[theirs]]))
            if block.tobytes() not in known:
                known.add(block.tobytes())
                yield block


def _distinct(conflicts: Mask) -> list[Mask]:
    """The different sets of conflicts that some match has, in order of the first that has it."""
    found = {row.tobytes(): row for row in conflicts if row.any()}
    return list(found.values())
