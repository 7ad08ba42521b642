"""Rules clash after a decision: the least that would resolve it (lifecycle 9).

Either promises are unlocked, the fewest with which there is a plan, or a decision is undone: every decision that has
to do with what clashes is tried by itself, and two at a time where none alone does. What is named was tried: with it
there is a plan.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from allocator.eligibility import Eligibility, unlocked
from allocator.engine.budget import Budget
from allocator.engine.forced import is_possible
from allocator.lifecycle.log import SHEET, Entry, log_of
from allocator.lifecycle.moves import fewest_moves
from allocator.reading.editing import remove_row
from allocator.settling.settling import Reading, settle
from allocator.views.words import counted
from models.dataset import Dataset
from models.decisions import Decision
from models.plan import Clash
from models.policy import Policy
from models.register import Register
from models.run import Limits, StopSignal

MOST_PAIRS = 60
"""Pairs of decisions that are tried where no decision alone resolves it."""


class WaysOut(NamedTuple):
    """The least that resolves a clash.

    ``unlock`` are the promises of one plan with the fewest moves (None: no number of moves does). ``undo`` are sets of
    as few decisions as were found, each of which resolves it by itself. ``stopped``: there may be others.
    """

    unlock: tuple[str, ...] | None
    undo: tuple[tuple[Entry, ...], ...]
    stopped: bool = False


def ways_out(
    register: Register, reading: Reading, clash: Clash, settings: Mapping[str, str] = {}, today: date | None = None,
    *, besides: int | None = None, stop: StopSignal | None = None, told: Callable[[int, int], None] = lambda *_: None,
) -> WaysOut:  # fmt: skip
    """The fewest moves of promises, and the fewest decisions to undo, with which there is a plan.

    Parameters
    ----------
    register, reading
        The input, and what it settles into: in it rules clash.
    clash
        Which; the decisions that have to do with its members are those that are tried.
    settings, today
        As for :func:`~allocator.settling.settling.settle`.
    besides
        The row of a decision that is not tried, as it is only asked about.
    stop
        Ends the search with what was found.
    told
        Told how many decisions were tried, and of how many.
    """
    budget = Budget(Limits(), stop)
    promised = any(published.promise for published in reading.dataset.published)  # else nobody could be unlocked
    unlock = fewest_moves(reading.dataset, reading.policy, budget) if promised else None
    if unlock is not None and not _possible(unlocked(reading.dataset, unlock), reading.policy, budget):
        unlock = None
    related = (e for e in _related(log_of(register, reading), reading, clash) if e.row != besides)
    entries = sorted(related, key=lambda e: (e.on or date.min, e.row), reverse=True)

    def resolves(undone: Sequence[Entry]) -> bool:
        left = register
        for entry in undone:
            left = remove_row(left, SHEET, entry.row)
        after = settle(left, settings, today, each=True)
        return _possible(after.dataset, after.policy, budget)

    undo: list[tuple[Entry, ...]] = []
    for found in ([(e,) for e in entries], list(itertools.combinations(entries, 2))[:MOST_PAIRS]):
        for number, some in enumerate(found):
            told(number, len(found))
            if budget.stopped():
                break
            if resolves(some):
                undo.append(some)
        if undo:
            break
    return WaysOut(unlock, tuple(undo), budget.stopped() is not None)


def _possible(dataset: Dataset, policy: Policy, budget: Budget) -> bool:
    return is_possible(Eligibility(dataset, policy), budget)


def _related(log: Sequence[Entry], reading: Reading, clash: Clash) -> Iterator[Entry]:
    """Decisions in force about a request, student, offer, PE or agency that a member of the clash names."""
    members = [*clash.members, *(m for limits in clash.also for m in limits)]
    text = "\n".join(f"{m.subject} {m.sentence} {m.remedy} {' '.join(m.kept)}" for m in members)
    about: defaultdict[int | None, set[str]] = defaultdict(set)
    for decision in reading.dataset.decisions:
        about[reading.traces.decisions.get(decision.id)] |= _names(decision, reading.dataset)
    for entry in log:
        if entry.state == "in_force" and any(_is_named(name, text) for name in about[entry.row]):
            yield entry


def _names(decision: Decision, dataset: Dataset) -> set[str]:
    """Whom and what a decision is about, the agency of its offer too."""
    offer = dataset.offer_by_id.get(decision.offer or "")
    found = (
        decision.request, decision.student, decision.other, decision.offer, decision.pe, decision.agency,
        offer and offer.agency,
    )  # fmt: skip
    return {name for name in found if name}


def _is_named(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def ways_out_sentences(ways: WaysOut) -> list[str]:
    """What would resolve a clash, a sentence each."""
    said = []
    if ways.unlock is not None:
        moved = counted(len(ways.unlock), "promise")
        said.append(f"There is a plan if {moved} may move: unlock {', '.join(ways.unlock)}.")
    if ways.undo:
        either = "; or ".join(" and ".join(entry.words for entry in some) for some in ways.undo)
        number = counted(len(ways.undo[0]), "decision")
        said.append(f"There is a plan if {number} {'is' if len(ways.undo[0]) == 1 else 'are'} undone: {either}.")
    if ways.stopped:
        return [*said, "It was stopped: there may be other ways."]
    return said or ["No way out was found: neither moves of promises, nor one or two of the decisions about it undone."]
