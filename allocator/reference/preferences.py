"""Preference bands, in exact arithmetic (SEMANTICS S6.7)."""

from collections.abc import Sequence
from fractions import Fraction

from allocator.reference.facts import Facts
from allocator.reference.travel import journey
from models.entities import Offer, Request, Student

BANDS_BY_POINTS = 5


def number_of_bands(facts: Facts) -> int:
    """Five if anybody is banded by points, and as many as the longest ranking of offers; 0 with nobody."""
    return max((len(facts.ranking(request)) or BANDS_BY_POINTS for request in facts.live), default=0)


def band(facts: Facts, request: Request, offer: Offer) -> int:
    """The band of a match: the dense rank of a ranked offer (unlisted: the last), else by points."""
    student, ranking = facts.student(request), facts.ranking(request)
    if ranking:
        ranks = [rank for rank, tie in enumerate(ranking, start=1) if offer.offer in tie]
        return min(ranks, default=number_of_bands(facts))
    total = points(facts, student, offer)
    reached = [number for number, least in enumerate(facts.policy.band_points, start=1) if total >= least]
    return min(reached, default=BANDS_BY_POINTS)


def points(facts: Facts, student: Student, offer: Offer) -> Fraction:
    """Points for area, agency and travel; a preference not stated counts half of the best."""
    return (
        _ranked(facts.policy.points_area, student.preferred_areas, offer.areas)
        + _ranked(facts.policy.points_agency, student.preferred_agencies, (offer.agency,))
        + _travel(facts, student, offer)
    )


def _ranked(worth: Sequence[int], preferred: Sequence[str], offered: Sequence[str]) -> Fraction:
    """What the best-ranked of the offered words is worth."""
    if not preferred:
        return Fraction(worth[0] if worth else 0, 2)
    ranks = [rank for rank, word in enumerate(preferred) if word in offered and rank < len(worth)]
    return Fraction(worth[min(ranks)]) if ranks else Fraction(0)


def _travel(facts: Facts, student: Student, offer: Offer) -> Fraction:
    """All points up to the target, falling in a line to none at the limit; unknown minutes count half."""
    policy = facts.policy
    full = Fraction(policy.points_travel)
    minutes = journey(facts, student, offer).minutes
    if minutes is None:
        return full / 2
    most = policy.travel_limit if student.limit_minutes is None else min(student.limit_minutes, policy.travel_limit)
    if minutes <= min(policy.travel_target, most):
        return full
    if most <= policy.travel_target:
        return Fraction(0)
    return max(Fraction(0), full * (most - minutes) / (most - policy.travel_target))
