"""Linear relaxations that stay warm from level to level, with columns priced in and rows added as they are needed.

The solver holds a working set of columns. After each solve every other column is priced, ``d = cost - duals x matrix``;
those that would improve the value join, a few per student, until none is left, so that the value is that of the whole
program (column generation; Dantzig and Wolfe 1960). Adding columns and tightening a face at bounds that the solution
meets leave the last basis primal feasible, so the primal simplex goes on from it; a relaxation far from its optimum
is solved anew by an interior point with presolve and crossover. Lazy rows join when a solution breaks them.
"""

from typing import Any, NamedTuple

import highspy
import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.face import Face, Relaxed
from allocator.engine.highs import Ending, ending_of, finite, solver
from allocator.engine.program import Indexes, Mask, Vector

WARM_WORK = 20_000_000
"""Rows times simplex iterations from the last basis before the interior point is asked: about what that costs."""
INTERIOR_STEP = 200
"""Work units of one interior-point iteration: it costs about as much as so many simplex iterations."""
COLUMNS_EACH = 4
"""Most columns that join per owner and round."""
PRICE = 1e-7
"""A column with a reduced cost below minus this would improve the value."""


class Working(NamedTuple):
    """Columns to begin with, and the owner (a student, by number) of every column; -1: joins whenever it improves."""

    columns: Mask
    owner: Indexes


