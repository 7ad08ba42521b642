"""What was typed about a published match is shown of that match, and of no other that the plan has instead."""

from datetime import date

import pytest

from allocator.views.actions import next_action
from allocator.views.published import has_changed, published_of
from models.entities import Published
from tests import builders as b
from tests.report.looking import facts_of, match

ROW = Published(
    request="S1/first", offer="O1", pe="E1", standing="in_force", status="sent_to_agency", owner="LM",
    due=date(2026, 1, 2), note="rang them",
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "offer", "pe", "changed"),
    [
        ({}, "O1", "E1", False),
        ({}, "O2", "E1", True),
        ({}, "O1", "E2", True),
        ({}, "O1", None, True),
        ({"pe": None}, "O1", "E2", False),
        ({"pe": "TBC PEPS2@O1"}, "O1", "E2", False),
        ({"standing": "kept"}, "O1", "E2", False),
        ({"standing": "kept"}, "O2", "E1", True),
    ],
)
def test_a_match_is_another_at_another_offer_or_with_another_pe(
    row: dict[str, str | None], offer: str, pe: str | None, changed: bool
) -> None:
    assert has_changed(ROW.model_copy(update=row), match(offer=offer, pe=pe)) == changed


def test_owner_and_due_are_of_the_match_that_is_published() -> None:
    data = b.dataset(
        students=(b.student(),), requests=(b.request(),), offers=(b.offer(), b.offer("O2", team="Y")), published=(ROW,)
    )
    same, moved = facts_of(data, match()), facts_of(data, match(offer="O2", pe="E2"))
    assert published_of(same, match()) == ROW
    assert (next_action(same, data.requests[0]).owner, next_action(same, data.requests[0]).due) == ("LM", ROW.due)
    assert published_of(moved, match(offer="O2", pe="E2")) is None
    assert (next_action(moved, data.requests[0]).owner, next_action(moved, data.requests[0]).due) != ("LM", ROW.due)
    freed = facts_of(data.model_copy(update={"published": (ROW.model_copy(update={"standing": "freed"}),)}), match())
    assert published_of(freed, match()) is None
