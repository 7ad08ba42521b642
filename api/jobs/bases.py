"""What a process keeps between two looks at a round: workbooks with their logs, and solvers with their best plans.

A look at a decision then needs no reading and no solving but its own. What is kept changes how long an answer takes,
and no answer: it is found by the digests of the data, and a process that has nothing reads and solves.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from allocator.lifecycle.effect import base_of, is_best_of
from allocator.settling.settling import Reading
from allocator.solving import Solver
from api.inputs.keeping import Inputs
from models.plan import Plan
from models.run import ProgressListener, StopSignal

MOST = 4
"""So many solvers are kept: of what a round stands on, and of what was looked at last."""


class _Kept(NamedTuple):
    """A solver, and the round whose data it is of."""

    round: str | None
    solver: Solver


class Bases:
    """Workbooks (``inputs``) and solvers, those that were used last."""

    def __init__(self) -> None:
        self.inputs = Inputs()
        self._solvers: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    def base_of(
        self, reading: Reading, round: str | None, came: Callable[[], Plan | None], progress: ProgressListener | None,
        stop: StopSignal,
    ) -> Solver:  # fmt: skip
        """What effects on these data are compared with: their best plan.

        Parameters
        ----------
        reading
            What holds.
        round
            Whose data they are; what was solved of it before tells the solver where to begin.
        came
            Reads the plan that came with the run, if any did.
        progress, stop
            As for :func:`~allocator.lifecycle.effect.base_of`.
        """
        if (kept := self._solvers.get(_key(reading))) is not None:
            self.keep(reading, round, kept.solver)
            return kept.solver
        near = next((k.solver for k in reversed(self._solvers.values()) if k.round == round), None)
        plan = came()
        if plan is not None and is_best_of(plan, reading):
            found = base_of(reading, plan)
            if near is not None:
                found.remember(near)
        elif near is not None:
            found, _ = near.beside(reading.dataset, reading.policy, stop=stop)
        else:
            found = base_of(reading, None, progress, stop)
        self.keep(reading, round, found)
        return found

    def keep(self, reading: Reading, round: str | None, solver: Solver) -> None:
        """Keep a solver, if its plan is the best one of what was read.

        Parameters
        ----------
        reading, round
            The data, and the round that they are of.
        solver
            Of these data.
        """
        if is_best_of(solver.base, reading):
            self._solvers[_key(reading)] = _Kept(round, solver)
            self._solvers.move_to_end(_key(reading))
            if len(self._solvers) > MOST:
                self._solvers.popitem(last=False)


def _key(reading: Reading) -> tuple[str, str]:
    return reading.dataset.digest, reading.policy.digest
