"""What of the published plan moves, in one line."""

import pytest

from allocator.pipeline import allocate
from allocator.views.forced import forced_words
from models.entities import Published
from models.policy import Policy
from tests import builders as b
from tests.rules.case import policy
from tests.rules.limit_cases import firsts, pes


def words(capacity: int, **settings: object) -> str | None:
    rows = tuple(Published(request=f"S{i}/first", offer="O1", pe="E1", standing="in_force") for i in (1, 2))
    data = b.dataset(offers=(b.offer(capacity=capacity),), educators=pes(1, load=2), published=rows, **firsts(2))
    return forced_words(allocate(data, policy(**settings)).plan)


def test_two_published_at_one_place() -> None:
    found = words(1)
    assert found is not None
    assert found.startswith("Published plan: events force 1 change, and max_changes allows 0 more. S")
    assert found.endswith("/first leaves O1: Capacity (L02).")


def test_nobody_moves() -> None:
    assert words(2, max_changes=3) == "Published plan: no match moves; max_changes allows 3."


@pytest.mark.parametrize("chosen", [policy(max_changes=None), policy(rules_off=("max_changes",))])
def test_no_line_without_a_limit(chosen: Policy) -> None:
    assert words(1, **{k: getattr(chosen, k) for k in ("max_changes", "rules_off")}) is None
