"""E04: travel within the limit; an estimate excludes only well beyond it (S3.4)."""

import numpy as np

from allocator.terms.view import Mask, PairView

RULE = "E04"


def excludes(view: PairView) -> Mask:
    """Pairs whose measured time is over the limit, or whose estimate is beyond ``travel_estimate_percent`` of it."""
    found, limits = view.minutes, view.travel_limits
    share = np.where(found.measured, 100, view.terms.policy.travel_estimate_percent)
    too_far: Mask = (found.minutes >= 0) & (100 * found.minutes > share * limits)
    return too_far
