"""How promising a match is, guessed from the plan as it is: what is likely to be among the best is judged first.

Nothing is shown of a guess and nothing left out by one: it is the order in which matches are judged, each exactly.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from allocator.solving import Solver

NOWHERE = 2
"""What it costs to be left without a place; half of it: to go to a free place, which may be free for a reason."""


class Guess(NamedTuple):
    """What a match is likely to cost, the less the better: places (see ``NOWHERE``), students moved, minutes more."""

    places: int
    moved: int
    minutes: int


class Promising:
    """Guesses of what a match costs, if nobody moves but the request and who has to give way.

    Parameters
    ----------
    base
        With the plan as it is.
    """

    def __init__(self, base: Solver) -> None:
        self._eligibility = base.eligibility
        self._at = {m.request: m.offer for m in base.base.matches}
        self._there: defaultdict[str, list[str]] = defaultdict(list)
        for match in base.base.matches:
            if not match.kept:
                self._there[match.offer].append(match.request)
        used = Counter(m.offer for m in base.base.matches)
        self._free = {o.offer for o in base.dataset.offers if used[o.offer] < o.capacity}
        self._elsewhere: dict[str, tuple[frozenset[str], int | None]] = {}

    def guess(self, request: str, offer: str) -> Guess:
        """What a match is likely to cost.

        Parameters
        ----------
        request, offer
            An eligible pair.
        """
        now = self._at.get(request)
        if now == offer:
            return Guess(0, 0, 0)
        if now is None:  # the plan is the best, and has no place for it: it takes one from somebody
            return Guess(NOWHERE // 2, 1, self._minutes(request, offer))
        more = self._minutes(request, offer) - self._minutes(request, now)
        if offer in self._free:
            return Guess(0, 0, more)
        other = min((self._giving_way(r, now) for r in self._there[offer]), default=Guess(NOWHERE, 1, 0))
        return other._replace(minutes=other.minutes + more)

    def _giving_way(self, request: str, left: str) -> Guess:
        """What it costs that a request gives way: it goes where the other was, to a free place, or nowhere."""
        if request not in self._elsewhere:
            allowed = self._eligibility.offers(request)
            free = [self._minutes(request, offer) for offer in allowed if offer in self._free]
            self._elsewhere[request] = frozenset(allowed), min(free, default=None)
        offers, free_at = self._elsewhere[request]
        now = self._minutes(request, self._at[request])
        if left in offers:
            return Guess(0, 1, self._minutes(request, left) - now)
        return Guess(NOWHERE, 1, 0) if free_at is None else Guess(NOWHERE // 2, 1, free_at - now)

    def _minutes(self, request: str, offer: str) -> int:
        return self._eligibility.minutes(request, offer).minutes or 0
