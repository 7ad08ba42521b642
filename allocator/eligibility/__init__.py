"""Candidate pairs and PEs, and why others are excluded. Solver-free."""

from allocator.eligibility.eligibility import Eligibility
from allocator.eligibility.pairs import Codes, Pair, PairTable, SlotChoice

__all__ = ["Codes", "Eligibility", "Pair", "PairTable", "SlotChoice"]
