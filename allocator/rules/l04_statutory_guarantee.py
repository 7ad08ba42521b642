"""L04: of a student's two placements at least one is statutory, or may be, by the test that the policy names (S5.5)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms

RULE = "L04"
LOOKS_AT = ("guarantee",)
"""Facts of the two placements that ``pair_breaks`` looks at."""


def pair_breaks(_terms: Terms, first: Placement, final: Placement) -> bool:
    """Of neither of the two it is said, or left open, that it is statutory."""
    return first.guarantee == final.guarantee == "not_statutory"


def alone_breaks(_terms: Terms, final: Placement) -> bool:
    """A final whose first placement is not recorded has to be statutory, or may be."""
    return final.guarantee == "not_statutory"
