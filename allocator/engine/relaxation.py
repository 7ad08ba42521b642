"""Linear relaxations that stay warm from tier to tier, with columns priced in and rows added as they are needed.

The solver holds a working set of columns. After each solve every other column is priced, ``d = cost - duals x matrix``;
those that would improve the value join, a few per student, until none is left, so that the value is that of the whole
program (column generation; Dantzig and Wolfe 1960). Adding columns and tightening a face at bounds that the solution
meets leave the last basis primal feasible, so the primal simplex goes on from it; a relaxation far from its optimum
is solved anew by an interior point with presolve and crossover. Rows that a plan in hand does not fill, and lazy ones,
join when a solution breaks them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from allocator.engine.budget import Budget
from allocator.engine.counts import Counts
from allocator.engine.face import TOLERANCE, Face, Relaxed, inwards
from allocator.engine.highs import INTERIOR_STEP, Ending, ending_of, interior_point, is_undecided, watch
from allocator.engine.holding import BASIC, STRATEGIES, UPPER, Basis, Holding
from allocator.engine.zero_half import zero_half_cuts
from allocator.formulation.program import Indexes, Mask, Vector

WARM_WORK = 12_000_000
"""Rows times simplex iterations from the last basis before the interior point is asked: about what that costs."""
FEW_MORE = 2_000
"""Where the interior point was asked and more columns than that have joined since, it is asked again at once."""
COLUMNS_EACH = 12
"""Most columns that join per owner and round."""
MOSTLY_NEEDLESS = 4
"""The solver's columns are loaded anew where so many times those that a face needs are there."""
WORTH_LOADING = 2
"""So many times, counting those that the last basis needs."""
SHIFTED = "primal_simplex_bound_perturbation_multiplier"
"""How far HiGHS moves bounds apart so that the primal simplex does not stand still where many meet, and then back.

It took up to twice the steps and the time in partnerships; where something stands still, the interior point is asked.
"""
IDLE, IDLE_NEAR = 4, 1
"""So many rounds of cuts may leave a bound as it is; what they cut off may be the last of what has its value. Near
another run fewer: what is left open there is searched in about the time of such a round."""
LITTLE = 0.01
"""The part of the way to the plan in hand that cuts have to bring a bound, at least, to be worth their while."""
PRICE = 1e-7
"""A column with a reduced cost below minus this would improve the value."""


