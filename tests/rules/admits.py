"""Does a judge admit a plan? The same question to the checker, to the engine's model and to the reference's.

The engine is asked twice about one plan: with pools, where the plan says who goes where, and with individuals, where it
also says which PE. Both models have to be feasible.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pulp
import pytest
from pulp import apis

from allocator.checker import check
from allocator.eligibility import Eligibility
from allocator.engine import cp_sat, highs
from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.highs import Searched
from allocator.engine.model import formulate
from allocator.formulation.matches import Formulation
from allocator.formulation.program import Vector
from allocator.reference import formulation
from allocator.reference.limits import max_changes
from models.dataset import Dataset
from models.policy import Policy
from models.run import Limits
from tests.rules.cases import plan_of

Triple = tuple[str, str, str]
Admits = Callable[[Dataset, Policy, tuple[Triple, ...]], bool]
Search = Callable[[Face, Vector, Vector | None, Budget, int], Searched]
WORK = 1_000_000
"""Far more than these tiny models need; a search that it ends is a failure of the test."""


def engine_admits(dataset: Dataset, policy: Policy, plan: Iterable[Triple], search: Search = highs.search) -> bool:
    """Whether the engine's rows hold with every column at what the plan says.

    Parameters
    ----------
    dataset, policy
        The facts and the settings.
    plan
        Request, offer and PE of every match, kept ones included.
    search
        The solver that is asked whether anything is left.
    """
    triples = tuple(plan)
    eligibility = Eligibility(dataset, policy)
    pooled = formulate(eligibility, fewest_changes=0).matches
    if not _place(pooled, triples) or not _feasible(pooled, search):
        return False
    individuals = formulate(eligibility, {request: offer for request, offer, _ in triples}, fewest_changes=0).matches
    return _place(individuals, triples) and _supervise(individuals, triples) and _feasible(individuals, search)


def _place(model: Formulation, plan: tuple[Triple, ...]) -> bool:
    """Put every ``x`` column at what the plan says; False where the plan has a match without a column."""
    wanted = Counter((request, offer) for request, offer, _ in plan)
    for k in model.kept:
        if k.stays is not None:
            if (k.request.request, k.offer.offer, k.stays.pe) not in plan:
                return False
            wanted -= Counter([(k.request.request, k.offer.offer)])
    program = model.program
    for column, kept in enumerate(model.x.kept.tolist()):
        match = model.match(column)
        key = match.request.request, match.offer.offer
        program.lower[column] = program.upper[column] = min(wanted.pop(key, 0), 1)
        if kept and not program.upper[column]:
            return False
    return not wanted


def _supervise(model: Formulation, plan: tuple[Triple, ...]) -> bool:
    """Put every count at the PE of the plan; False where a match may not have its PE."""
    named = {request: pe for request, _, pe in plan}
    allowed: set[Triple] = set()
    for use in model.uses:
        [match] = map(model.match, use.group.columns.tolist())  # a group per request
        request = match.request.request
        allowed.add((request, match.offer.offer, use.candidate.pe))
        if use.columns.tolist() != [match.column]:
            [count] = use.columns.tolist()
            model.program.lower[count] = model.program.upper[count] = named[request] == use.candidate.pe
    staying = {k.request.request for k in model.kept if k.stays is not None}
    return all(triple in allowed for triple in plan if triple[0] not in staying)


def _feasible(model: Formulation, search: Search) -> bool:
    face = Face.of(model.program)
    found = search(face, np.zeros(model.program.columns), None, Budget(Limits(), None), WORK)
    assert found.ending != "stopped"
    assert (found.solution is not None) == (found.ending == "optimal")
    return found.ending == "optimal"


def reference_admits(dataset: Dataset, policy: Policy, plan: Iterable[Triple]) -> bool:
    """Whether the textbook model has a solution in which exactly the plan's binaries are 1."""
    model = formulation.formulate(dataset, policy)
    max_changes(model, 0)
    wanted = Counter(plan)
    for column, variable in model.x.items():
        value = wanted.pop((column.request.request, column.offer.offer, column.pe), 0)
        model.problem.addConstraint(variable == value, f"plan_{variable.name}")
    if wanted:
        return False
    solvers: Any = apis
    model.problem.solve(solvers.HiGHS(msg=False, threads=1))
    return bool(model.problem.sol_status == pulp.LpSolutionOptimal)


def checker_admits(dataset: Dataset, policy: Policy, plan: tuple[Triple, ...]) -> bool:
    """Whether the checker finds nothing."""
    return check(dataset, policy, plan_of(dataset, policy, plan)).passed


def engine_with_cp_sat(dataset: Dataset, policy: Policy, plan: tuple[Triple, ...]) -> bool:
    """The engine's rows, with the second opinion as solver."""
    return engine_admits(dataset, policy, plan, cp_sat.search)


JUDGES: tuple[Admits, ...] = (checker_admits, engine_admits, engine_with_cp_sat, reference_admits)
each_judge = pytest.mark.parametrize("admits", JUDGES, ids=lambda judge: judge.__name__)
"""Runs a test with every judge."""
