"""What each tier cost so far, and what is said of it in the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.engine.budget import Budget
from allocator.engine.objectives import Objective
from allocator.formulation.program import Vector
from models.plan import TierResult
from models.run import TierRun


@dataclass
class Account:
    """What a tier cost so far: seconds, work units, and how its last step was made."""

    seconds: float = 0.0
    work: int = 0
    method: str = "none"


class Accounts:
    """The accounts of all tiers of a search."""

    def __init__(self, budget: Budget, number: int) -> None:
        self._budget = budget
        self._accounts = [Account() for _ in range(number)]

    def spent(self) -> tuple[float, int]:
        """Seconds and work units that the whole run has spent."""
        return self._budget.seconds, self._budget.work

    def note(self, number: int, spent: tuple[float, int], method: str) -> None:
        """Put what was spent since ``spent`` on the account of a tier."""
        seconds, work = self.spent()
        account = self._accounts[number]
        account.seconds += seconds - spent[0]
        account.work += work - spent[1]
        account.method = method

    def results(
        self, objectives: Sequence[Objective], bounds: Sequence[int | None], best: Vector, *, exact: bool
    ) -> tuple[tuple[TierResult, ...], tuple[TierRun, ...]]:
        """What is known of every tier, given the best plan and the tiers' bounds; proved only where ``exact``."""
        tiers, runs, proved = [], [], True
        for objective, bound, account in zip(objectives, bounds, self._accounts, strict=True):
            value = objective.expression.value(best)
            reached = bound == value
            tiers.append(
                TierResult(
                    tier=objective.tier.name, sense=objective.tier.sense, value=value, bound=bound,
                    proved=reached and proved and exact, conditional=not proved,
                )
            )  # fmt: skip
            proved = proved and reached
            seconds = round(account.seconds, 3)
            runs.append(TierRun(tier=objective.tier.name, seconds=seconds, work=account.work, method=account.method))
        return tuple(tiers), tuple(runs)
