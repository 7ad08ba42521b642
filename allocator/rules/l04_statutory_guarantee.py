"""L04: of a student's two placements at least one is statutory, by the test that the policy names (S5.5)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms

RULE = "L04"
LOOKS_AT = ("statutory",)
"""Facts of the two placements that ``pair_breaks`` looks at."""


def pair_breaks(_terms: Terms, first: Placement, final: Placement) -> bool:
    """Neither of the two is statutory."""
    return not (first.statutory or final.statutory)


def alone_breaks(_terms: Terms, final: Placement) -> bool:
    """A final whose first placement is not recorded has to be statutory."""
    return not final.statutory
