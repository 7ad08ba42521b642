"""E04: travel within the limit; an estimate excludes only well beyond it (S3.4)."""

from allocator.terms.view import Mask, PairView

RULE = "E04"


def excludes(view: PairView) -> Mask:
    """Pairs with a site measured over the limit, or estimated beyond ``travel_estimate_percent`` of it."""
    too_far = view.beyond_limit(view.minutes.estimated, view.terms.policy.travel_estimate_percent)
    if (view.minutes.measured >= 0).any():
        too_far |= view.beyond_limit(view.minutes.measured)
    return too_far
