"""L04: of a student's two placements so many are statutory, or may be, as the policy asks of the programme (S5.5)."""

from allocator.terms.placement import Placement
from allocator.terms.view import Terms
from models.entities import Student

RULE = "L04"
LOOKS_AT = ("guarantee",)
"""Facts of the two placements that ``pair_breaks`` looks at."""


def applies(terms: Terms, student: Student) -> bool:
    """To the two together where one of them is enough."""
    return terms.policy.least_statutory(student.programme) == 1


def applies_alone(terms: Terms, student: Student) -> bool:
    """To each of the two where both are asked for: what a fact has spoilt is no reason to place nobody."""
    return terms.policy.least_statutory(student.programme) == 2


def alone_breaks(_terms: Terms, placement: Placement) -> bool:
    """One of two that have to be statutory is said not to be."""
    return placement.guarantee == "not_statutory"


def pair_breaks(_terms: Terms, first: Placement, final: Placement) -> bool:
    """Of neither of the two it is said, or left open, that it is statutory."""
    return first.guarantee == final.guarantee == "not_statutory"
