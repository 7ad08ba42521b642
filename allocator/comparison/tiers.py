"""Tiers before and after, and which of two plans is better by their order."""

from collections.abc import Iterable, Sequence

from models.comparison import TierChange, Verdict
from models.plan import TierResult


def tier_changes(before: Sequence[TierResult], after: Sequence[TierResult]) -> tuple[TierChange, ...]:
    """Every tier of both orders, those of the later order first and in its order.

    Parameters
    ----------
    before, after
        Tiers in the order of the policy, as the engine or the checker counts them.

    Returns
    -------
    tuple of TierChange
        Tiers that are the same too.
    """
    was, is_ = {t.tier: t for t in before}, {t.tier: t for t in after}
    return tuple(_change(name, was.get(name), is_.get(name)) for name in [*is_, *(n for n in was if n not in is_)])


def _change(name: str, was: TierResult | None, is_: TierResult | None) -> TierChange:
    known = is_ or was
    assert known is not None
    difference = is_.value - was.value if was and is_ else None
    same_sense = was is not None and is_ is not None and was.sense == is_.sense
    return TierChange(
        tier=name,
        sense=known.sense,
        before=was.value if was else None,
        after=is_.value if is_ else None,
        difference=difference,
        verdict=_verdict(difference, known.sense == "max") if difference is not None and same_sense else None,
        proved_before=was is not None and was.proved,
        proved_after=is_ is not None and is_.proved,
    )


def _verdict(difference: int, more_is_better: bool) -> Verdict:
    if not difference:
        return "same"
    return "better" if (difference > 0) == more_is_better else "worse"


def first_difference(changes: Iterable[TierChange]) -> TierChange | None:
    """The first tier that differs: it decides which of two plans is better. None where they are equal."""
    return next((c for c in changes if c.verdict != "same"), None)


def worth(tiers: Iterable[TierResult]) -> tuple[int, ...]:
    """The tiers of a plan so that the greater tuple is the better plan."""
    return tuple(tier.value if tier.sense == "max" else -tier.value for tier in tiers)
