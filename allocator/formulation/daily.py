"""Numbers at once: on which days a limit can bind, and what room there is (SEMANTICS S2.5, S5.1)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from math import floor

import numpy as np

from allocator.formulation.program import Indexes
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
    first, last = _days(w[0] for w in windows), _days(w[1] for w in windows)
    kept_first, kept_last = _days(w[0] for w in kept), _days(w[1] for w in kept)
    begins = {date.fromordinal(n) for n in np.unique(np.concatenate([first, kept_first])).tolist()}
    days = sorted({calendar.on_or_after(d) for d in (*begins, *limit.begins)})
    on = _days(days)[:, None]
    active = (first <= on) & (on <= last)
    taken = ((kept_first <= on) & (on <= kept_last)).sum(axis=1)
    found: dict[bytes, tuple[int, int]] = {}  # by windows: the day of them with the least room, and that
    for number in np.flatnonzero(active.any(axis=1)).tolist():
        room, key = max(0, limit.on(days[number]) - int(taken[number])), active[number].tobytes()
        at, least = found.get(key, (number, room))
        found[key] = at, min(room, least)
    rows = np.array([number for number, _ in found.values()], dtype=np.int64)
    rooms = np.array([room for _, room in found.values()], dtype=np.int64)
    met = active[rows].astype(np.int64)
    among = met @ met.T == met.sum(axis=1)[:, None]  # the windows of the first are among those of the second
    np.fill_diagonal(among, val=False)
    adds = ~(among & (rooms[None, :] <= rooms[:, None])).any(axis=1)
    for number, room in zip(rows[adds].tolist(), rooms[adds].tolist(), strict=True):
        yield np.flatnonzero(active[number]).tolist(), room


def _days(days: Iterable[date]) -> Indexes:
    return np.array([day.toordinal() for day in days], dtype=np.int64)
