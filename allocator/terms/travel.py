"""Minutes of travel: measured, estimated or unknown (SEMANTICS S3.3)."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.dataset import Dataset
from models.policy import Policy

Origin = tuple[str | None, str]
"""Home and mode."""
Degrees = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


class Minutes(NamedTuple):
    """Whole minutes one way, and how they are known."""

    minutes: int | None
    kind: Literal["measured", "estimated", "unknown"]


def of_all_sites(journeys: Sequence[Minutes]) -> Minutes:
    """The greatest of the journeys to an offer's sites: unknown where one is, measured where all are."""
    known = [j.minutes for j in journeys if j.minutes is not None]
    if len(known) < len(journeys):
        return Minutes(None, "unknown")
    return Minutes(max(known), "measured" if all(j.kind == "measured" for j in journeys) else "estimated")


class TravelTable(NamedTuple):
    """Minutes from origins (rows) to places (columns); -1 where unknown, ``measured`` where somebody measured."""

    minutes: NDArray[np.int32]
    measured: NDArray[np.bool_]


class Travel:
    """Minutes from a home to a place by mode: a measured row wins, then its reverse, then the estimate."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self._places = dataset.place_by_id
        self._policy = policy
        self._measured: dict[tuple[str, str, str], int] = {
            (t.origin, t.mode, t.destination): t.minutes for t in dataset.travel
        }
        self._cache: dict[tuple[Origin, str | None], Minutes] = {}

    def minutes(self, home: str | None, mode: str, place: str | None) -> Minutes:
        """Minutes one way of one journey."""
        key = (home, mode), place
        found = self._cache.get(key)
        if found is None:
            table = self.table([key[0]], [place])
            minutes, measured = int(table.minutes[0, 0]), bool(table.measured[0, 0])
            kind: Literal["measured", "estimated"] = "measured" if measured else "estimated"
            found = self._cache[key] = Minutes(None, "unknown") if minutes < 0 else Minutes(minutes, kind)
        return found

    def table(self, origins: Sequence[Origin], places: Sequence[str | None]) -> TravelTable:
        """Minutes of every journey from these origins to these places.

        Parameters
        ----------
        origins
            Home and mode of each row.
        places
            Place of each column.

        Returns
        -------
        TravelTable
            Shape (origins, places).
        """
        minutes = self._estimated(origins, places)
        measured = np.zeros(minutes.shape, dtype=np.bool_)
        rows = {origin: i for i, origin in enumerate(origins)}
        columns = {place: j for j, place in enumerate(places)}
        if len(self._measured) < len(origins) * len(places):
            journeys: Iterable[tuple[str, str, str]] = self._measured
        else:
            journeys = [(h, m, p) for h, m in rows for p in columns if h is not None and p is not None]
        for home, mode, place in journeys:
            for here, there in ((home, place), (place, home)):
                row, column = rows.get((here, mode)), columns.get(there)
                if row is not None and column is not None:
                    found = self._measured.get((here, mode, there), self._measured.get((there, mode, here)))
                    if found is not None:
                        minutes[row, column], measured[row, column] = found, True
        return TravelTable(minutes, measured)

    def _estimated(self, origins: Sequence[Origin], places: Sequence[str | None]) -> NDArray[np.int32]:
        """Estimates in whole minutes, -1 where a home or a place has no coordinates."""
        north_a, east_a = self._coordinates([home for home, _ in origins])
        north_b, east_b = self._coordinates(places)
        km = haversine_km(north_a[:, None], east_a[:, None], north_b, east_b)
        names_a = np.array([home or "" for home, _ in origins], dtype=object)
        names_b = np.array([place or "" for place in places], dtype=object)
        km = np.where((names_a[:, None] == names_b) & (names_a != "")[:, None], 0.0, km)
        km *= self._policy.road_factor_percent / 100
        by_car = np.array([mode == "car" for _, mode in origins], dtype=np.bool_)[:, None]
        policy, near = self._policy, np.minimum(km, self._policy.near_km)
        overhead = np.where(by_car, policy.car_overhead, policy.public_overhead)
        near_speed = np.where(by_car, policy.car_near_speed, policy.public_near_speed)
        far_speed = np.where(by_car, policy.car_far_speed, policy.public_far_speed)
        minutes = np.ceil(overhead + 60 * near / near_speed + 60 * (km - near) / far_speed - 1e-6)
        whole: NDArray[np.int32] = np.where(np.isnan(minutes), -1, minutes).astype(np.int32)
        return whole

    def _coordinates(self, places: Sequence[str | None]) -> tuple[Degrees, Degrees]:
        """Latitudes and longitudes; not a number where there are none."""
        found = [self._places.get(place) if place is not None else None for place in places]
        unknown = float("nan")
        return (
            np.array([unknown if p is None else p.latitude for p in found], dtype=float),
            np.array([unknown if p is None else p.longitude for p in found], dtype=float),
        )


def haversine_km(latitude: Degrees, longitude: Degrees, to_latitude: Degrees, to_longitude: Degrees) -> Degrees:
    """Great-circle distances in km between points in degrees (arrays that broadcast)."""
    north_a, north_b = np.radians(latitude), np.radians(to_latitude)
    east = np.radians(to_longitude - longitude)
    half = np.sin((north_b - north_a) / 2) ** 2 + np.cos(north_a) * np.cos(north_b) * np.sin(east / 2) ** 2
    km: Degrees = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))
    return km
