"""Why a place stays unused, and who could take it."""

from collections import Counter
from functools import cached_property

from allocator.eligibility import Pair
from allocator.terms.holds import Held
from allocator.views.counts import has_room
from allocator.views.facts import Facts, day
from allocator.views.words import counted, shortened
from models.base import natural_key
from models.catalogue import RULE_BY_ID
from models.entities import Offer

SHOWN = 6
"""Requests that are named for an offer before "and n more"."""
NO_EDUCATOR = "no PE"


class Unused:
    """Reasons and takers of offers with free places.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def free(self, offer: Offer) -> int:
        """Places of an offer that the plan does not use."""
        used = len(self._facts.matches_of_offer.get(offer.offer, ()))
        return 0 if offer.withdrawn else max(0, offer.capacity - used)

    def held(self, offer: Offer) -> list[Held]:
        """Places of an offer that the plan does not use since a decision holds them."""
        return [] if offer.withdrawn else self._facts.terms.holds.empty(offer.offer, self._here(offer))

    def unheld(self, offer: Offer) -> int:
        """Places of an offer that the plan does not use and no decision holds."""
        return max(0, self.free(offer) - sum(h.places for h in self.held(offer)))

    def _here(self, offer: Offer) -> set[str]:
        return {m.request for m in self._facts.matches_of_offer.get(offer.offer, ())}

    def takers(self, offer: Offer) -> tuple[list[str], list[str]]:
        """Requests that the rules would let into a free place: those not placed, and those placed elsewhere."""
        if not self.free(offer):
            return [], []
        here = self._here(offer)
        able = [p.request.request for p in self._pairs.get(offer.offer, ()) if p.request.request not in here]
        if not self.unheld(offer):
            whose = {h.hold.request for h in self.held(offer)}
            able = [r for r in able if r in whose]
        placed = self._facts.match_of
        return [r for r in able if r not in placed], [r for r in able if r in placed]

    def who(self, offer: Offer) -> str:
        """Who could take a free place; those not placed come first."""
        waiting, elsewhere = self.takers(offer)
        return shortened([f"{r} (not placed)" for r in waiting] + elsewhere, SHOWN)

    def why(self, offer: Offer) -> str:
        """Why an offer has a free place, in a sentence; blank when it has none."""
        if offer.withdrawn:
            return "Withdrawn."
        if not self.free(offer):
            return ""
        kept = [f"{counted(h.places, 'place')} held {h.words(day)}." for h in self.held(offer)]
        return " ".join([*kept, *([self._why_free(offer)] if self.unheld(offer) else [])])

    def _why_free(self, offer: Offer) -> str:
        waiting, elsewhere = self.takers(offer)
        if waiting:
            return self._limited(offer, waiting)
        if elsewhere:
            number = len(elsewhere)
            return f"{counted(number, 'request')} could take it: all placed elsewhere." if number > 1 else (
                "The one who could take it is placed elsewhere."
            )  # fmt: skip
        return self._nobody(offer)

    def in_short(self, offer: Offer) -> str:
        """Why an offer has a free place, in few words that many offers share."""
        waiting, elsewhere = self.takers(offer)
        if waiting:
            return (
                "no PE there has room" if self._full(offer, waiting) else "requests suit, a limit stands against them"
            )
        return "all who could take it are placed elsewhere" if elsewhere else "nobody can take it"

    def _limited(self, offer: Offer, waiting: list[str]) -> str:
        """Requests are waiting, but a limit keeps them out: the PEs' loads where that is plain."""
        if full := self._full(offer, waiting):
            return f"No PE there has room: {', '.join(full)}."
        number = counted(len(waiting), "request that is not placed suits", "requests that are not placed suit")
        return f"{number} it, but a limit stands against it: Not placed says which."

    def _full(self, offer: Offer, waiting: list[str]) -> list[str]:
        """The PEs there, where each of them is listed and none has room on all the days; else nobody."""
        pairs = [p for p in self._pairs[offer.offer] if p.request.request in waiting]
        able = [(c.educator, p.window) for p in pairs for c in p.educators]
        if any(e is None or has_room(self._facts, e, window) for e, window in able):
            return []
        return sorted({c.pe for p in pairs for c in p.educators}, key=natural_key)

    def _nobody(self, offer: Offer) -> str:
        counts = self._removed.get(offer.offer, Counter())
        if not counts:
            return "No request of its stage, tranche and dates."
        parts = []
        for rule, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:2]:
            words = "no PE there can take them" if rule == NO_EDUCATOR else RULE_BY_ID[rule].blocks
            parts.append(f"{words} ({counted(number, 'request')})")
        return f"Nobody can take it: {', '.join(parts)}."

    @cached_property
    def _pairs(self) -> dict[str, list[Pair]]:
        """Eligible pairs by offer."""
        result: dict[str, list[Pair]] = {}
        for pairs in self._facts.eligibility.pairs.values():
            for pair in pairs:
                result.setdefault(pair.offer.offer, []).append(pair)
        return result

    @cached_property
    def _removed(self) -> dict[str, Counter[str]]:
        """Of the requests that suit an offer by stage, tranche and dates: how many the first other rule removes."""
        eligibility = self._facts.eligibility
        live = [r for r in self._facts.horizon.live if r.set_aside is None]
        offers = self._facts.dataset.offers
        result: dict[str, Counter[str]] = {o.offer: Counter() for o in offers}
        masks = dict(eligibility.excluding_masks(live))
        open_still = ~masks.pop("E01") if "E01" in masks else None
        for rule, mask in masks.items():
            removed = mask if open_still is None else mask & open_still
            for column, number in enumerate(removed.sum(axis=0).tolist()):
                if number:
                    result[offers[column].offer][rule] += number
            open_still = ~mask if open_still is None else open_still & ~mask
        if open_still is not None:
            for column, number in enumerate(open_still.sum(axis=0).tolist()):
                without = number - len(self._pairs.get(offers[column].offer, ()))
                if without > 0:
                    result[offers[column].offer][NO_EDUCATOR] += without
        return result
