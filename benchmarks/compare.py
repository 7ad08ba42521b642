"""Which of two plans is better: the tiers in the policy's order, as the checker recomputes them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.plan import TierResult

THROUGH = "travel"
"""Peers are compared up to this tier; the draw after it decides between plans that are equal for everybody."""


def worth(tiers: Iterable[TierResult]) -> tuple[int, ...]:
    """The tiers of a plan so that the greater tuple is the better plan."""
    return tuple(tier.value if tier.sense == "max" else -tier.value for tier in tiers)


def compared(tiers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The tiers (of a line of a study) that peers are compared on: all through travel."""
    names = [tier["tier"] for tier in tiers]
    return list(tiers[: names.index(THROUGH) + 1] if THROUGH in names else tiers)


def order(tiers: Sequence[Mapping[str, Any]], values: Mapping[str, int]) -> tuple[int, ...] | None:
    """Values as a tuple of which the greater is the better, in the order of ``tiers``; None where one is missing."""
    if any(tier["tier"] not in values for tier in tiers):
        return None
    return tuple(values[tier["tier"]] * (1 if tier["sense"] == "max" else -1) for tier in tiers)


def first_difference(tiers: Sequence[Mapping[str, Any]], values: Mapping[str, int]) -> tuple[str, int] | None:
    """The first tier on which values differ from those of ``tiers``, and by how much they are better (or -worse)."""
    for tier in tiers:
        name = tier["tier"]
        if name not in values:
            return None
        if values[name] != tier["value"]:
            return name, (values[name] - tier["value"]) * (1 if tier["sense"] == "max" else -1)
    return None
