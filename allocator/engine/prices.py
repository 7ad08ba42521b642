"""Bounds from prices: a safe bound of a tier in a program too large for any relaxation.

Rows that couple students get prices y, a solver's duals or any others. Each student then decides alone, and

    bound = sum of y_i b_i + sum over students of their least cost + sum over other columns of min(d_j l_j, d_j u_j)

never exceeds the minimum, whatever the prices (Lagrangian relaxation, Geoffrion 1974); at the duals of the relaxation
it is the relaxation's value. Here b is the bound of the row that its price holds to, and d = cost - y x matrix. A
match pays the price of its group's cheapest pool besides; or more, where a solver's duals say so and the pools' own
bounds pay for it. Lazy rows and the dense rows of tiers are left out, which keeps the bound valid.
"""

from typing import NamedTuple

import numpy as np

from allocator.engine.alone import Alone
from allocator.engine.face import Face
from allocator.formulation.program import INFINITY, Indexes, Mask, Vector


class Priced(NamedTuple):
    """A bound (infinite: a student is left without any choice, so the face is empty) and what goes with it.

    ``duals`` are prices of all rows: under them no match, path or count that is open in :attr:`Prices.face` has a
    negative reduced cost, save where its own upper bound is all that limits it; and, unless the face is empty, the sum
    of y b over rows and of min(d l, d u) over columns is the bound.
    """

    bound: float
    duals: Vector


class Seen(NamedTuple):
    """What students see at prices.

    ``prices`` of coupling rows (own rows 0), ``reduced`` costs under them, ``pool`` the price of a pool by group,
    ``by_hand`` the groups whose price is given and not that of the cheapest pool, ``counts`` the reduced costs of
    counts (closed ones infinite), ``matches`` the cost of every match with its pool (closed ones infinite).
    """

    prices: Vector
    reduced: Vector
    pool: Vector
    by_hand: Mask
    counts: Vector
    matches: Vector


