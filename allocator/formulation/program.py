"""A linear integer program under construction: columns, and rows that know the rule and the subject they come from.

Everything is arrays: a partnership's program has ten thousand columns, England's millions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np

from allocator.formulation.sparse import SEVERAL, Indexes, Mask, Sparse, Vector

INFINITY = float("inf")
__all__ = ["INFINITY", "Indexes", "Lazy", "Linear", "Mask", "Program", "Rows", "Shortfall", "Vector"]


class Linear(NamedTuple):
    """An integer expression: a constant, and a coefficient for each of some columns (a column may come twice)."""

    constant: int
    columns: Indexes
    coefficients: Vector

    @classmethod
    def of(cls, terms: Iterable[tuple[int, float]] = (), constant: int = 0) -> Self:
        """From pairs of column and coefficient."""
        pairs = list(terms)
        columns = np.array([c for c, _ in pairs], dtype=np.int64)
        return cls(constant, columns, np.array([k for _, k in pairs], dtype=float))

    @classmethod
    def sum_of(cls, columns: Sequence[int] | Indexes, coefficient: float | Vector = 1, constant: int = 0) -> Self:
        """The sum of columns, each times a coefficient."""
        found = np.asarray(columns, dtype=np.int64)
        return cls(constant, found, np.full(found.shape, coefficient, dtype=float))

    @classmethod
    def total(cls, parts: Iterable["Linear"]) -> Self:
        """The sum of expressions."""
        found = list(parts)
        columns = [p.columns for p in found] or [np.zeros(0, dtype=np.int64)]
        coefficients = [p.coefficients for p in found] or [np.zeros(0)]
        return cls(sum(p.constant for p in found), np.concatenate(columns), np.concatenate(coefficients))

    def times(self, factor: int) -> Self:
        """The expression times a whole number."""
        return self._replace(constant=factor * self.constant, coefficients=factor * self.coefficients)

    def plus(self, constant: int) -> Self:
        """The expression and a constant."""
        return self._replace(constant=self.constant + constant)

    def cost(self, columns: int) -> Vector:
        """Coefficients as a vector over all columns (without the constant)."""
        vector: Vector = np.bincount(self.columns, weights=self.coefficients, minlength=columns).astype(float)
        return vector

    def value(self, solution: Vector) -> int:
        """Value at an integral solution."""
        return self.constant + round(float(self.coefficients @ np.round(solution[self.columns])))


class Rows(NamedTuple):
    """A batch of rows: entry i says that ``column[i]`` has ``coefficient[i]`` in row ``row[i]`` of the batch.

    Entries are in order of row; a column comes at most once in a row. ``lower`` and ``upper`` have one value per row,
    ``rules`` and ``subjects`` say where each comes from.
    """

    row: Indexes
    column: Indexes
    coefficient: Vector
    lower: Vector
    upper: Vector
    rules: Sequence[str]
    subjects: Sequence[str]

    @classmethod
    def none(cls) -> Self:
        """No rows."""
        nothing = np.zeros(0)
        return cls(nothing.astype(np.int64), nothing.astype(np.int64), nothing, nothing, nothing, (), ())

    @classmethod
    def joined(cls, batches: Iterable["Rows"]) -> Self:
        """Batches one after the other."""
        found: list[Rows] = [cls.none(), *batches]
        before = np.cumsum([0, *(len(b.lower) for b in found)]).tolist()
        return cls(
            np.concatenate([b.row + n for b, n in zip(found, before[:-1], strict=True)]),
            np.concatenate([b.column for b in found]), np.concatenate([b.coefficient for b in found]),
            np.concatenate([b.lower for b in found]), np.concatenate([b.upper for b in found]),
            [rule for b in found for rule in b.rules], [subject for b in found for subject in b.subjects],
        )  # fmt: skip

    def matrix(self, columns: int) -> Sparse:
        """The coefficients by row, each of so many columns."""
        return Sparse.of(self.row, self.column, self.coefficient, len(self.lower), columns)


class Lazy:
    """Rows that are too many to write down and hardly ever broken: a search gets them when a solution breaks them."""

    def broken(self, solution: Vector) -> Rows:
        """Those that a solution breaks."""
        return Rows.none()

    def every(self) -> Rows:
        """All of them."""
        return Rows.none()


class Shortfall(NamedTuple):
    """A column that stands for ``max(0, ceil(needed / unit))``; a tier presses it down to that.

    ``row`` says so; None where it could not bind, as nothing can be short.
    """

    column: int
    needed: Linear
    unit: int
    subject: str = ""
    row: int | None = None


class Program:
    """Columns and rows. Coefficients and integral bounds are whole numbers, so values are exact."""

    def __init__(self) -> None:
        self._bounds = np.zeros((2, 1024))
        self._whole = np.zeros(1024, dtype=np.bool_)
        self.columns = 0
        self.rows = 0
        self._names: list[tuple[int, Callable[[], Sequence[str]] | None]] = []
        self.shortfalls: list[Shortfall] = []
        self.batches: list[Rows] = []
        self.lazy = Lazy()
        self._kept_needs: tuple[list[Shortfall], tuple[int, int], Sparse] | None = None

    def with_own_bounds(self) -> "Program":
        """The same with bounds that can be changed apart; nothing is added to either from now on."""
        made = copy(self)
        made._bounds = self._bounds.copy()
        return made

    def with_rows(self, rows: Rows) -> "Program":
        """The same with rows behind its own, all of them, and bounds that can be changed apart."""
        made = self.with_own_bounds()
        made.__dict__.pop("origins", None)
        made.batches = [*self.batches, rows]
        made.rows += len(rows.lower)
        return made

    def goes_on_from(self, other: "Program") -> bool:
        """Whether this is another program, but for bounds and perhaps for rows behind its own."""
        here, there = self.batches, other.batches
        if self.columns != other.columns or len(here) < len(there):
            return False
        return here is there or all(a is b for a, b in zip(here, there, strict=False))

    @property
    def lower(self) -> Vector:
        """Least value of every column."""
        found: Vector = self._bounds[0, : self.columns]
        return found

    @property
    def upper(self) -> Vector:
        """Greatest value of every column."""
        found: Vector = self._bounds[1, : self.columns]
        return found

    @property
    def integer(self) -> Mask:
        """Which columns are whole numbers."""
        return self._whole[: self.columns]

    def add_columns(
        self, upper: Vector | Sequence[float], *, lower: float | Vector = 0, integer: bool | Mask = True,
        names: Callable[[], Sequence[str]] | None = None,
    ) -> Indexes:  # fmt: skip
        """Add columns; returns their indexes. ``names`` tells their names, should anybody ask."""
        most = np.asarray(upper, dtype=float)
        first, end = self.columns, self.columns + len(most)
        if end > len(self._whole):  # room for twice as many, so that adding one by one stays cheap
            more = 2 * end - len(self._whole)
            self._bounds = np.concatenate([self._bounds, np.zeros((2, more))], axis=1)
            self._whole = np.concatenate([self._whole, np.zeros(more, dtype=np.bool_)])
        self._bounds[0, first:end], self._bounds[1, first:end], self._whole[first:end] = lower, most, integer
        self.columns = end
        self._names.append((len(most), names))
        return np.arange(first, end)

    def add_column(self, upper: float, *, lower: float = 0, integer: bool = True, name: str = "") -> int:
        """Add a column; returns its index."""
        return int(self.add_columns([upper], lower=lower, integer=integer, names=lambda: [name])[0])

    def add_shortfall(self, needed: Linear, unit: int, *, rule: str, subject: str) -> int:
        """Add a column for the shortfall ``max(0, ceil(needed / unit))``, and its row."""
        column = self.add_column(self._most_short(needed, unit), name=f"{rule} {subject}")
        row, number = Linear.total([needed, Linear.of([(column, -unit)])]), self.rows
        self.add_row(row, rule=rule, subject=subject, upper=-needed.constant)
        self.shortfalls.append(Shortfall(column, needed, unit, subject, number if self.rows > number else None))
        return column

    def _most_short(self, needed: Linear, unit: int) -> int:
        at_most = np.where(needed.coefficients > 0, self.upper[needed.columns], self.lower[needed.columns])
        return max(0, -(-(needed.constant + round(float(needed.coefficients @ at_most))) // unit))

    def with_other_needs(self, more: Mapping[str, int]) -> "Program | None":
        """The same where some shortfalls, by subject, need more or less; the bounds of their rows are on faces.

        Returns
        -------
        Program or None
            None where one of them could not be short and has no row, but can be now.
        """
        made, found = self.with_own_bounds(), list[Shortfall]()
        for shortfall in self.shortfalls:
            needed = shortfall.needed.plus(more.get(shortfall.subject, 0))
            most = self._most_short(needed, shortfall.unit)
            if shortfall.subject in more:
                if shortfall.row is None and most:
                    return None
                made.upper[shortfall.column] = most
            found.append(shortfall._replace(needed=needed))
        made.shortfalls = found
        return made

    def tidied(self, solution: Vector) -> Vector:
        """Whole numbers made exact, and shortfalls no greater than they need be (a solver may leave them so)."""
        tidy: Vector = np.where(self.integer, np.round(solution), solution)
        needed = self._needed(np.round(tidy))  # none of which is what another is short of
        for short, number in zip(self.shortfalls, needed, strict=True):
            tidy[short.column] = max(0, -(-(round(number) + short.needed.constant) // short.unit))
        return tidy

    def _needed(self, solution: Vector) -> list[float]:
        """What each shortfall needs at a solution, without its constant."""
        needed = [short.needed for short in self.shortfalls]
        if sum(len(linear.columns) for linear in needed) > SEVERAL:
            return [float(linear.coefficients @ solution[linear.columns]) for linear in needed]
        found: list[float] = self._needs.summed(solution).tolist()
        return found

    @property
    def _needs(self) -> Sparse:
        """What shortfalls need, a line each; kept until there are others, or more columns."""
        kept, size = self._kept_needs, (len(self.shortfalls), self.columns)
        if kept is None or kept[0] is not self.shortfalls or kept[1] != size:
            needed = [short.needed for short in self.shortfalls]
            line = np.repeat(np.arange(len(needed)), [len(linear.columns) for linear in needed])
            total = Linear.total(needed)
            found = Sparse.of(line, total.columns, total.coefficients, len(needed), self.columns)
            self._kept_needs = kept = self.shortfalls, size, found
        return kept[2]

    def add_row(
        self, terms: Linear, *, rule: str, subject: str, lower: float = -INFINITY, upper: float = INFINITY
    ) -> None:
        """Add ``lower <= terms <= upper`` (without the constant of the terms); equal columns are summed."""
        columns, coefficients = terms.columns, terms.coefficients
        if not np.all(columns[1:] > columns[:-1]):  # mostly they rise already, and none comes twice
            columns, inverse = np.unique(columns, return_inverse=True)
            coefficients = np.bincount(inverse, weights=terms.coefficients, minlength=len(columns)).astype(np.float64)
        used = coefficients != 0
        columns, coefficients = columns[used], coefficients[used]
        ends = coefficients * self._bounds[:, columns]
        if float(ends.min(axis=0).sum()) >= lower and float(ends.max(axis=0).sum()) <= upper:
            return  # it cannot bind
        self.rows += 1
        row = np.zeros(len(columns), dtype=np.int64)
        self.batches.append(Rows(row, columns, coefficients, np.array([lower]), np.array([upper]), [rule], [subject]))

    def add_rows(self, rows: Rows) -> None:
        """Add a batch of rows. A row that cannot bind is left out, an empty impossible one is kept."""
        low, high = self.lower[rows.column], self.upper[rows.column]
        rising = rows.coefficient > 0
        number = len(rows.lower)
        least = np.bincount(rows.row, weights=rows.coefficient * np.where(rising, low, high), minlength=number)
        most = np.bincount(rows.row, weights=rows.coefficient * np.where(rising, high, low), minlength=number)
        kept = (least < rows.lower) | (most > rows.upper)
        self.rows += int(kept.sum())
        if kept.all():
            self.batches.append(rows)
            return
        if not kept.any():
            return
        entries, renumbered = kept[rows.row], np.cumsum(kept) - 1
        chosen = np.flatnonzero(kept).tolist()
        self.batches.append(
            Rows(
                renumbered[rows.row[entries]], rows.column[entries], rows.coefficient[entries], rows.lower[kept],
                rows.upper[kept], [rows.rules[i] for i in chosen], [rows.subjects[i] for i in chosen],
            )
        )  # fmt: skip

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of every column, by which it is found again in a program near this one; asked for when that is complete.

        Made when asked for: a program of England's size has millions, and nobody asks.
        """
        return tuple(name for count, names in self._names for name in (names() if names else [""] * count))

    @cached_property
    def origins(self) -> list[tuple[str, str]]:
        """Rule and subject of every row; asked for when the program is complete."""
        return [key for b in self.batches for key in zip(b.rules, b.subjects, strict=True)]
