"""Students who are to be together, or apart: which placements of two students may not be at the same time (S5.13)."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocator.terms.calendar import Window
from allocator.terms.travel import Travel
from models.dataset import Dataset
from models.decisions import Decision
from models.entities import Offer

Conflicts = NDArray[np.bool_]
"""Shape (placements of the one, placements of the other): True where both may not be."""


class Placed(NamedTuple):
    """Where a student is, or may be, and when."""

    offer: Offer
    window: Window


class Company:
    """Judges placements of two students by the decisions ``together`` and ``apart``."""

    def __init__(self, dataset: Dataset, travel: Travel) -> None:
        self._travel = travel
        self._offers = dataset.offers
        self.decisions = [d for d in dataset.decisions if d.decision in ("together", "apart")]

    @cached_property
    def _place(self) -> dict[str | None, int]:
        return {place: i for i, place in enumerate(dict.fromkeys(o.place for o in self._offers))}

    @cached_property
    def _minutes(self) -> NDArray[np.int32]:
        """Minutes by car between places, the longer way; -1 where they are not known (shape: places x places)."""
        places = list(self._place)
        one_way = self._travel.table([(p, "car") for p in places], places).minutes
        found = np.maximum(one_way, one_way.T)
        for place, i in self._place.items():
            found[i, i] = -1 if place is None else 0
        return found

    def beside(self, student: str) -> list[tuple[Decision, str]]:
        """The decisions about a student, each with the other student."""
        ways = ((d, one, other) for d in self.decisions for one, other in ((d.student, d.other), (d.other, d.student)))
        return [(d, other or "") for d, one, other in ways if one == student]

    def is_to_be_measured(self, decision: Decision, one: Placed, other: Placed) -> bool:
        """Whether two placements at the same time are near enough only if the minutes that nobody knows are few."""
        here, there = one.offer, other.offer
        at_once = max(one.window[0], other.window[0]) <= min(one.window[1], other.window[1])
        asked = decision.decision == "together" and decision.value is not None and here.agency != there.agency
        return asked and at_once and bool(self._minutes[self._place[here.place], self._place[there.place]] < 0)

    def conflicts(self, decision: Decision, ones: Sequence[Placed], others: Sequence[Placed]) -> Conflicts:
        """Which placements of the two students a decision forbids together.

        Parameters
        ----------
        decision
            ``together`` or ``apart``.
        ones, others
            Placements of the one and of the other student.

        Returns
        -------
        Conflicts
            Shape (ones, others).
        """
        starts, ends = _ordinals(ones)
        other_starts, other_ends = _ordinals(others)
        at_once: Conflicts = np.maximum(starts[:, None], other_starts) <= np.minimum(ends[:, None], other_ends)
        if decision.decision == "apart":
            return at_once & _meet(ones, others, by_team=decision.value == "team")
        codes: dict[str, int] = {}
        one, other = (
            np.array([codes.setdefault(p.offer.agency, len(codes)) for p in side], dtype=np.int64)
            for side in (ones, others)
        )
        near: Conflicts = one[:, None] == other
        if decision.value is not None:
            at, there = (
                np.array([self._place[p.offer.place] for p in side], dtype=np.int64) for side in (ones, others)
            )
            near |= self._minutes[np.ix_(at, there)] <= int(decision.value)
        return at_once & ~near


def _meet(ones: Sequence[Placed], others: Sequence[Placed], *, by_team: bool) -> Conflicts:
    """Whether two placements have a team, or an agency, in common; spokes' count."""
    codes: dict[object, int] = {}
    at = [
        [{codes.setdefault(site if by_team else site[0], len(codes)) for site in p.offer.sites} for p in side]
        for side in (ones, others)
    ]
    one, other = (np.zeros((len(side), len(codes)), dtype=np.int32) for side in at)
    for side, there in zip((one, other), at, strict=True):
        for i, sites in enumerate(there):
            side[i, list(sites)] = 1
    met: Conflicts = one @ other.T > 0
    return met


def _ordinals(placed: Sequence[Placed]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last days as numbers."""
    days = np.array([[d.toordinal() for d in p.window] for p in placed], dtype=np.int64).reshape(-1, 2)
    return days[:, 0], days[:, 1]
