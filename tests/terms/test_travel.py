"""Minutes of travel (S3.3) and their limit (S3.4)."""

import itertools
import math
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from allocator.terms.travel import Minutes, Travel, haversine_km
from allocator.terms.view import Terms
from models.dataset import Dataset
from models.entities import Mode, Place, TravelTime
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


# ---- many journeys at once -----------------------------------------------------------------------------------------
NAMES = tuple(f"P{i}" for i in range(12))


def drawn(measured: int, luck: random.Random) -> Dataset:
    """Places, three of the names not among them, and so many measured rows, some of them both ways."""
    places = tuple(Place(place=p, latitude=51 + luck.random() / 2, longitude=luck.random()) for p in NAMES[:-3])
    modes: tuple[Mode, ...] = ("car", "public")
    journeys = [(a, z, m) for a in NAMES for z in NAMES for m in modes]
    rows = tuple(
        TravelTime(origin=a, destination=z, mode=m, minutes=luck.randint(1, 99))
        for a, z, m in luck.sample(journeys, measured)
    )
    return Dataset(places=places, travel=rows)


def one_by_one(data: Dataset, settings: Policy, home: str | None, mode: str, place: str | None) -> Minutes:
    """A journey as S3.3 says it, straight from the rows: there, then back, then at home, then by coordinates."""
    rows: dict[tuple[str, str, str], int] = {(t.origin, t.destination, t.mode): t.minutes for t in data.travel}
    if home is None or place is None:
        return Minutes(None, "unknown")
    for here, there in ((home, place), (place, home)):
        if (here, there, mode) in rows:
            return Minutes(rows[here, there, mode], "measured")
    found = [p for name in (home, place) for p in data.places if p.place == name]
    if home == place:  # no distance, wherever it is
        return Minutes(settings.car_overhead if mode == "car" else settings.public_overhead, "estimated")
    if len(found) < 2:
        return Minutes(None, "unknown")
    (lat_a, lon_a), (lat_b, lon_b) = ((math.radians(p.latitude), math.radians(p.longitude)) for p in found)
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    km = 2 * 6371.0088 * math.asin(math.sqrt(half)) * settings.road_factor_percent / 100
    car = mode == "car"
    overhead = settings.car_overhead if car else settings.public_overhead
    near, far = (
        (settings.car_near_speed, settings.car_far_speed)
        if car
        else (settings.public_near_speed, settings.public_far_speed)
    )
    minutes = overhead + 60 * min(km, settings.near_km) / near + 60 * max(km - settings.near_km, 0) / far
    return Minutes(math.ceil(minutes - 1e-6), "estimated")


@pytest.mark.parametrize("measured", [0, 5, 100, 250])  # fewer rows than journeys are asked for, and more
def test_a_table_is_every_journey_asked_alone(measured: int) -> None:
    luck = random.Random(measured)
    kinds: Counter[str] = Counter()
    for _ in range(8):
        data, settings = drawn(measured, luck), policy()
        homes, places = luck.sample([*NAMES, None], luck.randint(1, 9)), luck.sample([*NAMES, None], luck.randint(1, 9))
        origins = [(home, mode) for home in homes for mode in ("car", "public") if luck.random() < 0.8]
        whole, single = Travel(data, settings).table(origins, places), Travel(data, settings)
        assert whole.minutes.shape == whole.measured.shape == (len(origins), len(places))
        for (row, (home, mode)), (column, place) in itertools.product(enumerate(origins), enumerate(places)):
            expected = one_by_one(data, settings, home, mode, place)
            assert single.minutes(home, mode, place) == expected
            assert whole.minutes[row, column] == (-1 if expected.minutes is None else expected.minutes)
            assert whole.measured[row, column] == (expected.kind == "measured")
            kinds[expected.kind] += 1
    assert {"estimated", "unknown"} <= set(kinds)
    assert (kinds["measured"] > 0) == (measured > 0)


def test_a_table_of_nothing() -> None:
    assert travel().table([], ["P1"]).minutes.shape == (0, 1)
    assert travel().table([("P0", "car")], []).minutes.shape == (1, 0)


def test_the_way_back_is_looked_up_where_few_are_measured_and_where_many_are() -> None:
    # One journey asked for: one measured row is as many, three are more. There 33, back 44, at P2 only back: 55.
    there = TravelTime(origin="P0", destination="P1", mode="car", minutes=33)
    back = TravelTime(origin="P1", destination="P0", mode="car", minutes=44)
    other = TravelTime(origin="P2", destination="P0", mode="car", minutes=55)
    for rows in ((there, back, other), (other, back, there)):
        few, many = travel(*rows).table([("P0", "car")], ["P2"]), travel(*rows)
        assert (few.minutes.tolist(), few.measured.tolist()) == ([[55]], [[True]])
        block = many.table([("P0", "car"), ("P0", "public")], ["P1", "P2", None])
        assert block.minutes.tolist() == [[33, 55, -1], [40, 74, -1]]
        assert block.measured.tolist() == [[True, True, False], [False, False, False]]


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
