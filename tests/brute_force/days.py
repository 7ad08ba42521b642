"""Working days, windows and academic years (SEMANTICS S2, S5.7)."""

import calendar
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from models.entities import Commitment

ONE_DAY = timedelta(days=1)


def is_working(day: date, holidays: Collection[date]) -> bool:
    """S2.1: Monday to Friday, and no bank holiday."""
    return day.weekday() < 5 and day not in holidays


def working_days(start: date, end: date, holidays: Collection[date]) -> tuple[date, ...]:
    """All working days from ``start`` to ``end``, both included."""
    span = (end - start).days + 1
    return tuple(d for d in (start + i * ONE_DAY for i in range(span)) if is_working(d, holidays))


def window(earliest: date, days: int, days_a_week: Decimal, holidays: Collection[date]) -> tuple[date, date]:
    """S2.2: first working day not before ``earliest``, and the first on which that many days have been done."""
    per_day, left = Fraction(days_a_week) / 5, 1
    while left * per_day < days:
        left += 1
    day = earliest
    while not is_working(day, holidays):
        day += ONE_DAY
    start = day
    while left > 1:
        day += ONE_DAY
        left -= is_working(day, holidays)
    return start, day


def months_later(day: date, months: int) -> date:
    """Calendar months later, the day clipped to the month's end (S4.6)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def covers(commitment: Commitment, day: date) -> bool:
    """Whether a commitment takes something on this day; a blank date is open."""
    return (commitment.first_day is None or commitment.first_day <= day) and (
        commitment.last_day is None or day <= commitment.last_day
    )
