"""Working days, months, academic years, distances, minutes and quotas."""

from datetime import date
from fractions import Fraction

import pytest

from allocator.checker.facts import Facts
from allocator.checker.fair_share import quotas, requests_to_share
from allocator.checker.travel import estimated_minutes, great_circle_km, journey, to_be_measured
from allocator.checker.working_days import WorkingDays, add_months
from models.entities import Place
from tests import builders as b
from tests.rules.case import policy

FRIDAY, MONDAY = date(2026, 1, 2), date(2026, 1, 5)


def test_working_days_skip_weekends_and_bank_holidays() -> None:
    days = WorkingDays((date(2026, 1, 1), date(2026, 1, 6)), date(2026, 1, 1))
    assert days.first_on_or_after(date(2026, 1, 1)) == FRIDAY
    assert days.first_on_or_after(date(2026, 1, 3)) == MONDAY
    # Friday 2, Monday 5, Wednesday 7 (Tuesday 6 is a holiday).
    assert [days.counted_from(FRIDAY, n) for n in (1, 2, 3)] == [FRIDAY, MONDAY, date(2026, 1, 7)]
    # Numbered from Friday: Monday is 1, Wednesday 2; a weekend holds none.
    assert days.numbers(date(2026, 1, 3), date(2026, 1, 7)) == (1, 2)
    assert not days.any_between(date(2026, 1, 3), date(2026, 1, 4))
    assert not days.any_between(date(2026, 1, 6), date(2026, 1, 6))
    assert days.any_between(date(2026, 1, 4), MONDAY)


def test_working_days_before_the_first_listed_are_none() -> None:
    days = WorkingDays((), MONDAY)
    assert days.numbers(date(2025, 1, 1), FRIDAY) == (0, -1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 5), 24, date(2026, 1, 5)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 8, 31), 1, date(2024, 9, 30)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 5, 7), 0, date(2024, 5, 7)),
    ],
)
def test_months_are_calendar_months_clipped_to_the_end(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_great_circle() -> None:
    # A quarter of a great circle: pi / 2 x 6371.0088 km = 10007.557 km.
    quarter = great_circle_km(Place(place="N", latitude=90, longitude=0), Place(place="E", latitude=0, longitude=50))
    assert quarter == pytest.approx(10007.557, abs=1e-3)


@pytest.mark.parametrize(
    ("km", "mode", "minutes"),
    [
        # 10 km are 13 by road: 15 + 60 x 8 / 18 + 60 x 5 / 40 = 15 + 26.67 + 7.5 = 49.17.
        (10, "public", 50),
        # 8 + 60 x 8 / 28 + 60 x 5 / 60 = 8 + 17.14 + 5 = 30.14.
        (10, "car", 31),
        # 2 km are 2.6: 8 + 60 x 2.6 / 28 = 13.57.
        (2, "car", 14),
        (0, "public", 15),
        # 6 by road at 18 km an hour are 20 minutes, not 21 by rounding.
        (6 / 1.3, "public", 35),
    ],
)
def test_estimated_minutes(km: float, mode: str, minutes: int) -> None:
    assert estimated_minutes(km, mode, policy()) == minutes


def test_a_travel_row_wins_in_the_students_mode_and_else_its_reverse() -> None:
    def trip(home: str, place: str, mode: str, *rows: tuple[str, str, int]) -> tuple[int | None, str]:
        travel = tuple(t for origin, destination, minutes in rows for t in b.travel(origin, destination, minutes)[:1])
        dataset = b.dataset(students=(b.student(home=home, mode=mode),), offers=(b.offer(place=place),), travel=travel)
        return tuple(journey(Facts(dataset, policy(), None), dataset.students[0], dataset.offers[0]))  # type: ignore[return-value]

    # The rows are of mode car.
    assert trip("P0", "P1", "car", ("P0", "P1", 20), ("P1", "P0", 30)) == (20, "measured")
    assert trip("P0", "P1", "car", ("P1", "P0", 30)) == (30, "measured")
    assert trip("P0", "P1", "public", ("P0", "P1", 20)) == (None, "unknown")
    nowhere = b.dataset(students=(b.student(home=None),))
    assert journey(Facts(nowhere, policy(), None), nowhere.students[0], nowhere.offers[0]) == (None, "unknown")
    # At home: the row, else no distance but the overhead of 15 or 8 minutes.
    assert trip("P0", "P0", "car", ("P0", "P0", 3)) == (3, "measured")
    assert trip("P0", "P0", "public") == (15, "estimated")
    assert trip("P0", "P0", "car") == (8, "estimated")


def test_to_be_measured_between_the_limit_and_half_as_much_again() -> None:
    # One km a minute beyond 15: 0.666 and 0.675 degrees are 74.06 and 75.06 km, so 90 and 91 minutes; 1.075 and 1.084
    # are 135 and 136, and 150% of 90 is 135: beyond it the pair is excluded, and nothing is left to measure.
    settings = policy(road_factor_percent=100, near_km=1000, public_near_speed=60)
    waits = []
    for latitude in (0.666, 0.675, 1.075, 1.084):
        places = (Place(place="P0", latitude=0, longitude=0), Place(place="P1", latitude=latitude, longitude=0))
        dataset = b.dataset(places=places, travel=())
        waits.append(to_be_measured(Facts(dataset, settings, None), dataset.requests[0], dataset.offers[0]))
    assert waits == [False, True, True, False]


def test_quotas_by_largest_remainder_ties_by_weight_then_id() -> None:
    # 10 by 5 : 3 : 2 is exact.
    assert quotas(10, {"A": Fraction(5), "B": Fraction(3), "C": Fraction(2)}) == {"A": 5, "B": 3, "C": 2}
    # 4 by 1 : 1 : 1: 1 1/3 each, one more for the first id, A2 before A10.
    assert quotas(4, {"A10": Fraction(1), "A2": Fraction(1), "B": Fraction(1)}) == {"A2": 2, "A10": 1, "B": 1}
    # 2 by 3 : 1: 1 1/2 and 1/2: equal remainders, the greater weight wins.
    assert quotas(2, {"A": Fraction(1), "B": Fraction(3)}) == {"A": 0, "B": 2}


def test_requests_to_share() -> None:
    students = (
        b.student("S1"), b.student("S2"), b.student("S3", withdrawn=True), b.student("S4", scheme="apprentice", employer_agency="A"),
        b.student("S5", scheme="apprentice", employer_agency="C"), b.student("S6"), b.student("S7", scheme="apprentice"),
    )  # fmt: skip
    requests = (
        *(b.request(f"S{i}/first") for i in (1, 3, 4, 5, 7)), b.request("S2/first", found_by="employer"),
        b.request("S6/first", tranche="T0"), b.request("S1/final", set_aside="unreadable"),
    )  # fmt: skip
    dataset = b.dataset(
        students=students, requests=requests, tranches=(b.tranche(), b.tranche("T0", status="past")),
        agencies=(b.agency("A"), b.agency("C", membership="outside")),
    )  # fmt: skip
    # S1 twice (one set aside), S2 (employer's), S4; not S3 (withdrawn), S5 and S7 (employers outside), S6 (past).
    assert requests_to_share(Facts(dataset, policy(), None), 2025) == 4
