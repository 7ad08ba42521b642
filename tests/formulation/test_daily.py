"""Numbers at once: the rows found bind exactly where some working day binds."""

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from allocator.formulation.daily import DailyLimit, daily_limits
from allocator.terms.calendar import Window, WorkingCalendar

MONDAY = date(2026, 1, 5)
CALENDAR = WorkingCalendar([])


def day(number: int) -> date:
    """So many days after Monday 5 January 2026."""
    return MONDAY + timedelta(days=number)


def window(first: int, last: int) -> Window:
    return day(first), day(last)


def limit(most: float, *commitments: tuple[int | None, int | None, float]) -> DailyLimit:
    """A greatest number, and commitments by first and last day and number."""
    days = ((None if a is None else day(a), None if z is None else day(z), Decimal(n)) for a, z, n in commitments)
    return DailyLimit(Decimal(most), days)


def rows(
    windows: list[Window], most: DailyLimit, kept: tuple[Window, ...] = (), calendar: WorkingCalendar = CALENDAR
) -> list[tuple[list[int], int]]:
    return list(daily_limits(windows, list(kept), most, calendar))


@pytest.mark.parametrize(
    ("at", "room"), [(0, 3), (1, 3), (2, 1), (4, 0), (7, 0), (8, 1), (9, 3), (400, 2)],
)  # fmt: skip
def test_the_limit_of_a_day_is_less_commitments_and_never_below_0(at: int, room: int) -> None:
    # 3, less 2 from day 2 to 8 (both included), 2 from day 4 to 7, and 1 from day 100 without an end
    assert limit(3, (2, 8, 2), (4, 7, 2), (100, None, 1)).on(day(at)) == room


def test_a_commitment_without_a_beginning_was_always_there() -> None:
    most = limit(3, (None, 4, 2), (None, None, 1))
    assert [most.on(day(n)) for n in (-400, 4, 5)] == [0, 0, 2]


def test_windows_that_meet_share_a_row_and_others_have_their_own() -> None:
    # 0 and 1 meet from day 3 to 4, 2 comes after both.
    assert rows([window(0, 4), window(3, 9), window(14, 18)], limit(1)) == [([0, 1], 1), ([2], 1)]


def test_a_window_without_a_working_day_has_no_row() -> None:
    # Days 5 and 6 are a weekend; a window of them and the Monday after has that one day.
    assert rows([window(5, 6)], limit(1)) == rows([window(5, 6)], limit(1), (window(5, 6),)) == []
    assert rows([window(5, 7)], limit(1, (None, 6, 1))) == [([0], 1)]


def test_both_ends_belong_to_a_window() -> None:
    assert rows([window(0, 4), window(4, 9)], limit(1)) == [([0, 1], 1)]
    assert rows([window(0, 4), window(7, 9)], limit(1)) == [([0], 1), ([1], 1)]


def test_a_day_whose_windows_are_among_anothers_adds_nothing() -> None:
    # Day 0: the first alone; day 1: the first two; day 2: all three.
    assert rows([window(0, 9), window(1, 9), window(2, 9)], limit(2)) == [([0, 1, 2], 2)]


def test_a_day_with_less_room_stands_beside_one_with_more_windows() -> None:
    # On day 0 a commitment of 1 leaves room for 1 of the first two; on day 2, when all three meet, there are 2.
    found = rows([window(0, 9), window(0, 9), window(2, 9)], limit(2, (0, 1, 1)))
    assert found == [([0, 1], 1), ([0, 1, 2], 2)]


def test_kept_windows_take_their_room_on_their_days() -> None:
    # Kept on days 7 to 8: from day 7 on both windows and the kept one; before, one window alone.
    windows = [window(0, 9), window(2, 9)]
    assert rows(windows, limit(1), kept=(window(7, 8),)) == [([0, 1], 0)]
    assert rows(windows, limit(2), kept=(window(7, 8),)) == [([0, 1], 1)]
    assert rows(windows, limit(0), kept=(window(7, 8),)) == [([0, 1], 0)]  # kept ones alone are too many: no new one


def test_what_begins_on_a_weekend_counts_from_the_next_working_day() -> None:
    # The commitment begins on Saturday, day 5; the window ends on Friday, day 4, or on Monday, day 7.
    assert rows([window(0, 4)], limit(1, (5, 9, 1))) == [([0], 1)]
    assert rows([window(0, 7)], limit(1, (5, 9, 1))) == [([0], 0)]
    bank_holiday = WorkingCalendar([day(7)])
    assert rows([window(0, 7)], limit(1, (5, 9, 1)), calendar=bank_holiday) == [([0], 1)]


def test_no_windows_no_rows() -> None:
    assert rows([], limit(0, (0, 9, 1)), kept=(window(0, 4),)) == []


def test_rows_forbid_exactly_what_some_working_day_forbids() -> None:
    luck, tight = random.Random(1), 0

    def drawn(longest: int) -> tuple[int, int]:
        first = luck.randint(0, 20)
        return first, first + luck.randint(0, longest)

    for _ in range(300):
        calendar = WorkingCalendar([day(luck.randint(0, 30)) for _ in range(luck.randint(0, 3))])
        # windows begin and end on working days, kept ones and commitments anywhere
        starts = [calendar.span(day(luck.randint(0, 20)), luck.randint(1, 8), 5) for _ in range(luck.randint(1, 5))]
        kept = tuple(window(*drawn(9)) for _ in range(luck.randint(0, 2)))
        taken = [
            (*luck.choice([drawn(9), (None, 8), (12, None)]), luck.randint(1, 2)) for _ in range(luck.randint(0, 2))
        ]
        most = limit(luck.randint(0, 3), *taken)
        found = rows(starts, most, kept, calendar)
        tight += len(found) > 1
        working_days = [d for d in map(day, range(-7, 60)) if calendar.on_or_after(d) == d]
        for chosen in itertools.product((0, 1, 2), repeat=len(starts)):
            by_rows = all(sum(chosen[i] for i in active) <= room for active, room in found)
            by_days = True
            for d in working_days:
                new = sum(n for n, (a, z) in zip(chosen, starts, strict=True) if a <= d <= z)
                room = max(0, most.on(d) - sum(a <= d <= z for a, z in kept))
                by_days = by_days and (new == 0 or new <= room)
            assert by_rows == by_days
    assert tight > 50
