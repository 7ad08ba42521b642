"""Who may supervise, as seen from one offer: basis, currency, absence (S4)."""

from datetime import date
from typing import Any

import pytest

from allocator.terms.calendar import WorkingCalendar
from allocator.terms.candidates import add_months, basis_of, is_away, is_current, listed_candidate, pool_candidate
from models.entities import EducatorEntry
from tests import builders as b

START, END = date(2026, 1, 5), date(2026, 4, 10)
CALENDAR = WorkingCalendar((date(2026, 4, 3),))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 5), 24, date(2026, 1, 5)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),  # clipped
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 1, date(2025, 9, 30)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),  # over the year
        (date(2025, 11, 15), 1, date(2025, 12, 15)),  # December is not the next year
        (date(2025, 1, 31), 0, date(2025, 1, 31)),
    ],
)
def test_calendar_months_are_clipped_to_the_end_of_the_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("facts", "current"),
    [
        ({"current_until": START}, True),
        ({"current_until": date(2026, 1, 4)}, False),
        ({"current_until": None, "last_student": date(2024, 1, 5)}, True),  # 24 months to the day
        ({"current_until": None, "last_student": date(2024, 1, 4)}, False),
        # 24 months after 29 February 2024 is 28 February 2026.
        ({"current_until": date(2025, 1, 1), "last_student": date(2024, 2, 29)}, True),  # either suffices
        ({"current_until": None, "last_student": None}, True),  # provisional
        ({"current_until": date(2020, 1, 1), "qualification": "trainee_1"}, True),  # trainees need none
        ({"current_until": date(2020, 1, 1), "qualification": "PEPS1"}, False),
    ],
)
def test_currency_on_the_start(facts: dict[str, Any], current: bool) -> None:
    assert is_current(b.educator(**facts), START, 24) is current


@pytest.mark.parametrize(
    ("facts", "away"),
    [
        ({}, False),
        ({"available_from": START}, False),
        ({"available_from": date(2026, 1, 6)}, True),
        ({"leaves_on": END}, False),
        ({"leaves_on": date(2026, 4, 9)}, True),
        ({"withdrawn_from": date(2026, 4, 11)}, False),
        ({"withdrawn_from": END}, True),
        ({"absent_from": END}, True),  # open to the right
        ({"absent_from": date(2026, 4, 11)}, False),
        ({"absent_to": START}, True),  # open to the left
        ({"absent_to": date(2026, 1, 4)}, False),
        ({"absent_from": date(2026, 2, 7), "absent_to": date(2026, 2, 8)}, False),  # a weekend
        ({"absent_from": date(2026, 4, 3), "absent_to": date(2026, 4, 5)}, False),  # a bank holiday and a weekend
        ({"absent_from": date(2026, 2, 6), "absent_to": date(2026, 2, 8)}, True),
        ({"absent_from": date(2025, 6, 1), "absent_to": date(2025, 9, 1)}, False),  # before it began
    ],
)
def test_away_on_a_working_day_of_the_window(facts: dict[str, Any], away: bool) -> None:
    assert is_away(b.educator(**facts), START, END, CALENDAR) is away


@pytest.mark.parametrize(
    ("facts", "basis"),
    [
        ({}, "in_team"),
        ({"team": "Y"}, "elsewhere"),
        ({"team": None}, "elsewhere"),
        ({"employed_by": "B"}, "elsewhere"),  # a named PE of another agency
        ({"employed_by": "partnership"}, "practice_consultant"),
        ({"employed_by": "independent", "team": "X"}, "independent"),
    ],
)
def test_basis(facts: dict[str, Any], basis: str) -> None:
    assert basis_of(b.educator(**facts), b.offer()) == basis


def test_pools_are_in_the_team_and_say_how_many_they_are() -> None:
    tbc = pool_candidate(EducatorEntry(kind="tbc"), b.offer(capacity=3), 3)
    own = pool_candidate(EducatorEntry(kind="own", qualification="trainee_2"), b.offer(), 1)
    assert (tbc.pe, tbc.qualification, tbc.basis, tbc.people, tbc.to_be_named) == (
        "TBC@O1",
        "PEPS2",
        "in_team",
        3,
        True,
    )
    assert (own.pe, own.is_trainee, own.to_be_named) == ("own trainee_2@O1", True, False)
    listed = listed_candidate(b.educator(load=4), b.offer())
    assert (listed.pe, listed.people, listed.is_trainee, listed.to_be_named) == ("E1", 4, False, False)
