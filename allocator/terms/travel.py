"""Minutes of travel: measured, estimated or unknown (SEMANTICS S3.3)."""

from math import asin, ceil, cos, radians, sin, sqrt
from typing import Literal, NamedTuple

from models.dataset import Dataset
from models.entities import Place
from models.policy import Policy

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


class Minutes(NamedTuple):
    """Whole minutes one way, and how they are known."""

    minutes: int | None
    kind: Literal["measured", "estimated", "unknown"]


class Travel:
    """Minutes from a home to a place, cached by (home, mode, place)."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self._places = dataset.place_by_id
        self._policy = policy
        self._measured: dict[tuple[str, str, str], int] = {
            (t.origin, t.mode, t.destination): t.minutes for t in dataset.travel
        }
        self._cache: dict[tuple[str | None, str, str | None], Minutes] = {}

    def minutes(self, home: str | None, mode: str, place: str | None) -> Minutes:
        """Minutes one way; a measured row wins, then its reverse, then the estimate."""
        key = (home, mode, place)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._find(home, mode, place)
        return found

    def _find(self, home: str | None, mode: str, place: str | None) -> Minutes:
        if home is None or place is None:
            return Minutes(None, "unknown")
        measured = self._measured.get((home, mode, place))
        if measured is None:
            measured = self._measured.get((place, mode, home))
        if measured is not None:
            return Minutes(measured, "measured")
        if home == place:
            return Minutes(self._estimate(0.0, mode), "estimated")
        ends = self._places.get(home), self._places.get(place)
        if ends[0] is None or ends[1] is None:
            return Minutes(None, "unknown")
        km = self._policy.road_factor_percent / 100 * haversine_km(ends[0], ends[1])
        return Minutes(self._estimate(km, mode), "estimated")

    def _estimate(self, km: float, mode: str) -> int:
        policy = self._policy
        overhead, near, far = (
            (policy.car_overhead, policy.car_near_speed, policy.car_far_speed)
            if mode == "car"
            else (policy.public_overhead, policy.public_near_speed, policy.public_far_speed)
        )
        near_km = min(km, policy.near_km)
        return ceil(overhead + 60 * near_km / near + 60 * (km - near_km) / far - 1e-6)


def haversine_km(origin: Place, destination: Place) -> float:
    """Great-circle distance in km."""
    north_a, north_b = radians(origin.latitude), radians(destination.latitude)
    east = radians(destination.longitude - origin.longitude)
    half = sin((north_b - north_a) / 2) ** 2 + cos(north_a) * cos(north_b) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))
