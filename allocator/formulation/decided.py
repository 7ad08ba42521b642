"""Paths of students whose places are decided: nothing is left to choose, so one column each says what they come to."""

import numpy as np

from allocator.formulation.matches import Formulation
from allocator.formulation.pathways import Paths, StudentPaths
from allocator.terms.horizon import StudentRequests
from allocator.terms.placement import Guarantee, guarantee_of, rests_on_an_answer

NONE = np.zeros(0, dtype=np.int32)


def add_decided(model: Formulation) -> Paths:
    """Columns fixed at 1 for students who have two open requests; the places of each hold every rule by now.

    Parameters
    ----------
    model
        With the matches that are chosen alone, each fixed.
    """
    kept, found = {k.request.request for k in model.kept}, dict[str, StudentPaths]()
    for student in model.eligibility.horizon.by_student.values():
        two = [r for r in (student.first, student.final) if r is not None and r.request not in kept]
        if len(two) == 2:
            found[student.student.student] = _decided(model, student, [_guarantee(model, r.request) for r in two])
    return Paths(
        found, np.full(len(model.x.request), -1, dtype=np.int32), range(model.program.rows, model.program.rows)
    )


def _guarantee(model: Formulation, request: str) -> Guarantee | None:
    columns = model.columns_of.get(request, NONE)
    return guarantee_of(model.match(int(columns[0])).offer, model.policy) if len(columns) else None


def _decided(model: Formulation, student: StudentRequests, worth: list[Guarantee | None]) -> StudentPaths:
    """``worth`` are the guarantees of first and final; None where it is not placed."""
    first, final = worth
    least = model.policy.least_statutory(student.student.programme)
    if first is not None and final is not None:
        rests = rests_on_an_answer(first, final, least)
    else:  # of two that are asked for each one has to be
        rests = least == 2 and "not_known" in worth
    column = np.array([model.program.add_column(1, lower=1, integer=False)], dtype=np.int32)
    both = column if first is not None and final is not None else NONE
    statutory = np.full(len(both), first == final == "statutory", dtype=np.bool_)
    return StudentPaths(both.reshape(len(both), 1), NONE, NONE, statutory, column if rests else NONE)
