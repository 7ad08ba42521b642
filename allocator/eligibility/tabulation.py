"""Every request judged against every offer, block by block, into the table of eligible pairs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.eligibility.educators import EducatorEligibility
from allocator.eligibility.pair_rules import PairEligibility
from allocator.eligibility.pairs import Codes, PairTable, SlotChoice
from allocator.eligibility.published import AsPublished
from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate, Slot
from allocator.terms.view import Mask, PairView
from models.base import Stage
from models.entities import Offer, Request


def pair_table(
    pairs: PairEligibility, educators: EducatorEligibility, requests: Sequence[Request],
    promised: Mapping[str, AsPublished] = {},
) -> PairTable:  # fmt: skip
    """Judge all requests against all offers.

    Parameters
    ----------
    pairs, educators
        Rules in force about request and offer, and about PEs.
    requests
        Requests to be decided.
    promised
        Published matches, by request, that are pairs as they stand, and asked of no rule.

    Returns
    -------
    PairTable
        A fix leaves the fixed pair alone; a fix that is not eligible leaves none (S1.6).
    """
    return _Tabulation(pairs, educators, tuple(requests), promised).table()


class _Part(NamedTuple):
    """Pairs of some requests: index of the request, of the offer and of the slot, minutes; the marks of the table."""

    request: Codes
    offer: Codes
    slot: Codes
    minutes: Codes
    to_measure: Mask
    stands: Mask


class _Tabulation:
    """Collects the pairs block by block and numbers slots as they are met."""

    def __init__(
        self, pairs: PairEligibility, educators: EducatorEligibility, requests: tuple[Request, ...],
        promised: Mapping[str, AsPublished],
    ) -> None:  # fmt: skip
        self._pairs = pairs
        self._promised = promised
        self._allowed: set[str] = set()
        self._educators = educators
        self._terms = pairs.terms
        self._requests = requests
        self._offers = pairs.terms.dataset.offers
        self._windows: dict[Window, int] = {}
        self._window_of: dict[tuple[int, int], int] = {}
        self._slots: list[SlotChoice] = []
        self._slot_of: dict[tuple[str, Stage, Window, tuple[str, ...]], int] = {}
        self._general: dict[tuple[int, Stage, int], int] = {}
        self._offer_facts = _numbered(
            (o.earliest_start, o.days_a_week, self._terms.calendar.own(o.agency)) for o in self._offers
        )
        self._request_facts = _numbered((r.earliest_start, r.days, r.days_a_week_most) for r in requests)
        self._one_by_one = self._treated_one_by_one()

    def table(self) -> PairTable:
        """All pairs, in order of request and offer."""
        parts = [self._part(*block) for block in self._pairs.open_blocks(self._requests)]
        if self._promised:
            parts = [self._as_published(), *map(self._beside_promised, parts)]
        if not parts:
            nothing = np.zeros(0, dtype=np.int32)
            no = nothing.astype(np.bool_)
            parts = [_Part(nothing, nothing, nothing, nothing, no, no)]
        columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        request, offer, slot, minutes, to_measure, stands = columns
        order = np.lexsort((offer, request))
        starts = np.searchsorted(request[order], np.arange(len(self._requests) + 1)).astype(np.int64)
        return PairTable(
            self._requests, tuple(self._slots), request[order], offer[order], slot[order], minutes[order],
            to_measure[order].astype(np.bool_), stands[order].astype(np.bool_), starts, frozenset(self._allowed),
        )  # fmt: skip

    def _treated_one_by_one(self) -> set[int]:
        """Requests whose window or PEs depend on more than shared facts: fixes, exceptions, PE rules of their own."""
        special = set(self._terms.decisions.requests_with_exception("E01"))
        if self._terms.policy.on("E16"):
            special |= set(self._terms.decisions.fixes)
        personal = self._educators.personal
        return {i for i, r in enumerate(self._requests) if r.request in special or r.request in personal}

    def _part(self, rows: NDArray[np.intp], near: NDArray[np.intp], view: PairView, fits: Mask) -> _Part:
        in_block, in_view = np.nonzero(fits)
        request, offer = rows[in_block], near[in_view]
        slot = self._shared_slots(request, offer)
        single = np.isin(request, np.fromiter(self._one_by_one, dtype=np.intp, count=len(self._one_by_one)))
        for index in np.flatnonzero(single).tolist():
            slot[index] = self._own_slot(self._requests[request[index]], self._offers[offer[index]])
        kept = slot >= 0
        minutes, measure = view.minutes.minutes[in_block, in_view], np.zeros(len(slot), dtype=np.bool_)
        if self._terms.policy.on("E04"):
            measure = view.to_be_measured[in_block, in_view]
        return _Part(
            request[kept].astype(np.int32), offer[kept].astype(np.int32), slot[kept], minutes[kept], measure[kept],
            np.zeros(int(kept.sum()), dtype=np.bool_),
        )  # fmt: skip

    def _promises(self) -> list[tuple[int, int, AsPublished]]:
        """Index of the request and of the offer of every promise that is looked at, in order of request."""
        numbers = {o.offer: i for i, o in enumerate(self._offers)}
        found = ((i, self._promised.get(r.request)) for i, r in enumerate(self._requests))
        return [(i, numbers[p.offer.offer], p) for i, p in found if p is not None]

    def _beside_promised(self, part: _Part) -> _Part:
        """Pairs at the offer of a promise are left where they could be another match than what stands."""
        there = np.ones(len(part.request), dtype=np.bool_)
        for request, offer, promise in self._promises():
            for index in np.flatnonzero((part.request == request) & (part.offer == offer)).tolist():
                choice = self._slots[part.slot[index]]
                self._allowed.add(promise.request.request)
                there[index] = promise.leaves_open(choice.window, choice.educators)
        return _Part(
            part.request[there], part.offer[there], part.slot[there], part.minutes[there], part.to_measure[there],
            part.stands[there],
        )  # fmt: skip

    def _as_published(self) -> _Part:
        """A pair for every promise, with its own dates and PE."""
        found = self._promises()
        minutes = [self._terms.minutes(p.request, p.offer).minutes for _, _, p in found]
        slots = [self._number(p.offer, p.request.stage, p.window, p.educators) for _, _, p in found]
        return _Part(
            np.array([i for i, _, _ in found], dtype=np.int32),
            np.array([j for _, j, _ in found], dtype=np.int32),
            np.array(slots, dtype=np.int32),
            np.array([-1 if m is None else m for m in minutes], dtype=np.int32),
            np.zeros(len(found), dtype=np.bool_),
            np.ones(len(found), dtype=np.bool_),
        )  # fmt: skip

    # ---- slots -------------------------------------------------------------------------------------------------
    def _shared_slots(self, request: NDArray[np.intp], offer: NDArray[np.intp]) -> Codes:
        """Slot of each pair, -1 where nobody may take it; requests that are treated one by one get -1."""
        shared = np.array([i not in self._one_by_one for i in range(len(self._requests))], dtype=np.bool_)[request]
        facts = self._request_facts[request].astype(np.int64) * (int(self._offer_facts.max(initial=0)) + 1)
        _, examples, kind = np.unique(facts + self._offer_facts[offer], return_index=True, return_inverse=True)
        met = [self._numbered_window(self._requests[request[e]], self._offers[offer[e]]) for e in examples.tolist()]
        windows = np.array(met, dtype=np.int64)[kind]
        final = np.array([r.stage == "final" for r in self._requests], dtype=np.int64)[request]
        keys = (offer.astype(np.int64) * 2 + final) * (len(self._windows) + 1) + windows
        _, examples, inverse = np.unique(keys, return_index=True, return_inverse=True)
        found = np.full(len(examples), -1, dtype=np.int32)
        known = list(self._windows)
        useful = np.zeros(len(examples), dtype=np.bool_)
        useful[inverse[shared]] = True
        for position in np.flatnonzero(useful).tolist():
            example = examples[position]
            row = self._requests[request[example]]
            key = int(offer[example]), row.stage, int(windows[example])
            if key not in self._general:
                place = self._offers[offer[example]]
                window = known[windows[example]]
                barred = self._educators.at_slot(Slot(place, row.stage, *window))
                self._general[key] = self._number(place, row.stage, window, barred)
            found[position] = self._general[key]
        slots: Codes = np.where(shared, found[inverse], -1).astype(np.int32)
        return slots

    def _numbered_window(self, request: Request, offer: Offer) -> int:
        window = self._terms.calendar.window(request, offer)
        return self._windows.setdefault(window, len(self._windows))

    def _own_slot(self, request: Request, offer: Offer) -> int:
        decisions = self._terms.decisions
        fix = decisions.fixes.get(request.request) if self._terms.policy.on("E16") else None
        if fix is not None and request.request in decisions.contradicting:
            return -1
        if fix is not None and fix.offer != offer.offer:
            return -1
        window = self._pairs.window(request, offer)
        allowed = self._educators.allowed(request, Slot(offer, request.stage, *window))
        if fix is not None and fix.pe is not None:
            allowed = tuple(c for c in allowed if c.pe == fix.pe)
        return self._number(offer, request.stage, window, allowed)

    def _number(self, offer: Offer, stage: Stage, window: Window, educators: tuple[Candidate, ...]) -> int:
        if not educators:
            return -1
        key = offer.offer, stage, window, tuple(c.pe for c in educators)
        found = self._slot_of.get(key)
        if found is None:
            found = self._slot_of[key] = len(self._slots)
            self._slots.append(SlotChoice(offer, stage, window, educators))
        return found


def _numbered(facts: Iterable[object]) -> Codes:
    """Equal facts get equal numbers, from 0."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(fact, len(known)) for fact in facts], dtype=np.int32)
