"""What HiGHS holds of a program: some of its columns and rows, lazy rows that joined, and the dense rows of tiers."""

from collections.abc import Callable, Sequence
from functools import cached_property
from operator import index
from typing import Any, Literal, NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from allocator.engine.face import Face, Matrix
from allocator.engine.highs import finite, solver
from allocator.formulation.program import Indexes, Mask, Rows, Vector
from allocator.formulation.sparse import Sparse

OUTSIDE = -1
_STATUSES = highspy.HighsBasisStatus
_BY_CODE = np.array(sorted(_STATUSES.__members__.values(), key=index), dtype=object)
BASIC, LOWER, UPPER = (index(status) for status in (_STATUSES.kBasic, _STATUSES.kLower, _STATUSES.kUpper))
"""Statuses of columns and rows in a basis, as codes: what HiGHS gives is compared a hundred times as slowly."""
STRATEGIES = {"dual": 1, "primal": 4}
Method = Literal["dual", "primal"]
Codes = NDArray[np.int8]


class Statuses(NamedTuple):
    """The status of every column, row and dense row of tiers that a basis knows, as codes."""

    columns: Codes
    rows: Codes
    tiers: Codes


class Basis:
    """Where a solve ended: the status of the columns, rows and dense rows of tiers held then.

    Parameters
    ----------
    columns, rows, added, tiers
        What was held. ``rows`` are numbers of the matrix's rows, and behind these those of the lazy rows ``added``.
    found
        Their statuses; asked for at most once, since most bases are never begun from.
    """

    def __init__(
        self, columns: Indexes, rows: Indexes, added: Rows, tiers: tuple[Vector, ...], found: Callable[[], Statuses]
    ) -> None:  # fmt: skip
        self.columns = columns
        self.rows = rows
        self.added = added
        self.tiers = tiers
        self._found: Callable[[], Statuses] = found

    @cached_property
    def statuses(self) -> Statuses:
        """The status of everything that was held."""
        return self._found()

    def at(self, rows: Indexes, columns: Indexes, tiers: tuple[Vector, ...]) -> "Basis":
        """The same for another program, without lazy rows.

        Parameters
        ----------
        rows, columns
            Where those of the other program are in this one; -1: nowhere.
        tiers
            Its dense rows of tiers; these are taken for the ones here where they are as many.
        """
        here, of_columns = _carried(self.columns, self.statuses.columns, columns)
        held, of_rows = _carried(self.rows, self.statuses.rows, rows)
        same = len(tiers) == len(self.tiers)
        of_tiers = self.statuses.tiers if same else self.statuses.tiers[:0]
        statuses = Statuses(of_columns, of_rows, of_tiers)
        return Basis(here, held, Rows.none(), tiers if same else (), lambda: statuses)

    def where(self, *statuses: int) -> Indexes:
        """The columns that have one of some statuses."""
        return self.columns[np.isin(self.statuses.columns, statuses)]


def _carried(known: Indexes, statuses: Codes, before: Indexes) -> tuple[Indexes, Codes]:
    """Which lines of another program were among some known ones, by where each was (-1: nowhere), and their status."""
    place = np.full(max(before.max(initial=0), known.max(initial=0)) + 2, OUTSIDE)
    place[known] = np.arange(len(known))
    found = place[before]
    there = np.flatnonzero(found != OUTSIDE)
    return there, statuses[found[there]]


def _codes(statuses: Sequence[Any]) -> Codes:
    return np.fromiter(map(index, statuses), dtype=np.int8, count=len(statuses))


class Values(NamedTuple):
    """A solution of what is held, for all columns and rows; ``of_tiers`` are the duals of the dense rows."""

    solution: Vector
    row_duals: Vector
    reduced_costs: Vector
    of_added: Vector
    of_tiers: Vector


