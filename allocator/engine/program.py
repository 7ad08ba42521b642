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


class Shortfall(NamedTuple):
    """A column that stands for ``max(0, ceil(needed / unit))``; an aim presses it down to that."""

    column: int
    needed: Linear
    unit: int


class Program:
    """Columns and rows. Coefficients and integral bounds are whole numbers, so values are exact."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[bool] = []
        self.rows: list[Row] = []
        self.shortfalls: list[Shortfall] = []

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

    def add_shortfall(self, needed: Linear, unit: int, *, rule: str, subject: str) -> int:
        """Add a column for the shortfall ``max(0, ceil(needed / unit))``, and its row."""
        most = sum(max(k, 0) for _, k in needed.terms) + max(needed.constant, 0)
        column = self.add_column(-(-most // unit))
        self.add_row([*needed.terms, (column, -unit)], rule=rule, subject=subject, upper=-needed.constant)
        self.shortfalls.append(Shortfall(column, needed, unit))
        return column

    def tidied(self, solution: Vector) -> Vector:
        """Whole numbers made exact, and shortfalls no greater than they need be (a solver may leave them so)."""
        tidy: Vector = np.where(np.array(self.integer, dtype=bool), np.round(solution), solution)
        for column, needed, unit in self.shortfalls:
            tidy[column] = max(0, -(-needed.value(tidy) // unit))
        return tidy

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
