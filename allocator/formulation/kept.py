"""Kept matches: facts of the plan that a run does not decide, or whose PE alone it decides (SEMANTICS S1.5)."""

from typing import NamedTuple

from allocator.eligibility import Eligibility
from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate, Slot, basis_of, is_away, listed_candidate
from models.base import PE_NEEDED
from models.entities import Educator, Offer, Published, Request

NOBODY = Candidate(PE_NEEDED, "PEPS2", "PE needed", None, 0, True)
"""The choice of leaving a kept match without a PE."""


class KeptMatch(NamedTuple):
    """A kept match. ``educator`` is the PE who stays; None: chosen anew among ``choices``."""

    request: Request
    offer: Offer
    window: Window
    published: Published
    educator: Educator | None
    choices: tuple[Candidate, ...]

    @property
    def candidate(self) -> Candidate:
        """The PE who stays, as seen from the offer."""
        assert self.educator is not None
        return listed_candidate(self.educator, self.offer)

    @property
    def basis(self) -> str:
        """Basis of the PE who stays."""
        assert self.educator is not None
        return basis_of(self.educator, self.offer)


def kept_matches(eligibility: Eligibility) -> tuple[KeptMatch, ...]:
    """Every kept match, in order of request."""
    return tuple(_kept(eligibility, eligibility.horizon.live_by_id[r], p) for r, p in eligibility.horizon.kept.items())


def _kept(eligibility: Eligibility, request: Request, published: Published) -> KeptMatch:
    offer = eligibility.dataset.offer_by_id[published.offer]
    computed = eligibility.window(request, offer)
    window = published.start or computed[0], published.end or computed[1]
    educator = eligibility.dataset.educator_by_id.get(published.pe or "")
    if educator is not None and not is_away(educator, *window, eligibility.terms.calendar):
        return KeptMatch(request, offer, window, published, educator, ())
    choices = eligibility.educator_rules.allowed(request, Slot(offer, request.stage, *window))
    return KeptMatch(request, offer, window, published, None, (*choices, NOBODY))
