"""Numbers at once: on which days a limit can bind, and what room there is (SEMANTICS S2.5, S5.1)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from math import floor

from allocator.terms.calendar import Window, WorkingCalendar


class DailyLimit:
    """A number at once, less what other programmes take on the day: what is left counts whole, never below 0."""

    def __init__(self, most: Decimal | int, commitments: Iterable[tuple[date | None, date | None, Decimal]]) -> None:
        self._most = most
        self._commitments = tuple(commitments)
        self.begins = tuple(first for first, _, _ in self._commitments if first is not None)

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
    days = {calendar.on_or_after(d) for d in (*(w[0] for w in windows), *(w[0] for w in kept), *limit.begins)}
    found: dict[frozenset[int], int] = {}
    for day in sorted(days):
        active = frozenset(i for i, w in enumerate(windows) if w[0] <= day <= w[1])
        room = max(0, limit.on(day) - sum(w[0] <= day <= w[1] for w in kept))
        if active:
            found[active] = min(room, found.get(active, room))
    for active, room in found.items():
        if not any(active < other and found[other] <= room for other in found):
            yield sorted(active), room
