"""Small integer programs, and every whole point of them written down."""

import itertools
from collections.abc import Iterator

import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.engine.program import INFINITY, Linear, Program, Vector
from models.run import Limits

RuleRow = tuple[dict[int, int], float, float]
"""Coefficients by column, lower and upper bound."""


def program(columns: int, *rows: RuleRow) -> Program:
    """Binary columns and rows; rows that cannot bind are kept out, as always."""
    made = Program()
    made.add_columns([1] * columns)
    for terms, lower, upper in rows:
        made.add_row(Linear.of(terms.items()), rule="L01", subject="row", lower=lower, upper=upper)
    return made


def at_most(upper: float, *columns: int) -> RuleRow:
    """The sum of some columns is at most ``upper``."""
    return dict.fromkeys(columns, 1), -INFINITY, upper


def vector(*values: float) -> Vector:
    return np.array(values, dtype=float)


def points(face: Face) -> set[tuple[int, ...]]:
    """Every whole point of a face."""
    ranges = (range(int(low), int(high) + 1) for low, high in zip(face.lower, face.upper, strict=True))
    return {p for p in itertools.product(*ranges) if face.holds(vector(*p))}


def free() -> Budget:
    """A budget without any limit."""
    return Budget(Limits(), None)


def random_programs(number: int, columns: int = 6) -> Iterator[tuple[Program, Vector]]:
    """Programs with three rows of coefficients -2 to 3, and an objective; some have no solution at all."""
    luck = np.random.default_rng(20260105)
    for _ in range(number):
        rows: list[RuleRow] = []
        for _ in range(3):
            terms = {c: int(luck.integers(-2, 4)) for c in range(columns)}
            lower = float(luck.integers(-1, 4)) if luck.random() < 0.5 else -INFINITY
            rows.append((terms, lower, float(luck.integers(1, 6))))
        yield program(columns, *rows), luck.integers(-4, 5, size=columns).astype(float)