class Prices:
    """Bounds of one tier on one face.

    Parameters
    ----------
    alone
        What students decide alone.
    face
        The solutions in play, over the same matrix.
    cost
        The tier, minimised.

    Attributes
    ----------
    face
        The same solutions, with those columns closed that the same student's others make impossible.
    must
        Owners that have to take one of their options.
    lower, upper
        Between these (by row) a price does no harm of its own: the sign that a row allows, and no more than what
        the column of a shortfall costs.
    """

    def __init__(self, alone: Alone, face: Face, cost: Vector) -> None:
        self.alone = alone
        self.cost = cost
        self._forced = _Forced(alone, face)
        self.must = self._forced.must
        self.face = face._replace(upper=self._forced.upper)
        options, groups = alone.options, alone.groups
        with_path = np.flatnonzero(options.path >= 0)
        self._with_path, self._paths = with_path, options.path[with_path]
        self._closed_options = with_path[self.face.upper[self._paths] < 0.5]
        self._closed_matches = np.flatnonzero(self.face.upper[: len(groups.of_match)] < 0.5)
        self._count_lower, self._count_upper = self.face.lower[groups.counts], self.face.upper[groups.counts]
        self._held = np.zeros(len(groups.row), dtype=np.bool_)
        self._held[groups.of_count[self._count_lower > 0]] = True  # a pool that has to be used may be a dear one
        self.lower, self.upper = self._limits()

    def at(self, duals: Vector) -> Priced:
        """The bound at prices.

        Parameters
        ----------
        duals
            A price for every row, as a minimising solver states them: d = cost - y x matrix. A price that its row
            cannot have counts as 0; those of students' own rows do not matter. The balance of a group may have
            infinity: the price of the cheapest pool.
        """
        seen = self.seen(duals)
        least = self.least(seen.matches[self.alone.cells.order])
        value = self.decided(self.option_costs(seen, least))
        if np.isinf(value).any():
            return Priced(INFINITY, seen.prices)
        return Priced(self._value(seen) + float(value.sum()), self._completed(seen, least, value))

    # ---- what students see -------------------------------------------------------------------------------------
    def seen(self, duals: Vector) -> Seen:
        """Costs at prices; see :meth:`at`."""
        groups, face = self.alone.groups, self.face
        prices = np.where(self.alone.own, 0.0, duals)
        prices = np.where(np.isinf(face.row_lower), np.minimum(prices, 0.0), prices)
        prices = np.where(np.isinf(face.row_upper), np.maximum(prices, 0.0), prices)
        reduced = self.cost - face.matrix.by_column.summed(prices)
        counts = np.where(self._count_upper > 0, reduced[groups.counts], INFINITY)
        pool, given = np.zeros(len(groups.row)), np.zeros(len(groups.row))
        if len(counts):
            pool[1:], given[1:] = np.minimum.reduceat(counts, groups.begins), -duals[groups.row[1:]]
        pool[np.isinf(pool)] = 0.0  # nobody can be supervised, and the matches are closed
        by_hand = (given > pool) | (self._held & np.isfinite(given))
        by_hand[0] = False
        pool = np.where(by_hand, given, pool)
        matches = reduced[: len(groups.of_match)] + pool[groups.of_match]
        matches[self._closed_matches] = INFINITY
        return Seen(prices, reduced, pool, by_hand, counts, matches)

    def least(self, found: Vector) -> Vector:
        """Least cost in every cell, of the costs of matches by cell; infinite where none is open."""
        cells = self.alone.cells
        least = np.full(len(cells.owner), INFINITY)
        least[0] = 0.0
        if len(found):
            least[cells.filled] = np.minimum.reduceat(found, cells.begins[cells.filled])
        return least

    def option_costs(self, seen: Seen, least: Vector) -> Vector:
        """Cost of every option, of the costs of cells; infinite where it is closed."""
        options = self.alone.options
        costs: Vector = least[options.first] + least[options.final]
        costs[self._with_path] += seen.reduced[self._paths]
        costs[self._closed_options] = INFINITY
        return costs

    def decided(self, costs: Vector) -> Vector:
        """What every owner pays, of the costs of options: the least, or nothing where it may take none."""
        best: Vector = np.minimum.reduceat(costs, self.alone.owners.begins) if len(costs) else costs
        return np.where(self.must, best, np.minimum(best, 0.0))

    # ---- the bound ---------------------------------------------------------------------------------------------
    def _value(self, seen: Seen) -> float:
        """What rows and all columns but students' own give."""
        face, groups, rest = self.face, self.alone.groups, self.alone.rest
        priced = np.flatnonzero(seen.prices)
        prices = seen.prices[priced]
        total = float(prices @ np.where(prices > 0, face.row_lower[priced], face.row_upper[priced]))
        reduced = seen.reduced[rest]
        total += float(np.minimum(reduced * face.lower[rest], reduced * face.upper[rest]).sum())
        reduced = seen.reduced[groups.counts] - seen.pool[groups.of_count]
        return total + float(np.minimum(reduced * self._count_lower, reduced * self._count_upper).sum())

    def _completed(self, seen: Seen, least: Vector, value: Vector) -> Vector:
        """Prices of all rows: a student's least cost goes to a row of its own, that in a kind to the kind's balance.

        For a student whose final needs a first, with v the least cost, m and n those in kinds of first and final, q
        the cost of a path: v for the first's L01 row, m - v and n for the balance rows. A match then has d = its cost
        - m (or n) >= 0, a path q + m - v + n >= 0. Other students have v elsewhere, see :class:`_Forced`.
        """
        cells, groups, forced = self.alone.cells, self.alone.groups, self._forced
        duals = seen.prices.copy()
        duals[groups.row[1:]] = -seen.pool[1:]
        least = np.where(np.isinf(least), 0.0, least)  # all paths through a kind without an open match are closed
        shifted = np.where(forced.holds_above, value, np.minimum(value, 0.0))
        balance = least.copy()
        balance[forced.shifted] -= shifted[cells.owner[forced.shifted]]
        written = cells.row >= 0
        duals[cells.row[written]] = balance[written]
        for rows, part in ((forced.row_below, shifted < 0), (forced.row_above, shifted > 0)):
            at = part & (rows >= 0)
            duals[rows[at]] = shifted[at]
        return duals

    def _limits(self) -> tuple[Vector, Vector]:
        face, matrix, rest = self.face, self.face.matrix.by_column, self.alone.rest
        lower = np.where(np.isinf(face.row_upper), 0.0, -INFINITY)
        upper = np.where(np.isinf(face.row_lower), 0.0, INFINITY)
        single = rest[(np.diff(matrix.begins)[rest] == 1) & face.open[rest] & (self.cost[rest] >= 0)]
        row, coefficient = matrix.at[matrix.begins[single]], matrix.values[matrix.begins[single]]
        limit, falling = self.cost[single] / coefficient, coefficient < 0
        np.maximum.at(lower, row[falling], limit[falling])
        np.minimum.at(upper, row[~falling], limit[~falling])
        return lower, upper


