"""What is to be done next about a request, by whom and by when."""

import re
from datetime import date
from typing import NamedTuple

from allocator.views.facts import Facts
from allocator.views.published import published_of
from allocator.views.words import CALENDAR_STEP, is_to_be_named, waited_for
from models.entities import Request
from models.plan import Match, ProvisionalCode, Waiting
from models.reasons import Near

TEAM = "placements team"
"""Who has what nobody else has."""


class Action(NamedTuple):
    """The next step, who has it, and by when (None: no date is set)."""

    what: str
    owner: str
    due: date | None = None


_TWICE = re.compile(r"(the agency \([^()]*)\); the agency \(")
"""An agency that is named for one thing, and again for the next."""
NOTHING = Action("", "")


def next_action(facts: Facts, request: Request) -> Action:
    """The next step about a request: of all that a match waits for what is due first; blank where nothing is open.

    An owner and a date that the team set for what is published stand before those that the program knows, unless the
    plan has another match.
    """
    match = facts.match_of.get(request.request)
    return as_noted(facts, request, _of_match(facts, match) if match else _of_unplaced(facts, request))


def as_noted(facts: Facts, request: Request, found: Action) -> Action:
    """A step with the owner and the date that the team set for what is published, unless the plan has another match."""
    match = facts.match_of.get(request.request)
    published = published_of(facts, match) if match else facts.dataset.published_by_request.get(request.request)
    if published is None or not (published.owner or published.due):
        return found
    return found._replace(owner=published.owner or found.owner, due=published.due or found.due)


def waits(facts: Facts, match: Match) -> list[tuple[Waiting, Action]]:
    """Everything that a match waits for, what is due first at the beginning."""
    waiting = list(match.waiting)
    if not waiting and is_to_be_named(match):
        waiting = [Waiting(code=ProvisionalCode.EDUCATOR)]
    found = [(w, _of_waiting(facts, match, w)) for w in waiting]
    return sorted(found, key=lambda pair: pair[1].due or date.max)


def _of_match(facts: Facts, match: Match) -> Action:
    found = waits(facts, match)
    return found[0][1] if found else NOTHING


def _of_waiting(facts: Facts, match: Match, waiting: Waiting) -> Action:
    step = CALENDAR_STEP.get(waiting.code)
    due = facts.step_date(facts.request(match), step) if step else None
    return Action(waited_for(waiting), facts.agency_name(waiting.who) or TEAM, due)


def _of_unplaced(facts: Facts, request: Request) -> Action:
    if request.set_aside:
        return Action("put its row right", TEAM)
    if request.request not in facts.live_ids:
        return NOTHING
    unplaced = facts.unplaced_of.get(request.request)
    if unplaced is None or not unplaced.nearest:
        return Action("ask for a place that suits", TEAM)
    smallest = unplaced.change.offer if unplaced.change else None
    near = min(unplaced.nearest, key=lambda n: (n.offer != smallest, not n.lifts))
    step = _step(facts, near)
    return Action(step if step.startswith(f"{near.offer} ") else f"{near.offer}: {step}", holder(facts, near))


def holder(facts: Facts, near: Near) -> str:
    """Who can open one of the nearest places: its agency by name, since a meeting goes round the table by agency."""
    offer = facts.offers.get(near.offer)
    if offer is None:
        return near.who
    who = near.who
    while (shorter := _TWICE.sub(r"\1; ", who)) != who:
        who = shorter
    return who.replace("the agency", facts.agency_name(offer.agency))


def _step(facts: Facts, near: Near) -> str:
    """What would open the nearest place: the changes that lift what blocks it, else what blocks it."""
    if near.lifts:
        return "; ".join(lift.sentence.removesuffix(".") for lift in near.lifts)
    offer = facts.offers.get(near.offer)
    words = near.sentence.removesuffix(".")
    return words.removeprefix(f"{offer.offer} ({offer.agency}, {offer.team}): ") if offer else words
