"""Working days and windows (SEMANTICS S2)."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

SATURDAY = 5


class Window(NamedTuple):
    """First and last day of a placement, both inclusive."""

    start: date
    end: date


class WorkingDays:
    """Mondays to Fridays that are no bank holiday (S2.1), numbered from ``first`` and listed as far as asked for."""

    def __init__(self, bank_holidays: Collection[date], first: date) -> None:
        self._bank_holidays = frozenset(bank_holidays)
        self._days: list[date] = []
        self._first = self._next = first

    def without(self, more: Collection[date]) -> "WorkingDays":
        """The same less some days on which nobody works either."""
        return WorkingDays(self._bank_holidays.union(more), self._first)

    def _extend(self) -> None:
        """List one more working day."""
        while self._next.weekday() >= SATURDAY or self._next in self._bank_holidays:
            self._next += timedelta(days=1)
        self._days.append(self._next)
        self._next += timedelta(days=1)

    def _cover(self, day: date) -> None:
        while self._next <= day or not self._days or self._days[-1] < day:
            self._extend()

    def first_on_or_after(self, day: date) -> date:
        """The first working day that is not before ``day``."""
        self._cover(day)
        return self._days[bisect_left(self._days, day)]

    def counted_from(self, start: date, number: int) -> date:
        """The ``number``-th working day, the working day ``start`` being the first."""
        self._cover(start)
        last = bisect_left(self._days, start) + number - 1
        while len(self._days) <= last:
            self._extend()
        return self._days[last]

    def numbers(self, start: date, end: date) -> tuple[int, int]:
        """Numbers of the first and the last working day in ``start`` .. ``end``; the first exceeds the last if none."""
        self._cover(max(start, end))
        return bisect_left(self._days, start), bisect_right(self._days, end) - 1

    def any_between(self, start: date, end: date) -> bool:
        """Whether ``start`` .. ``end`` holds a working day."""
        first, last = self.numbers(start, end)
        return first <= last

    def day(self, number: int) -> date:
        """The working day of a number that :meth:`numbers` gave."""
        return self._days[number]


def add_months(day: date, months: int) -> date:
    """``day`` moved by calendar months, clipped to the end of the month (S4.6).

    Parameters
    ----------
    day
        Where to start.
    months
        Calendar months to add, not negative.

    Returns
    -------
    date
        The same day of a later month, or that month's last day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