class Working(NamedTuple):
    """Columns to begin with, and the owner (a student, by number) of every column; -1: joins whenever it improves.

    ``warm`` says that a plan is near, from which simplex goes on; else the interior point comes first. ``counts`` are
    columns that join with the first match of their group.
    """

    columns: Mask
    owner: Indexes
    warm: bool = False
    counts: tuple[Counts, ...] = ()

    def with_plan(self, plan: Vector) -> "Working":
        """The columns to begin with, and every column that a plan uses, so that the plan stays possible."""
        return self._replace(columns=self.columns | (plan > 0))


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
        self._counts = () if working is None else working.counts
        self._needed = np.ones(len(face.row_lower), dtype=np.bool_)
        self._holding = Holding(face.matrix)
        self._solver = self._holding.solver
        self._solver.setOptionValue(SHIFTED, 0.0)
        watch(self._solver, self._is_to_stop)
        self._checked, self._patience, self._far = 0, 1, False
        self._last: Vector | None = None
        self._warm = working is None or working.warm

    @property
    def inside(self) -> Mask:
        """Columns of the working set: those that some tier wanted."""
        return self._inside

    @property
    def basis(self) -> Basis | None:
        """Where the last solve ended; None before the first."""
        return self._holding.basis

    def begin_at(self, face: Face, plan: Vector) -> None:
        """Walk to a plan, so that tiers are solved from there: where it is good, few steps are left to each.

        Rows that it does not fill are left out until a solution breaks them. Limits of every day are most of all
        rows, and few days bind.
        """
        activity = self._matrix.by_column.spread(plan)
        self._needed = (activity >= face.row_upper - TOLERANCE) | (activity <= face.row_lower + TOLERANCE)
        self.minimise(face, -(plan > 0).astype(float))

    def begin_from(self, face: Face, cost: Vector, basis: Basis) -> None:
        """Begin where a relaxation of a program near this one ended; its rows and columns are numbered as here."""
        self._inside[basis.where(BASIC, UPPER)] = True
        self._needed = face.row_lower == face.row_upper
        self._needed[basis.rows[basis.rows < len(self._needed)]] = True
        wanted = self._wanted(face)
        self._holding.load(face, cost, np.flatnonzero(wanted), self._rows_of(face, wanted))
        self._holding.begin_from(basis, "dual")
        self._solver.setOptionValue("solver", "simplex")
        self._solver.setOptionValue("simplex_iteration_limit", 0)
        self._solve()
        # where no reduced cost is wrong the dual simplex takes the fewest steps, where some are the primal one
        self._holding.method = "primal" if self._solver.getInfo().num_dual_infeasibilities else "dual"

    def minimise(self, face: Face, cost: Vector, patience: int = 1) -> Relaxed:
        """Solve a face with an objective; after so many times the usual work the interior point is asked."""
        self._patience, self._far = patience, False
        known = self._met_at_once(face, cost)
        if known is not None:
            return known
        self._load(face, cost)
        return self._solved(face, cost)

    def _solved(self, face: Face, cost: Vector) -> Relaxed:
        while True:
            ending = self._run()
            if ending == "infeasible" and not self._inside[face.open].all():
                # perhaps only for want of columns; that they join is many steps less than to begin with them
                self._join_columns(face, cost, np.flatnonzero(face.open & ~self._holding.column_held))
                self._inside |= face.open
                continue
            found = self._found(face, cost, ending)
            if ending != "optimal":
                return found
            broken = self._broken(face, found.solution)
            if len(broken):
                self._join_rows(face, broken)
                continue
            entering, lazy = self._improving(face, found.reduced_costs), self._matrix.lazy.broken(found.solution)
            if not len(entering) and not len(lazy.lower):
                self._last = found.solution
                return found
            if len(entering):
                self._join_columns(face, cost, entering)
                self._warm = not self._far or len(entering) <= FEW_MORE
            if len(lazy.lower):
                self._holding.add_lazy(lazy)
                self._holding.method = "primal" if len(entering) else "dual"

    def _met_at_once(self, face: Face, cost: Vector) -> Relaxed | None:
        """The last solution, where it has every column at the end that costs least: no rows are needed to prove it."""
        if self._last is None:
            return None
        least = float(cost @ np.where(cost > 0, face.lower, face.upper))
        if float(cost @ self._last) > least + TOLERANCE or not face.holds(self._last):
            return None
        return Relaxed("optimal", least, self._last, cost.copy(), np.zeros(len(face.row_lower)))

    def cut(self, face: Face, cost: Vector, relaxed: Relaxed, value: int, *, near: bool = False) -> Relaxed:
        """The same relaxation with rows that cut off what is no plan, as long as these make the bound better.

        They stay, so all that is solved from now on has to be within the face.

        Parameters
        ----------
        face, cost, relaxed
            What was solved, and how it ended.
        value
            Of the plan in hand: a bound of it is enough.
        near
            Whether a run near this one was solved before.
        """
        idle, most = 0, IDLE_NEAR if near else IDLE
        while relaxed.ending == "optimal" and idle < most and inwards(relaxed.value) < value:
            cuts = zero_half_cuts(face, self._holding.added, relaxed.solution)
            if not len(cuts.lower):
                break
            self._holding.add_lazy(cuts)
            self._holding.method = "dual"
            found = self.minimise(face, cost)
            idle = 0 if found.value > relaxed.value + max(TOLERANCE, LITTLE * (value - relaxed.value)) else idle + 1
            relaxed = found
        return relaxed

    def prices(self, costs: Sequence[Vector]) -> list[Vector]:
        """What rows of the matrix are worth to other costs where the last solve ended; those not held, nothing."""
        return self._holding.prices(costs)

    def with_counts(self, face: Face, cost: Vector, prices: Vector) -> Vector:
        """Such prices, and the best ones of rows of counts that are not held."""
        for counts in self._counts:
            reduced = cost - self._matrix.by_row.spread(prices)
            prices = counts.priced(reduced, prices, ~self._holding.row_held, face.open)[1]
        return prices

    # ---- what the solver holds ---------------------------------------------------------------------------------
    def _load(self, face: Face, cost: Vector) -> None:
        holding, wanted = self._holding, self._wanted(face)
        if not holding.loaded or not holding.keeps_tiers(face) or np.any(wanted & ~holding.column_held):
            holding.load(face, cost, np.flatnonzero(wanted), self._rows_of(face, wanted))
        elif len(holding.columns) <= MOSTLY_NEEDLESS * wanted.sum() or not self._load_fewer(face, cost, wanted):
            holding.change(face, cost)

    def _wanted(self, face: Face) -> Mask:
        """The columns that the solver needs for a face."""
        self._inside |= face.lower > 0
        self._inside[:1] = True
        for counts in self._counts:
            self._inside = counts.joined(self._inside)
        wanted = self._inside & (face.upper > 0)  # a column that is 0 all over the face needs no solver
        wanted[:1] = True  # but HiGHS calls a model without columns optimal, whatever its rows ask
        return wanted

    def _load_fewer(self, face: Face, cost: Vector, wanted: Mask) -> bool:
        """Load the wanted columns alone, and go on from the last basis; whether that is worth it.

        Columns that are basic, though 0 all over the face, come along: the basis is none without them.
        """
        holding, basis = self._holding, self._holding.basis
        if basis is not None:
            wanted[basis.where(BASIC)] = True
            if len(holding.columns) < WORTH_LOADING * wanted.sum():
                return False
        holding.load(face, cost, np.flatnonzero(wanted), self._rows_of(face, wanted))
        if basis is not None:
            holding.begin_from(basis, "primal")
        return True

    def _rows_of(self, face: Face, columns: Mask) -> Indexes:
        """The needed rows that have some of these columns, or ask for something without any."""
        met = (face.row_lower > 0) | (face.row_upper < 0)
        met[self._matrix.by_column.only(np.flatnonzero(columns)).at] = True
        return np.flatnonzero(self._needed & met)

    def _join_columns(self, face: Face, cost: Vector, entering: Indexes) -> None:
        """Columns that were not here, after the needed rows that had none of them: those are empty, and hold."""
        joining = np.zeros(len(self._inside), dtype=np.bool_)
        joining[entering] = True
        for counts in self._counts:
            joining = counts.joined(joining) & face.open & ~self._holding.column_held
        self._inside |= joining
        rows = np.setdiff1d(self._rows_of(face, joining), np.flatnonzero(self._holding.row_held), assume_unique=True)
        if len(rows):
            self._holding.add_rows(face, rows)
        self._holding.add_columns(face, cost, np.flatnonzero(joining))

    def _broken(self, face: Face, solution: Vector) -> Indexes:
        """Rows of the matrix that the solver does not hold, and that a solution breaks."""
        activity = self._matrix.by_column.spread(solution)
        over = (activity > face.row_upper + TOLERANCE) | (activity < face.row_lower - TOLERANCE)
        return np.flatnonzero(over & ~self._holding.row_held)

    def _join_rows(self, face: Face, broken: Indexes) -> None:
        """Reduced costs have the right sign still, whatever rows join: the dual simplex repairs what they break."""
        self._needed[broken] = True
        self._holding.add_rows(face, broken)
        self._holding.method = "dual"

    # ---- solving -----------------------------------------------------------------------------------------------
    def _run(self) -> Ending:
        """From the last basis by simplex; where that takes long, anew by the interior point."""
        used, limit = self._solver, self._patience * WARM_WORK // max(1, self._solver.getNumRow())
        if self._warm:
            used.setOptionValue("solver", "simplex")
            used.setOptionValue("simplex_iteration_limit", limit)
            self._solve()
        if not self._warm or is_undecided(used, self._budget):
            interior_point(used, self._solve, self._budget)
            self._far = True
        self._warm = True
        self._holding.method = "primal"
        return ending_of(used, self._budget)

    def _solve(self) -> None:
        self._checked = 0
        self._solver.setOptionValue("simplex_strategy", STRATEGIES[self._holding.method])
        self._solver.run()
        info = self._solver.getInfo()
        simplex = max(0, info.simplex_iteration_count) + max(0, info.crossover_iteration_count)
        self._budget.spend(simplex + max(0, info.ipm_iteration_count) * INTERIOR_STEP)

    def _found(self, face: Face, cost: Vector, ending: Ending) -> Relaxed:
        if ending != "optimal":
            return Relaxed(
                ending, float(cost @ face.lower), face.lower.copy(), cost.copy(), np.zeros(len(self._needed))
            )
        found = self._holding.values(face, cost)
        held_up = bool(np.any(np.abs(found.of_added) > TOLERANCE)) or any(
            low < high and abs(dual) > TOLERANCE
            for dual, (_, low, high) in zip(found.of_tiers.tolist(), face.extra, strict=True)
        )
        value, reduced, duals = float(cost @ found.solution), found.reduced_costs, found.row_duals
        for counts in self._counts:
            reduced, duals = counts.priced(reduced, duals, ~self._holding.row_held, face.open)
        return Relaxed(ending, value, found.solution, reduced, duals, held_up)

    def _improving(self, face: Face, reduced: Vector) -> Indexes:
        """The best few columns outside for each owner."""
        found = np.flatnonzero((reduced < -PRICE) & face.open & ~self._holding.column_held)
        order = found[np.lexsort((reduced[found], self._owner[found]))]
        owner = self._owner[order]
        begins = np.flatnonzero(np.diff(owner, prepend=-2))
        rank = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
        return order[(rank < COLUMNS_EACH) | (owner < 0)]

    def _is_to_stop(self) -> bool:
        self._checked += 1
        return self._budget.stopped(self._checked) is not None
