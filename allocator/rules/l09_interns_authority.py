"""L09: an intern's two placements are with one partner authority (S5.9)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms
from models.entities import Student

RULE = "L09"
LOOKS_AT = ("partner_authority", "shared")
"""Facts of the two placements that ``pair_breaks`` looks at."""


def applies(_terms: Terms, student: Student) -> bool:
    """Interns only."""
    return student.scheme == "intern"


applies_alone = applies


def alone_breaks(_terms: Terms, placement: Placement) -> bool:
    """An agency that is no member, or no authority; not known is never "no"."""
    return placement.partner_authority == "no"


def pair_breaks(_terms: Terms, first: Placement, final: Placement) -> bool:
    """One of them is with no partner authority, or they share none (or not the agency: by policy)."""
    if "no" in (first.partner_authority, final.partner_authority):
        return True
    if first.shared is None or final.shared is None:
        return False
    return not first.shared & final.shared
