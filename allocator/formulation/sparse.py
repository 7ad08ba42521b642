"""Sparse matrices line by line: the few things that are done with them, without a library that is long to load."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Indexes = NDArray[np.signedinteger[Any]]
Mask = NDArray[np.bool_]
Vector = NDArray[np.float64]
SEVERAL = 2_000_000
"""Of more entries nothing is kept that can be worked out again."""
FEW = 4
"""Where of so many lines at most one counts, the others are left out: as of the columns of a plan."""


class Sparse:
    """The entries of a matrix, line by line; lines are its rows, or its columns.

    Sums are taken entry by entry in this order, so that equal matrices give equal sums to the last digit.

    Parameters
    ----------
    begins
        Where the entries of every line begin, and where the last ones end.
    at, values
        Where in its line every entry stands, rising within a line, and what it is.
    across
        How long a line is.
    """

    def __init__(self, begins: Indexes, at: Indexes, values: Vector, across: int) -> None:
        self.begins = begins
        self.at = at
        self.values = values
        self.across = across

    @classmethod
    def of(cls, line: Indexes, at: Indexes, values: Vector, lines: int, across: int) -> Self:
        """From entries in any order, none twice."""
        key = line.astype(np.int64) * across + at
        if np.any(key[1:] < key[:-1]):
            order = np.argsort(key)
            line, at, values = line[order], at[order], values[order]
        begins = _begins(np.bincount(line, minlength=lines))
        return cls(begins, at.astype(np.int32, copy=False), values, across)

    @classmethod
    def one(cls, line: Vector) -> Self:
        """A single line, of all its numbers."""
        at = np.flatnonzero(line)
        return cls(np.array([0, len(at)]), at.astype(np.int32), line[at], len(line))

    def __len__(self) -> int:
        return len(self.begins) - 1

    @cached_property
    def line(self) -> Indexes:
        """The line of every entry."""
        found: Indexes = np.repeat(np.arange(len(self)), np.diff(self.begins))
        return found

    @cached_property
    def places(self) -> Indexes:
        """``at`` as NumPy gathers by it: of half as many bits it makes this anew each time, and takes twice as long."""
        return self.at if len(self.at) > SEVERAL else self.at.astype(np.int64)

    def turned(self) -> "Sparse":
        """The same matrix by its columns where this is by its rows, and the other way round."""
        count = len(self.at)
        # faster than to sort positions: entries in order of place, and of line where that is the same
        order = np.sort(self.at * np.int64(count) + np.arange(count)) % max(1, count)
        begins = _begins(np.bincount(self.at, minlength=self.across))
        return Sparse(begins, self.line[order].astype(np.int32), self.values[order], len(self))

    def only(self, lines: Indexes) -> "Sparse":
        """Some lines, in the order given."""
        first, count = self.begins[lines], np.diff(self.begins)[lines]
        begins = _begins(count)
        entries = np.arange(begins[-1]) + np.repeat(first - begins[:-1], count)
        return Sparse(begins, self.at[entries], self.values[entries], self.across)

    def with_values(self, values: Vector) -> "Sparse":
        """Other numbers in the same places."""
        return Sparse(self.begins, self.at, values, self.across)

    def then(self, others: Sequence["Sparse"]) -> "Sparse":
        """The lines of this one and of others as long, one after the other."""
        parts = [self, *others]
        begins = _begins(np.concatenate([np.diff(p.begins) for p in parts]))
        at, values = np.concatenate([p.at for p in parts]), np.concatenate([p.values for p in parts])
        return Sparse(begins, at, values, self.across)

    def lengthened(self, other: "Sparse") -> "Sparse":
        """Every line of this one going on with the same line of another."""
        line, at = np.concatenate([self.line, other.line]), np.concatenate([self.at, other.at + self.across])
        return Sparse.of(line, at, np.concatenate([self.values, other.values]), len(self), self.across + other.across)

    def summed(self, each: Vector) -> Vector:
        """The sum of every line, its places times their numbers."""
        return sums(self.line, self.values * each[self.places], len(self))

    def spread(self, each: Vector) -> Vector:
        """The sum of all lines, each times its number; to the last digit what the other way round is summed to."""
        some = np.flatnonzero(each)
        if FEW * len(some) > len(self):
            return sums(self.places, self.values * each[self.line], self.across)
        part = self.only(some)
        return sums(part.at, part.values * np.repeat(each[some], np.diff(part.begins)), self.across)


def _begins(counts: Indexes) -> Indexes:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])


def distinct(at: Indexes, count: int) -> Indexes:
    """Some of so many places, each once, in order; ``np.unique`` takes ten times as long for thousands."""
    there = np.zeros(count, dtype=np.bool_)
    there[at] = True
    return np.flatnonzero(there)


def sums(at: Indexes, values: Vector, count: int) -> Vector:
    """The sum of the values at each of so many places."""
    found: Vector = np.bincount(at, weights=values, minlength=count).astype(np.float64, copy=False)
    return found
