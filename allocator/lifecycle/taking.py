"""Proposals of replies taken: what is typed of each on what those before it left, or why it may not be taken."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from allocator.lifecycle.entering import Entered, enter, given_ids
from allocator.lifecycle.ladder import Marked, mark
from allocator.lifecycle.objecting import Refusal
from allocator.lifecycle.replies import Decided, FewerPlaces, MarkedStep, Proposal
from allocator.lifecycle.rows import rows_of_id
from allocator.reading.editing import CellTyped, Edit, edited
from allocator.settling.settling import Reading, settle
from allocator.views.words import counted
from models.errors import Issue
from models.register import Register

OFFERS = "Offers"


class Taken(NamedTuple):
    """Steps that may be taken: what is typed, the register with it, what that settles into, and what is said now."""

    edits: tuple[Edit, ...]
    register: Register
    reading: Reading
    remarks: tuple[Issue, ...]


class Taker:
    """Takes proposals.

    Parameters
    ----------
    register
        The input.
    by
        Who accepts.
    settings, today
        As for :func:`~allocator.settling.settling.settle`.
    """

    def __init__(
        self, register: Register, by: str, settings: Mapping[str, str] = {}, today: date | None = None
    ) -> None:
        self._by, self._settings, self._today = by, settings, today
        self.none = Taken((), register, settle(register, settings, today, each=True), ())

    def take_each(self, proposals: Mapping[int, Proposal]) -> Iterator[tuple[int, Taken | Refusal]]:
        """Proposals one after the other, each on what those before it left.

        Parameters
        ----------
        proposals
            By number, in the order in which they are taken.
        """
        state = self.none
        for number, proposal in proposals.items():
            found = self.take(state, proposal)
            if not isinstance(found, Refusal):
                state = found
            yield number, found

    def take(self, state: Taken, proposal: Proposal) -> Taken | Refusal:
        """Every step of a proposal on what was taken before, or why one of them may not be taken."""
        for step in proposal.steps:
            found: Entered | Marked | Taken | Refusal
            if isinstance(step, Decided):
                cells = {**step.cells, "by": self._by}
                found = enter(state.register, cells, self._settings, self._today)
            elif isinstance(step, MarkedStep):
                found = mark(state.register, [step.request], step.step, step.on, self._settings, self._today)
            else:
                found = self._fewer(state, step)
            if isinstance(found, Refusal):
                return found
            state = Taken((*state.edits, *found.edits), found.register, found.reading, found.remarks)
        return state

    def _fewer(self, state: Taken, step: FewerPlaces) -> Taken | Refusal:
        """So many places of an offer are gone: its capacity is typed anew."""
        capacity = state.reading.dataset.offer_by_id[step.offer].capacity
        if step.places >= capacity:
            left = (f"{step.offer} has {counted(capacity, 'place')}: withdraw the offer instead.",)
            return Refusal(f"{step.places} fewer of {step.offer}", left)
        numbers = rows_of_id(state.register, state.reading, OFFERS, "offer", step.offer)
        typed = [CellTyped(OFFERS, number, "capacity", capacity - step.places) for number in numbers]
        edits = (*given_ids(state.register, state.reading), *typed)
        register = edited(state.register, edits)
        return Taken(edits, register, settle(register, self._settings, self._today, each=True), ())
