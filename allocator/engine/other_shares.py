"""Faces of a run for a dataset near its own in which other numbers are fair: students or offers are withdrawn since.

What an agency is asked for in a year is a row of two tiers, how many it is short of the floor and how many above the
ceiling, each with a column that counts them. Other numbers are other bounds of these rows. Before the tier that counts
them the columns cost nothing and are as great as anything can be short, so that the rows limit nobody: the faces of the
tiers before it are as they were, but for these columns and rows. Those behind it say nothing any more.
"""

from collections.abc import Container, Iterator
from typing import NamedTuple

import numpy as np

from allocator.engine.face import Face
from allocator.engine.model import Tiers
from allocator.formulation.program import Indexes, Program
from allocator.limits.l08_fair_share import ceiling_of, floor_of
from allocator.terms.fair_share import Share

SHARED_OUT = ("fair_share", "overload")
"""The tiers that count what is short and what is above."""


class OtherShares(NamedTuple):
    """A program and its faces with other shares; ``rows`` are those that changed."""

    program: Program
    faces: tuple[Face, ...]
    rows: Indexes


def with_other_shares(
    program: Program, tiers: Tiers, faces: tuple[Face, ...], before: tuple[Share, ...], now: tuple[Share, ...]
) -> OtherShares | None:
    """The same with the shares of another dataset.

    Parameters
    ----------
    program, tiers, faces
        Of the run; ``faces[k]`` are the solutions that have the values of the first k tiers.
    before, now
        Shares of the dataset of the run, and of the other.

    Returns
    -------
    OtherShares or None
        With as many faces as hold still; None where more differs than floors and ceilings, or where what could not be
        short can be now.
    """
    if [_given(share) for share in before] != [_given(share) for share in now]:
        return None
    names = [tier.name for tier, _ in tiers]
    more = dict(_more(before, now, names))
    made = program.with_other_needs(more)
    if made is None or more.keys() - {short.subject for short in made.shortfalls}:
        return None
    changed = [short for short in made.shortfalls if short.subject in more and short.row is not None]
    columns = np.array([short.column for short in changed], dtype=np.int64)
    rows = np.array([short.row for short in changed], dtype=np.int64)
    needed = np.array([-short.needed.constant for short in changed], dtype=np.float64)
    asked = min((names.index(name) for name in SHARED_OUT if name in names), default=len(faces) - 1)
    held = []
    for face in faces[: asked + 1] if changed else faces:
        free = (face.lower[columns] < face.upper[columns]) | (faces[0].upper[columns] == 0)
        as_written = (face.row_upper[rows] == faces[0].row_upper[rows]) & np.isneginf(face.row_lower[rows])
        if not (free & as_written).all():
            break
        lower, upper, row_upper = face.lower.copy(), face.upper.copy(), face.row_upper.copy()
        lower[columns], upper[columns], row_upper[rows] = 0, made.upper[columns], needed
        held.append(face._replace(lower=lower, upper=upper, row_upper=row_upper))
    return OtherShares(made, tuple(held), rows) if held else None


def _given(share: Share) -> tuple[str, int, tuple[str, ...]]:
    return share.agency, share.year, share.before


def _more(before: tuple[Share, ...], now: tuple[Share, ...], names: Container[str]) -> Iterator[tuple[str, int]]:
    """By what is short in some tier: how many more are needed."""
    floors, ceilings = (name in names for name in SHARED_OUT)
    for was, is_ in zip(before, now, strict=True):
        if floors and was.floor != is_.floor:
            yield floor_of(is_), is_.floor - was.floor
        if ceilings and was.ceiling != is_.ceiling:
            yield ceiling_of(is_), was.ceiling - is_.ceiling
