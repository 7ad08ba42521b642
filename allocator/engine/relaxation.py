"""Linear relaxations that stay warm from tier to tier, with columns priced in and rows added as they are needed.

The solver holds a working set of columns. After each solve every other column is priced, ``d = cost - duals x matrix``;
those that would improve the value join, a few per student, until none is left, so that the value is that of the whole
program (column generation; Dantzig and Wolfe 1960). Adding columns and tightening a face at bounds that the solution
meets leave the last basis primal feasible, so the primal simplex goes on from it; a relaxation far from its optimum
is solved anew by an interior point with presolve and crossover. Lazy rows join when a solution breaks them.
"""

from typing import Any, Literal, NamedTuple

import highspy
import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.face import TOLERANCE, Face, Relaxed
from allocator.engine.highs import INTERIOR_STEP, Ending, ending_of, finite, interior_point, is_undecided, solver, watch
from allocator.formulation.program import Indexes, Mask, Rows, Vector
from allocator.formulation.sparse import Sparse

WARM_WORK = 80_000_000
"""Rows times simplex iterations from the last basis before the interior point is asked: about what that costs."""
COLUMNS_EACH = 12
"""Most columns that join per owner and round."""
MOSTLY_NEEDLESS = 4
"""The solver's columns are loaded anew where so many times those that a face needs are there."""
WORTH_LOADING = 2
"""So many times, counting those that the last basis needs."""
FEW_STEPS = 600
"""Steps of the dual simplex from where the same objective ended on another face, before the primal is asked."""
SHIFTED = "primal_simplex_bound_perturbation_multiplier"
"""How far HiGHS moves bounds apart so that the primal simplex does not stand still where many meet, and then back.

It took twice the steps and the time in partnerships, and nothing stood still without it: there it begins as 0, and is
as usual from the first solve on that takes long."""
STRATEGIES = {"dual": 1, "primal": 4}
PRICE = 1e-7
"""A column with a reduced cost below minus this would improve the value."""


class Basis(NamedTuple):
    """Where a solve ended, as HiGHS has it, for the columns that the solver held and the lazy rows that had joined."""

    columns: Indexes
    added: Rows
    known: Any


class Working(NamedTuple):
    """Columns to begin with, and the owner (a student, by number) of every column; -1: joins whenever it improves.

    ``warm`` says that a plan is near, from which simplex goes on; else the interior point comes first.
    """

    columns: Mask
    owner: Indexes
    warm: bool = False


