"""The board of a meeting: a column for each agency, a card for each place, and on the left who has none."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from allocator.views.account import Account, accounts
from allocator.views.compared import short_change
from allocator.views.facts import Facts
from allocator.views.unused import Unused
from allocator.views.words import educator_name, educator_stage, is_to_be_named
from models.base import natural_key
from models.comparison import RequestChange
from models.entities import Offer, Request
from models.plan import Match

CardState = Literal["firm", "provisional", "unused", "held"]
STATES: dict[str, str] = {
    "firm": "firm", "provisional": "provisional", "unused": "unused", "held": "held", "not placed": "not placed",
}  # fmt: skip
"""What a card says of itself, and what can be filtered by."""
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "offered": ("firm", "provisional", "unused", "held"), "free": ("unused", "held"),
}  # fmt: skip
"""States that are counted together: every place, and those that nobody has."""


class Card(NamedTuple):
    """A place: who has it, or why nobody has. ``changed``: against the version in force, in a few words."""

    offer: str
    agency: str
    team: str
    tranche: str
    stage: str
    state: CardState
    request: Request | None = None
    programme: str = ""
    match: Match | None = None
    pe: str = ""
    pe_stage: str = ""
    to_be_named: bool = False
    changed: str = ""
    why: str = ""

    @property
    def start(self) -> date | None:
        """First day of the placement."""
        return self.match.start if self.match else None


class Waiting(NamedTuple):
    """A request that has no place."""

    request: Request
    programme: str
    changed: str = ""


class Lane(NamedTuple):
    """An agency's column; ``account``: of the academic year of the first tranche that is being decided."""

    agency: str
    name: str
    account: Account | None
    cards: tuple[Card, ...]

    @property
    def used(self) -> int:
        """Places that somebody has."""
        return sum(card.match is not None for card in self.cards)


class Board(NamedTuple):
    """All of it, and what it can be filtered by."""

    lanes: tuple[Lane, ...]
    waiting: tuple[Waiting, ...]


def board(facts: Facts, unused: Unused, changes: Mapping[str, RequestChange]) -> Board:
    """The board of every tranche that is not past, in the order of agencies' names.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    unused
        Free places, worked out once.
    changes
        What is new since the version in force, by request.
    """
    of_agency: dict[str, list[Card]] = {}
    for offer in facts.horizon_offers:
        of_agency.setdefault(offer.agency, []).extend(_cards(facts, unused, offer, changes))
    known = accounts(facts)
    names = list(dict.fromkeys((*known, *of_agency)))
    names.sort(key=lambda a: (facts.agency_name(a).casefold(), natural_key(a)))
    lanes = [Lane(a, facts.agency_name(a), known.get(a), tuple(of_agency.get(a, ()))) for a in names]
    waiting = [Waiting(r, facts.group(r), _changed(changes, r.request)) for r in facts.unplaced]
    return Board(tuple(lane for lane in lanes if lane.cards or _asked(lane)), tuple(waiting))


def _asked(lane: Lane) -> bool:
    """Whether an agency without a place is one of whom places are asked."""
    return lane.account is not None and bool(lane.account.asked)


def _cards(
    facts: Facts, unused: Unused, offer: Offer, changes: Mapping[str, RequestChange]
) -> Iterable[Card]:  # fmt: skip
    blank = Card(offer.offer, offer.agency, offer.team, offer.tranche, offer.stage, "unused")
    for match in facts.matches_of_offer.get(offer.offer, ()):
        request, educator = facts.request(match), facts.educator(match)
        yield blank._replace(
            state="provisional" if facts.is_provisional(match) else "firm",
            request=request, programme=facts.group(request), match=match, pe=educator_name(match.pe),
            pe_stage=educator_stage(match.pe, facts.stage(educator, match.start)) if educator else "",
            to_be_named=is_to_be_named(match), changed=_changed(changes, match.request),
        )  # fmt: skip
    free = unused.free(offer)
    if free:
        loose = unused.unheld(offer)
        for number in range(free):
            yield (
                blank._replace(why=unused.in_short(offer)) if number < loose
                else blank._replace(state="held", why="a decision keeps it")
            )  # fmt: skip


def _changed(changes: Mapping[str, RequestChange], request: str) -> str:
    change = changes.get(request)
    return short_change(change) if change else ""


def filtered(
    found: Board, *, tranches: Iterable[str] = (), agency: str = "", state: str = ""
) -> Board:  # fmt: skip
    """A part of a board: of some tranches (none: all), an agency, and cards of a state.

    ``changed`` is what is new; the states of :data:`TOGETHER` are several.

    Parameters
    ----------
    found
        All of it.
    tranches, agency, state
        What is wanted; blank for all.
    """
    wanted, states = set(tranches), TOGETHER.get(state, (state,))

    def shows(card: Card) -> bool:
        kind = not state or card.state in states or (state == "changed" and bool(card.changed))
        return kind and (not wanted or card.tranche in wanted)

    lanes = [lane._replace(cards=tuple(filter(shows, lane.cards))) for lane in found.lanes]
    lanes = [lane for lane in lanes if not agency or lane.agency == agency]
    if state:
        lanes = [lane for lane in lanes if lane.cards]
    here = [w for w in found.waiting if not wanted or w.request.tranche in wanted]
    waits = state in ("", "not placed") or state == "changed"
    return Board(tuple(lanes), tuple(w for w in here if waits and (state != "changed" or w.changed)))
