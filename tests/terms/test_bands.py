"""Preference bands at their borders (S6.7)."""

import random
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from allocator.terms.bands import Placements, bands_of, number_of_bands, points
from models.entities import Offer, Student
from models.policy import Policy
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


# ---- many pairs at once --------------------------------------------------------------------------------------------
AREAS, AGENCIES = ("children", "adults", "health", "justice"), ("A", "B", "C", "D")


def exact_points(student: Student, offer: Offer, minutes: int | None, settings: Policy) -> Fraction:
    """S6.7 in exact fractions."""

    def by_rank(preferred: tuple[str, ...], found: tuple[str, ...], scale: tuple[int, ...]) -> Fraction:
        if not preferred:
            return Fraction(scale[0], 2) if scale else Fraction(0)
        ranks = [i for i, wanted in enumerate(preferred) if wanted in found]
        return Fraction(scale[ranks[0]]) if ranks and ranks[0] < len(scale) else Fraction(0)

    own = settings.travel_limit if student.limit_minutes is None else student.limit_minutes
    most, target = min(own, settings.travel_limit), settings.travel_target
    if minutes is None:
        travel = Fraction(settings.points_travel, 2)
    elif minutes <= min(target, most):
        travel = Fraction(settings.points_travel)
    elif most <= target:
        travel = Fraction(0)
    else:
        travel = max(Fraction(0), Fraction(settings.points_travel * (most - minutes), most - target))
    areas = by_rank(student.preferred_areas, offer.areas, settings.points_area)
    return areas + by_rank(student.preferred_agencies, (offer.agency,), settings.points_agency) + travel


def exact_band(student: Student, offer: Offer, found: Fraction, settings: Policy, bands: int) -> int:
    for rank, tied in enumerate(student.ranked_offers, start=1):
        if offer.offer in tied:
            return rank
    if student.ranked_offers:
        return bands
    return next((n for n, least in enumerate(settings.band_points, start=1) if found >= least), 5)


def test_many_pairs_have_the_bands_of_each_alone() -> None:
    luck, ranked, seen = random.Random(7), 0, Counter[int]()
    for _ in range(20):
        settings = policy(
            points_agency=luck.choice(((0,), (20, 10), ())), travel_target=luck.choice((30, 40)),
            travel_limit=luck.choice((40, 90)), points_travel=luck.choice((40, 37)),
        )  # fmt: skip
        offers = [
            b.offer(f"O{i}", areas=tuple(luck.sample(AREAS, luck.randint(0, 3))), agency=luck.choice(AGENCIES))
            for i in range(6)
        ]
        students = []
        for i in range(8):
            order = luck.sample([o.offer for o in offers], 4)
            students.append(
                b.student(
                    f"S{i}", preferred_areas=tuple(luck.sample(AREAS, luck.randint(0, 4))),
                    preferred_agencies=tuple(luck.sample(AGENCIES, luck.randint(0, 3))),
                    limit_minutes=luck.choice((None, 25, 45, 70, 120)),
                    ranked_offers=((order[0],), (order[1], order[2]), (order[3],)) if luck.random() < 0.2 else (),
                )
            )  # fmt: skip
        pairs = [(luck.randrange(8), luck.randrange(6), luck.choice((None, *range(0, 131)))) for _ in range(60)]
        placed = Placements(
            students, offers, np.array([s for s, _, _ in pairs], dtype=np.int32),
            np.array([o for _, o, _ in pairs], dtype=np.int32),
            np.array([-1 if m is None else m for _, _, m in pairs], dtype=np.int32),
        )  # fmt: skip
        found = points(placed, settings)
        exact = [exact_points(students[s], offers[o], m, settings) for s, o, m in pairs]
        fractions = map(Fraction, found.numerator.tolist(), found.denominator.tolist())
        assert list(fractions) == exact
        bands = bands_of(placed, settings, 5).tolist()
        expected = [
            exact_band(students[s], offers[o], x, settings, 5) for (s, o, _), x in zip(pairs, exact, strict=True)
        ]
        assert bands == expected
        seen.update(expected)
        ranked += sum(bool(students[s].ranked_offers) for s, _, _ in pairs)
    assert ranked > 50
    assert set(seen) == {1, 2, 3, 4, 5}


def test_no_pairs_have_no_bands() -> None:
    nothing = np.zeros(0, dtype=np.int32)
    assert bands_of(Placements([], [], nothing, nothing, nothing), policy(), 5).tolist() == []
    assert bands_of(Placements([b.student()], [b.offer()], nothing, nothing, nothing), policy(), 5).tolist() == []


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
