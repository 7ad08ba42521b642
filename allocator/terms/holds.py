"""Places of an offer that decisions keep for one request, or for none yet (SEMANTICS S5.2, S9.14)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

from models.dataset import Dataset
from models.decisions import Decision


class Held(NamedTuple):
    """Places of a decision ``hold`` that nobody has."""

    hold: Decision
    places: int

    def words(self, day: Callable[[date], str], *, whom: bool = True) -> str:
        """For whom, until when, by which decision: ``for S001/final until 30 June 2027 (decision D4)``.

        Parameters
        ----------
        day
            Says a day.
        whom
            False where who reads it must not know for whom: ``until 30 June 2027``, or nothing.
        """
        until = f" until {day(self.hold.until)}" if self.hold.until else ""
        return f"for {self.hold.request or 'nobody yet'}{until} (decision {self.hold.id})" if whom else until.lstrip()


class Holds:
    """The decisions ``hold`` of a dataset; those that had lapsed or held too much are not in it.

    Parameters
    ----------
    dataset
        Whose decisions.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._at: defaultdict[str, list[Decision]] = defaultdict(list)
        for d in dataset.decisions:
            if d.decision == "hold" and d.offer is not None:
                self._at[d.offer].append(d)

    def at(self, offer: str) -> list[Held]:
        """All places of an offer that are held, whether who may have them does or not."""
        return self.empty(offer, ())

    def of_requests(self, offer: str) -> Counter[str]:
        """Places of an offer that are held for requests, by request."""
        found: Counter[str] = Counter()
        for d in self._at.get(offer, ()):
            if d.request is not None:
                found[d.request] += d.places or 0
        return found

    def of_nobody(self, offer: str) -> int:
        """Places of an offer that are held for no request, so that none may have them."""
        return sum(d.places or 0 for d in self._at.get(offer, ()) if d.request is None)

    def empty(self, offer: str, there: Collection[str]) -> list[Held]:
        """Places of an offer that are held and that nobody has.

        Parameters
        ----------
        offer
            Its id.
        there
            The requests that are matched at it: each takes one of those held for it.
        """
        taken = set(there)
        found = []
        for d in self._at.get(offer, ()):
            own = d.request in taken
            taken.discard(d.request or "")
            if (places := (d.places or 0) - own) > 0:
                found.append(Held(d, places))
        return found
