"""Candidate pairs and PEs, and why others are excluded. Solver-free."""

from allocator.eligibility.eligibility import Eligibility, Pair

__all__ = ["Eligibility", "Pair"]