class _Forced:
    """What a face forces students to take, which columns that closes, and which rows a student's least cost goes to.

    A final that has to be met takes the least cost; else a first that has to be, or without which there is no path
    and whose paths nothing asks for; else "one path at most" (L05). Below 0 it goes to the row "one match at most" and
    above 0 to that of the fix; where such a row is not written down, the bounds of the one column that is left hold it.
    """

    def __init__(self, alone: Alone, face: Face) -> None:
        owners, options, requests = alone.owners, alone.options, alone.requests
        taken = face.lower[: len(requests.of_match)] > 0.5
        has_taken = np.zeros(len(requests.match_row), dtype=np.bool_)
        has_taken[requests.of_match[taken]] = True
        met = has_taken | (requests.fix_row >= 0) | _asks(face, requests.match_row)
        first = (owners.first >= 0) & met[owners.first]
        final = (owners.final >= 0) & met[owners.final]
        with_path = options.path >= 0
        path_taken = with_path & (face.lower[options.path] > 0.5)
        has_path = np.bincount(options.owner[path_taken], minlength=len(first)) > 0
        alone_row_asks = _asks(face, owners.row)
        self.must = first | final | has_path | alone_row_asks

        self.upper = face.upper.copy()
        self.upper[np.flatnonzero(~taken & has_taken[requests.of_match])] = 0
        no_pool = np.ones(len(alone.groups.row), dtype=np.bool_)
        no_pool[alone.groups.of_count[face.upper[alone.groups.counts] > 0]] = False
        no_pool[0] = False
        self.upper[np.flatnonzero(no_pool[alone.groups.of_match])] = 0
        without = (final[options.owner] & (options.final == 0)) | (first[options.owner] & (options.first == 0))
        self.upper[options.path[with_path & (without | (has_path[options.owner] & ~path_taken))]] = 0
        self._close_cells(alone)

        final_alone = np.bincount(options.owner[(options.first == 0) & (options.final > 0)], minlength=len(first)) > 0
        to_row = (final_alone | alone_row_asks) & ~first & ~final
        request = np.where(final, owners.final, owners.first)
        match_row, fix_row = requests.match_row[request], requests.fix_row[request]
        held = np.where(_asks(face, requests.match_row)[request], match_row, -1)
        self.row_below = np.where(to_row, owners.row, match_row)
        self.row_above = np.where(to_row, owners.row, np.where(fix_row >= 0, fix_row, held))
        self.holds_above = np.where(to_row, alone_row_asks, first | final)
        decided = np.flatnonzero(alone.cells.owner >= 0)
        owner = alone.cells.owner[decided]
        self.shifted = decided[~to_row[owner] & (alone.cells.final[decided] == final[owner])]

    def _close_cells(self, alone: Alone) -> None:
        """Close paths through a cell without an open match, and matches in a cell without an open option."""
        cells, options = alone.cells, alone.options
        of_match = np.repeat(np.arange(len(cells.owner)), np.diff(cells.begins))
        filled = np.zeros(len(cells.owner), dtype=np.bool_)
        filled[of_match[self.upper[cells.order] > 0.5]] = True
        filled[0] = True
        with_path = options.path >= 0
        self.upper[options.path[with_path & ~(filled[options.first] & filled[options.final])]] = 0
        possible = ~with_path | (self.upper[options.path] > 0.5)
        used = np.zeros(len(cells.owner), dtype=np.bool_)
        used[options.first[possible]], used[options.final[possible]] = True, True
        self.upper[cells.order[~used[of_match]]] = 0


def _asks(face: Face, rows: Indexes) -> Mask:
    """Whether each of some rows (-1: none) asks for at least one."""
    asked: Mask = np.append(face.row_lower > 0.5, False)[rows]
    return asked
