"""Numbers at once: on which days a limit can bind, and what room there is (SEMANTICS S2.5, S5.1)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from math import floor
from operator import or_

from allocator.terms.calendar import Window, WorkingCalendar


class DailyLimit:
    """A number at once, less what other programmes take on the day: what is left counts whole, never below 0."""

    def __init__(self, most: Decimal | int, commitments: Iterable[tuple[date | None, date | None, Decimal]]) -> None:
        self._most = most
        self._commitments = tuple(commitments)
        self.begins = tuple(first for first, _, _ in self._commitments if first is not None)

    @property
    def is_constant(self) -> bool:
        """Whether it is the same on every day."""
        return not self._commitments

    def is_never_met(self, number: float) -> bool:
        """Whether so many at once are within it on every day."""
        return not self._commitments and number <= self._most

    def on(self, day: date) -> int:
        """The limit on a day."""
        taken = sum(
            number
            for first, last, number in self._commitments
            if (first is None or first <= day) and (last is None or day <= last)
        )
        return max(0, floor(self._most - taken))


def daily_limits(
    windows: Sequence[Window], kept: Sequence[Window], limit: DailyLimit, calendar: WorkingCalendar
) -> Iterator[tuple[list[int], int]]:
    """Which windows (by index) meet on a day, and how many matches may be in them at once.

    The number on a day changes only where a window or a commitment begins, so those days suffice; a day whose windows
    are among another's with no greater limit adds nothing.
    """
    if windows and not kept and (limit.is_constant or (len(windows) == 1 and not limit.begins)):  # as it mostly is
        day = calendar.on_or_after(max(begin for begin, _ in windows))
        if day <= min(end for _, end in windows):  # all meet, and no day has less room
            yield list(range(len(windows))), limit.on(day)
            return
        if len(windows) == 1:
            return
    begun, over = _Marked([begin for begin, _ in windows]), _Marked([end for _, end in windows])
    kept_first, kept_last = sorted(begin for begin, _ in kept), sorted(end for _, end in kept)
    rooms: dict[int, int] = {}  # by windows, each a bit: the least room of the days on which these meet
    for day in sorted({calendar.on_or_after(d) for d in {*begun.days, *kept_first, *limit.begins}}):
        meet = begun.until(day) & ~over.before(day)
        if meet:
            room = max(0, limit.on(day) - bisect_right(kept_first, day) + bisect_left(kept_last, day))
            rooms[meet] = min(room, rooms.get(meet, room))
    for meet, room in rooms.items():
        if not any(meet & other == meet != other and least <= room for other, least in rooms.items()):
            yield [number for number, bit in enumerate(reversed(f"{meet:b}")) if bit == "1"], room


class _Marked:
    """Days of windows in order, and as bits of a number which windows have one of the first so many."""

    def __init__(self, days: Sequence[date]) -> None:
        order = sorted(range(len(days)), key=days.__getitem__)
        self.days = [days[number] for number in order]
        self._marks = [*accumulate((1 << number for number in order), or_, initial=0)]

    def until(self, day: date) -> int:
        """The windows whose day is no later."""
        return self._marks[bisect_right(self.days, day)]

    def before(self, day: date) -> int:
        """The windows whose day is earlier."""
        return self._marks[bisect_left(self.days, day)]
