"""Tiers as the search sees them, and what came of all."""

from typing import NamedTuple

from allocator.engine.budget import Stopped
from allocator.engine.face import Face
from allocator.engine.holding import Basis
from allocator.formulation.program import Linear, Program, Vector
from models.plan import TierResult
from models.policy import Tier
from models.run import TierRun


class Objective(NamedTuple):
    """A tier, minimised; ``sign`` and ``expression`` translate back."""

    tier: Tier
    expression: Linear
    sign: int
    columns: int

    def cost(self) -> Vector:
        """Coefficients over all columns; made when asked for, since a large program has many and large tiers."""
        return self.sign * self.expression.cost(self.columns)

    def minimised(self, solution: Vector) -> int:
        """The value of a solution as it is minimised."""
        return self.sign * (self.expression.value(solution) - self.expression.constant)

    def stated(self, value: int) -> int:
        """A minimised value as the tier states it."""
        return self.sign * value + self.expression.constant


def objective_of(program: Program, tier: Tier, expression: Linear) -> Objective:
    """A tier of a program as the search sees it."""
    return Objective(tier, expression, -1 if tier.sense == "max" else 1, program.columns)


class SearchResult(NamedTuple):
    """The best solution (None: the rules clash), every tier's result and cost, and why the search ended early.

    ``face`` is what the tiers leave open; None where the search ended before they were settled. ``faces[k]`` is what
    the first k of them left, as far as the search went tier by tier from the beginning; ``bases`` are where the
    relaxation of each tier ended, and ``prices`` those of the rows that bounded it last.
    """

    solution: Vector | None
    tiers: tuple[TierResult, ...]
    runs: tuple[TierRun, ...]
    stopped: Stopped | None
    face: Face | None = None
    faces: tuple[Face, ...] = ()
    bases: tuple[Basis | None, ...] = ()
    prices: tuple[Vector | None, ...] = ()

    def behind(self, before: "SearchResult") -> "SearchResult":
        """Both searches as one, this one of the tiers behind those of another."""
        reached = all(t.bound == t.value for t in before.tiers)
        tiers = (
            t.model_copy(update={"proved": t.proved and reached, "conditional": t.conditional or not reached})
            for t in self.tiers
        )
        return self._replace(
            tiers=(*before.tiers, *tiers), runs=(*before.runs, *self.runs), stopped=self.stopped or before.stopped
        )

    def undrawn(self, tier: Tier, value: int, stopped: Stopped) -> "SearchResult":
        """With a last tier that was not searched."""
        last = TierResult(tier=tier.name, sense=tier.sense, value=value, bound=None, proved=False, conditional=False)
        run = TierRun(tier=tier.name, seconds=0.0, work=0, method="none")
        return SearchResult(self.solution, (last,), (run,), stopped).behind(self)
