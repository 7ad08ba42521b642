"""L01: a request has at most one match, with exactly one PE; a fixed request has its match (E16).

sum over offers of x[request, offer] <= 1; a fix: >= 1. One PE per match is the balance of each group of matches:
sum of x = sum of its counts to pools.
"""

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Linear

RULE = "L01"


def rows(model: Formulation) -> None:
    """One row per request, and one per fix."""
    for request, columns in model.columns_of.items():
        total = Linear.sum_of(columns)
        model.program.add_row(total, rule=RULE, subject=request, upper=1)
        if request in model.eligibility.fixed:
            model.program.add_row(total, rule="E16", subject=request, lower=1)
