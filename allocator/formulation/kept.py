"""Kept matches: facts of the plan that a run does not decide, or whose PE alone it decides (SEMANTICS S1.5)."""

from collections import Counter
from typing import NamedTuple

from allocator.eligibility import Eligibility
from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate, Slot, is_away, listed_candidate
from models.base import PE_NEEDED
from models.entities import Offer, Published, Request

NOBODY = Candidate(PE_NEEDED, "PEPS2", "PE needed", None, 0, True)
"""The choice of leaving a kept match without a PE."""


class KeptMatch(NamedTuple):
    """A kept match. ``stays`` is the PE, or pool of the offer, who stays; None: chosen anew among ``choices``."""

    request: Request
    offer: Offer
    window: Window
    published: Published
    stays: Candidate | None
    choices: tuple[Candidate, ...]


def kept_matches(eligibility: Eligibility) -> tuple[KeptMatch, ...]:
    """Every kept match, in order of request."""
    kept = eligibility.horizon.kept
    wanted = Counter((p.offer, p.pe) for p in kept.values())
    return tuple(
        _kept(eligibility, eligibility.horizon.live_by_id[r], p, wanted[p.offer, p.pe]) for r, p in kept.items()
    )


def _kept(eligibility: Eligibility, request: Request, published: Published, alike: int) -> KeptMatch:
    """``alike``: kept matches of the same offer and PE."""
    offer = eligibility.dataset.offer_by_id[published.offer]
    computed = eligibility.window(request, offer)
    window = published.start or computed[0], published.end or computed[1]
    educator = eligibility.dataset.educator_by_id.get(published.pe or "")
    if educator is not None and not is_away(educator, *window, eligibility.terms.calendar.at(offer.agency)):
        return KeptMatch(request, offer, window, published, listed_candidate(educator, offer).on(window[0]), ())
    for pool in eligibility.educator_rules.candidates(offer):
        if pool.educator is None and pool.pe == published.pe and alike <= pool.people:
            return KeptMatch(request, offer, window, published, pool, ())
    choices = eligibility.educator_rules.allowed(request, Slot(offer, request.stage, *window))
    return KeptMatch(request, offer, window, published, None, (*choices, NOBODY))
