"""Minutes each way, the limit on them, and preference bands (SEMANTICS S3.3, S3.4, S6.7)."""

import math
from fractions import Fraction
from typing import Literal, NamedTuple

from allocator.checker.facts import Facts
from models.entities import Offer, Place, Request, Student
from models.policy import Policy

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
POINTS_BANDS = 5


class Journey(NamedTuple):
    """Minutes each way, and how they are known. ``minutes`` is None where they are not."""

    minutes: int | None
    source: Literal["measured", "estimated", "unknown"]


def great_circle_km(one: Place, other: Place) -> float:
    """Haversine distance in km between two places."""
    latitude_1, latitude_2 = math.radians(one.latitude), math.radians(other.latitude)
    half_north = math.sin((latitude_2 - latitude_1) / 2)
    half_east = math.sin(math.radians(other.longitude - one.longitude) / 2)
    chord = half_north**2 + math.cos(latitude_1) * math.cos(latitude_2) * half_east**2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def estimated_minutes(straight_km: float, mode: str, policy: Policy) -> int:
    """Estimate of S3.3 from a straight-line distance.

    Parameters
    ----------
    straight_km
        Great-circle distance in km.
    mode
        ``car`` or ``public``.
    policy
        Holds road factor, overheads (minutes) and speeds (km/h).

    Returns
    -------
    int
        Whole minutes one way, rounded up.
    """
    road_km = straight_km * policy.road_factor_percent / 100
    overhead, near, far = (
        (policy.car_overhead, policy.car_near_speed, policy.car_far_speed)
        if mode == "car"
        else (policy.public_overhead, policy.public_near_speed, policy.public_far_speed)
    )
    exact = overhead + 60 * min(road_km, policy.near_km) / near + 60 * max(road_km - policy.near_km, 0) / far
    return math.ceil(exact - 1e-6)


def journey(facts: Facts, student: Student, offer: Offer) -> Journey:
    """Minutes of a student to an offer: to the farthest of its sites (S3.3); unknown where one of them is."""
    return min(journeys(facts, student, offer), key=lambda way: (way.minutes is not None, -(way.minutes or 0)))


def journeys(facts: Facts, student: Student, offer: Offer) -> list[Journey]:
    """Minutes to the lead, and to each spoke."""
    places = (offer.place, *(s.place for s in offer.spokes))
    return [trip(facts, student.home, place, student.mode) for place in places]


def trip(facts: Facts, start: str | None, goal: str | None, mode: str) -> Journey:
    """Minutes from one place to another (S3.3): measured, else estimated, else unknown."""
    if start is None or goal is None:
        return Journey(None, "unknown")
    for origin, destination in ((start, goal), (goal, start)):
        measured = facts.travel.get((origin, destination, mode))
        if measured is not None:
            return Journey(measured, "measured")
    way = (start, goal, mode)
    if way not in facts.estimates:
        facts.estimates[way] = _estimate(facts, start, goal, mode)
    estimated = facts.estimates[way]
    return Journey(estimated, "unknown" if estimated is None else "estimated")


def _estimate(facts: Facts, start: str, goal: str, mode: str) -> int | None:
    if start == goal:
        return estimated_minutes(0.0, mode, facts.policy)
    places = facts.dataset.place_by_id
    if start in places and goal in places:
        return estimated_minutes(great_circle_km(places[start], places[goal]), mode, facts.policy)
    return None


def limit(facts: Facts, request: Request, offer: Offer) -> int | None:
    """Most minutes each way (S3.4): the smaller of student's and policy's, raised by an exception; None: no limit."""
    student = facts.student(request)
    limits = [] if facts.locked(request) else [facts.policy.travel_limit]
    if student.limit_minutes is not None:
        limits.append(student.limit_minutes)
    if not limits:
        return None
    raised = [int(x.value) for x in facts.exceptions("E04", request.request, offer.offer, None) if x.value]
    return max([min(limits), *raised])


def too_far(facts: Facts, request: Request, offer: Offer) -> list[Journey]:
    """The journeys to a site that exclude the pair (S3.4), the rule E04 being on."""
    most = limit(facts, request, offer)
    return [t for t in journeys(facts, facts.student(request), offer) if _beyond(facts, t, most)]


def _beyond(facts: Facts, way: Journey, most: int | None) -> bool:
    if way.minutes is None or most is None:
        return False
    if way.source == "measured":
        return way.minutes > most
    return 100 * way.minutes > facts.policy.travel_estimate_percent * most


def to_be_measured(facts: Facts, request: Request, offer: Offer) -> bool:
    """Whether a time is to be measured (S3.4): to a site unknown, or estimated over the limit and not too far."""
    if not facts.policy.on("E04"):
        return False
    most = limit(facts, request, offer)
    for way in journeys(facts, facts.student(request), offer):
        over = most is not None and way.minutes is not None and way.minutes > most
        if way.minutes is None or (over and way.source == "estimated" and not _beyond(facts, way, most)):
            return True
    return False


# ------------------------------------------------------------------------------------------------- preferences (S6.7)
def _by_rank(points: tuple[int, ...], ranked: tuple[str, ...], offered: tuple[str, ...]) -> Fraction:
    """Points of the best-ranked thing that is offered; nothing ranked counts half of the first rank."""
    if not ranked:
        return Fraction(points[0], 2) if points else Fraction(0)
    rank = next((i for i, word in enumerate(ranked) if word in offered), len(points))
    return Fraction(points[rank]) if rank < len(points) else Fraction(0)


def _travel_points(policy: Policy, student: Student, minutes: int | None) -> Fraction:
    if minutes is None:
        return Fraction(policy.points_travel, 2)
    most = policy.travel_limit if student.limit_minutes is None else min(student.limit_minutes, policy.travel_limit)
    if minutes <= min(policy.travel_target, most):
        return Fraction(policy.points_travel)
    if minutes >= most:
        return Fraction(0)
    # Here target < minutes < limit, so the divisor is positive.
    return Fraction(policy.points_travel * (most - minutes), most - policy.travel_target)


def points(facts: Facts, student: Student, offer: Offer) -> Fraction:
    """Points of an offer for a student who ranks no offers, exactly: area, agency and travel."""
    policy = facts.policy
    return (
        _by_rank(policy.points_area, student.preferred_areas, offer.areas)
        + _by_rank(policy.points_agency, student.preferred_agencies, (offer.agency,))
        + _travel_points(policy, student, journey(facts, student, offer).minutes)
    )


def number_of_bands(facts: Facts) -> int:
    """How many preference bands the dataset has: five where somebody is banded by points, or the worst rank."""
    ranks = [len(facts.ranked(request)) for request in facts.live.values()]
    worst_rank = max(ranks, default=0)
    return max(worst_rank, POINTS_BANDS) if 0 in ranks else worst_rank


def band(facts: Facts, request: Request, offer: Offer, bands: int) -> int:
    """Preference band of request and offer (S6.7), 1 the best.

    Parameters
    ----------
    facts
        Dataset and policy.
    request, offer
        The pair.
    bands
        Number of bands in the dataset, the band of an offer that a ranking student did not list.

    Returns
    -------
    int
        1 .. ``bands``.
    """
    student = facts.student(request)
    groups = facts.ranked(request)
    if groups:
        ranks = (i for i, tied in enumerate(groups, start=1) if offer.offer in tied)
        return next(ranks, bands)
    total = points(facts, student, offer)
    thresholds = enumerate(facts.policy.band_points, start=1)
    return next((number for number, least in thresholds if total >= least), POINTS_BANDS)
