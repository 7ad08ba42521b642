"""Preference bands at their borders (S6.7)."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from allocator.terms.bands import Placements, bands_of, number_of_bands, points
from models.entities import Offer, Student
from tests import builders as b
from tests.rules.case import policy

ONE = np.zeros(1, dtype=np.int32)


def pair(minutes: int | None, student: Student, offer: Offer) -> Placements:
    return Placements([student], [offer], ONE, ONE, ONE + (-1 if minutes is None else minutes))


def total(
    minutes: int | None, settings: dict[str, Any] | None = None, offer: dict[str, Any] | None = None, **student: Any
) -> Fraction:
    found = points(pair(minutes, b.student(**student), b.offer(**offer or {})), policy(**settings or {}))
    return Fraction(int(found.numerator[0]), int(found.denominator[0]))


@pytest.mark.parametrize(
    ("preferred", "minutes", "band"),
    [
        # 60 for the area wanted, and 40 within the target; (90 - m) x 40 / 30 beyond it
        (("children",), 60, 1),
        (("children",), 75, 1),  # 60 + 20 = 80, the border itself
        (("children",), 76, 2),  # 60 + 18.67
        (("children",), 90, 2),  # 60 + 0
        (("adults", "children"), 75, 2),  # 40 + 20
        (("adults", "children"), 76, 3),
        (("adults", "children"), 90, 3),  # 40
        (("adults",), 60, 3),  # 0 + 40
        (("adults",), 61, 4),
        (("adults",), 75, 4),  # 20
        (("adults",), 76, 5),
        (("adults",), 90, 5),
    ],
)
def test_borders_of_the_bands(preferred: tuple[str, ...], minutes: int, band: int) -> None:
    placed = pair(minutes, b.student(preferred_areas=preferred), b.offer(areas=("children",)))
    assert bands_of(placed, policy(), 5).tolist() == [band]


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
    offers = [b.offer(o) for o in ("O12", "O7", "O9", "O3", "O1")]
    every = np.arange(5, dtype=np.int32)
    assert bands_of(Placements([student], offers, 0 * every, every, 0 * every), policy(), 5).tolist() == [1, 2, 2, 3, 5]


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
