"""The reference: the textbook formulation in PuLP, one binary per eligible request, offer and PE.

It is written to be read beside the rule catalogue and SEMANTICS: slow and obvious. Read ``eligible`` (which binaries
exist), ``limits`` and ``pairs`` (what may hold together), ``tiers`` (what is better), in the order of ``formulation``.
"""

from allocator.reference.exporting import export
from allocator.reference.formulation import RULES
from allocator.reference.lexicographic import ReferenceResult, Solver, solve

__all__ = ["RULES", "ReferenceResult", "Solver", "export", "solve"]
