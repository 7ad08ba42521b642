"""Candidate pairs and PEs, and why others are excluded. Solver-free."""

from allocator.eligibility.eligibility import Eligibility
from allocator.eligibility.neighbours import are_alike, educators_withdrawn_since, withdrawn_since
from allocator.eligibility.pairs import Codes, Pair, PairTable, SlotChoice
from allocator.eligibility.published import AsPublished, Promised, unlocked

__all__ = [
    "AsPublished",
    "Codes",
    "Eligibility",
    "Pair",
    "PairTable",
    "Promised",
    "SlotChoice",
    "are_alike",
    "educators_withdrawn_since",
    "unlocked",
    "withdrawn_since",
]
