"""A linear integer program under construction: columns, and rows that know the rule and the subject they come from."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

INFINITY = float("inf")
Vector = NDArray[np.float64]
Term = tuple[int, int]
"""(column, integer coefficient)."""


class Row(NamedTuple):
    """``lower <= sum of coefficient x column <= upper``, and where it comes from."""

    terms: tuple[Term, ...]
    lower: float
    upper: float
    rule: str
    subject: str


class Linear(NamedTuple):
    """An integer expression: a constant and terms."""

    constant: int
    terms: tuple[Term, ...]

    def cost(self, columns: int) -> Vector:
        """Coefficients as a vector over all columns (without the constant)."""
        vector = np.zeros(columns)
        for column, coefficient in self.terms:
            vector[column] += coefficient
        return vector

    def value(self, solution: Vector) -> int:
        """Value at an integral solution."""
        return self.constant + sum(k * round(float(solution[c])) for c, k in self.terms)


class Program:
    """Columns and rows. Coefficients and integral bounds are whole numbers, so values are exact."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[bool] = []
        self.rows: list[Row] = []

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.lower)

    def add_column(self, upper: float, *, lower: float = 0, integer: bool = True) -> int:
        """Add a column; returns its index."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.lower) - 1

    def add_row(
        self, terms: Iterable[Term], *, rule: str, subject: str, lower: float = -INFINITY, upper: float = INFINITY
    ) -> None:
        """Add a row; equal columns are summed. A row that cannot bind is left out, an empty impossible one is kept."""
        summed: dict[int, int] = {}
        for column, coefficient in terms:
            summed[column] = summed.get(column, 0) + coefficient
        kept = tuple((c, k) for c, k in summed.items() if k)
        least = sum(k * (self.lower[c] if k > 0 else self.upper[c]) for c, k in kept)
        most = sum(k * (self.upper[c] if k > 0 else self.lower[c]) for c, k in kept)
        if least >= lower and most <= upper:
            return
        self.rows.append(Row(kept, lower, upper, rule, subject))