class Relaxation:
    """Solves the linear relaxation of faces over one matrix.

    Parameters
    ----------
    face
        The widest face: all columns and rows.
    budget
        Its limits and stop signal end a solve; its work is counted there.
    working
        Where to begin in a large program; None: with every column.
    """

    def __init__(self, face: Face, budget: Budget, working: Working | None = None) -> None:
        self._budget = budget
        self._matrix = face.matrix
        count = face.matrix.by_row.shape[1]
        self._owner = np.zeros(count, dtype=np.int64) if working is None else working.owner
        self._inside = np.ones(count, dtype=np.bool_) if working is None else working.columns.copy()
        self._lazy_left = np.flatnonzero(face.matrix.lazy)
        self._rows = np.flatnonzero(~face.matrix.lazy)
        self._solver = solver()
        self._solver.setOptionValue("simplex_strategy", 4)  # primal
        self._solver.cbSimplexInterrupt.subscribe(self._checkpoint)
        self._solver.cbIpmInterrupt.subscribe(self._checkpoint)
        self._checked = 0
        self._loaded: _Loaded | None = None
        self._warm = working is None  # a large program begins with the interior point

    @property
    def inside(self) -> Mask:
        """Columns of the working set: those that some level wanted."""
        return self._inside

    def minimise(self, face: Face, cost: Vector) -> Relaxed:
        """Solve a face with an objective."""
        self._load(face, cost)
        while True:
            ending = self._run()
            if ending == "infeasible" and not self._inside[face.open].all():
                self._inside |= face.open  # perhaps only for want of columns
                self._loaded = None
                self._load(face, cost)
                continue
            found = self._found(face, cost, ending)
            if ending != "optimal":
                return found
            entering, broken = self._improving(face, found.reduced_costs), face.broken(self._lazy_left, found.solution)
            if not len(entering) and not len(broken):
                return found
            self._add_columns(face, cost, entering)
            self._add_rows(face, broken)

    # ---- what the solver holds ---------------------------------------------------------------------------------
    def _load(self, face: Face, cost: Vector) -> None:
        known = self._loaded
        levels = tuple(c for c, _, _ in face.extra)
        if known is None or len(levels) < len(known.levels) or any(
            a is not b for a, b in zip(levels, known.levels, strict=False)
        ):  # fmt: skip
            self._load_anew(face, cost)
            return
        used, columns = self._solver, known.columns
        every = np.arange(len(columns), dtype=np.int32)
        used.changeColsCost(len(columns), every, cost[columns])
        used.changeColsBounds(len(columns), every, face.lower[columns], face.upper[columns])
        rows = np.arange(len(known.rows), dtype=np.int32)
        base = known.rows >= 0
        lower, upper = finite(face.row_lower[known.rows[base]]), finite(face.row_upper[known.rows[base]])
        used.changeRowsBounds(int(base.sum()), rows[base], lower, upper)
        for number, (_, low, high) in enumerate(face.extra[: len(known.levels)]):
            at = int(np.flatnonzero(known.rows == -1 - number)[0])
            used.changeRowBounds(at, max(low, -highspy.kHighsInf), high)
        for number in range(len(known.levels), len(levels)):
            dense, low, high = face.extra[number]
            entries = np.flatnonzero(dense[columns]).astype(np.int32)
            used.addRow(max(low, -highspy.kHighsInf), high, len(entries), entries, dense[columns[entries]])
            self._loaded = known = known.with_row(-1 - number, dense)

    def _load_anew(self, face: Face, cost: Vector) -> None:
        columns = np.flatnonzero(self._inside)
        part = self._matrix.by_column[:, columns].tocsr()[self._rows].tocsc()
        lp: Any = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(columns), len(self._rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost[columns], face.lower[columns], face.upper[columns]
        lp.row_lower_, lp.row_upper_ = finite(face.row_lower[self._rows]), finite(face.row_upper[self._rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = part.indptr.astype(np.int32)
        lp.a_matrix_.index_ = part.indices.astype(np.int32)
        lp.a_matrix_.value_ = part.data
        self._solver.passModel(lp)
        self._loaded = _Loaded(columns, self._rows, ())
        if face.extra:
            self._load(face, cost)

    def _add_columns(self, face: Face, cost: Vector, entering: Indexes) -> None:
        if not len(entering) or self._loaded is None:
            return
        self._inside[entering] = True
        known = self._loaded
        part = self._matrix.by_column[:, entering].tocsr()
        base = np.where(known.rows >= 0, known.rows, 0)
        held = part[base].tolil() if (known.rows < 0).any() else part[base]
        for at in np.flatnonzero(known.rows < 0).tolist():
            held[at] = known.levels[-1 - known.rows[at]][entering].reshape(1, -1)
        new = held.tocsc()
        self._solver.addCols(
            len(entering), cost[entering], face.lower[entering], face.upper[entering], new.nnz,
            new.indptr[:-1].astype(np.int32), new.indices.astype(np.int32), new.data.astype(float),
        )  # fmt: skip
        self._loaded = known._replace(columns=np.concatenate([known.columns, entering]))

    def _add_rows(self, face: Face, broken: Indexes) -> None:
        if not len(broken) or self._loaded is None:
            return
        known = self._loaded
        new = self._matrix.by_row[broken][:, known.columns].tocsr()
        self._solver.addRows(
            len(broken), finite(face.row_lower[broken]), finite(face.row_upper[broken]), new.nnz,
            new.indptr[:-1].astype(np.int32), new.indices.astype(np.int32), new.data,
        )  # fmt: skip
        self._loaded = known._replace(rows=np.concatenate([known.rows, broken]))
        self._rows = np.concatenate([self._rows, broken])
        self._lazy_left = np.setdiff1d(self._lazy_left, broken)

    # ---- solving -----------------------------------------------------------------------------------------------
    def _run(self) -> Ending:
        """From the last basis by simplex; where that takes long, anew by the interior point."""
        used, limit = self._solver, WARM_WORK // max(1, self._solver.getNumRow())
        if self._warm:
            used.setOptionValue("solver", "simplex")
            used.setOptionValue("simplex_iteration_limit", limit)
            self._solve()
        if not self._warm or used.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            used.clearSolver()  # no basis: presolve is used
            used.setOptionValue("solver", "ipm")
            used.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
            self._solve()
        self._warm = True
        return ending_of(used)

    def _solve(self) -> None:
        self._checked = 0
        self._solver.run()
        info = self._solver.getInfo()
        simplex = max(0, info.simplex_iteration_count) + max(0, info.crossover_iteration_count)
        self._budget.spend(simplex + max(0, info.ipm_iteration_count) * INTERIOR_STEP)

    def _found(self, face: Face, cost: Vector, ending: Ending) -> Relaxed:
        known = self._loaded
        assert known is not None
        found = self._solver.getSolution()
        solution = face.lower.copy()
        duals = np.zeros(self._matrix.by_row.shape[0])
        reduced = cost.copy()
        if ending == "optimal":
            solution[known.columns] = found.col_value
            held = np.array(found.row_dual)
            base = known.rows >= 0
            duals[known.rows[base]] = held[base]
            reduced = cost - self._matrix.by_row.T @ duals
            for at in np.flatnonzero(~base).tolist():
                reduced -= held[at] * known.levels[-1 - known.rows[at]]
        value = float(cost @ solution)
        return Relaxed(ending, value, solution, reduced, duals)

    def _improving(self, face: Face, reduced: Vector) -> Indexes:
        """The best few columns outside for each owner."""
        found = np.flatnonzero((reduced < -PRICE) & face.open & ~self._inside)
        order = found[np.lexsort((reduced[found], self._owner[found]))]
        owner = self._owner[order]
        begins = np.flatnonzero(np.diff(owner, prepend=-2))
        rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
        return order[(rank < COLUMNS_EACH) | (owner < 0)]

    def _checkpoint(self, event: Any) -> None:
        self._checked += 1
        if self._budget.stopped(self._checked):
            event.interrupt()


class _Loaded(NamedTuple):
    """Columns and rows in the solver's order; row -1 - i is the dense row of level i of ``levels``."""

    columns: Indexes
    rows: Indexes
    levels: tuple[Vector, ...]

    def with_row(self, row: int, level: Vector) -> "_Loaded":
        """One more dense row."""
        return self._replace(rows=np.append(self.rows, row), levels=(*self.levels, level))
