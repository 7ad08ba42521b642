"""Which of equal offers each match has: any as long as no level asks, then as the draw wants it.

When every level before the draw is settled, few matches are left open. Each of those at equal offers gets a column per
single offer, ``sum of these = its x``, and each single offer its places. So the draw decides both, who goes to equal
offers and to which of them, on the same face as if all offers had had columns of their own from the beginning.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from allocator.engine.face import Face
from allocator.engine.formulation import Formulation
from allocator.engine.levels import drawn
from allocator.engine.program import INFINITY, Indexes, Linear, Rows, Vector
from allocator.engine.start import InHand
from models.entities import Offer


class _Columns(NamedTuple):
    """Columns of single offers: where they begin, and the ``x`` column and the offer (by index) of each."""

    begin: int
    match: Indexes
    offer: Indexes


class SingleOffers:
    """The single offers of matches at equal ones.

    Parameters
    ----------
    model
        Columns, equal offers as one.
    in_hand
        A plan that was made before: as long as nothing else is decided, its offers stay.
    """

    def __init__(self, model: Formulation, in_hand: InHand) -> None:
        self._model = model
        self._in_hand = {request: model.offer_index.get(offer, -1) for request, (offer, _) in in_hand.items()}
        self._first_of = model.equal.first_of
        self._columns = _Columns(model.program.columns, *np.zeros((2, 0), dtype=np.int64))
        found = np.isin(model.x.offer, list(model.equal.members))
        self._at_equals: Indexes = np.flatnonzero(found & ~model.x.kept)

    def decided(self, solution: Vector) -> Indexes:
        """Columns that say who goes where: matches, then those of single offers once there are any."""
        matches, begin = len(self._model.x.request), self._columns.begin
        single = np.arange(begin, begin + len(self._columns.match))
        found: Indexes = np.concatenate([np.arange(matches), single])
        return found[solution[found] > 0.5]

    def offers(self, solution: Vector) -> dict[int, int]:
        """The single offer of every match at equal offers: index of the offer by ``x`` column."""
        if len(self._columns.match):
            taken = np.flatnonzero(solution[self._columns.begin :][: len(self._columns.match)] > 0.5)
            return dict(zip(self._columns.match[taken].tolist(), self._columns.offer[taken].tolist(), strict=True))
        return dict(self._shared_out(solution))

    def _shared_out(self, solution: Vector) -> Iterator[tuple[int, int]]:
        """Those in hand where there is room, the others in order."""
        model = self._model
        room = [o.capacity for o in model.dataset.offers]
        waiting: list[tuple[int, tuple[int, ...]]] = []
        for column in self._at_equals[solution[self._at_equals] > 0.5].tolist():
            members = model.equal.members[int(model.x.offer[column])]
            request = model.requests[model.x.request[column]].request
            before = self._in_hand.get(request, -1)
            if before in members and room[before]:
                room[before] -= 1
                yield column, before
            else:
                waiting.append((column, members))
        for column, members in waiting:
            free = next(offer for offer in members if room[offer])
            room[free] -= 1
            yield column, free

    def educator_at(self, pe: str, offer: Offer) -> str:
        """A PE of equal offers as seen from one of them, whose id is in those of its own pools."""
        first = self._first_of[self._model.offer_index[offer.offer]]
        return self._renamed(pe, self._model.equal.offers[first], offer)

    def in_hand_as_equal(self, in_hand: InHand) -> InHand:
        """Matches in hand with equal offers as one."""
        model, first_of, found = self._model, self._first_of, dict(in_hand)
        for request, (offer, pe) in in_hand.items():
            index = model.offer_index.get(offer)
            if index is not None and first_of[index] != index:
                first = model.equal.offers[first_of[index]]
                found[request] = first.offer, pe and self._renamed(pe, model.dataset.offers[index], first)
        return found

    def _renamed(self, pe: str, before: Offer, after: Offer) -> str:
        own = f"@{before.offer}"
        if pe in self._model.dataset.educator_by_id or not pe.endswith(own):
            return pe
        return f"{pe.removesuffix(own)}@{after.offer}"

    # ---- the draw ----------------------------------------------------------------------------------------------
    def add(self, face: Face, solution: Vector) -> tuple[Face, Vector]:
        """Add columns of single offers and their rows; returns the face and the solution with them.

        Parameters
        ----------
        face
            What the levels before the draw leave open.
        solution
            A plan on it.
        """
        model, program = self._model, self._model.program
        offers = self.offers(solution)
        open_matches = self._at_equals[face.upper[self._at_equals] > 0]
        members = [model.equal.members[offer] for offer in model.x.offer[open_matches].tolist()]
        match = np.repeat(open_matches, [len(m) for m in members]).astype(np.int64)
        offer = np.array([o for m in members for o in m], dtype=np.int64)
        columns = program.add_columns(np.ones(len(match)))
        self._columns = _Columns(int(columns[0]) if len(columns) else program.columns, match, offer)
        given = np.array([offers.get(m) == o for m, o in zip(match.tolist(), offer.tolist(), strict=True)], dtype=float)
        program.add_rows(self._one_each(columns, open_matches))
        program.add_rows(self._places(columns))
        return _widened(face, Face.written(program)), np.concatenate([solution, given])

    def _one_each(self, columns: Indexes, matches: Indexes) -> Rows:
        """A match at equal offers is at one of them."""
        number = np.searchsorted(matches, self._columns.match)
        row = np.concatenate([number, np.arange(len(matches))])
        column = np.concatenate([columns, matches])
        coefficient = np.concatenate([np.ones(len(columns)), np.full(len(matches), -1.0)])
        order, nothing = np.argsort(row, kind="stable"), np.zeros(len(matches))
        names = [self._model.match(m).offer.offer for m in matches.tolist()]
        return Rows(
            row[order], column[order], coefficient[order], nothing, nothing, ["L01"] * len(names), names
        )  # fmt: skip

    def _places(self, columns: Indexes) -> Rows:
        """Single offers have the places that they have."""
        used, row = np.unique(self._columns.offer, return_inverse=True)
        order = np.argsort(row, kind="stable")
        offers = [self._model.dataset.offers[o] for o in used.tolist()]
        return Rows(
            row[order], columns[order], np.ones(len(columns)), np.full(len(used), -INFINITY),
            np.array([o.capacity for o in offers], dtype=float), ["L02"] * len(used), [o.offer for o in offers],
        )  # fmt: skip

    def draw(self) -> Linear:
        """The draw of the columns that were added."""
        model, seed = self._model, self._model.policy.seed
        begin, match, offer = self._columns
        counted = model.x.counted[match]
        requests = [model.requests[r].request for r in model.x.request[match[counted]].tolist()]
        offers = [model.dataset.offers[o].offer for o in offer[counted].tolist()]
        weights = [drawn(seed, r, o) for r, o in zip(requests, offers, strict=True)]
        return Linear.sum_of(begin + np.flatnonzero(counted), np.array(weights, dtype=float))


def _widened(face: Face, whole: Face) -> Face:
    """A face over a program that has more columns and rows now: what was tightened stays so."""
    columns, rows = len(face.lower), len(face.row_lower)
    nothing = np.zeros(len(whole.lower) - columns)
    for bounds, known in ((whole.lower, face.lower), (whole.upper, face.upper)):
        bounds[:columns] = known
    for bounds, known in ((whole.row_lower, face.row_lower), (whole.row_upper, face.row_upper)):
        bounds[:rows] = known
    extra = tuple((np.concatenate([cost, nothing]), low, high) for cost, low, high in face.extra)
    return whole._replace(extra=extra)
