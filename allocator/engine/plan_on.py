"""A plan on a face, as soon as there is one: what a relaxed solution is already, near it, or anywhere."""

from typing import NamedTuple

import numpy as np

from allocator.engine import highs
from allocator.engine.budget import Budget
from allocator.engine.dive import Dive
from allocator.engine.face import Face, beside
from allocator.engine.relaxation import Relaxation, Working
from allocator.engine.working import Large
from allocator.formulation.program import Mask, Program, Vector
from models.run import Limits

SEARCH_SHARE = 60_000
"""Work units of one integer search before the second opinion is asked; both then grow."""

WIDE = 5_000
"""Most open columns that are searched together for any plan; where more are, those that some tier wanted are."""


class Asked(NamedTuple):
    """Where a plan is looked for: ``among`` are the columns that some tier wanted, ``cost`` is what matters next."""

    face: Face
    among: Mask
    relaxed: Vector | None
    cost: Vector


def plan_on(
    program: Program, asked: Asked, large: Large | None, budget: Budget, *, first_costs: bool, thorough: bool
) -> Vector | None:
    """A plan on a face; None where there is none or none was found in a fair share of work.

    The relaxed solution may be one already, and often one agrees with it wherever it is whole and above 0. Then all
    that are open are tried, or, where these are many, the columns that some tier wanted, in a large program by a dive
    first: a plan among them is as good as any, and that there is none is not concluded.

    Parameters
    ----------
    program, asked
        What is solved, and where a plan is looked for.
    large
        Of a large program.
    budget
        Limits and stop signal; work is counted there.
    first_costs
        Whether a search minds the cost, as the dive does.
    thorough
        Whether a program that is not large is searched where there is nothing near the relaxed solution.
    """
    face, relaxed = asked.face, asked.relaxed
    if relaxed is not None and face.whole(relaxed):
        tidy = program.tidied(relaxed)
        if face.holds(tidy):
            return tidy
    solution, nothing = None, np.zeros(program.columns)
    if large is not None:
        solution = Dive(face, asked.among, large.matches, budget).plan(asked.cost)
    elif relaxed is not None:
        near = beside(face, relaxed)
        some = None if near.open.sum() <= WIDE else asked.among
        solution = highs.search(near, nothing, None, budget, SEARCH_SHARE, some).solution
    if solution is None and not budget.stopped() and (thorough or large is not None):
        cost = asked.cost if first_costs else nothing
        among = None if large is None and face.open.sum() <= WIDE else asked.among
        solution = highs.search(face, cost, None, budget, SEARCH_SHARE, among).solution
    return None if solution is None else program.tidied(solution)


def any_plan(program: Program, face: Face, cost: Vector, working: Working | None) -> Vector | None:
    """A plan on a face where rows ask for something that no plan in hand has; None where there is none.

    A relaxed solution is near a plan mostly. To search for just anything has no direction, and took ten times as long.

    Parameters
    ----------
    program, face
        What is solved.
    cost
        Of the first tier, which is relaxed.
    working
        Columns to begin with; None: every column.
    """
    free = Budget(Limits(), None)
    relaxed = Relaxation(face, free, working).minimise(face, cost)
    if relaxed.ending == "infeasible":
        return None
    asked = Asked(face, np.ones(program.columns, dtype=np.bool_), relaxed.solution, cost)
    near = plan_on(program, asked, None, free, first_costs=False, thorough=False)
    return plan_by_search(program, face, working and working.columns) if near is None else near


def plan_by_search(program: Program, face: Face, among: Mask | None) -> Vector | None:
    """A plan on a face by an integer search alone, which has nothing to begin from; None where there is none.

    Parameters
    ----------
    program, face
        What is solved.
    among
        Columns that are searched first; every column where there is no plan among them. None: every column at once.
    """
    free = Budget(Limits(), None)
    for columns in (None,) if among is None else (among, None):
        searched = highs.search(face, np.zeros(program.columns), None, free, None, columns)
        if searched.solution is not None:
            return program.tidied(searched.solution)
    return None
