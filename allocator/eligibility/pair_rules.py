"""Which pairs of request and offer the rules leave: asked for blocks of requests at once, before PEs are looked at."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from allocator.rules import e01_stage_and_dates, e04_travel
from allocator.rules.order import PAIR_RULES
from allocator.terms.calendar import Window
from allocator.terms.view import Mask, PairView, Terms
from models.entities import Offer, Request

BLOCK = 512
"""Requests judged at a time: bounds the memory of the masks."""


class PairEligibility:
    """The rules about request and offer that are on."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._offers = terms.dataset.offers
        self._rules = tuple(r for r in PAIR_RULES if terms.policy.on(r.RULE))
        self._windows: dict[tuple[str, str], Window] = {}

    def masks(self, view: PairView) -> Iterator[tuple[str, Mask]]:
        """Rule by rule, which pairs of a view it excludes (shape: requests x offers of the view)."""
        for rule in self._rules:
            yield rule.RULE, rule.excludes(view)

    def near(self, requests: Sequence[Request]) -> NDArray[np.intp]:
        """Offers (by index) that tranche, stage, dates and travel leave to at least one of these requests."""
        found = np.arange(len(self._offers))
        for rule in (e01_stage_and_dates, e04_travel):
            if rule in self._rules:
                view = PairView(self.terms, requests, [self._offers[column] for column in found.tolist()])
                found = found[~rule.excludes(view).all(axis=0)]
        return found

    def window(self, request: Request, offer: Offer) -> Window:
        """First and last working day of a match."""
        key = request.request, offer.offer
        found = self._windows.get(key)
        if found is None:
            found = self._windows[key] = self.terms.window(request, offer)
        return found

    def open_blocks(
        self, requests: Sequence[Request]
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], PairView, Mask]]:
        """Blocks of requests (by index) against the offers (by index) near them, and which pairs no rule excludes.

        Requests are judged beside others of their tranche and neighbourhood, so that most offers drop out for all of
        the block before the rules about single facts are asked.
        """
        keys = [(r.tranche, r.stage, str(self.terms.student(r).home)) for r in requests]
        order = np.array(sorted(range(len(requests)), key=keys.__getitem__), dtype=np.intp)
        for first in range(0, len(order), BLOCK):
            rows = order[first : first + BLOCK]
            block = [requests[row] for row in rows.tolist()]
            near = self.near(block)
            view = PairView(self.terms, block, [self._offers[column] for column in near.tolist()])
            excluded = view.nothing()
            for _, mask in self.masks(view):
                excluded |= mask
            yield rows, near, view, ~excluded
