"""The reference's model, written in PuLP to be read beside the rules, as arrays: column by column, row by row.

Nothing is stated anew here, so a peer that solves the arrays solves the textbook formulation and no cleverer one.
"""

import time
from collections.abc import Iterable
from typing import Any

import numpy as np
import pulp
from scipy.sparse import csr_array

from allocator.reference.formulation import formulate
from allocator.reference.tiers import objectives
from benchmarks.textbook.program import FREE, Program
from models.dataset import Dataset
from models.policy import Policy


def translate(dataset: Dataset, policy: Policy) -> Program:
    """Build the reference's model and take it apart.

    Parameters
    ----------
    dataset, policy
        What was read, and the rules in force.

    Returns
    -------
    Program
        Its ``seconds`` say how long PuLP's model and this took.
    """
    start = time.monotonic()
    model = formulate(dataset, policy)
    tiers = objectives(model)
    binaries = [model.x[column] for column in model.columns]
    known = {id(variable) for variable in binaries}
    counters = [v for v in model.problem.variables() if id(v) not in known]
    position = {id(variable): number for number, variable in enumerate([*binaries, *counters])}
    upper = np.array([int(v.upBound) for v in (*binaries, *counters)], dtype=np.int64)
    rows = list(model.problem.constraints())
    sides = [_sides(row) for row in rows]
    return Program(
        matches=np.array([(c.request.request, c.offer.offer, c.pe) for c in model.columns]).reshape(-1, 3),
        names=np.array([v.name for v in counters], dtype=np.str_),
        upper=upper,
        rows=_sparse(rows, position),
        row_names=np.array([row.name for row in rows], dtype=np.str_),
        least=np.array([least for least, _ in sides], dtype=np.int64),
        most=np.array([most for _, most in sides], dtype=np.int64),
        tiers=_sparse([expression for _, expression in tiers], position),
        tier_names=np.array([tier.name for tier, _ in tiers], dtype=np.str_),
        maximise=np.array([tier.sense == "max" for tier, _ in tiers], dtype=np.bool_),
        constants=np.array([int(expression.constant) for _, expression in tiers], dtype=np.int64),
        seconds=round(time.monotonic() - start, 3),
    )


def _sides(row: Any) -> tuple[int, int]:
    """The least and the most that the weighted columns of a row may add up to; PuLP keeps the right side negated."""
    side = -int(row.constant)
    if row.sense == pulp.LpConstraintEQ:
        return side, side
    return (-FREE, side) if row.sense == pulp.LpConstraintLE else (side, FREE)


def _sparse(expressions: Iterable[Any], position: dict[int, int]) -> csr_array:
    """Weights by expression and column."""
    weights: list[int] = []
    columns: list[int] = []
    ends = [0]
    for expression in expressions:
        for variable, weight in expression.items():
            columns.append(position[id(variable)])
            weights.append(int(weight))
        ends.append(len(columns))
    shape = (len(ends) - 1, len(position))
    return csr_array(
        (np.array(weights, dtype=np.int64), np.array(columns, dtype=np.int64), np.array(ends)), shape=shape
    )
