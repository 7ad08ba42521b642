"""max_changes: with a published plan at most so many of its matches may move (S5.11, S6.3).

sum over counted published requests of (1 - x[request, published offer]) <= max_changes.
"""

from collections.abc import Iterable

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Linear

RULE = "max_changes"


def moved(model: Formulation, requests: Iterable[str]) -> Linear:
    """Which of these published requests are now unplaced or at another offer, those freed left out."""
    counted = [r for r in requests if r not in model.freed]
    return Linear.sum_of(model.columns_as_published(counted), -1, constant=len(counted))


def rows(model: Formulation) -> None:
    """One row, where there is a published plan and a limit."""
    most = model.policy.max_changes
    if most is None or not model.eligibility.horizon.has_published:
        return
    changes = moved(model, model.eligibility.horizon.in_force)
    model.program.add_row(changes, rule=RULE, subject="published plan", upper=most - changes.constant)
