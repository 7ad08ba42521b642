"""Places of offers that decisions hold (SEMANTICS S5.2, S9.14)."""

from collections import defaultdict
from collections.abc import Iterable

from models.decisions import Decision

Held = dict[str | None, int]
"""Places of an offer by the request that may have them; None: nobody may."""


def held_places(decisions: Iterable[Decision]) -> dict[str, Held]:
    """The places that are held, by offer.

    Parameters
    ----------
    decisions
        All of a dataset.
    """
    found: defaultdict[str, Held] = defaultdict(dict)
    for d in decisions:
        if d.decision == "hold" and d.offer is not None:
            found[d.offer][d.request] = found[d.offer].get(d.request, 0) + (d.places or 0)
    return dict(found)
