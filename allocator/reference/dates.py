"""Working days, calendar months and academic years (SEMANTICS S2.1, S4.6, S5.7)."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Window(NamedTuple):
    """First and last day of a match, both included."""

    start: date
    end: date


class WorkingDays:
    """Monday to Friday without England's bank holidays (S2.1)."""

    def __init__(self, bank_holidays: Iterable[date]) -> None:
        self._holidays = frozenset(bank_holidays)
        self._counted: dict[tuple[date, int], date] = {}

    def includes(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() < SATURDAY and day not in self._holidays

    def first_from(self, day: date) -> date:
        """The first working day on or after a day."""
        while not self.includes(day):
            day += ONE_DAY
        return day

    def nth(self, start: date, number: int) -> date:
        """The ``number``-th working day counted from a working day ``start``, which is the first."""
        if (start, number) not in self._counted:
            day = start
            for _ in range(number - 1):
                day = self.first_from(day + ONE_DAY)
            self._counted[start, number] = day
        return self._counted[start, number]

    def between(self, window: Window) -> Iterator[date]:
        """All working days of a window, in order."""
        day = window.start
        while day <= window.end:
            if self.includes(day):
                yield day
            day += ONE_DAY


def months_later(day: date, months: int) -> date:
    """The same day so many calendar months later, clipped to the end of its month (S4.6)."""
    count = day.year * 12 + (day.month - 1) + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
