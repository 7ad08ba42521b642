"""Which of equal offers each match has: any as long as no tier asks, then as the draw wants it.

When every tier before the draw is settled, few matches are left open. Each of those at equal offers gets a column per
single offer, ``sum of these = its x``, and each single offer its places. So the draw decides both, who goes to equal
offers and to which of them, on the same face as if all offers had had columns of their own from the beginning.
"""

from collections.abc import Iterator
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np

from allocator.engine.counts import NONE, Counts
from allocator.engine.face import Face
from allocator.engine.relaxation import Working
from allocator.engine.start import InHand
from allocator.engine.tiers import drawn
from allocator.engine.working import MATCHES_EACH
from allocator.formulation.matches import Formulation
from allocator.formulation.program import INFINITY, Indexes, Linear, Rows, Vector
from models.entities import Offer

MOST_SINGLE = 3_000_000
"""Most columns of single offers: a draw that would need more is left out."""


class _Columns(NamedTuple):
    """Columns of single offers: where they begin, and the ``x`` column, the offer (by index) and the draw of each.

    ``row`` is the row of each that says that its match is at one of them.
    """

    begin: int
    match: Indexes
    offer: Indexes
    draw: Vector
    row: Indexes


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
        found = np.isin(model.x.offer, list(model.equal.members))
        self._at_equals: Indexes = np.flatnonzero(found & ~model.x.kept)
        self._columns: _Columns | None = None

    def offers(self, solution: Vector) -> dict[int, int]:
        """The single offer of every match at equal offers: index of the offer by ``x`` column."""
        if self._columns is None:
            return dict(self._shared_out(self._at_equals[solution[self._at_equals] > 0.5].tolist()))
        begin, match, offer, *_ = self._columns
        taken = np.flatnonzero(solution[begin : begin + len(match)] > 0.5)
        return dict(zip(match[taken].tolist(), offer[taken].tolist(), strict=True))

    def _shared_out(self, matches: list[int]) -> Iterator[tuple[int, int]]:
        """Those in hand where there is room, the others in order."""
        model, waiting = self._model, []
        room = [o.capacity for o in model.dataset.offers]
        for column in matches:
            before = self._in_hand.get(model.requests[model.x.request[column]].request, -1)
            if before >= 0 and self._first_of[before] == model.x.offer[column] and room[before]:
                room[before] -= 1
                yield column, before
            else:
                waiting.append(column)
        left = {
            first: chain.from_iterable(repeat(offer, room[offer]) for offer in members)
            for first, members in model.equal.members.items()
        }
        for column in waiting:
            yield column, next(left[int(model.x.offer[column])])

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
    def drawable(self, face: Face) -> bool:
        """Whether what a face leaves open is little enough for a draw: it needs a column for every pair."""
        of_offer = self._model.x.offer[self._open(face)]
        return sum(len(self._model.equal.members[o]) for o in of_offer.tolist()) <= MOST_SINGLE

    def _open(self, face: Face) -> Indexes:
        return self._at_equals[face.upper[self._at_equals] > 0]

    def add(self, face: Face, solution: Vector) -> tuple[Face, Vector]:
        """Add columns of single offers and their rows; returns the face and the solution with them.

        Parameters
        ----------
        face
            What the tiers before the draw leave open.
        solution
            A plan on it.
        """
        model, program = self._model, self._model.program
        offers, matches = self.offers(solution), self._open(face)
        members = [model.equal.members[first] for first in model.x.offer[matches].tolist()]
        match = np.repeat(matches, [len(m) for m in members]).astype(np.int64)
        offer = np.fromiter(chain.from_iterable(members), dtype=np.int64, count=len(match))
        columns = program.add_columns(np.ones(len(match)))
        row = program.rows + np.searchsorted(matches, match)
        self._columns = _Columns(program.columns - len(match), match, offer, self._draws(match, offer), row)
        program.add_rows(self._one_each(columns, match, matches))
        program.add_rows(self._places(columns, offer))
        seated = np.full(len(model.x.request), -1)
        seated[list(offers)] = list(offers.values())
        return _widened(face, Face.written(program)), np.concatenate([solution, (seated[match] == offer).astype(float)])

    def _draws(self, match: Indexes, offer: Indexes) -> Vector:
        """The draw of each of some matches at single offers; 0 where no tier counts the request."""
        model, eligibility, offers = self._model, self._model.eligibility, self._model.dataset.offers
        pairs = zip(model.x.request[match].tolist(), offer.tolist(), model.x.counted[match].tolist(), strict=True)
        draws = [drawn(eligibility, model.requests[r], offers[o]) if counted else 0 for r, o, counted in pairs]
        return np.array(draws, dtype=float)

    def _one_each(self, columns: Indexes, match: Indexes, matches: Indexes) -> Rows:
        """A match at equal offers is at one of them."""
        number = np.searchsorted(matches, match)
        row = np.concatenate([number, np.arange(len(matches))])
        column = np.concatenate([columns, matches])
        coefficient = np.concatenate([np.ones(len(columns)), np.full(len(matches), -1.0)])
        order, nothing = np.argsort(row, kind="stable"), np.zeros(len(matches))
        names = [self._model.match(m).offer.offer for m in matches.tolist()]
        return Rows(
            row[order], column[order], coefficient[order], nothing, nothing, ["L01"] * len(names), names
        )  # fmt: skip

    def _places(self, columns: Indexes, offer: Indexes) -> Rows:
        """Single offers have the places that they have."""
        used, row = np.unique(offer, return_inverse=True)
        order = np.argsort(row, kind="stable")
        offers = [self._model.dataset.offers[o] for o in used.tolist()]
        return Rows(
            row[order], columns[order], np.ones(len(columns)), np.full(len(used), -INFINITY),
            np.array([o.capacity for o in offers], dtype=float), ["L02"] * len(used), [o.offer for o in offers],
        )  # fmt: skip

    def draw(self) -> Linear:
        """The draw of the columns that were added."""
        assert self._columns is not None
        begin, draws = self._columns.begin, self._columns.draw
        return Linear.sum_of(begin + np.arange(len(draws)), draws)

    @property
    def columns(self) -> Indexes:
        """The columns that were added; none before."""
        return (
            np.zeros(0, dtype=np.int64)
            if self._columns is None
            else (self._columns.begin + np.arange(len(self._columns.match)))
        )

    def drawn(self, solution: Vector) -> int:
        """What the single offers of a plan draw."""
        offers = self.offers(solution)
        seated = np.array(list(offers.items()), dtype=np.int64).reshape(-1, 2)
        return round(float(self._draws(seated[:, 0], seated[:, 1]).sum()))

    def begin_with_best(self, known: Working) -> Working:
        """Columns that a draw of many begins with: of each request the matches with the best draws, and their offers.

        The others join where they improve it, each match with its offers.
        """
        assert self._columns is not None
        begin, match, _, draws, row = self._columns
        count = len(known.columns)
        best = np.full(count, -np.inf)
        np.maximum.at(best, match, draws)
        matches = np.unique(match)
        request = self._model.x.request[matches]
        order = np.lexsort((-best[matches], request))
        rank = np.arange(len(order)) - np.searchsorted(request[order], request[order])
        columns, owner = np.ones(count, dtype=np.bool_), known.owner.copy()
        columns[matches[order[rank >= MATCHES_EACH]]] = False
        owner[begin : begin + len(match)] = self._model.x.request[match]
        of_match, of_offer, rows = np.full(count, NONE), np.full(count, NONE), np.unique(row)
        of_match[match] = of_offer[begin : begin + len(match)] = np.searchsorted(rows, row)
        counts = (*known.counts, Counts(of_match, of_offer, rows))
        for some in counts:
            columns = some.beside(columns)
        return known._replace(columns=columns, owner=owner, counts=counts)


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
