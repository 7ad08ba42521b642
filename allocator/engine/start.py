"""A first plan within seconds, so that a run stopped early has one: whoever has the fewest offers chooses first.

Each placement is a bundle of columns (the match, its count to a pool, its path); a bundle is taken if every row it
touches still holds. Students with two open requests are tried as a pair first. What a row asks for comes before
everything; then a plan in hand, whose matches are taken where they can be, and completed. No rule is decided here: the
rows do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np

from allocator.eligibility import Codes
from allocator.engine.face import TOLERANCE, Face
from allocator.engine.model import Model
from allocator.engine.room import Beside, FullRows
from allocator.formulation.matches import grouped
from allocator.formulation.pathways import StudentPaths
from allocator.formulation.program import Indexes, Vector
from allocator.formulation.same_team import SameTeam
from allocator.terms.horizon import StudentRequests

OFFERS_TRIED = 10
"""Offers with room tried for each request of a student with two open requests, before each is tried alone."""
Entries = list[tuple[int, float]]
InHand = Mapping[str, tuple[str, str | None]]
"""Offer and PE (None: not known) by request, of a plan that was made before."""
NONE: Indexes = np.zeros(0, dtype=np.int64)


def first_plan(model: Model, face: Face, in_hand: InHand) -> Vector | None:
    """What is in hand, completed greedily.

    Parameters
    ----------
    model, face
        What may be taken, and the rows that have to hold.
    in_hand
        Matches of a plan that was made before.

    Returns
    -------
    Vector or None
        None where that leaves a row broken that asks for something.
    """
    program = model.program
    begin = program.lower.copy()
    begin[model.matches.new] = 0  # where a fix has it at 1, its path and its PE come with it
    # rows of tiers, which are there where a model is carried, limit nobody; the plan has what is short in the end
    short = [shortfall.column for shortfall in program.shortfalls]
    begin[short] = face.upper[short]
    plan = FirstPlan(model, face, begin, in_hand).build()
    return plan if face.holds(plan) else None


class FirstPlan:
    """Builds one plan greedily on a model.

    Parameters
    ----------
    model, face
        What may be taken, and the rows that have to hold.
    start
        The solution to begin with: everything at its lower bound. Rows that ask for more may be broken as yet.
    in_hand
        Matches to be taken first, with their PEs where these can.
    """

    def __init__(self, model: Model, face: Face, start: Vector, in_hand: InHand | None = None) -> None:
        self._model = model
        self._face = face
        self._columns = face.matrix.by_column
        self._solution: list[float] = start.tolist()
        self._upper: list[float] = face.upper.tolist()
        self._activity: list[float] = face.matrix.by_column.spread(start).tolist()
        self._row_lower: list[float] = face.row_lower.tolist()
        self._row_upper: list[float] = face.row_upper.tolist()
        self._rows_of: dict[int, Entries] = {}
        self._balanced_of: dict[int, Entries] = {}
        self._pools: list[list[int]] = [[]]  # by number of the group: its count columns
        self._group: Codes = np.zeros(len(model.matches.x.request), dtype=np.int32)  # 0: no choice of pools
        pool_of: dict[tuple[int, str], int] = {}
        for _, uses in groupby(model.matches.uses, key=lambda use: id(use.group)):
            of_group = list(uses)
            columns = of_group[0].group.columns
            if len(of_group) > 1:
                number = len(self._pools)
                self._group[columns] = number
                self._pools.append([int(use.columns[0]) for use in of_group])
                for use in of_group:
                    pool_of[number, use.pool.name if use.pool else use.candidate.pe] = int(use.columns[0])
        self._in_hand: dict[str, Indexes] = {}
        self._pool_in_hand: dict[int, list[int]] = {}
        for request, (offer, pe) in (in_hand or {}).items():
            self._find(request, offer, pe, pool_of)
        self._beside = Beside(model.matches.together)
        self._full = FullRows(face, np.array(self._activity), self._pools, self._group)

    def _find(self, request: str, offer: str, pe: str | None, pool_of: dict[tuple[int, str], int]) -> None:
        """The columns of a match of the plan in hand, where there are any."""
        matches = self._model.matches
        columns = matches.columns_of.get(request, NONE)
        self._in_hand[request] = columns[matches.x.offer[columns] == matches.offer_index.get(offer, -1)]
        pool = matches.pools.by_pe.get(pe or "")
        for column in self._in_hand[request].tolist():
            if self._group[column]:
                count = pool_of.get((int(self._group[column]), pool.name if pool else pe or ""))
                self._pool_in_hand[column] = [] if count is None else [count]

    def build(self) -> Vector:
        """The plan; at least the start it was given."""
        matches = self._model.matches
        wanted = np.bincount(matches.x.offer[matches.new], minlength=len(matches.dataset.offers))
        possible = matches.new[self._face.upper[matches.new] > 0]
        order = possible[np.lexsort((possible, wanted[matches.x.offer[possible]]))]
        choices = {r.request: order[:0] for r in matches.eligibility.horizon.live}
        choices |= {matches.requests[i].request: order[at] for i, at in grouped(matches.x.request[order])}
        students = [s for s in matches.eligibility.horizon.by_student.values() if s.first or s.final]
        orders = [(s, [r.request for r in (s.first, s.final) if r is not None]) for s in students]
        for column in np.flatnonzero(np.array(self._solution[: len(self._group)]) > 0.5).tolist():
            self._take_with_pool(column, [])  # a match that is given needs its PE
        self._place_asked(orders, choices)
        self._take_in_hand_together(orders)
        orders = self._not_all_placed(orders)
        self._place_in_hand(orders)
        self._pool_in_hand.clear()  # whose PE cannot stay may have any other
        self._place_in_hand(orders)
        self._place_asked(orders, choices)  # what a cap of so many in a hundred did not allow while nobody was placed
        for student, requests in sorted(orders, key=lambda item: min(len(choices[r]) for r in item[1])):
            self._place(student, [choices[r] for r in requests])
        return self._model.program.tidied(np.array(self._solution))

    def _place_asked(self, orders: list[tuple[StudentRequests, list[str]]], choices: dict[str, Indexes]) -> None:
        """What a row asks for, such as a fix, before somebody has its place; the other request of a pair beside it.

        Bounds that rows imply tell: a match that has to be 1.
        """
        matches, lower = self._model.matches, self._face.lower
        asked = [c for c in np.flatnonzero(lower[: len(self._group)] > 0.5).tolist() if self._solution[c] < 0.5]
        by_request = {matches.requests[matches.x.request[c]].request: np.array([c]) for c in asked}
        for student, requests in orders:
            mine = [by_request[r] for r in requests if r in by_request]
            for beside in (self._in_hand, choices):  # anywhere, where it does not go with what is in hand
                if any(self._solution[columns[0]] < 0.5 for columns in mine):
                    wanted = [by_request.get(r, beside.get(r, choices[r])) for r in requests]
                    self._place(student, wanted, most=len(matches.x.request))

    def _take_in_hand_together(self, orders: list[tuple[StudentRequests, list[str]]]) -> None:
        """Take what is in hand of all students at once, but for those who would break a row together.

        They come after it one by one, as do those of whose matches not everything is known.
        """
        known = (self._in_hand_of(student, requests) for student, requests in orders)
        bundles = [bundle for bundle in known if bundle and self._change(bundle) is not None]
        before, activity = np.array(self._solution), np.array(self._activity)
        least, most = np.minimum(self._face.row_lower, activity), np.maximum(self._face.row_upper, activity)
        while bundles:
            columns = np.array([c for bundle in bundles for c in bundle], dtype=np.int64)
            taken: Vector = before + np.bincount(columns, minlength=len(before))
            after = self._face.matrix.by_column.spread(taken)
            broken = np.flatnonzero((after < least - TOLERANCE) | (after > most + TOLERANCE))
            full = np.flatnonzero(taken > self._face.upper + TOLERANCE)
            if not len(broken) and not len(full):
                self._solution, self._activity = taken.tolist(), after.tolist()
                self._full.note_all(after)
                return
            owner = np.repeat(np.arange(len(bundles)), [len(bundle) for bundle in bundles])
            last = np.full(len(before), -1)
            np.maximum.at(last, columns, owner)  # of those who meet in a row or a column the last one waits
            of_rows = [last[self._face.matrix.by_row.only(broken[at : at + 1]).at].max() for at in range(len(broken))]
            waiting = {*of_rows, *last[full].tolist()} - {-1}
            if not waiting:
                return
            bundles = [bundle for number, bundle in enumerate(bundles) if number not in waiting]

    def _in_hand_of(self, student: StudentRequests, requests: list[str]) -> list[int]:
        """The columns of a student's matches in hand, all of them; nothing where they are not known or taken."""
        matches = [self._in_hand.get(r, NONE).tolist() for r in requests]
        chosen, pools = [found[0] for found in matches if found], list[int]()
        if any(len(found) > 1 or self._beside.concerns(found) for found in matches):
            return []
        for column in chosen:
            found = self._open_pools(column)
            if len(found) != 1 or self._solution[column] > 0.5:
                return []
            pools += [pool for pool in found if pool >= 0]
        paths = self._model.paths.by_student.get(student.student.student)
        if paths is None:
            return [*chosen, *pools]
        if len(chosen) == 2:
            kinds = self._model.paths.kind[chosen]
            path = int(paths.matrix[kinds[0], kinds[1]])
            return [*chosen, *pools, path] if path >= 0 and self._apart(*chosen) else []
        alone = [self._alone(paths, found[0], which) for which, found in enumerate(matches) if found]
        return [*chosen, *pools, *alone[0]] if alone and alone[0] else []

    def _not_all_placed(
        self, orders: list[tuple[StudentRequests, list[str]]]
    ) -> list[tuple[StudentRequests, list[str]]]:
        matches = self._model.matches
        taken = np.flatnonzero(np.array(self._solution[: len(self._group)]) > 0.5)
        placed = {matches.requests[i].request for i in matches.x.request[taken].tolist()}
        return [(student, requests) for student, requests in orders if not placed.issuperset(requests)]

    def _place_in_hand(self, orders: list[tuple[StudentRequests, list[str]]]) -> None:
        for student, requests in orders:
            if any(r in self._in_hand for r in requests):
                self._place(student, [self._in_hand.get(r, NONE) for r in requests])

    def _place(self, student: StudentRequests, choices: list[Indexes], most: int | None = None) -> None:
        paths = self._model.paths.by_student.get(student.student.student)
        free = [self._full.without(columns) for columns in choices]
        tried = OFFERS_TRIED if most is None else most
        if paths is not None and (
            self._place_pair(free[0], free[1], paths, tried) or self._place_beside(choices[0], free[1], paths)
        ):
            return
        for which, columns in enumerate(choices):
            open_alone = self._full.without(columns)
            if which and paths is not None:  # most finals only with their first
                open_alone = open_alone[paths.final_alone[self._model.paths.kind[open_alone]] >= 0]
            for column in open_alone.tolist():
                if self._take_with_pool(column, [column, *self._alone(paths, column, which)]):
                    break

    def _place_pair(self, firsts: Indexes, finals: Indexes, paths: StudentPaths, most: int) -> bool:
        """First and final with their path and a pool each, of which each has to fit by itself before both are tried."""
        kind, known = self._model.paths.kind, dict[int, list[list[int]]]()
        together = paths.matrix[np.ix_(kind[firsts], kind[finals])] >= 0
        firsts, finals = firsts[together.any(axis=1)], finals[together.any(axis=0)]
        for first in firsts[:most].tolist():
            ours = self._fitting(first)
            for final in finals[:most].tolist() if ours else ():
                path = int(paths.matrix[kind[first], kind[final]])
                if path < 0 or not self._apart(first, final):
                    continue
                if final not in known:
                    known[final] = self._fitting(final)
                if self._take_one([*mine, *theirs, path] for mine in ours for theirs in known[final]):
                    return True
        return False

    def _fitting(self, match: int) -> list[list[int]]:
        """A match with each pool that it may have, as far as rows that only limit still hold."""
        bundles = ([match] if pool < 0 else [match, pool] for pool in self._open_pools(match))
        return [bundle for bundle in bundles if self._fits(bundle)]

    def _place_beside(self, firsts: Indexes, finals: Indexes, paths: StudentPaths) -> bool:
        """A final for a student whose first is placed alone: the path of both takes the place of the first's own."""
        kind = self._model.paths.kind
        for first in [c for c in firsts.tolist() if self._solution[c] > 0.5]:
            [alone] = self._alone(paths, first, 0)
            for final in finals.tolist():
                path = int(paths.matrix[kind[first], kind[final]])
                if path >= 0 and self._apart(first, final) and self._take_with_pool(final, [final, path], alone):
                    return True
        return False

    def _apart(self, first: int, final: int) -> bool:
        """Whether both may be in their teams (E10), whose rows are not written down."""
        lazy = self._model.program.lazy
        return not isinstance(lazy, SameTeam) or lazy.apart(first, final)

    def _open_pools(self, column: int) -> list[int]:
        """Count columns of the pools with room, -1 where there is no choice."""
        group = int(self._group[column])
        pools = self._pool_in_hand.get(column, self._pools[group])
        return [p for p in pools if not self._full.closed[p]] if group else [-1]

    def _alone(self, paths: StudentPaths | None, column: int, which: int) -> list[int]:
        """The path of a match on its own, where its student has paths."""
        if paths is None:
            return []
        alone = (paths.first_alone, paths.final_alone)[which][self._model.paths.kind[column]]
        return [] if alone < 0 else [int(alone)]

    def _take_with_pool(self, match: int, columns: list[int], instead: int | None = None) -> bool:
        pools = self._open_pools(match)
        return self._take_one((columns if pool < 0 else [*columns, pool] for pool in pools), instead)

    def _take_one(self, bundles: Iterable[list[int]], instead: int | None = None) -> bool:
        """Take the first that can be of bundles that differ in their pools alone.

        What one breaks in which no pool has a part, every other breaks too. So does, of rows that others give room
        again, such as a cap of so many in a hundred, every other whose pools are the same to these rows.
        """
        refused = set[tuple[tuple[int, float], ...]]()
        for bundle in bundles:
            alike = tuple(entry for column in bundle for entry in self._balanced(column))
            if alike in refused:
                continue
            broken = self._take(bundle, instead)
            if broken is None:
                return True
            if broken >= 0 and not self._is_of_pools(broken, bundle):
                return False
            if broken >= 0 and self._full.balanced[broken]:
                refused.add(alike)
        return False

    def _is_of_pools(self, row: int, bundle: list[int]) -> bool:
        """Whether what a bundle is to a row depends on its pools."""
        return any(row == at for c in bundle if self._full.is_pool[c] for at, _ in self._entries(c))

    def _balanced(self, column: int) -> Entries:
        """The entries of a count to a pool in rows that others give room again."""
        if column < len(self._group):
            return []  # a match is the same in all bundles that are compared
        found = self._balanced_of.get(column)
        if found is None:
            found = [entry for entry in self._entries(column) if self._full.balanced[entry[0]]]
            self._balanced_of[column] = found
        return found

    def _entries(self, column: int) -> Entries:
        """Rows and coefficients of a column."""
        found = self._rows_of.get(column)
        if found is None:
            part = slice(self._columns.begins[column], self._columns.begins[column + 1])
            found = list(zip(self._columns.at[part].tolist(), self._columns.values[part].tolist(), strict=True))
            self._rows_of[column] = found
        return found

    def _change(self, bundle: Sequence[int]) -> dict[int, float] | None:
        """How the activity of rows changes; None where a column has no room."""
        change: defaultdict[int, float] = defaultdict(float)
        for column in bundle:
            if self._solution[column] + 1 > self._upper[column] + TOLERANCE:
                return None
            for row, value in self._entries(column):
                change[row] += value
        return change

    def _fits(self, bundle: list[int]) -> bool:
        """Whether the rows that only limit still hold; those that ask for something may be met by more columns."""
        change = self._change([*bundle, *self._beside.both(bundle)])
        return change is not None and all(
            not self._full.limits[row] or self._activity[row] + value <= self._most(row) + TOLERANCE
            for row, value in change.items()
        )

    def _most(self, row: int) -> float:
        """What a row may come to: it is not to be broken, or not more than it is."""
        return max(self._row_upper[row], self._activity[row])

    def _holds(self, row: int, value: float) -> bool:
        after = self._activity[row] + value
        least = min(self._row_lower[row], self._activity[row])
        return least - TOLERANCE <= after <= self._most(row) + TOLERANCE

    def _take(self, bundle: list[int], instead: int | None = None) -> int | None:
        """Add the columns if every row they touch still holds; equalities must hold again.

        ``instead``: a column that they take the place of. Returns a row that would break, -1 for a column without
        room, None where they are taken.
        """
        bundle = [*bundle, *self._beside.both(bundle)]
        change = self._change(bundle)
        if change is None:
            return -1
        if instead is not None:
            for row, value in self._entries(instead):
                change[row] = change.get(row, 0.0) - value
        broken = next((row for row, value in change.items() if not self._holds(row, value)), None)
        if broken is not None:
            return broken
        if instead is not None:
            self._solution[instead] -= 1
        for column in bundle:
            self._solution[column] += 1
            self._beside.note(column)
        for row, value in change.items():
            self._activity[row] += value
            self._full.note(row, self._activity[row])
        return None
