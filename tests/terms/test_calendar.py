"""Working days and windows (S2)."""

from datetime import date
from decimal import Decimal

import pytest

from allocator.terms.calendar import WorkingCalendar
from tests import builders as b

GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)
CALENDAR = WorkingCalendar((GOOD_FRIDAY, EASTER_MONDAY))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 1, 5), date(2026, 1, 5)),  # a Monday
        (date(2026, 1, 3), date(2026, 1, 5)),  # a Saturday
        (date(2026, 1, 4), date(2026, 1, 5)),  # a Sunday
        (GOOD_FRIDAY, date(2026, 4, 7)),  # over Easter to the Tuesday
    ],
)
def test_the_first_working_day_on_or_after(day: date, working: date) -> None:
    assert CALENDAR.on_or_after(day) == working


@pytest.mark.parametrize(
    ("days", "days_a_week", "end"),
    [
        (1, 5, date(2026, 3, 30)),  # the first day itself
        (4, 5, date(2026, 4, 2)),  # Monday to Thursday
        # The 5th working day is not Good Friday, nor Easter Monday, but Tuesday 7 April.
        (5, 5, date(2026, 4, 7)),
        # 3 days a week: ceil(5 x 3 / 3) = 5 working days.
        (3, 3, date(2026, 4, 7)),
        # ceil(5 x 4 / 3) = ceil(6.67) = 7: two more, 8 and 9 April.
        (4, 3, date(2026, 4, 9)),
        # ceil(5 x 5 / 3) = ceil(8.33) = 9: 10 April is the 8th, Monday 13 April the 9th.
        (5, 3, date(2026, 4, 13)),
        # 1 day a week: ceil(5 x 2 / 1) = 10: Tuesday 14 April.
        (2, 1, date(2026, 4, 14)),
        # ceil(5 x 1 / 2) = 3: Wednesday 1 April.
        (1, 2, date(2026, 4, 1)),
    ],
)
def test_windows_around_easter(days: int, days_a_week: int, end: date) -> None:
    offer = b.offer(earliest_start=date(2026, 3, 30), days_a_week=days_a_week)
    assert CALENDAR.window(b.request(days=days), offer) == (date(2026, 3, 30), end)


def test_the_later_of_the_two_earliest_starts_counts() -> None:
    offer = b.offer(earliest_start=date(2026, 4, 3))  # Good Friday: Tuesday 7 April
    blank, earlier, later = (b.request(days=1, earliest_start=d) for d in (None, date(2026, 3, 2), date(2026, 4, 11)))
    assert CALENDAR.window(blank, offer)[0] == date(2026, 4, 7)
    assert CALENDAR.window(earlier, offer)[0] == date(2026, 4, 7)
    assert CALENDAR.window(later, offer)[0] == date(2026, 4, 13)  # Saturday 11 April: Monday


def test_days_short_are_as_few_as_the_latest_end_asks_for() -> None:
    # 70 days are 14 weeks, to Friday 10 April less Good Friday and Easter Monday: Tuesday 14 April; 60 are 12 weeks.
    for end, expected in (
        (None, date(2026, 4, 14)),  # all 70 days where nothing ends earlier
        (date(2026, 4, 14), date(2026, 4, 14)),
        (date(2026, 4, 13), date(2026, 4, 13)),  # 69
        (date(2026, 3, 27), date(2026, 3, 27)),  # 60
        (date(2026, 3, 26), date(2026, 3, 27)),  # 59 are too few: 60, and E01 refuses
    ):
        offer = b.offer(latest_end=end)
        assert CALENDAR.window(b.request(days=70), offer, days_short=10) == (b.MONDAY, expected)
        assert CALENDAR.window(b.request(days=70, latest_end=end), b.offer(), days_short=10) == (b.MONDAY, expected)
    # At least one day is left.
    early = b.offer(latest_end=b.MONDAY)
    assert CALENDAR.window(b.request(days=5), early, days_short=10) == (b.MONDAY, b.MONDAY)


def test_a_blank_offer_runs_at_the_pace_of_the_request() -> None:
    # 3 days a week: 9 days are 15 working days, Friday 23 January. 2.5 days: ceil(45 / 2.5) = 18, Wednesday 28 January.
    for pace, end in ((3, date(2026, 1, 23)), (Decimal("2.5"), date(2026, 1, 28))):
        request = b.request(days=9, days_a_week_most=pace)
        assert CALENDAR.window(request, b.offer()) == (b.MONDAY, end)
        assert CALENDAR.window(b.request(days=9), b.offer(days_a_week=pace)) == (b.MONDAY, end)


def test_whether_a_working_day_lies_between() -> None:
    assert not CALENDAR.any_working_day(GOOD_FRIDAY, EASTER_MONDAY)
    assert CALENDAR.any_working_day(GOOD_FRIDAY, date(2026, 4, 7))
    assert not CALENDAR.any_working_day(date(2026, 4, 8), date(2026, 4, 7))  # the last day is before the first
