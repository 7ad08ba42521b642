"""Small integer programs, and every whole point of them written down."""

import itertools
from collections.abc import Iterator, Mapping

import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.face import Face
from allocator.formulation.program import INFINITY, Lazy, Linear, Program, Rows, Vector
from allocator.formulation.sparse import Sparse
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


def batch(rows: Mapping[str, RuleRow]) -> Rows:
    """Rows by subject, all of L02."""
    entries = [(i, c, k) for i, (terms, _, _) in enumerate(rows.values()) for c, k in terms.items()]
    return Rows(
        np.array([i for i, _, _ in entries], dtype=np.int64), np.array([c for _, c, _ in entries], dtype=np.int64),
        vector(*(k for _, _, k in entries)), vector(*(low for _, low, _ in rows.values())),
        vector(*(high for _, _, high in rows.values())), ["L02"] * len(rows), list(rows),
    )  # fmt: skip


def dense(matrix: Sparse) -> Vector:
    """All numbers of a matrix, a line a row."""
    found: Vector = np.zeros((len(matrix), matrix.across))
    for line, (first, end) in enumerate(itertools.pairwise(matrix.begins.tolist())):
        found[line, matrix.at[first:end]] = matrix.values[first:end]
    return found


class Withheld(Lazy):
    """Rows that a solution gets to see when it breaks them; ``told`` is which those were so far."""

    def __init__(self, *rows: RuleRow) -> None:
        self._rows = [batch({f"lazy {i}": row}) for i, row in enumerate(rows)]
        self.told: list[str] = []

    def broken(self, solution: Vector) -> Rows:
        def breaks(row: Rows) -> bool:
            [activity] = dense(row.matrix(len(solution))) @ solution
            return not row.lower[0] - 1e-6 <= activity <= row.upper[0] + 1e-6

        found = Rows.joined(row for row in self._rows if breaks(row))
        self.told += found.subjects
        return found

    def every(self) -> Rows:
        return Rows.joined(self._rows)


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


def wide_programs(number: int, columns: int = 60, rows: int = 12) -> Iterator[tuple[Program, Vector, Vector]]:
    """Programs of many columns with a point that holds (nearly tight in every row), and an objective."""
    luck = np.random.default_rng(20260907)
    for _ in range(number):
        point = (luck.random(columns) < 0.2).astype(float)
        made: list[RuleRow] = []
        for _ in range(rows):
            terms = {c: int(luck.integers(-1, 4)) for c in range(columns) if luck.random() < 0.3}
            here = sum(k * point[c] for c, k in terms.items())
            lower = here - float(luck.integers(0, 3)) if luck.random() < 0.5 else -INFINITY
            made.append((terms, lower, here + float(luck.integers(0, 3))))
        yield program(columns, *made), point, luck.integers(-9, 4, size=columns).astype(float)
