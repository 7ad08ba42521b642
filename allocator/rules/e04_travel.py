"""E04: travel within the limit; an estimate excludes only well beyond it (S3.4)."""

from allocator.terms.view import Mask, PairView

RULE = "E04"


def excludes(view: PairView) -> Mask:
    """Pairs whose measured time is over the limit, or whose estimate is beyond ``travel_estimate_percent`` of it."""
    too_far = view.beyond_limit(view.terms.policy.travel_estimate_percent)
    measured = view.minutes.measured
    if measured.any():
        too_far[measured] = view.beyond_limit()[measured]
    return too_far
