"""Preference bands: by points, or by the student's own ranking (SEMANTICS S6.7).

Points are exact rationals: whole numbers over ``2 (limit - target)`` minutes, so that no rounding moves a band.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.entities import Offer, Student
from models.policy import Policy

POINT_BANDS = 5
Whole = NDArray[np.int64]


class Points(NamedTuple):
    """Points of each pair as an exact fraction."""

    numerator: Whole
    denominator: Whole


class Placements(NamedTuple):
    """Pairs to be banded: indexes into students and offers, and minutes one way (-1: unknown); shape: pairs."""

    students: Sequence[Student]
    offers: Sequence[Offer]
    student: NDArray[np.int32]
    offer: NDArray[np.int32]
    minutes: NDArray[np.int32]


def number_of_bands(students: list[Student]) -> int:
    """Bands in a dataset, given the students of the live requests as the requests rank."""
    by_points = any(not s.ranked_offers for s in students)
    return max([POINT_BANDS if by_points else 0, *(len(s.ranked_offers) for s in students)])


def bands_of(placements: Placements, policy: Policy, bands: int) -> Whole:
    """Band of every pair: the dense rank where the student ranks offers, else by points.

    Parameters
    ----------
    placements
        The pairs.
    policy
        Points and borders (defaults: band 1 from 80, 2 from 60, 3 from 40, 4 from 20, else 5).
    bands
        Number of bands in the dataset: the band of an offer that a ranking student did not list.
    """
    found = points(placements, policy)
    band = np.full(len(placements.student), POINT_BANDS, dtype=np.int64)
    for number, least in reversed(list(enumerate(policy.band_points, start=1))):
        band[found.numerator >= least * found.denominator] = number
    for row, student in enumerate(placements.students):
        if student.ranked_offers:
            ranks = {o: rank for rank, tied in enumerate(student.ranked_offers, start=1) for o in tied}
            for at in np.flatnonzero(placements.student == row).tolist():
                band[at] = ranks.get(placements.offers[placements.offer[at]].offer, bands)
    return band


def points(placements: Placements, policy: Policy) -> Points:
    """Points of every pair: area, agency, travel; a preference that is not stated counts half."""
    areas = _table(
        [s.preferred_areas for s in placements.students], [frozenset(o.areas) for o in placements.offers],
        policy.points_area, placements,
    )  # fmt: skip
    agencies = _table(
        [s.preferred_agencies for s in placements.students], [frozenset([o.agency]) for o in placements.offers],
        policy.points_agency, placements,
    )  # fmt: skip
    own = [policy.travel_limit if s.limit_minutes is None else s.limit_minutes for s in placements.students]
    limits = np.minimum(np.array(own, dtype=np.int64), policy.travel_limit)[placements.student]
    minutes, target, full = placements.minutes.astype(np.int64), policy.travel_target, policy.points_travel
    beyond_target = np.maximum(limits - target, 1)  # where the limit is not beyond it, nothing is divided by
    doubled = np.select(
        [minutes < 0, minutes <= np.minimum(target, limits), limits <= target],
        [full * beyond_target, 2 * full * beyond_target, np.zeros_like(minutes)],
        2 * full * np.maximum(limits - minutes, 0),
    )
    return Points((areas + agencies) * beyond_target + doubled, 2 * beyond_target)


def _table(
    wanted: Sequence[tuple[str, ...]], found: Sequence[frozenset[str]], scale: tuple[int, ...], placements: Placements
) -> Whole:
    """Twice the points by rank of every pair, each combination of wishes and facts judged once."""
    wishes, facts = _numbered(wanted), _numbered(found)
    judged = [[_doubled(w, f, scale) for f in dict.fromkeys(found)] for w in dict.fromkeys(wanted)]
    table = np.array(judged, dtype=np.int64).reshape(len(set(wanted)), len(set(found)))
    answer: Whole = table[wishes[placements.student], facts[placements.offer]]
    return answer


def _doubled(preferred: tuple[str, ...], found: frozenset[str], scale: tuple[int, ...]) -> int:
    if not preferred:
        return scale[0] if scale else 0
    best = next((rank for rank, wanted in enumerate(preferred) if wanted in found), None)
    return 2 * scale[best] if best is not None and best < len(scale) else 0


def _numbered(facts: Sequence[Hashable]) -> Whole:
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(fact, len(known)) for fact in facts], dtype=np.int64)
