"""Every eligible pair as a row of arrays: a partnership has thousands of them, England millions.

A pair is a request, an offer and a slot. A slot is a stage at an offer in a window with the PEs who may take it; most
pairs of an offer share one, so PEs are judged once a slot and not once a pair.
"""

from collections.abc import Iterator, Mapping
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
