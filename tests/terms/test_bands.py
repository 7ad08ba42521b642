"""Preference bands at their borders (S6.7)."""

from fractions import Fraction
from typing import Any

import pytest

from allocator.terms.bands import number_of_bands, points, points_band, ranked_band
from tests import builders as b
from tests.rules.case import policy


def total(
    minutes: int | None, settings: dict[str, Any] | None = None, offer: dict[str, Any] | None = None, **student: Any
) -> Fraction:
    return points(b.student(**student), b.offer(**offer or {}), minutes, policy(**settings or {}))


@pytest.mark.parametrize(
    ("points_found", "band"),
    [
        (Fraction(100), 1), (Fraction(80), 1), (Fraction(79), 2), (Fraction(239, 3), 2), (Fraction(60), 2),
        (Fraction(59), 3), (Fraction(40), 3), (Fraction(39), 4), (Fraction(20), 4), (Fraction(19), 5), (Fraction(0), 5),
    ],
)  # fmt: skip
def test_borders_of_the_bands(points_found: Fraction, band: int) -> None:
    assert points_band(points_found, policy()) == band


@pytest.mark.parametrize(
    ("preferred", "areas", "area_points"),
    [
        ((), ("children",), 30),  # not stated: half of the first rank's 60
        (("children",), ("children",), 60),
        (("adults", "children"), ("children",), 40),
        (("adults", "children"), ("children", "adults"), 60),  # by the best-ranked one
        (("a", "b", "children"), ("children",), 20),
        (("a", "b", "c", "children"), ("children",), 0),  # the fourth rank has no points
        (("adults",), ("children",), 0),
        (("adults",), (), 0),
    ],
)
def test_points_of_an_area(preferred: tuple[str, ...], areas: tuple[str, ...], area_points: int) -> None:
    # 40 more for travel within the target, and nothing for agencies.
    assert total(20, offer={"areas": areas}, preferred_areas=preferred) == area_points + 40


@pytest.mark.parametrize(
    ("preferred", "agency_points"), [((), 10), (("A",), 20), (("B", "A"), 5), (("B",), 0), (("B", "C", "A"), 0)]
)
def test_points_of_an_agency_where_the_policy_gives_some(preferred: tuple[str, ...], agency_points: int) -> None:
    # 30 for areas not stated, 40 for travel.
    found = total(20, {"points_agency": (20, 5)}, preferred_agencies=preferred)
    assert found == 30 + agency_points + 40


def test_a_policy_without_agency_points_gives_none() -> None:
    assert total(20, {"points_agency": ()}) == 70


@pytest.mark.parametrize(
    ("minutes", "limit", "travel_points"),
    [
        (60, None, Fraction(40)),  # target 60
        (61, None, Fraction(40 * 29, 30)),  # (90 - 61) / (90 - 60)
        (75, None, Fraction(20)),
        (90, None, Fraction(0)),
        (95, None, Fraction(0)),  # never below 0
        (70, 80, Fraction(20)),  # (80 - 70) / (80 - 60)
        (45, 45, Fraction(40)),  # within a limit below the target
        (46, 45, Fraction(0)),  # beyond it: nothing to divide by
        (70, 120, Fraction(80, 3)),  # the policy's 90 is the smaller limit: 40 x 20 / 30
        (None, None, Fraction(20)),  # not known: half
    ],
)
def test_points_of_travel(minutes: int | None, limit: int | None, travel_points: Fraction) -> None:
    assert total(minutes, limit_minutes=limit) - 30 == travel_points


def test_ranked_offers_have_dense_ranks_and_others_the_last_band() -> None:
    # O12 > O7 = O9 > O3 (1, 2, 2, 3)
    student = b.student(ranked_offers=(("O12",), ("O7", "O9"), ("O3",)))
    assert [ranked_band(student, o, 5) for o in ("O12", "O7", "O9", "O3", "O1")] == [1, 2, 2, 3, 5]


@pytest.mark.parametrize(
    ("ranks", "bands"),
    [
        ([], 0),  # nobody asks for anything
        ([0], 5),  # by points
        ([2], 2),  # ranked alone
        ([2, 3], 3),
        ([2, 0], 5),
        ([7, 0], 7),
    ],
)
def test_number_of_bands(ranks: list[int], bands: int) -> None:
    students = [b.student(ranked_offers=tuple((f"O{i}",) for i in range(n))) for n in ranks]
    assert number_of_bands(students) == bands
