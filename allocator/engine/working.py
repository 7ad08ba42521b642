"""Which columns a program begins with: a few matches for every request, and all that can go with them."""

from typing import NamedTuple

import numpy as np

from allocator.engine.counts import Counts
from allocator.engine.model import Model
from allocator.engine.parts import Parts, parts_of
from allocator.engine.relaxation import Working
from allocator.formulation.program import Indexes, Mask

SOME = 15_000
"""Columns from which a relaxation begins with some and prices the others: most are never wanted."""
LARGE = 200_000
"""Columns from which a plan is made part by part before the first relaxation of the whole."""
MATCHES_EACH = 6
"""Matches of every request to begin with, drawn with a fixed seed, :data:`SEED`."""
SEED = 1
NONE: Indexes = np.zeros(0, dtype=np.int64)


class Large(NamedTuple):
    """What a search of a large program knows besides: columns to begin with, and which columns are matches."""

    working: Working
    matches: Indexes
    parts: Parts
    model: Model


def some_columns(model: Model) -> Working | None:
    """Columns to begin with and the owner of each; None for a program that is solved with all of them.

    Parameters
    ----------
    model
        Columns and paths.
    """
    program, matches = model.program, model.matches
    if program.columns < min(SOME, LARGE):
        return None
    x = matches.x.request
    owner = np.full(program.columns, -1, dtype=np.int64)
    owner[: len(x)] = x
    for number, paths in enumerate(model.paths.by_student.values(), start=len(matches.requests)):
        owner[paths.columns] = number
    counts = Counts.of(model)
    inside = counts.beside(_with_paths(model, _drawn(model)))
    return Working(inside, owner, warm=not is_large(model), counts=(counts,))


def is_large(model: Model) -> bool:
    """Whether a plan is made part by part first."""
    return model.program.columns >= LARGE


def large(model: Model) -> Large | None:
    """What a search of a large program knows; None for one that is not large.

    Parameters
    ----------
    model
        Columns and paths.
    """
    working = some_columns(model) if is_large(model) else None
    if working is None:
        return None
    return Large(working, np.arange(len(model.matches.x.request)), parts_of(model), model)


def _drawn(model: Model) -> Mask:
    """Some matches of every request; all columns that are no matches."""
    x = model.matches.x.request
    noise = np.random.default_rng(SEED).gumbel(size=len(x))
    order = np.lexsort((-noise, x))
    starts = np.searchsorted(x[order], np.arange(len(model.matches.requests)))
    inside = np.ones(model.program.columns, dtype=np.bool_)
    inside[order] = np.arange(len(x)) - starts[x[order]] < MATCHES_EACH
    return inside


def _with_paths(model: Model, inside: Mask) -> Mask:
    """Without the paths between kinds of which no match is inside."""
    for student, paths in model.paths.by_student.items():
        requests = model.matches.eligibility.horizon.by_student[student]
        kinds = []
        for request in (requests.first, requests.final):
            columns = NONE if request is None else model.matches.columns_of.get(request.request, NONE)
            kinds.append(np.unique(model.paths.kind[columns[inside[columns]]]))
        met = np.zeros(paths.matrix.shape, dtype=np.bool_)
        met[np.ix_(*kinds)] = True
        found = paths.matrix >= 0
        inside[paths.matrix[found & ~met]] = False
    return inside
