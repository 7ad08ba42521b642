"""L06: a final in the horizon only with its first, and on a later working day than the first ends (S5.4)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms

RULE = "L06"
LOOKS_AT = ("start", "end")
"""Facts of the two placements that ``pair_breaks`` looks at."""


def pair_breaks(_terms: Terms, first: Placement, final: Placement) -> bool:
    """The final starts before the first has ended (history is always before)."""
    return first.end is not None and final.start is not None and final.start <= first.end
