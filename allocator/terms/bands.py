"""Preference bands: by points, or by the student's own ranking (SEMANTICS S6.7). Points are exact rationals."""

from fractions import Fraction

from models.entities import Offer, Student
from models.policy import Policy

POINT_BANDS = 5


def number_of_bands(students: list[Student]) -> int:
    """Bands in a dataset, given the students with live requests."""
    by_points = any(not s.ranked_offers for s in students)
    return max([POINT_BANDS if by_points else 0, *(len(s.ranked_offers) for s in students)])


def ranked_band(student: Student, offer: str, bands: int) -> int:
    """Dense rank of the offer (1, 1, 2); the last band when it is not listed."""
    for rank, tied in enumerate(student.ranked_offers, start=1):
        if offer in tied:
            return rank
    return bands


def points(student: Student, offer: Offer, minutes: int | None, policy: Policy) -> Fraction:
    """Points of a pair: area, agency, travel; a preference that is not stated counts half."""
    area = _by_rank(student.preferred_areas, set(offer.areas), policy.points_area)
    agency = _by_rank(student.preferred_agencies, {offer.agency}, policy.points_agency)
    return area + agency + _travel_points(student, minutes, policy)


def points_band(total: Fraction, policy: Policy) -> int:
    """Band of a number of points: 1 from 80, 2 from 60, 3 from 40, 4 from 20, else 5 (defaults)."""
    return next((band for band, least in enumerate(policy.band_points, start=1) if total >= least), POINT_BANDS)


def _by_rank(preferred: tuple[str, ...], found: set[str], scale: tuple[int, ...]) -> Fraction:
    if not preferred:
        return Fraction(scale[0] if scale else 0, 2)
    best = next((rank for rank, wanted in enumerate(preferred) if wanted in found), None)
    return Fraction(scale[best]) if best is not None and best < len(scale) else Fraction(0)


def _travel_points(student: Student, minutes: int | None, policy: Policy) -> Fraction:
    full, target = policy.points_travel, policy.travel_target
    if minutes is None:
        return Fraction(full, 2)
    limit = policy.travel_limit if student.limit_minutes is None else min(student.limit_minutes, policy.travel_limit)
    if minutes <= min(target, limit):
        return Fraction(full)
    if limit <= target:
        return Fraction(0)
    return max(Fraction(0), Fraction(full * (limit - minutes), limit - target))