class Holding:
    """A part of a matrix in one HiGHS, which keeps its basis while columns and rows join.

    Parameters
    ----------
    matrix
        All columns and rows. Rows are numbered as there, and lazy rows that joined go on from the last number.
    """

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._count = len(matrix.by_row)
        self.solver = solver()
        self.method: Method = "primal"
        self.added = Rows.none()
        self._by_column = matrix.by_column
        self.loaded = False
        self.columns: Indexes = np.zeros(0, dtype=np.int64)
        self.rows: Indexes = np.zeros(0, dtype=np.int64)
        self.tiers: tuple[Vector, ...] = ()
        self._tier_places: list[int] = []
        self._column_held = np.zeros(len(matrix.by_column), dtype=np.bool_)
        self._place = np.full(self._count, OUTSIDE, dtype=np.int64)

    @property
    def column_held(self) -> Mask:
        """Which columns of the matrix are here."""
        return self._column_held

    @property
    def row_held(self) -> Mask:
        """Which rows of the matrix are here."""
        held: Mask = self._place[: self._count] != OUTSIDE
        return held

    # ---- loading -----------------------------------------------------------------------------------------------
    def load(self, face: Face, cost: Vector, columns: Indexes, rows: Indexes) -> None:
        """Hold these columns and rows, all lazy rows that have joined, and the dense rows of a face; no basis."""
        added = self._count + np.arange(len(self.added.lower))
        self.rows = np.concatenate([rows, added])
        self._place = np.full(self._count + len(added), OUTSIDE, dtype=np.int64)
        self._place[self.rows] = np.arange(len(self.rows))
        part = self._part(columns, len(self.rows))
        lp: Any = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(columns), len(self.rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost[columns], face.lower[columns], face.upper[columns]
        lp.row_lower_ = finite(np.concatenate([face.row_lower[rows], self.added.lower]))
        lp.row_upper_ = finite(np.concatenate([face.row_upper[rows], self.added.upper]))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = part.begins.astype(np.int32)
        lp.a_matrix_.index_ = part.at
        lp.a_matrix_.value_ = part.values
        self.solver.passModel(lp)
        self.columns, self.tiers, self._tier_places, self.loaded = columns, (), [], True
        self._column_held[:] = False
        self._column_held[columns] = True
        self._put_tiers(face)

    def _part(self, columns: Indexes, places: int) -> Sparse:
        """The entries of some columns in the rows that are here, at their places."""
        part = self._by_column.only(columns)
        place = self._place[part.at]
        here = place != OUTSIDE
        return Sparse.of(part.line[here], place[here], part.values[here], len(columns), places)

    def change(self, face: Face, cost: Vector) -> None:
        """Ask another question of what is here: bounds and rows of tiers of a face, and its objective."""
        used, columns = self.solver, self.columns
        every = np.arange(len(columns), dtype=np.int32)
        used.changeColsCost(len(columns), every, cost[columns])
        used.changeColsBounds(len(columns), every, face.lower[columns], face.upper[columns])
        rows = np.flatnonzero(self.row_held)
        places = self._place[rows].astype(np.int32)
        used.changeRowsBounds(len(rows), places, finite(face.row_lower[rows]), finite(face.row_upper[rows]))
        for place, (_, low, high) in zip(self._tier_places, face.extra, strict=False):
            used.changeRowBounds(place, max(low, -highspy.kHighsInf), high)
        self._put_tiers(face)

    def _put_tiers(self, face: Face) -> None:
        for dense, low, high in face.extra[len(self.tiers) :]:
            entries = np.flatnonzero(dense[self.columns]).astype(np.int32)
            values = dense[self.columns[entries]]
            self._tier_places.append(self.solver.getNumRow())
            self.solver.addRow(max(low, -highspy.kHighsInf), high, len(entries), entries, values)
            self.tiers = (*self.tiers, dense)

    def keeps_tiers(self, face: Face) -> bool:
        """Whether the dense rows that are here are the first of a face's."""
        asked = tuple(dense for dense, _, _ in face.extra)
        return len(asked) >= len(self.tiers) and all(a is b for a, b in zip(asked, self.tiers, strict=False))

    # ---- what joins --------------------------------------------------------------------------------------------
    def add_columns(self, face: Face, cost: Vector, entering: Indexes) -> None:
        """Columns that were not here."""
        part = self._part(entering, self.solver.getNumRow())
        found = [(part.line, part.at, part.values)]
        for place, tier in zip(self._tier_places, self.tiers, strict=True):
            at = np.flatnonzero(tier[entering])
            found.append((at, np.full(len(at), place), tier[entering[at]]))
        column, at, values = (np.concatenate(entries) for entries in zip(*found, strict=True))
        new = Sparse.of(column, at, values, len(entering), self.solver.getNumRow())
        self.solver.addCols(
            len(entering), cost[entering], face.lower[entering], face.upper[entering], len(new.at),
            new.begins[:-1].astype(np.int32), new.at, new.values,
        )  # fmt: skip
        self._column_held[entering] = True
        self.columns = np.concatenate([self.columns, entering])

    def add_rows(self, face: Face, joining: Indexes) -> None:
        """Rows of the matrix that were not here; the last basis goes on with them, primal infeasible."""
        self._put_rows(self._matrix.by_row.only(joining), face.row_lower[joining], face.row_upper[joining], joining)

    def add_lazy(self, broken: Rows) -> None:
        """Lazy rows that a solution broke; they stay for good."""
        first = self._count + len(self.added.lower)
        self.added = Rows.joined([self.added, broken])
        of_added = self.added.matrix(len(self._matrix.by_column)).turned()
        self._by_column = self._matrix.by_column.lengthened(of_added)
        numbers = np.arange(first, first + len(broken.lower))
        self._place = np.concatenate([self._place, np.full(len(numbers), OUTSIDE, dtype=np.int64)])
        self._put_rows(broken.matrix(len(self._matrix.by_column)), broken.lower, broken.upper, numbers)

    def _put_rows(self, entries: Sparse, lower: Vector, upper: Vector, numbers: Indexes) -> None:
        new = entries.turned().only(self.columns).turned()
        self._place[numbers] = self.solver.getNumRow() + np.arange(len(numbers))
        self.solver.addRows(
            len(numbers), finite(lower), finite(upper), len(new.at), new.begins[:-1].astype(np.int32), new.at,
            new.values,
        )  # fmt: skip
        self.rows = np.concatenate([self.rows, numbers])

    # ---- where it stands ---------------------------------------------------------------------------------------
    @property
    def basis(self) -> Basis | None:
        """Where the last solve ended; None before the first."""
        if not self.loaded:
            return None
        known = self.solver.getBasis()
        of_rows, of_tiers = self._place[self.rows], np.array(self._tier_places, dtype=np.int64)

        def found() -> Statuses:
            of_row = _codes(known.row_status)
            return Statuses(_codes(known.col_status), of_row[of_rows], of_row[of_tiers])

        return Basis(self.columns, self.rows, self.added, self.tiers, found)

    def begin_from(self, basis: Basis, method: Method) -> None:
        """Go on from a basis: columns that it does not know are at their lower bound, and its other rows are basic.

        Not from one that a dense row holds which is not here.
        """
        statuses = basis.statuses
        of_tier = {id(tier): status for tier, status in zip(basis.tiers, statuses.tiers.tolist(), strict=True)}
        if any(of_tier[t] != BASIC for t in of_tier.keys() - {id(tier) for tier in self.tiers}):
            return
        of_column = np.full(len(self._column_held), LOWER, dtype=np.int8)
        of_column[basis.columns] = statuses.columns
        of_row = np.full(len(self._place), BASIC, dtype=np.int8)
        of_row[basis.rows] = statuses.rows
        of_place = np.full(self.solver.getNumRow(), BASIC, dtype=np.int8)
        of_place[self._place[self.rows]] = of_row[self.rows]
        of_place[self._tier_places] = [of_tier.get(id(tier), BASIC) for tier in self.tiers]
        made = highspy.HighsBasis()
        made.col_status = _BY_CODE[of_column[self.columns]].tolist()
        made.row_status = _BY_CODE[of_place].tolist()
        made.valid = True
        self.solver.setBasis(made)
        self.method = method

    def values(self, face: Face, cost: Vector) -> Values:
        """The last solution; columns that are not here are at their lower bound, and rows have no dual."""
        found = self.solver.getSolution()
        solution, duals = face.lower.copy(), np.zeros(len(self._place))
        solution[self.columns] = found.col_value
        held = np.array(found.row_dual)
        duals[self.rows] = held[self._place[self.rows]]
        of_tiers = held[self._tier_places] if self._tier_places else np.zeros(0)
        reduced = cost - self._by_column.summed(duals)
        for dual, tier in zip(of_tiers.tolist(), self.tiers, strict=True):
            reduced -= dual * tier
        return Values(solution, duals[: self._count], reduced, duals[self._count :], of_tiers)

    def prices(self, costs: Sequence[Vector]) -> list[Vector]:
        """The duals of other costs at the last basis, of the rows of the matrix.

        Where nothing that is here is in any row, HiGHS solves without a basis, and would end the process if asked.
        """
        if not self.solver.getNumNz():
            return [np.zeros(self._count) for _ in costs]
        basic = np.asarray(self.solver.getBasicVariables()[1])
        of_column = basic >= 0
        found = []
        for cost in costs:
            of_basis = np.zeros(len(basic))
            of_basis[of_column] = cost[self.columns[basic[of_column]]]
            _, held = self.solver.getBasisTransposeSolve(of_basis)
            duals = np.zeros(len(self._place))
            duals[self.rows] = held[self._place[self.rows]]
            found.append(duals[: self._count])
        return found
