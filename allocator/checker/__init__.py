"""The checker: judges any plan, in its own words, with nothing but the models and the standard library.

It is the executable specification: to be read beside ``models/RULES.md`` and the clauses of ``models/SEMANTICS.md``.
"""

from allocator.checker.check import CHECKED, check, eligible, eligible_pair, violations
from allocator.checker.lifted import LiftedCheck
from allocator.checker.one_more import OneMore

__all__ = ["CHECKED", "LiftedCheck", "OneMore", "check", "eligible", "eligible_pair", "violations"]
