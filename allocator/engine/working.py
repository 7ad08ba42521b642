"""Which columns a large program begins with: a few matches for every request, and all that can go with them."""

import numpy as np

from allocator.engine.model import Model
from allocator.engine.program import Vector
from allocator.engine.relaxation import Working

LARGE = 60_000
"""Columns from which a relaxation begins with some and prices the others."""
MATCHES_EACH = 6
"""Matches of every request to begin with, drawn with a fixed seed."""


def begin(model: Model) -> Working | None:
    """Columns to begin with and the owner of each; None for a program that is solved with all of them.

    Parameters
    ----------
    model
        Columns and paths.
    """
    program, matches = model.program, model.matches
    if program.columns < LARGE:
        return None
    x = matches.x.request
    inside = np.ones(program.columns, dtype=np.bool_)
    draw = np.random.default_rng(1).random(len(x))
    order = np.lexsort((draw, x))
    starts = np.searchsorted(x[order], np.arange(len(matches.requests)))
    inside[order] = np.arange(len(x)) - starts[x[order]] < MATCHES_EACH
    owner = np.full(program.columns, -1, dtype=np.int64)
    owner[: len(x)] = x
    for number, (student, paths) in enumerate(model.paths.by_student.items(), start=len(matches.requests)):
        requests = matches.eligibility.horizon.by_student[student]
        kinds = []
        for request in (requests.first, requests.final):
            columns = matches.columns_of[request.request] if request is not None else np.zeros(0, dtype=np.int64)
            kinds.append(np.unique(model.paths.kind[columns[inside[columns]]]))
        met = np.zeros(paths.matrix.shape, dtype=np.bool_)
        met[np.ix_(*kinds)] = True
        found = paths.matrix >= 0
        inside[paths.matrix[found & ~met]] = False
        owner[paths.columns] = number
    return Working(inside, owner)


def with_plan(working: Working | None, plan: Vector) -> Working | None:
    """The same with every column that a plan uses, so that the plan stays possible."""
    return None if working is None else working._replace(columns=working.columns | (plan > 0))
