"""What stands in the way where placements of the year that are no matches of the plan count (L07, L08, L10)."""

from datetime import date
from typing import Any

import pytest

from allocator.pipeline import allocate
from models.entities import Published
from tests import builders as b
from tests.reasons.explained import explained
from tests.rules.case import policy

OVER = Published(request="S9/first", offer="O1", standing="over", status="ended", start=date(2025, 9, 8), pe="E1")


def test_a_maximum_that_is_reached_by_a_placement_that_is_over() -> None:
    data = b.dataset(agencies=(b.agency(maximum_in_year=1),), published=(OVER,))
    [near] = explained(data).nearest
    assert (near.rules, near.sentence) == (("L10",), "O1 (A, X): A's maximum of 1 in the year is reached.")
    [lift] = near.lifts
    assert (lift.kind, lift.subject, lift.value) == ("maximum", "A", "2")
    raised = data.model_copy(update={"agencies": (b.agency(maximum_in_year=2),)})
    assert allocate(raised, policy()).plan.unplaced == ()


def test_a_hard_range_that_is_reached_by_placements_that_are_over() -> None:
    # D = 1 + 3 over = 4, T = floor(3.5) = 3: A is asked for 0 (0.3) and B for 3; A's ceiling of 1 is reached.
    over = tuple(OVER.model_copy(update={"request": f"S{n}/first"}) for n in (7, 8, 9))
    agencies = (b.agency(social_workers_fte=1), b.agency("B", social_workers_fte=9))
    data = b.dataset(agencies=agencies, published=over)
    [near] = explained(data, fair_share_hard=True).nearest
    assert (near.rules, near.sentence) == (("L08",), "O1 (A, X): A is at the top of its range: 1.")
    assert [(lift.kind, lift.subject) for lift in near.lifts] == [("setting", "fair_share_hard")]


@pytest.mark.parametrize(
    ("counts", "changes"),
    [
        ("off_site", {"offers": (b.offer(team="Y"),), "educators": (b.educator(long_arm=True),)}),
        ("outside", {"agencies": (b.agency(membership="outside"),)}),
    ],
)
def test_an_independent_in_another_sense_beyond_the_cap(counts: str, changes: dict[str, Any]) -> None:
    # 1 of 1 is more than 20%; by the default list neither counts.
    data = b.dataset(**changes)
    left = explained(data, independent_counts=(counts,))
    assert left.nearest[0].rules == ("L07",)
    assert "exception" in {lift.kind for lift in left.nearest[0].lifts}
    assert allocate(data, policy()).plan.unplaced == ()
