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
    assert found.startswith("Published plan: events force 1 change, and the limit on moves allows 0 more. S")
    assert found.endswith("/first leaves O1, and is not placed: Capacity (L02): offer O1.")


def test_what_an_event_ends_and_what_it_forces() -> None:
    # S1's agency declined, so its match is ended; O1 lost a place besides, so one of S2 and S3 has to move: to O2, S1's.
    rows = tuple(Published(request=f"S{i}/first", offer="O1", pe="E1", standing="in_force") for i in (2, 3))
    ended = Published(request="S1/first", offer="O2", pe="E1", standing="freed", status="declined")
    data = b.dataset(
        offers=(b.offer(capacity=1), b.offer("O2")), educators=pes(1, load=3), published=(ended, *rows), **firsts(3)
    )
    found = forced_words(allocate(data, policy()).plan)
    assert found is not None
    assert found.startswith(
        "Published plan: events end 1 match and force 1 change, and the limit on moves allows 0 more. "
        "S1/first leaves O2, and is not placed: its status is declined. S"
    )
    assert found.endswith("/first leaves O1, for O2: Capacity (L02): offer O1.")


def test_what_an_event_ends_where_nobody_else_moves() -> None:
    ended = Published(request="S1/first", offer="O1", pe="E1", standing="freed", status="meeting_failed")
    stays = Published(request="S2/first", offer="O1", pe="E1", standing="in_force")
    data = b.dataset(offers=(b.offer(), b.offer("O2")), educators=pes(1, load=2), published=(ended, stays), **firsts(2))
    assert forced_words(allocate(data, policy()).plan) == (
        "Published plan: events end 1 match, and no other match moves; the limit on moves allows 0. "
        "S1/first leaves O1, for O2: its status is meeting_failed."
    )


def test_nobody_moves() -> None:
    assert words(2, max_changes=3) == "Published plan: no match moves; the limit on moves allows 3."


@pytest.mark.parametrize("chosen", [policy(max_changes=None), policy(rules_off=("max_changes",))])
def test_no_line_without_a_limit(chosen: Policy) -> None:
    assert words(1, **{k: getattr(chosen, k) for k in ("max_changes", "rules_off")}) is None
