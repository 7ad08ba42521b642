"""Parts of a large program: students who live near each other, with the matches that they may have.

Students compete for offers and PEs near them, so parts by neighbourhood touch only at their edges and in the shares.
A part is decided with everything else as it is in the plan in hand.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.engine.face import Face
from allocator.engine.model import Model
from allocator.formulation.program import Indexes, Mask, Vector

PART = 500
"""Most requests of a part: a few seconds each. Twice as many take more than twice as long, and dividing anew does more
for a plan than larger parts."""
DIRECTIONS = (0, 45, 20, 65)
"""Degrees by which the map is turned before it is divided: each division has its edges elsewhere."""
WHOLE = 4_500
"""Requests up to which relaxations of the whole are solved, so that every tier can be proved."""
Coordinates = NDArray[np.float64]


class Parts(NamedTuple):
    """The part of every column (-1: counts to pools and others that no student owns); several ways to divide.

    ``group`` is the group of every ``x`` column, ``pool_count`` that of every count to a pool (-1: none).
    ``whole`` says that relaxations of the whole are within reach.
    """

    divisions: tuple[Indexes, ...]
    group: Indexes
    pool_count: Indexes
    whole: bool

    @property
    def several(self) -> bool:
        """Whether there is more than one part."""
        return bool(self.divisions[0].max(initial=0) > 0)

    def each(self, division: int) -> Iterator[Mask]:
        """Columns of each part, the counts of the groups that it touches, and what belongs to all (shortfalls)."""
        part_of = self.divisions[division]
        common = (part_of < 0) & (self.pool_count < 0)
        for part in range(int(part_of.max(initial=0)) + 1):
            own = part_of == part
            touched = np.zeros(int(self.group.max(initial=-1)) + 2, dtype=np.bool_)  # the last is that of no group
            touched[self.group[own & (self.group >= 0)]] = True
            yield own | common | touched[self.pool_count]


def parts_of(model: Model) -> Parts:
    """Divide students by where they live: halves of equal numbers, across the longer side, until parts are small.

    Students whom decisions tie to each other (L12) are in one part, as if they lived in the middle of them.

    Parameters
    ----------
    model
        Columns, groups and paths.
    """
    matches = model.matches
    students = list(matches.eligibility.horizon.by_student)
    number = {student: i for i, student in enumerate(students)}
    requests = np.zeros(len(students), dtype=np.int64)
    of_request = np.array([number[r.student] for r in matches.requests], dtype=np.int64)
    np.add.at(requests, of_request, 1)
    tied = _tied(model, number)
    of_tied = np.bincount(tied, weights=requests).astype(np.int64)
    homes = _homes(model, students)
    middle = np.stack([np.bincount(tied, weights=side) for side in homes.T], axis=1) / np.bincount(tied)[:, None]
    owner = np.full(model.program.columns, -1, dtype=np.int64)
    owner[: len(matches.x.request)] = of_request[matches.x.request]
    for student, paths in model.paths.by_student.items():
        owner[paths.columns] = number[student]
        owner[paths.first_alone] = number[student]
        owner[paths.final_alone[paths.final_alone >= 0]] = number[student]
    for pair in matches.together:
        owner[pair.both[pair.both >= 0]] = number[pair.student]
    divisions = []
    for degrees in DIRECTIONS if requests.sum() > PART else DIRECTIONS[:1]:
        of_student = np.full(len(students) + 1, -1, dtype=np.int64)  # the last is nobody
        turned = middle @ _rotation(degrees)
        for part, members in enumerate(_divided(np.arange(len(middle)), turned, of_tied, PART)):
            of_student[:-1][np.isin(tied, members)] = part
        divisions.append(of_student[owner])
    group, count = np.full(model.program.columns, -1), np.full(model.program.columns, -1)
    for n, use in enumerate(matches.uses):
        if use.columns is use.group.columns or group[use.group.columns[0]] < 0:
            group[use.group.columns] = n
        if use.columns is not use.group.columns:
            count[use.columns] = group[use.group.columns[0]]
    return Parts(tuple(divisions), group, count, bool(requests.sum() <= WHOLE))


def fixed_but(face: Face, plan: Vector, part: Mask) -> Face:
    """A face with every column outside a part as it is in a plan."""
    return face._replace(lower=np.where(part, face.lower, plan), upper=np.where(part, face.upper, plan))


def halved(face: Face, plan: Vector, parts: Sequence[Mask]) -> list[Face]:
    """Faces on which two parts can be decided from one plan without each other: what both could use is halved.

    Parameters
    ----------
    face, plan
        What may be chosen, and the plan in hand.
    parts
        The columns of each; one part alone has all the room.
    """
    if len(parts) < 2:
        return [face]
    rows = np.ones(len(face.row_lower), dtype=np.bool_)
    for part in parts:
        here = np.zeros(len(rows), dtype=np.bool_)
        here[face.matrix.by_column.only(np.flatnonzero(part)).at] = True
        rows &= here
    columns, activity = np.logical_and(*parts), face.matrix.by_column.spread(plan)
    found = []
    for half in (np.ceil, np.floor):
        found.append(
            face._replace(
                row_lower=np.where(rows, activity - half((activity - face.row_lower) / 2), face.row_lower),
                row_upper=np.where(rows, activity + half((face.row_upper - activity) / 2), face.row_upper),
                lower=np.where(columns, plan - half((plan - face.lower) / 2), face.lower),
                upper=np.where(columns, plan + half((face.upper - plan) / 2), face.upper),
            )
        )
    return found


def _tied(model: Model, number: dict[str, int]) -> Indexes:
    """By student: the number of those whom decisions tie to each other, in the order of the first of each."""
    group = np.arange(len(number))
    for decision in model.matches.terms.company.decisions:
        if decision.student in number and decision.other in number:
            one, other = sorted(group[[number[decision.student], number[decision.other]]].tolist())
            group[group == other] = one
    found: Indexes = np.unique(group, return_inverse=True)[1]
    return found


def _homes(model: Model, students: list[str]) -> Coordinates:
    """Where students live (degrees; longitude shrunk as in England); those not known in the middle of the others."""
    dataset = model.matches.dataset
    places = [dataset.place_by_id.get(dataset.student_by_id[s].home or "") for s in students]
    found = np.array([[p.latitude, 0.6 * p.longitude] if p else [np.nan, np.nan] for p in places], dtype=float)
    found = found.reshape(-1, 2)
    known = ~np.isnan(found[:, 0])
    found[~known] = found[known].mean(axis=0) if known.any() else 0.0
    return found


def _rotation(degrees: int) -> Coordinates:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _divided(members: Indexes, at: Coordinates, requests: Indexes, largest: int) -> Iterator[Indexes]:
    if requests[members].sum() <= largest or len(members) < 2:
        yield members
        return
    here = at[members]
    axis = int(np.argmax(np.ptp(here, axis=0)))
    order = members[np.lexsort((members, here[:, 1 - axis], here[:, axis]))]
    half = int(np.searchsorted(np.cumsum(requests[order]), requests[members].sum() / 2)) + 1
    half = min(half, len(order) - 1)
    yield from _divided(order[:half], at, requests, largest)
    yield from _divided(order[half:], at, requests, largest)
