"""Every eligible pair as a row of arrays: a partnership has thousands of them, England millions.

A pair is a request, an offer and a slot. A slot is a stage at an offer in a window with the PEs who may take it; most
pairs of an offer share one, so PEs are judged once a slot and not once a pair.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate
from allocator.terms.view import Mask
from models.base import Stage
from models.entities import Offer, Request

Codes = NDArray[np.int32]


class Pair(NamedTuple):
    """An eligible request and offer, its window, and the PEs who may take it."""

    request: Request
    offer: Offer
    window: Window
    educators: tuple[Candidate, ...]


class SlotChoice(NamedTuple):
    """A stage at an offer in a window, and the PEs who may take it (at least one)."""

    offer: Offer
    stage: Stage
    window: Window
    educators: tuple[Candidate, ...]


class PairTable(NamedTuple):
    """Eligible pairs in order of request, then offer.

    ``request``, ``offer`` and ``slot`` (shape: pairs) are indexes into ``requests``, the dataset's offers and
    ``slots``; ``minutes`` is one way (-1: unknown), ``to_measure`` says that somebody has to measure it (S3.4),
    ``stands`` that the pair is a promise as it is published. ``allowed`` are the promises at whose offer the rules
    would allow a match still.
    """

    requests: tuple[Request, ...]
    slots: tuple[SlotChoice, ...]
    request: Codes
    offer: Codes
    slot: Codes
    minutes: Codes
    to_measure: Mask
    stands: Mask
    starts: NDArray[np.int64]
    allowed: frozenset[str] = frozenset()

    def of(self, row: int) -> Iterator[Pair]:
        """The pairs of a request, by its index."""
        request = self.requests[row]
        for index in self.slot[self.starts[row] : self.starts[row + 1]].tolist():
            slot = self.slots[index]
            yield Pair(request, slot.offer, slot.window, slot.educators)

    def only(self, chosen: Mask) -> Self:
        """The table with some of its pairs (shape: pairs)."""
        request = self.request[chosen]
        return self._replace(
            request=request, offer=self.offer[chosen], slot=self.slot[chosen], minutes=self.minutes[chosen],
            to_measure=self.to_measure[chosen], stands=self.stands[chosen],
            starts=np.searchsorted(request, np.arange(len(self.requests) + 1)),
        )  # fmt: skip

    def of_requests(self, requests: Sequence[Request]) -> Self:
        """The table of some of its requests, in their order here."""
        names = {r.request for r in requests}
        stays = np.array([r.request in names for r in self.requests], dtype=np.bool_)
        if stays.all():
            return self
        left, number = self.only(stays[self.request]), np.cumsum(stays) - 1
        request = number[left.request].astype(np.int32)
        starts = np.searchsorted(request, np.arange(stays.sum() + 1)).astype(np.int64)
        own = tuple(r for r in self.requests if r.request in names)
        return left._replace(requests=own, request=request, starts=starts)

    def judged_anew(self, other: "PairTable", spoken_of: frozenset[str]) -> Self:
        """The table with the pairs of another one for the requests that it is of, ``spoken_of``.

        Of all that is there slots keep their numbers, and those that are new come behind.
        """
        number = {r.request: row for row, r in enumerate(self.requests)}
        slots: dict[tuple[str, Stage, Window, tuple[str, ...]], int] = {}
        for slot in (*self.slots, *other.slots):
            slots.setdefault(_key(slot), len(slots))
        here = np.array([r.request not in spoken_of for r in self.requests], dtype=np.bool_)[self.request]
        left = self.only(here)
        row = np.array([number[r.request] for r in other.requests], dtype=np.int32)
        of_slot = np.array([slots[_key(slot)] for slot in other.slots], dtype=np.int32)
        request, offer = np.append(left.request, row[other.request]), np.append(left.offer, other.offer)
        order = np.lexsort((offer, request))
        new = [slot for at, slot in enumerate(other.slots) if of_slot[at] >= len(self.slots)]
        return self._replace(
            slots=(*self.slots, *new), request=request[order], offer=offer[order],
            slot=np.append(left.slot, of_slot[other.slot])[order],
            minutes=np.append(left.minutes, other.minutes)[order],
            to_measure=np.append(left.to_measure, other.to_measure)[order],
            stands=np.append(left.stands, other.stands)[order],
            starts=np.searchsorted(request[order], np.arange(len(self.requests) + 1)).astype(np.int64),
        )  # fmt: skip


def _key(slot: SlotChoice) -> tuple[str, Stage, Window, tuple[str, ...]]:
    return slot.offer.offer, slot.stage, slot.window, tuple(c.pe for c in slot.educators)


class PairsByRequest(Mapping[str, tuple[Pair, ...]]):
    """The table by id of request; pairs are made when they are asked for."""

    def __init__(self, table: PairTable) -> None:
        self._table = table
        self._rows = {r.request: row for row, r in enumerate(table.requests)}

    def __getitem__(self, request: str) -> tuple[Pair, ...]:
        return tuple(self._table.of(self._rows[request]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
