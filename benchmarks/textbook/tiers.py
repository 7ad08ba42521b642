"""Tier after tier with any solver of the textbook model: optimise, fix, go on; and what it found as a plan."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

import numpy as np

from allocator.intake import Reading
from benchmarks.registry import Found
from benchmarks.textbook.program import Numbers, Program
from models.base import natural_key
from models.errors import SolverFaultError
from models.plan import Match, Plan, TierResult
from scenarios.batch.watch import Watch


class Answer(NamedTuple):
    """What a solver says of one tier: its best solution, its bound on the tier, and whether it is proved."""

    solution: Numbers | None
    bound: int | None
    optimal: bool


class Solver(Protocol):
    """A solver that holds a program."""

    def optimise(self, tier: int, seconds: float) -> Answer:
        """Optimise a tier within the time."""

    def fix(self, tier: int, value: int) -> None:
        """Hold a tier at its optimum from now on."""


def solve_in_tiers(program: Program, solver: Solver, reading: Reading, watch: Watch) -> Found:
    """Optimise every tier, each with all the time that is left, until the time is up.

    Parameters
    ----------
    program, solver
        The model, and the solver that holds it.
    reading
        For the plan.
    watch
        Its clock runs.

    Returns
    -------
    Found
        The last solution; tiers as far as they came.

    Raises
    ------
    SolverFaultError
        The solver's solution breaks a row, or it calls impossible what it had a solution for.
    """
    best: Numbers | None = None
    tiers: list[TierResult] = []
    complete = True
    for number, name in enumerate(program.tier_names.tolist()):
        if not watch.left:
            complete = False
            break
        start = watch.seconds
        answer = solver.optimise(number, watch.left)
        if answer.solution is None and answer.optimal:
            raise SolverFaultError(f"the solver says that no plan keeps the rules, at tier {name}")
        if answer.solution is not None:
            if not program.keeps(answer.solution):
                raise SolverFaultError(f"the solver's solution breaks a row or a bound, at tier {name}")
            best = answer.solution
            value = program.values(best)[number]
            sense: Literal["max", "min"] = "max" if program.maximise[number] else "min"
            tiers.append(TierResult(tier=name, sense=sense, value=value, bound=answer.bound, proved=answer.optimal))
            watch.sample(placed(program, best), name, value, answer.bound, named(program, best))
        watch.took(f"tier {name}", watch.seconds - start)
        if not answer.optimal or answer.solution is None:
            complete = False
            break
        solver.fix(number, value)
    return Found(as_plan(program, best, reading), tuple(tiers), complete)


def placed(program: Program, solution: Numbers) -> int:
    """Matches of a solution."""
    return int(solution[: len(program.matches)].sum())


def named(program: Program, solution: Numbers) -> dict[str, int]:
    """All tiers of a solution by name, with what counters say left as it stands."""
    return dict(zip(program.tier_names.tolist(), program.values(solution), strict=True))


def as_plan(program: Program, solution: Numbers | None, reading: Reading) -> Plan | None:
    """A solution as a plan, with nothing but request, offer and PE: the checker works out the rest."""
    if solution is None:
        return None
    chosen: Sequence[Sequence[str]] = program.matches[np.flatnonzero(solution[: len(program.matches)])].tolist()
    return Plan(
        dataset_digest=reading.dataset.digest,
        policy=reading.policy,
        policy_digest=reading.policy.digest,
        seed=reading.policy.seed,
        matches=tuple(
            Match(request=request, offer=offer, pe=pe)
            for request, offer, pe in sorted(chosen, key=lambda match: natural_key(match[0]))
        ),
    )
