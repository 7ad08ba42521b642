"""max_changes: so many published matches may move beyond the fewest that events force (S5.11, S6.3).

sum over counted published requests of (1 - x[request, published offer]) <= fewest + max_changes, where ``fewest`` is
the least value of the same sum under all other rows. Of promises that a question lets move, at most as many as it
allows are not as they are published.
"""

from collections.abc import Iterable

import numpy as np

from allocator.formulation.matches import Formulation
from allocator.formulation.program import Linear

RULE = "max_changes"


def counted(model: Formulation) -> tuple[str, ...]:
    """Published requests in force that count as a change when they are unplaced or elsewhere (S6.3)."""
    return tuple(r for r in model.eligibility.horizon.in_force if r not in model.freed)


def moved(model: Formulation, requests: Iterable[str]) -> Linear:
    """Which of these published requests are now unplaced or at another offer, those freed left out."""
    there = [r for r in requests if r not in model.freed]
    return Linear.sum_of(model.columns_as_published(there), -1, constant=len(there))


def applies(model: Formulation) -> bool:
    """Whether there is a published plan, and a limit on its changes."""
    policy = model.policy
    return policy.max_changes is not None and policy.on(RULE) and model.eligibility.horizon.has_published


def rows(model: Formulation) -> None:
    """One row for promises that may move, and one where there is a limit, once the fewest changes are known."""
    promised = model.eligibility.promised
    if promised is not None and model.fewest_changes is None:
        staying = np.flatnonzero(model.x.stands)
        least = len(staying) - promised.most
        model.program.add_row(Linear.sum_of(staying), rule=RULE, subject="promises", lower=least)
    most = model.policy.max_changes
    if most is None or model.fewest_changes is None or not applies(model):
        return
    changes = moved(model, model.eligibility.horizon.in_force)
    upper = model.fewest_changes + most - changes.constant
    model.program.add_row(changes, rule=RULE, subject="published plan", upper=upper)
