"""L09: an intern's two placements share an authority (S5.9)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms
from models.entities import Student

RULE = "L09"
LOOKS_AT = ("authorities", "any_authority", "in_plan")
"""Facts of the two placements that ``pair_breaks`` looks at."""


def applies(_terms: Terms, student: Student) -> bool:
    """Interns only."""
    return student.scheme == "intern"


def pair_breaks(_terms: Terms, first: Placement, final: Placement) -> bool:
    """No authority in common; not known is never "no", and a history without recorded authorities is not judged."""
    if first.any_authority or final.any_authority or (not first.in_plan and not first.authorities):
        return False
    return not first.authorities & final.authorities
