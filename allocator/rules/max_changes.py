"""max_changes: with a published plan at most so many of its matches may move (S5.11, S6.3).

sum over counted published requests of (1 - x[request, published offer]) <= max_changes.
"""

from collections.abc import Iterable

import numpy as np

from allocator.engine.formulation import Formulation
from allocator.engine.program import Indexes, Linear

RULE = "max_changes"
NONE: Indexes = np.zeros(0, dtype=np.int64)


def moved(model: Formulation, requests: Iterable[str]) -> Linear:
    """Which of these published requests are now unplaced or at another offer, those freed left out."""
    stayed: list[Linear] = []
    for request in requests:
        published = model.eligibility.horizon.in_force[request]
        if request not in model.freed:
            columns = model.columns_of.get(request, NONE)
            at = [c for c in columns.tolist() if model.match(c).offer.offer == published.offer]
            stayed.append(Linear.sum_of(at, -1, constant=1))
    return Linear.total(stayed)


def rows(model: Formulation) -> None:
    """One row, where there is a published plan and a limit."""
    most = model.policy.max_changes
    if most is None or not model.eligibility.horizon.has_published:
        return
    changes = moved(model, model.eligibility.horizon.in_force)
    model.program.add_row(changes, rule=RULE, subject="published plan", upper=most - changes.constant)
