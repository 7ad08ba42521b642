"""The places of one request that was not placed: what the checker says one match more would break at each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from allocator.checker import OneMore
from allocator.eligibility import Codes, Eligibility
from allocator.terms.view import Mask
from models.base import natural_key
from models.entities import Offer, Request
from models.plan import Match, Violation

ASKED = 200
"""At most so many offers are put to the checker for one request, those first that may break fewest rules."""
FULL = ("L02", "L03")


class Place(NamedTuple):
    """An offer with the PE with whom least would be broken, and what that is."""

    offer: Offer
    match: Match
    found: tuple[Violation, ...]
    minutes: int | None

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that would be broken, each once."""
        return tuple(dict.fromkeys(v.rule for v in self.found))


class Excluded:
    """Which offers each rule about request and offer excludes for one request, rules in the order of applying."""

    def __init__(self, masks: Mapping[str, Mask], offers: int) -> None:
        self._masks = masks
        self._offers = offers

    def number(self) -> Codes:
        """How many rules exclude each offer."""
        found = np.zeros(self._offers, dtype=np.int32)
        for mask in self._masks.values():
            found += mask
        return found

    def first_rules(self, gone: Mask) -> dict[str, int]:
        """How many offers, but for those that are gone, each rule is the first to exclude."""
        seen = gone.copy()
        found: dict[str, int] = {}
        for rule, mask in self._masks.items():
            found[rule] = int((mask & ~seen).sum())
            seen |= mask
        return found


class Asking:
    """Asks the checker about the offers of a request.

    Parameters
    ----------
    eligibility
        Dataset, policy and windows.
    one_more
        The checker's knowledge of the plan.
    at_offer
        The requests that each offer has in the plan.

    ``withdrawn`` marks the offers that take nobody, whatever the request.
    """

    def __init__(self, eligibility: Eligibility, one_more: OneMore, at_offer: Mapping[str, Sequence[str]]) -> None:
        self._eligibility = eligibility
        self._one_more = one_more
        offers = eligibility.dataset.offers
        order = sorted(range(len(offers)), key=lambda i: natural_key(offers[i].offer))
        self._rank = np.argsort(np.array(order, dtype=np.int64))
        holds = eligibility.terms.holds
        taken = (len(there) + sum(h.places for h in holds.empty(o.offer, there))
                 for o in offers for there in [at_offer.get(o.offer, ())])  # fmt: skip
        self._full = np.array([n >= o.capacity for n, o in zip(taken, offers, strict=True)], dtype=np.int32)
        self._educators: dict[str, tuple[str, ...]] = {}
        self._suiting: dict[tuple[str, str], Codes] = {}
        takes_nobody = eligibility.policy.on("E16")
        self.withdrawn: Mask = np.array([o.withdrawn and takes_nobody for o in offers], dtype=np.bool_)

    def educators(self, offer: str) -> tuple[str, ...]:
        """PEs and pools of an offer, in natural order."""
        if offer not in self._educators:
            self._educators[offer] = tuple(sorted(self._one_more.educators(offer), key=natural_key))
        return self._educators[offer]

    @cached_property
    def educators_each(self) -> float:
        """How many PEs and pools an offer has, on average: so many are asked about for a place, at most."""
        offers = self._eligibility.dataset.offers
        return sum(max(1, len(self.educators(o.offer))) for o in offers) / max(1, len(offers))

    def places(
        self, request: Request, excluded: Excluded, minutes: Codes, fits: Collection[str], asked: int
    ) -> Iterator[Place]:
        """Offers of the request's stage and tranche that are not withdrawn, those that may break fewest rules first.

        Those that fit come before all others, so that what stands in the way where it fits is always asked.

        Parameters
        ----------
        request
            Not placed.
        excluded
            Its offers by rule.
        minutes
            To every offer; below 0: not known.
        fits
            Its eligible offers.
        asked
            The checker is asked about at most so many (and never more than ``ASKED``).
        """
        offers = self._eligibility.dataset.offers
        far = np.where(minutes < 0, 10**6, minutes)
        concerned = self._concerned(request)
        least = (excluded.number() + self._full)[concerned]
        others = np.array([offers[index].offer not in fits for index in concerned.tolist()], dtype=np.bool_)
        order = concerned[np.lexsort((self._rank[concerned], far[concerned], least, others))]
        for index in order[: min(asked, ASKED)].tolist():
            yield self.place(request, offers[index], None if minutes[index] < 0 else int(minutes[index]))

    def _concerned(self, request: Request) -> Codes:
        """Offers that are there, of the request's tranche and stage where these count."""
        key = request.tranche, request.stage
        if key not in self._suiting:
            counts = self._eligibility.policy.on("E01")
            suiting = (o.tranche == request.tranche and o.stage in ("either", request.stage)
                       for o in self._eligibility.dataset.offers)  # fmt: skip
            found = np.array([suits or not counts for suits in suiting], dtype=np.bool_)
            self._suiting[key] = np.flatnonzero(found & ~self.withdrawn).astype(np.int32)
        return self._suiting[key]

    def place(self, request: Request, offer: Offer, minutes: int | None = None, pe: str | None = None) -> Place:
        """One offer, with the PE with whom least is broken, or with a PE who is asked for."""
        start, end = self._eligibility.window(request, offer)
        # An offer without anybody is asked about with one to be named, who is missing.
        candidates = (pe,) if pe is not None else self.educators(offer.offer) or (f"TBC@{offer.offer}",)
        match = Match(request=request.request, offer=offer.offer, start=start, end=end)
        educator, found = self._one_more.least(match, candidates)
        return Place(offer, match.model_copy(update={"pe": educator}), found, minutes)
