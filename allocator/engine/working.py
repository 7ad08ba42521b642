"""Which columns a large program begins with: a few matches for every request, and all that can go with them."""

from typing import NamedTuple

import numpy as np

from allocator.engine.model import Model
from allocator.engine.parts import Parts, parts_of
from allocator.engine.program import Indexes, Vector
from allocator.engine.relaxation import Working

LARGE = 60_000
"""Columns from which a relaxation begins with some and prices the others."""
MATCHES_EACH = 6
"""Matches of every request to begin with, drawn with a fixed seed."""
NONE: Indexes = np.zeros(0, dtype=np.int64)


class Large(NamedTuple):
    """What a search of a large program knows besides: columns to begin with, and which columns are matches."""

    working: Working
    matches: Indexes
    parts: Parts

    def with_plan(self, plan: Vector) -> Working:
        """The columns to begin with, and every column that a plan uses, so that the plan stays possible."""
        return self.working._replace(columns=self.working.columns | (plan > 0))


def large(model: Model) -> Large | None:
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
            columns = NONE if request is None else matches.columns_of.get(request.request, NONE)
            kinds.append(np.unique(model.paths.kind[columns[inside[columns]]]))
        met = np.zeros(paths.matrix.shape, dtype=np.bool_)
        met[np.ix_(*kinds)] = True
        found = paths.matrix >= 0
        inside[paths.matrix[found & ~met]] = False
        owner[paths.columns] = number
    return Large(Working(inside, owner), np.arange(len(x)), parts_of(model))
