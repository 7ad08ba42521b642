"""Levels as the search sees them, what each cost so far, and what came of all."""

from dataclasses import dataclass
from typing import NamedTuple

from allocator.engine.budget import Stopped
from allocator.engine.face import Face
from allocator.formulation.program import Linear, Program, Vector
from models.plan import TierResult
from models.policy import Level
from models.run import TierRun


class Aim(NamedTuple):
    """A level, minimised; ``sign`` and ``expression`` translate back."""

    level: Level
    expression: Linear
    sign: int
    columns: int

    def cost(self) -> Vector:
        """Coefficients over all columns; made when asked for, since a large program has many and large levels."""
        return self.sign * self.expression.cost(self.columns)

    def minimised(self, solution: Vector) -> int:
        """The value of a solution as it is minimised."""
        return self.sign * (self.expression.value(solution) - self.expression.constant)

    def stated(self, value: int) -> int:
        """A minimised value as the level states it."""
        return self.sign * value + self.expression.constant


def aim_of(program: Program, level: Level, expression: Linear) -> Aim:
    """A level of a program as an aim."""
    return Aim(level, expression, -1 if level.sense == "max" else 1, program.columns)


@dataclass
class Account:
    """What a level cost so far: seconds, work units, and how its last step was made."""

    seconds: float = 0.0
    work: int = 0
    method: str = "none"


class SearchResult(NamedTuple):
    """The best solution (None: the rules clash), every level's result and cost, and why the search ended early.

    ``face`` is what the levels leave open; None where the search ended before they were settled.
    """

    solution: Vector | None
    tiers: tuple[TierResult, ...]
    runs: tuple[TierRun, ...]
    stopped: Stopped | None
    face: Face | None = None

    def behind(self, before: "SearchResult") -> "SearchResult":
        """Both searches as one, this one of the levels behind those of another."""
        reached = all(t.bound == t.value for t in before.tiers)
        tiers = (
            t.model_copy(update={"proved": t.proved and reached, "conditional": t.conditional or not reached})
            for t in self.tiers
        )
        return self._replace(
            tiers=(*before.tiers, *tiers), runs=(*before.runs, *self.runs), stopped=self.stopped or before.stopped
        )

    def undrawn(self, level: Level, value: int, stopped: Stopped) -> "SearchResult":
        """With a last level that was not searched."""
        tier = TierResult(tier=level.name, sense=level.sense, value=value, bound=None, proved=False, conditional=False)
        run = TierRun(tier=level.name, seconds=0.0, work=0, method="none")
        return SearchResult(self.solution, (tier,), (run,), stopped).behind(self)
