"""E14: a PE who is not in the team needs an on-site supervisor there (to be named: provisional)."""

from allocator.terms.candidates import Candidate, Slot
from allocator.terms.view import Terms

RULE = "E14"


def bars_at(_terms: Terms, slot: Slot, candidate: Candidate) -> bool:
    """PEs from outside the team where there is no on-site supervisor."""
    return candidate.basis != "in_team" and slot.offer.on_site_supervisor == "no"
