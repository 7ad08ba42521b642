"""Minutes each way, and the limit on them (SEMANTICS S3.3, S3.4)."""

import math
from typing import NamedTuple

from allocator.reference.facts import Facts, is_locked
from models.entities import Offer, Place, Request, Student

EARTH_RADIUS_KM = 6371.0088
GUARD = 1e-6
"""Taken off before rounding up, so that a sum of floats does not add a minute."""


class Journey(NamedTuple):
    """Whole minutes one way, None where unknown; measured (a Travel row) or estimated."""

    minutes: int | None
    measured: bool


def journey(facts: Facts, student: Student, offer: Offer) -> Journey:
    """Minutes from a student's home to the farthest of an offer's sites; unknown where one is (S3.3)."""
    legs = sites(facts, student, offer)
    minutes = [leg.minutes for leg in legs if leg.minutes is not None]
    longest = max(minutes) if len(minutes) == len(legs) else None
    return Journey(longest, all(leg.measured for leg in legs))


def sites(facts: Facts, student: Student, offer: Offer) -> list[Journey]:
    """Minutes from a student's home to the lead and to every spoke of an offer."""
    return [_to(facts, student, offer.place)] + [_to(facts, student, spoke.place) for spoke in offer.spokes]


def _to(facts: Facts, student: Student, place: str | None) -> Journey:
    """Minutes from a student's home to a place (S3.3).

    A Travel row, else its reverse, is measured; else an estimate from coordinates (0 km where home is the place).
    """
    return one_way(facts, student.home, student.mode, place)


def one_way(facts: Facts, home: str | None, mode: str, place: str | None) -> Journey:
    """The same from any place to any other."""
    if home is None or place is None:
        return Journey(None, False)
    for origin, destination in ((home, place), (place, home)):
        measured = facts.measured.get((origin, destination, mode))
        if measured is not None:
            return Journey(measured, True)
    if home == place:
        return Journey(_estimate(facts, mode, 0.0), False)
    places = facts.dataset.place_by_id
    if home not in places or place not in places:
        return Journey(None, False)
    road = facts.policy.road_factor_percent / 100 * _haversine(places[home], places[place])
    return Journey(_estimate(facts, mode, road), False)


def _haversine(one: Place, other: Place) -> float:
    """Great-circle distance in kilometres."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    root = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(root))


def _estimate(facts: Facts, mode: str, kilometres: float) -> int:
    """Overhead, then the first kilometres at the near speed and the rest at the far speed, in minutes."""
    policy = facts.policy
    overhead, near, far = (
        (policy.car_overhead, policy.car_near_speed, policy.car_far_speed)
        if mode == "car"
        else (policy.public_overhead, policy.public_near_speed, policy.public_far_speed)
    )
    slow = min(kilometres, policy.near_km)
    fast = max(kilometres - policy.near_km, 0)
    return math.ceil(overhead + 60 * slow / near + 60 * fast / far - GUARD)


def limit(facts: Facts, request: Request, offer: Offer) -> int | None:
    """The longest travel for a request and an offer, None for no limit (S3.4).

    The smaller of the student's limit and the policy's (which does not bind a locked request), raised by an E04
    exception.
    """
    limits = [] if is_locked(request) else [facts.policy.travel_limit]
    own = facts.student(request).limit_minutes
    if own is not None:
        limits.append(own)
    if not limits:
        return None
    raised = [int(d.value or 0) for d in facts.exceptions("E04", request, offer)]
    return max([min(limits), *raised])


def is_too_far(facts: Facts, request: Request, offer: Offer) -> bool:
    """Whether travel excludes: to a site measured beyond the limit, or estimated beyond 1.5 times it (policy)."""
    most = limit(facts, request, offer)
    if most is None:
        return False
    percent = facts.policy.travel_estimate_percent
    known = [leg for leg in sites(facts, facts.student(request), offer) if leg.minutes is not None]
    return any(100 * (leg.minutes or 0) > (100 if leg.measured else percent) * most for leg in known)


def is_to_be_measured(facts: Facts, request: Request, offer: Offer) -> bool:
    """Whether a match waits for a measured time: a site unknown, or estimated beyond the limit (E04 on)."""
    if not facts.policy.on("E04"):
        return False
    legs, most = sites(facts, facts.student(request), offer), limit(facts, request, offer)
    unknown = any(leg.minutes is None for leg in legs)
    return unknown or (most is not None and any(not leg.measured and (leg.minutes or 0) > most for leg in legs))
