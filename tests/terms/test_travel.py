"""Minutes of travel (S3.3) and their limit (S3.4)."""

from typing import Any

import numpy as np
import pytest

from allocator.terms.travel import Minutes, Travel, haversine_km
from allocator.terms.view import Terms
from models.dataset import Dataset
from models.entities import Place, TravelTime
from models.policy import Policy
from tests import builders as b
from tests.rules.case import exception, policy

# One degree of latitude is 6371.0088 x pi / 180 = 111.195 km.
HOME, NEAR, FAR = (Place(place=p, latitude=x, longitude=0) for p, x in (("P0", 51.0), ("P1", 51.05), ("P2", 51.2)))


def travel(*rows: TravelTime, **settings: Any) -> Travel:
    return Travel(Dataset(places=(HOME, NEAR, FAR), travel=rows), policy(**settings))


def test_a_degree_of_latitude_and_of_longitude() -> None:
    def km(latitude: float, *to: tuple[float, float]) -> list[float]:
        """From that latitude and longitude 0."""
        found: list[float] = haversine_km(np.array(latitude), np.array(0.0), *np.array(to).T).tolist()
        return found

    degree = pytest.approx(111.195, abs=0.001)
    assert km(0, (1, 0), (0, 1), (-1, 0), (0, 0)) == [degree, degree, degree, 0]
    # At 60 degrees north a degree of longitude is half as long.
    assert km(60, (60, 1)) == [pytest.approx(55.597, abs=0.01)]
    # Half the way round, through a pole: 180 degrees, whatever rounding says of the sine.
    assert km(40, (-40, 180)) == [pytest.approx(180 * 111.195, abs=0.2)]


@pytest.mark.parametrize(
    ("mode", "place", "minutes"),
    [
        # 0.05 degrees are 5.5597 km, by road 1.3 x 5.5597 = 7.2277 km, all near.
        # public: 15 + 60 x 7.2277 / 18 = 15 + 24.09 = 39.09, rounded up 40; car: 8 + 60 x 7.2277 / 28 = 23.49: 24.
        ("public", "P1", 40),
        ("car", "P1", 24),
        # 0.2 degrees are 22.239 km, by road 28.911 km: 8 near, 20.911 far.
        # public: 15 + 26.667 + 60 x 20.911 / 40 = 15 + 26.667 + 31.366 = 73.03: 74
        ("public", "P2", 74),
        # car: 8 + 17.143 + 60 x 20.911 / 60 = 8 + 17.143 + 20.911 = 46.05: 47
        ("car", "P2", 47),
        # At home: the overhead alone.
        ("public", "P0", 15),
        ("car", "P0", 8),
    ],
)
def test_estimates(mode: str, place: str, minutes: int) -> None:
    assert travel().minutes("P0", mode, place) == Minutes(minutes, "estimated")


def test_whole_minutes_are_not_rounded_up_by_dust() -> None:
    # All near at 60 km/h without a road factor: 15 minutes and a minute a km; 10 km in degrees are 10 / 111.195.
    ten_km = Place(place="P9", latitude=51.0 + 10 / 111.19508023, longitude=0)
    found = Travel(
        Dataset(places=(HOME, ten_km)), policy(road_factor_percent=100, near_km=1000, public_near_speed=60)
    ).minutes("P0", "public", "P9")
    assert found == Minutes(25, "estimated")


def test_a_measured_row_wins_and_so_does_its_reverse() -> None:
    there = TravelTime(origin="P0", destination="P1", mode="car", minutes=33)
    back = TravelTime(origin="P1", destination="P0", mode="car", minutes=44)
    assert travel(there, back).minutes("P0", "car", "P1") == Minutes(33, "measured")
    assert travel(back).minutes("P0", "car", "P1") == Minutes(44, "measured")
    assert travel(there).minutes("P0", "public", "P1").kind == "estimated"  # the other mode says nothing
    at_home = TravelTime(origin="P0", destination="P0", mode="car", minutes=5)
    assert travel(at_home).minutes("P0", "car", "P0") == Minutes(5, "measured")


@pytest.mark.parametrize(("home", "place"), [(None, "P1"), ("P0", None), ("P0", "P7"), ("P7", "P1")])
def test_without_coordinates_nothing_is_known(home: str | None, place: str | None) -> None:
    assert travel().minutes(home, "car", place) == Minutes(None, "unknown")


def terms(settings: Policy | None = None, **parts: Any) -> Terms:
    return Terms(b.dataset(**parts), settings or policy())


@pytest.mark.parametrize(
    ("own", "locked", "excepted", "limit"),
    [
        (None, False, None, 90),  # the policy's
        (60, False, None, 60),  # the smaller of the two
        (120, False, None, 90),
        (60, True, None, 60),  # locked: the student's own alone
        (None, True, None, None),  # locked and none of its own
        (60, False, "75", 75),  # raised by an exception
        (60, False, "50", 60),  # which lowers nothing
    ],
)
def test_the_limit_of_a_pair(own: int | None, locked: bool, excepted: str | None, limit: int | None) -> None:
    request = b.request(locked_agencies=("A",) if locked else ())
    decisions = () if excepted is None else (exception("E04", excepted),)
    found = terms(students=(b.student(limit_minutes=own),), requests=(request,), decisions=decisions)
    assert found.travel_limit(request, b.offer()) == limit


@pytest.mark.parametrize(
    ("place", "locked", "on", "measure"),
    [
        ("P1", False, True, False),  # 40 minutes estimated, limit 60
        ("P2", False, True, True),  # 74 estimated, limit 60: somebody has to measure
        ("P2", True, True, False),  # locked: no limit
        ("P7", True, True, True),  # unknown minutes, limit or none
        ("P7", False, False, False),  # E04 is off
    ],
)
def test_what_has_to_be_measured(place: str, locked: bool, on: bool, measure: bool) -> None:
    request = b.request(locked_agencies=("A",) if locked else ())
    settings = policy(travel_limit=60, rules_off=() if on else ("E04",))
    found = terms(settings, requests=(request,), places=(HOME, NEAR, FAR), travel=())
    assert found.to_be_measured(request, b.offer(place=place)) is measure


def test_what_is_measured_beyond_the_limit_needs_no_measuring() -> None:
    assert not terms(travel=b.travel(minutes=500)).to_be_measured(b.request(), b.offer())
