"""Replies looked at and accepted: what each would do to the plan, whom it harms, and those accepted, in one step."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from allocator.lifecycle.effect import Effect, effect_after
from allocator.lifecycle.objecting import Refusal
from allocator.lifecycle.replies import Proposal
from allocator.lifecycle.taking import Taken, Taker
from allocator.solving import Solver
from allocator.views.compared import short_change
from allocator.views.words import is_person, shortened
from models.comparison import RequestChange
from models.dataset import Dataset
from models.register import Register
from models.statuses import PROPOSALS

SHOWN = 4
"""Changes that a line names."""
NOTHING = "nothing changes in the plan"
NOT_LOOKED_AT = "not looked at"
RULES_CLASH = "rules clash: there is no plan with it"


class Looked(NamedTuple):
    """A proposal with its number: why it is refused, or what it does in a line, and whom it harms.

    ``looked``: False where nobody waited for it.
    """

    number: int
    proposal: Proposal
    refusal: Refusal | None
    line: str
    harm: tuple[str, ...]
    looked: bool = True

    @property
    def harmless(self) -> bool:
        """Whether it may be taken and harms nobody."""
        return self.looked and self.refusal is None and not self.harm


class Accepted(NamedTuple):
    """What was accepted, by number, what was not and why, and the whole of it (None: nothing) with its effect."""

    numbers: tuple[int, ...]
    refused: tuple[tuple[int, Refusal], ...]
    left: tuple[tuple[int, tuple[str, ...]], ...]
    taken: Taken | None
    effect: Effect | None


class Desk:
    """Takes proposals in hand.

    Parameters
    ----------
    register
        The input.
    base
        The plan that effects are compared with, of what the input settles into.
    by
        Who accepts.
    settings, today
        As for :func:`~allocator.settling.settling.settle`.
    """

    def __init__(
        self, register: Register, base: Solver, by: str, settings: Mapping[str, str] = {}, today: date | None = None
    ) -> None:
        self._base, self._taker = base, Taker(register, by, settings, today)
        self._none, self._before = self._taker.none, self._taker.none.reading

    def look(
        self, proposals: Sequence[Proposal], stopped: Callable[[], bool] = lambda: False,
        told: Callable[[int, int], None] = lambda *_: None,
    ) -> tuple[Looked, ...]:  # fmt: skip
        """Each proposal by itself: whether it may be taken, what it does, and whom it harms.

        Parameters
        ----------
        proposals
            They are numbered from 1 in their order.
        stopped
            Asked before each; what comes after is not looked at.
        told
            Told how many of how many were looked at.
        """
        found: list[Looked] = []
        for number, proposal in enumerate(proposals, 1):
            if stopped():
                found.append(Looked(number, proposal, None, NOT_LOOKED_AT, (), looked=False))
                continue
            taken = self._taker.take(self._none, proposal)
            if isinstance(taken, Refusal):
                found.append(Looked(number, proposal, taken, "", ()))
            elif _plans_alike(self._before.dataset, taken.reading.dataset):
                found.append(Looked(number, proposal, None, NOTHING, ()))
            else:
                effect = self._effect(taken, f"with {number}")
                found.append(Looked(number, proposal, None, effect_line(effect), self._harm(effect)))
            told(number, len(proposals))
        return tuple(found)

    def accept(self, proposals: Mapping[int, Proposal]) -> Accepted:
        """Take proposals one after the other, each on what those before it left.

        Parameters
        ----------
        proposals
            By number, in the order in which they are taken.
        """
        state, numbers, refused = self._none, list[int](), []
        for number, taken in self._taker.take_each(proposals):
            if isinstance(taken, Refusal):
                refused.append((number, taken))
            else:
                state, numbers = taken, [*numbers, number]
        return self._accepted(state, numbers, refused, [])

    def accept_harmless(self, looked: Sequence[Looked]) -> Accepted:
        """Take all that harm nobody, alone or with those before them.

        Parameters
        ----------
        looked
            What :meth:`look` found.
        """
        harmless = {one.number: one.proposal for one in looked if one.harmless}
        whole = self.accept(harmless)
        if whole.effect is None or not self._harm(whole.effect):
            return whole
        # Each alone harms nobody, all together do: in their order, as long as nobody is harmed.
        state, numbers, refused, left = self._none, list[int](), [], []
        for number, proposal in harmless.items():
            taken = self._taker.take(state, proposal)
            if isinstance(taken, Refusal):
                refused.append((number, taken))
            elif harm := self._harm(self._effect(taken, f"with {number}")):
                left.append((number, harm))
            else:
                state, numbers = taken, [*numbers, number]
        return self._accepted(state, numbers, refused, left)

    def _accepted(
        self, state: Taken, numbers: Sequence[int], refused: Sequence[tuple[int, Refusal]],
        left: Sequence[tuple[int, tuple[str, ...]]],
    ) -> Accepted:  # fmt: skip
        if not numbers:
            return Accepted((), tuple(refused), tuple(left), None, None)
        known = set(self._before.issues)
        remarks = tuple(issue for issue in state.reading.issues if issue not in known)
        effect = self._effect(state, "with the replies")
        return Accepted(tuple(numbers), tuple(refused), tuple(left), state._replace(remarks=remarks), effect)

    def _effect(self, taken: Taken, name: str) -> Effect:
        return effect_after(self._base, taken.reading, name)

    def _harm(self, effect: Effect) -> tuple[str, ...]:
        return tuple(harm_of(effect, self._before.dataset))


def effect_line(effect: Effect) -> str:
    """What an effect does, in a line.

    Parameters
    ----------
    effect
        Of a proposal.
    """
    if effect.after.plan.clash is not None:
        return RULES_CLASH
    changes = [f"{change.request}: {short_change(change)}" for change in effect.comparison.requests or ()]
    line = shortened(changes, SHOWN) or NOTHING
    return line if effect.proved else f"{line} (not proved)"


def harm_of(effect: Effect, before: Dataset) -> Iterator[str]:
    """Whom an effect harms: who loses a place, whose promise or fact it touches, or that there is no plan any more.

    Parameters
    ----------
    effect
        Of a proposal.
    before
        What held.
    """
    if effect.after.plan.clash is not None:
        yield RULES_CLASH
        return
    kept = {p.request for p in before.published if p.standing == "kept"}
    for change in effect.comparison.requests or ():
        if change.kind in ("newly_unplaced", "new_not_placed"):
            promised = ", which was promised" if change.request in kept else ""
            yield f"{change.request} has no place{promised}"
        elif change.request in kept and _touches(change):
            yield f"{change.request} was promised, and is touched"
    yield from (f"the fix of {request} cannot be" for request in effect.set_aside)


def _touches(change: RequestChange) -> bool:
    """Whether a kept match is another one; that a PE is named who was to be named keeps what was promised."""
    if change.kind == "other_pe":
        return is_person(change.pe_before)
    return change.kind in ("moved", "other_dates", "no_longer_asked")


def _plans_alike(one: Dataset, other: Dataset) -> bool:
    """Whether two datasets differ at most in what no rule asks: what of the proposals was sent, and meetings' days."""

    def plain(dataset: Dataset) -> Dataset:
        published = tuple(
            p.model_copy(update={"meeting_on": None, "status": "proposed" if p.status in PROPOSALS else p.status})
            for p in dataset.published
        )
        return dataset.model_copy(update={"published": published, "issues": ()})

    return plain(one) == plain(other)
