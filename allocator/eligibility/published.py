"""A published match as it stands: its dates, and who supervises it, whatever the rules say now (SEMANTICS S1.5)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from allocator.eligibility.educators import EducatorEligibility
from allocator.eligibility.pair_rules import PairEligibility
from allocator.terms.calendar import Window
from allocator.terms.candidates import Candidate, Slot, is_away, listed_candidate
from models.base import PE_NEEDED
from models.dataset import Dataset
from models.entities import Offer, Published, Request

NOBODY = Candidate(PE_NEEDED, "PEPS2", "PE needed", None, 0, True)
"""The choice of leaving a published match without a PE."""


class Promised(NamedTuple):
    """Requests whose published match is a promise that may change, and how many of them do at most.

    Who does not, stays exactly as published: offer, PE and dates.
    """

    requests: frozenset[str]
    most: int


class AsPublished(NamedTuple):
    """A published match. ``stays`` is the PE, or pool of the offer, who stays; None: chosen anew among ``choices``."""

    request: Request
    offer: Offer
    window: Window
    published: Published
    stays: Candidate | None
    choices: tuple[Candidate, ...]

    @property
    def educators(self) -> tuple[Candidate, ...]:
        """Who may supervise it as it stands."""
        return self.choices if self.stays is None else (self.stays,)

    def leaves_open(self, window: Window, educators: tuple[Candidate, ...]) -> bool:
        """Whether a match of the same request and offer, with one of these PEs, could be another than what stands."""
        if self.stays is None:
            return False
        return window != self.window or any(c.pe != self.stays.pe for c in educators)


def keeping(dataset: Dataset, requests: Iterable[str]) -> Dataset:
    """A dataset in which published matches in force are kept."""
    return _standing(dataset, requests, "kept")


def unlocked(dataset: Dataset, requests: Iterable[str]) -> Dataset:
    """A dataset in which kept matches may move, as after a decision ``unlock`` of each."""
    return _standing(dataset, requests, "in_force")


def _standing(dataset: Dataset, requests: Iterable[str], standing: Literal["kept", "in_force"]) -> Dataset:
    wanted = set(requests)
    update = {"standing": standing, "promise": standing == "kept"}
    rows = (p.model_copy(update=update) if p.request in wanted else p for p in dataset.published)
    return dataset.model_copy(update={"published": tuple(rows)}) if wanted else dataset


def as_published(
    pairs: PairEligibility, educators: EducatorEligibility, rows: Mapping[str, Published]
) -> tuple[AsPublished, ...]:
    """Published matches as they stand, in order of request.

    Parameters
    ----------
    pairs, educators
        Rules in force.
    rows
        Of live requests, at offers that are listed.
    """
    alike = Counter((p.offer, p.pe) for p in rows.values())
    live = pairs.terms.horizon.live_by_id
    return tuple(_match(pairs, educators, live[r], p, alike[p.offer, p.pe]) for r, p in rows.items())


def _match(
    pairs: PairEligibility, educators: EducatorEligibility, request: Request, published: Published, alike: int
) -> AsPublished:
    """``alike``: matches of the same offer and PE among them."""
    dataset, calendar = pairs.terms.dataset, pairs.terms.calendar
    offer = dataset.offer_by_id[published.offer]
    computed = pairs.window(request, offer)
    window = published.start or computed[0], published.end or computed[1]
    educator = dataset.educator_by_id.get(published.pe or "")
    if educator is not None and not is_away(educator, *window, calendar.at(offer.agency)):
        return AsPublished(request, offer, window, published, listed_candidate(educator, offer).on(window[0]), ())
    for pool in educators.candidates(offer):
        if pool.educator is None and pool.pe == published.pe and alike <= pool.people:
            return AsPublished(request, offer, window, published, pool, ())
    choices = educators.allowed(request, Slot(offer, request.stage, *window))
    return AsPublished(request, offer, window, published, None, (*choices, NOBODY))
