"""Levels as the search sees them, and what each cost so far."""

from dataclasses import dataclass
from typing import NamedTuple

from allocator.engine.program import Linear, Program, Vector
from models.policy import Level


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
