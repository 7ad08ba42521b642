"""Which of two plans of a study is better: the tiers of its lines, compared as every two results are."""

from collections.abc import Mapping, Sequence
from typing import Any

from allocator.comparison.tiers import first_difference, tier_changes, worth
from models.comparison import TierChange
from models.plan import TierResult

THROUGH = "travel"
"""Peers are compared up to this tier; the draw after it decides between plans that are equal for everybody."""


def compared(tiers: Sequence[Mapping[str, Any]]) -> list[TierResult]:
    """The tiers (of a line of a study) that peers are compared on: all through travel."""
    names = [tier["tier"] for tier in tiers]
    shown = tiers[: names.index(THROUGH) + 1] if THROUGH in names else tiers
    return [TierResult.model_validate(tier) for tier in shown]


def order(tiers: Sequence[TierResult], values: Mapping[str, int]) -> tuple[int, ...] | None:
    """Values as a tuple of which the greater is the better, in the order of ``tiers``; None where one is missing."""
    if any(tier.tier not in values for tier in tiers):
        return None
    return worth(tier.model_copy(update={"value": values[tier.tier]}) for tier in tiers)


def decides(line: Mapping[str, Any], engine: Mapping[str, Any]) -> TierChange | None:
    """The first tier on which the plan of a line differs from that of the engine; None where none does."""
    tiers = compared(engine["tiers"])
    return first_difference(tier_changes(tiers, compared(line["tiers"])[: len(tiers)]))
