"""Changes to a published plan as the checker counts them; each expected number is derived beside it."""

from datetime import date
from typing import Any

import pytest

from models.dataset import Dataset
from models.entities import Offer, Published
from tests import builders as b
from tests.checker.judged import changed, tiers_of, wide
from tests.rules.case import decision
from tests.rules.limit_cases import firsts, match, pes, row


def published(offers: tuple[Offer, ...], *rows: Published, **parts: Any) -> Dataset:
    return b.dataset(**{"offers": offers, "published": rows, "educators": pes(3)} | firsts(3) | parts)


def test_changes_count_moved_and_dropped_requests_and_other_educators() -> None:
    offers = (wide(), wide(offer="O2"))
    dataset = published(offers, *(row(f"S{i}/first", "O1", "in_force", pe=f"E{i}") for i in (1, 2, 3)))
    # S1 moved to O2, S2 dropped, S3 has another PE at its offer.
    found = tiers_of(dataset, (match(1, "O2", "E1"), match(3, "O1", "E2")))
    assert (found["changes.offers"], found["changes.educators"]) == (2, 1)


@pytest.mark.parametrize(
    "freed",
    [
        {"offers": (wide(withdrawn=True), wide(offer="O2"))},
        {"decisions": (decision("do_not_match", request="S1/first", offer="O1"),)},
        {"decisions": (decision("fix", request="S1/first", offer="O2"),)},
        # Nobody is left who may supervise at O1: E1 and E2 are not registered.
        {"educators": (b.educator("E1", registered="no"), b.educator("E2", team="Y")),
         "offers": (wide(educators=b.named("E1")), wide(offer="O2", team="Y"))},
        {"requests": (b.request("S1/first", set_aside="unreadable"),)},
    ],
)  # fmt: skip
def test_a_freed_request_is_no_change(freed: dict[str, Any]) -> None:
    dataset = published((wide(), wide(offer="O2")), row("S1/first", "O1", "in_force"))
    assert tiers_of(dataset, (match(1, "O2", "E2"),))["changes.offers"] == 1
    assert tiers_of(changed(dataset, **freed), (match(1, "O2", "E2"),))["changes.offers"] == 0


@pytest.mark.parametrize("gone", [{"registered": "no"}, {"leaves_on": date(2026, 2, 1)}])
def test_a_published_pe_who_may_not_stay_is_no_change(gone: dict[str, Any]) -> None:
    dataset = published((wide(),), row("S1/first", "O1", "in_force", pe="E1"))
    assert tiers_of(dataset, (match(1, "O1", "E2"),))["changes.educators"] == 1
    without = changed(dataset, educators=(b.educator("E1", **gone), b.educator("E2")))
    assert tiers_of(without, (match(1, "O1", "E2"),))["changes.educators"] == 0


def test_a_pe_whom_a_fix_replaced_is_no_change() -> None:
    dataset = published((wide(),), row("S1/first", "O1", "in_force", pe="E1"))
    for fixed_pe, count in (("E2", 0), (None, 1)):
        fix = decision("fix", request="S1/first", offer="O1", pe=fixed_pe)
        assert tiers_of(changed(dataset, decisions=(fix,)), (match(1, "O1", "E2"),))["changes.educators"] == count


def test_changes_are_no_tier_without_a_published_plan() -> None:
    assert "changes.offers" not in tiers_of(published((wide(),), row("S1/first", "O1", "freed")), ())
    # A kept match cannot change, but then there is a published plan.
    kept = published((wide(),), row("S1/first", "O1", "kept"))
    assert tiers_of(kept, (match(1, "O1", "E1"),))["changes.offers"] == 0