class Relaxation:
    """Solves the linear relaxation of faces over one matrix.

    Parameters
    ----------
    face
        The widest face: all columns and rows.
    budget
        Its limits and stop signal end a solve; its work is counted there.
    working
        Columns to begin with; None: every column.
    """

    def __init__(self, face: Face, budget: Budget, working: Working | None = None) -> None:
        self._budget = budget
        self._matrix = face.matrix
        count = len(face.matrix.by_column)
        self._owner = np.zeros(count, dtype=np.int64) if working is None else working.owner
        self._inside = np.ones(count, dtype=np.bool_) if working is None else working.columns.copy()
        self._held = np.zeros(count, dtype=np.bool_)
        self._added = Rows.none()
        self._added_by_column = self._added.matrix(count).turned()
        self._solver = solver()
        self._solver.setOptionValue("simplex_strategy", STRATEGIES["primal"])
        if working is None:
            self._solver.setOptionValue(SHIFTED, 0.0)
        watch(self._solver, self._is_to_stop)
        self._checked = 0
        self._kept = np.zeros(count, dtype=np.bool_)
        self._loaded: _Loaded | None = None
        self._last: Vector | None = None
        self._warm = working is None or working.warm

    @property
    def inside(self) -> Mask:
        """Columns of the working set: those that some tier wanted."""
        return self._inside

    def begin_at(self, face: Face, plan: Vector) -> None:
        """Walk to a plan, so that tiers are solved from there: where it is good, few steps are left to each."""
        self.minimise(face, -(plan > 0).astype(float))

    @property
    def basis(self) -> Basis | None:
        """Where the last solve ended; None before the first, and where dense rows of tiers are part of it."""
        known = self._loaded
        if known is None or known.tiers:
            return None
        return Basis(known.columns, self._added, self._solver.getBasis())

    def hold(self, face: Face, added: Rows) -> None:
        """Load all columns of a face with some lazy rows, and keep them for faces within it, in whatever order."""
        self._kept = face.upper > 0
        self._added, self._added_by_column = added, added.matrix(len(self._inside)).turned()
        self._load(face, np.zeros(len(self._inside)))

    def ask(self, face: Face, cost: Vector, basis: Basis | None, before: Basis | None, budget: Budget) -> Relaxed:
        """Solve a face near one that was solved before.

        Parameters
        ----------
        face, cost
            What is asked.
        basis
            Where the same objective ended on the other face. Its reduced costs have the right sign whatever the bounds
            of columns are (each is at one of its two), so that the dual simplex mostly repairs it in a few steps.
        before
            Where another objective ended on a face that this one is part of, for the primal simplex, should they be
            many; None: there is none.
        budget
            Its limits and stop signal end the solve; its work is counted there.
        """
        self._budget = budget
        self._load(face, cost)
        if basis is not None:
            self._begin_from(basis, "dual")
            if before is not None:
                self._solver.setOptionValue("solver", "simplex")
                self._solver.setOptionValue("simplex_iteration_limit", FEW_STEPS)
                self._solve()
        if before is not None and self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._begin_from(before, "primal")
        return self._solved(face, cost)

    def _begin_from(self, basis: Basis, method: Literal["dual", "primal"]) -> None:
        """Every column that the solver did not hold then is at its lower bound, rows that came later are basic."""
        assert self._loaded is not None
        if not self._loaded.tiers and len(basis.known.row_status) <= self._solver.getNumRow():
            self._set_basis(basis, method)

    def _set_basis(self, basis: Basis, method: Literal["dual", "primal"]) -> None:
        assert self._loaded is not None
        rows, given = self._solver.getNumRow(), basis.known.row_status
        lower, basic = highspy.HighsBasisStatus.kLower, highspy.HighsBasisStatus.kBasic
        status = np.full(len(self._held), lower, dtype=object)
        status[basis.columns] = basis.known.col_status
        made = highspy.HighsBasis()
        made.col_status = status[self._loaded.columns].tolist()
        made.row_status = [*given, *[basic] * (rows - len(given))]
        made.valid = True
        self._solver.setBasis(made)
        self._solver.setOptionValue("simplex_strategy", STRATEGIES[method])

    def minimise(self, face: Face, cost: Vector) -> Relaxed:
        """Solve a face with an objective."""
        known = self._met_at_once(face, cost)
        if known is not None:
            return known
        self._load(face, cost)
        return self._solved(face, cost)

    def _solved(self, face: Face, cost: Vector) -> Relaxed:
        while True:
            ending = self._run()
            if ending == "infeasible" and not self._inside[face.open].all():
                self._inside |= face.open  # perhaps only for want of columns
                self._load(face, cost)
                continue
            found = self._found(face, cost, ending)
            if ending != "optimal":
                return found
            entering, broken = self._improving(face, found.reduced_costs), self._matrix.lazy.broken(found.solution)
            if not len(entering) and not len(broken.lower):
                self._last = found.solution
                return found
            self._add_columns(face, cost, entering)
            self._add_rows(broken)

    def _met_at_once(self, face: Face, cost: Vector) -> Relaxed | None:
        """The last solution, where it has every column at the end that costs least: no rows are needed to prove it."""
        if self._last is None:
            return None
        least = float(cost @ np.where(cost > 0, face.lower, face.upper))
        if float(cost @ self._last) > least + TOLERANCE or not face.holds(self._last):
            return None
        return Relaxed("optimal", least, self._last, cost.copy(), np.zeros(len(face.row_lower)))

    # ---- what the solver holds ---------------------------------------------------------------------------------
    def _load(self, face: Face, cost: Vector) -> None:
        known = self._loaded
        tiers = tuple(c for c, _, _ in face.extra)
        self._inside |= face.lower > 0
        self._inside[:1] = True
        wanted = (self._inside & (face.upper > 0)) | self._kept  # a column that is 0 all over the face needs no solver
        wanted[:1] = True  # but HiGHS calls a model without columns optimal, whatever its rows ask
        if known is None or len(tiers) < len(known.tiers) or any(
            a is not b for a, b in zip(tiers, known.tiers, strict=False)
        ) or np.any(wanted & ~self._held):  # fmt: skip
            self._load_anew(face, cost, np.flatnonzero(wanted))
            return
        if len(known.columns) > MOSTLY_NEEDLESS * wanted.sum() and self._load_fewer(face, cost, wanted):
            return
        used, columns = self._solver, known.columns
        every = np.arange(len(columns), dtype=np.int32)
        used.changeColsCost(len(columns), every, cost[columns])
        used.changeColsBounds(len(columns), every, face.lower[columns], face.upper[columns])
        rows = np.arange(len(face.row_lower), dtype=np.int32)
        used.changeRowsBounds(len(rows), rows, finite(face.row_lower), finite(face.row_upper))
        for number, (_, low, high) in enumerate(face.extra[: len(known.tiers)]):
            used.changeRowBounds(known.tier_rows[number], max(low, -highspy.kHighsInf), high)
        for dense, low, high in face.extra[len(known.tiers) :]:
            entries = np.flatnonzero(dense[columns]).astype(np.int32)
            used.addRow(max(low, -highspy.kHighsInf), high, len(entries), entries, dense[columns[entries]])
            self._loaded = known = known._replace(
                tiers=(*known.tiers, dense), tier_rows=(*known.tier_rows, used.getNumRow() - 1)
            )

    def _load_fewer(self, face: Face, cost: Vector, wanted: Mask) -> bool:
        """Load the wanted columns alone, and go on from the last basis; whether that is worth it.

        Columns that are basic, though 0 all over the face, come along: the basis is none without them.
        """
        known, basis = self._loaded, self.basis
        assert known is not None
        if basis is not None:
            basic = highspy.HighsBasisStatus.kBasic
            wanted[known.columns] |= np.array([s == basic for s in basis.known.col_status], dtype=np.bool_)
            if len(known.columns) < WORTH_LOADING * wanted.sum():
                return False
        self._load_anew(face, cost, np.flatnonzero(wanted))
        if basis is not None:
            self._set_basis(basis, "primal")
        return True

    def _load_anew(self, face: Face, cost: Vector, columns: Indexes) -> None:
        part = self._matrix.by_column.only(columns).lengthened(self._added_by_column.only(columns))
        lp: Any = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(part), part.across
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost[columns], face.lower[columns], face.upper[columns]
        lp.row_lower_ = finite(np.concatenate([face.row_lower, self._added.lower]))
        lp.row_upper_ = finite(np.concatenate([face.row_upper, self._added.upper]))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = part.begins.astype(np.int32)
        lp.a_matrix_.index_ = part.at
        lp.a_matrix_.value_ = part.values
        self._solver.passModel(lp)
        first = len(face.row_lower)
        self._loaded = _Loaded(columns, np.arange(first, first + len(self._added.lower)), (), ())
        self._held[:] = False
        self._held[columns] = True
        if face.extra:
            self._load(face, cost)

    def _add_columns(self, face: Face, cost: Vector, entering: Indexes) -> None:
        known = self._loaded
        if not len(entering) or known is None:
            return
        self._inside[entering] = self._held[entering] = True
        # rows in the solver: those of the matrix, then added ones and dense ones in the order in which they came
        of_matrix, of_added = self._matrix.by_column.only(entering), self._added_by_column.only(entering)
        found = [(of_matrix.line, of_matrix.at, of_matrix.values)]
        found.append((of_added.line, known.added[of_added.at], of_added.values))
        for row, tier in zip(known.tier_rows, known.tiers, strict=True):
            at = np.flatnonzero(tier[entering])
            found.append((at, np.full(len(at), row), tier[entering[at]]))
        column, at, values = (np.concatenate(entries) for entries in zip(*found, strict=True))
        new = Sparse.of(column, at, values, len(entering), self._solver.getNumRow())
        self._solver.addCols(
            len(entering), cost[entering], face.lower[entering], face.upper[entering], len(new.at),
            new.begins[:-1].astype(np.int32), new.at, new.values,
        )  # fmt: skip
        self._loaded = known._replace(columns=np.concatenate([known.columns, entering]))

    def _add_rows(self, broken: Rows) -> None:
        known = self._loaded
        if not len(broken.lower) or known is None:
            return
        first = self._solver.getNumRow()
        whole = broken.matrix(len(self._inside))
        new = whole.turned().only(known.columns).turned()
        self._solver.addRows(
            len(broken.lower), finite(broken.lower), finite(broken.upper), len(new.at),
            new.begins[:-1].astype(np.int32), new.at, new.values,
        )  # fmt: skip
        self._added = Rows.joined([self._added, broken])
        self._added_by_column = self._added.matrix(len(self._inside)).turned()
        self._loaded = known._replace(added=np.concatenate([known.added, np.arange(first, first + len(broken.lower))]))

    # ---- solving -----------------------------------------------------------------------------------------------
    def _run(self) -> Ending:
        """From the last basis by simplex; where that takes long, anew by the interior point."""
        used, limit = self._solver, WARM_WORK // max(1, self._solver.getNumRow())
        if self._warm:
            used.setOptionValue("solver", "simplex")
            used.setOptionValue("simplex_iteration_limit", limit)
            self._solve()
        if not self._warm or is_undecided(used, self._budget):
            used.setOptionValue(SHIFTED, 1.0)
            interior_point(used, self._solve, self._budget)
        self._warm = True
        return ending_of(used, self._budget)

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
        solution, duals, reduced, others = face.lower.copy(), np.zeros(len(face.row_lower)), cost.copy(), False
        if ending == "optimal":
            solution[known.columns] = found.col_value
            held = np.array(found.row_dual)
            duals = held[: len(face.row_lower)]
            reduced -= self._matrix.by_column.summed(duals)
            reduced -= self._added_by_column.summed(held[known.added])
            others = bool(np.any(np.abs(held[known.added]) > TOLERANCE))
            for row, (tier, low, high) in zip(known.tier_rows, face.extra, strict=True):
                reduced -= held[row] * tier
                others = others or (low < high and abs(held[row]) > TOLERANCE)
        return Relaxed(ending, float(cost @ solution), solution, reduced, duals, others)

    def _improving(self, face: Face, reduced: Vector) -> Indexes:
        """The best few columns outside for each owner."""
        found = np.flatnonzero((reduced < -PRICE) & face.open & ~self._held)
        order = found[np.lexsort((reduced[found], self._owner[found]))]
        owner = self._owner[order]
        begins = np.flatnonzero(np.diff(owner, prepend=-2))
        rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
        return order[(rank < COLUMNS_EACH) | (owner < 0)]

    def _is_to_stop(self) -> bool:
        self._checked += 1
        return self._budget.stopped(self._checked) is not None


class _Loaded(NamedTuple):
    """Columns in the solver's order, and where it holds the rows that were added and the dense rows of tiers."""

    columns: Indexes
    added: Indexes
    tiers: tuple[Vector, ...]
    tier_rows: tuple[int, ...]
