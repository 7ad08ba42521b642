"""The fewest published matches that move whatever the plan: the first thing proved where max_changes limits them.

An event (a place withdrawn, a PE who leaves, a first that was declined and whose final goes with it) may leave no plan
in which everything published stays. The least number that moves is found under all other hard rules; ``max_changes``
allows so many more, and so never clashes by itself.
"""

from typing import NamedTuple

import numpy as np

from allocator.eligibility import Eligibility
from allocator.engine.budget import Budget
from allocator.engine.model import Model, formulate
from allocator.engine.search import Search
from allocator.engine.working import large, some_columns
from allocator.formulation.program import Linear, Vector
from allocator.limits import max_changes
from models.policy import Tier

FEWEST = Tier(name="forced_changes", sense="min")


class Forced(NamedTuple):
    """The fewest changes, their bound, and the published requests that are counted."""

    fewest: int
    bound: int | None
    counted: tuple[str, ...]


class Bounded(NamedTuple):
    """The fewest changes (None: nothing limits them), and a solution in which no more move than may (None: none)."""

    forced: Forced | None
    solution: Vector | None


def bound_changes(model: Model, first: Vector | None, budget: Budget) -> Bounded | None:
    """Find the fewest changes and add the row of max_changes, before tiers are asked for.

    Parameters
    ----------
    model
        Every row but that one.
    first
        A first plan, where there is one.
    budget
        Its work is counted there; a run that it ends here may have a number that is not proved.

    Returns
    -------
    Bounded or None
        None where the rules clash.
    """
    matches = model.matches
    if not max_changes.applies(matches):
        return Bounded(None, first)
    changes = max_changes.moved(matches, matches.eligibility.horizon.in_force)
    bound: int | None = 0
    solution = first
    if first is None or changes.value(first):
        known = large(model)
        working = known.working if known else some_columns(model)
        found = Search(
            model.program, ((FEWEST, changes),), budget, lambda *_: None, start=first, working=working,
            large=known,
        ).run()  # fmt: skip
        if found.solution is None:
            return None
        solution, bound = found.solution, found.tiers[0].bound
    assert solution is not None
    fewest = changes.value(solution)
    most = fewest + (matches.policy.max_changes or 0)
    matches.fewest_changes = fewest
    max_changes.rows(matches)
    if first is not None and changes.value(first) <= most:
        solution = first
    return Bounded(Forced(fewest, bound, max_changes.counted(matches)), solution)


def fewest_unlocked(eligibility: Eligibility, budget: Budget) -> tuple[str, ...] | None:
    """The fewest promises that are not as they are published, in any plan; None where there is none.

    Parameters
    ----------
    eligibility
        With promises, of which any number may change.
    budget
        Its work is counted there; what it ends is no plan.
    """
    model = formulate(eligibility)
    staying = np.flatnonzero(model.matches.x.stands)
    changed = Linear.sum_of(staying, -1, constant=len(staying))
    known = large(model)
    working = known.working if known else some_columns(model)
    found = Search(model.program, ((FEWEST, changed),), budget, lambda *_: None, working=working, large=known).run()
    if found.solution is None or not found.tiers[0].proved:
        return None
    matches = model.matches
    stand = {matches.match(column).request.request for column in staying.tolist() if found.solution[column] > 0.5}
    return tuple(request for request in eligibility.as_promised if request not in stand)


def is_possible(eligibility: Eligibility, budget: Budget) -> bool:
    """Whether there is any plan at all.

    Parameters
    ----------
    eligibility
        Candidate pairs and PEs.
    budget
        Its work is counted there.
    """
    program = formulate(eligibility).program
    return Search(program, (), budget, lambda *_: None).run().solution is not None


def held(model: Model, solution: Vector) -> dict[str, tuple[str, str | None]]:
    """Published matches that a solution holds, as a plan in hand."""
    matches = model.matches
    there = matches.columns_as_published(matches.eligibility.horizon.in_force)
    chosen = there[np.round(solution[there]) > 0]
    found = (matches.match(column) for column in chosen.tolist())
    return {m.request.request: (m.offer.offer, None) for m in found}
