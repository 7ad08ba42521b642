"""Working days, months, academic years and minutes: boundaries by hand."""

from datetime import date

import pytest

from allocator.reference.dates import Window, WorkingDays, months_later
from allocator.reference.facts import Facts
from allocator.reference.travel import Journey, journey
from models.entities import Place
from models.policy import Policy
from tests.builders import MONDAY, dataset, offer, request, student, travel

EASTER = (date(2026, 4, 3), date(2026, 4, 6))


def test_working_days_leave_out_weekends_and_bank_holidays() -> None:
    days = WorkingDays(EASTER)
    assert days.first_from(date(2026, 4, 3)) == date(2026, 4, 7)  # Good Friday to Tuesday
    assert days.nth(date(2026, 4, 2), 1) == date(2026, 4, 2)
    assert days.nth(date(2026, 4, 2), 2) == date(2026, 4, 7)
    assert [d.day for d in days.between(Window(date(2026, 4, 2), date(2026, 4, 8)))] == [2, 7, 8]


@pytest.mark.parametrize(
    ("days", "days_a_week", "holidays", "end"),
    [
        (70, 5, (), date(2026, 4, 10)),  # 14 weeks
        (70, 5, EASTER, date(2026, 4, 14)),  # two working days more
        (70, 4, (), date(2026, 5, 6)),  # ceil(350 / 4) = 88 = 17 weeks and 3 days
        (70, 3, (), date(2026, 6, 16)),  # ceil(350 / 3) = 117 = 23 weeks and 2 days
        (1, 5, (), MONDAY),
    ],
)
def test_window(days: int, days_a_week: int, holidays: tuple[date, ...], end: date) -> None:
    data = dataset(requests=(request(days=days),), offers=(offer(days_a_week=days_a_week),), bank_holidays=holidays)
    assert Facts(data, Policy()).window(data.requests[0], data.offers[0]) == Window(MONDAY, end)


def test_window_starts_at_the_later_of_the_two() -> None:
    data = dataset(requests=(request(earliest_start=date(2026, 1, 10)),))
    assert Facts(data, Policy()).window(data.requests[0], data.offers[0]).start == date(2026, 1, 12)


def test_months_are_clipped_to_the_end_of_the_month() -> None:
    assert months_later(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_later(date(2025, 10, 31), 4) == date(2026, 2, 28)
    assert months_later(date(2025, 12, 5), 1) == date(2026, 1, 5)
    assert months_later(date(2025, 12, 5), 0) == date(2025, 12, 5)


def test_minutes() -> None:
    def minutes(mode: str, place: str = "P1", **parts: object) -> Journey:
        data = dataset(students=(student(mode=mode),), offers=(offer(place=place),), **parts)
        return journey(Facts(data, Policy()), data.students[0], data.offers[0])

    # One degree of latitude: 111.195 km, 144.554 km by road. By car 8 + 60 x 8 / 28 + 60 x 136.554 / 60 = 161.697.
    apart = (Place(place="P0", latitude=51.0, longitude=0.0), Place(place="P1", latitude=52.0, longitude=0.0))
    assert minutes("car", travel=(), places=apart) == Journey(162, False)
    assert minutes("public", travel=(), places=apart) == Journey(247, False)
    # At home: the overhead alone, even without coordinates; but a Travel row wins.
    assert minutes("public", "P0", travel=()) == Journey(15, False)
    assert minutes("public", "P0", travel=travel("P0", "P0", 3)) == Journey(3, True)
    # The row, else its reverse, of the student's mode.
    assert minutes("car", travel=(*travel("P1", "P0", 40), *travel("P0", "P1", 30))) == Journey(30, True)
    assert minutes("car", travel=travel("P1", "P0", 40)) == Journey(40, True)
    assert minutes("car", travel=travel("P0", "P9", 40)) == Journey(None, False)
