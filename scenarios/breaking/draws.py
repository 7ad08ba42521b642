"""A draw: the events, the repairs of the plan with few moves, and what became of every placement that was told."""

from collections.abc import Mapping
from typing import NamedTuple

from models.base import PE_NEEDED, natural_key
from models.dataset import Dataset
from models.plan import Match, Plan
from scenarios.breaking.events import Events

Moves = int


class Told(NamedTuple):
    """A published plan: its match and its student by request."""

    matches: Mapping[str, Match]
    students: Mapping[str, str]

    @classmethod
    def of(cls, plan: Plan, dataset: Dataset) -> "Told":
        """Every match of a plan."""
        known = dataset.request_by_id
        matches = {m.request: m for m in sorted(plan.matches, key=lambda m: natural_key(m.request))}
        return cls(matches, {request: known[request].student for request in matches})


class Draw(NamedTuple):
    """A draw with its repaired plans by the moves that were allowed."""

    number: int
    events: Events
    plans: Mapping[Moves, Plan]


class Hit(NamedTuple):
    """What the events themselves end, before any repair; each placement once, in this order."""

    student: tuple[str, ...]
    place: tuple[str, ...]
    educator: tuple[str, ...]


class Outcome(NamedTuple):
    """What a repair leaves, by request: of the placements told those whose student is still there, and new ones.

    ``to_find``: of the same ones those that have no PE now, and had one.
    """

    same: tuple[str, ...]
    elsewhere: tuple[str, ...]
    lost: tuple[str, ...]
    added: tuple[str, ...]
    to_find: tuple[str, ...]

    @property
    def survive(self) -> int:
        """Placements told whose student still has a place."""
        return len(self.same) + len(self.elsewhere)

    @property
    def broken(self) -> frozenset[str]:
        """Requests that lose their place, or have another one."""
        return frozenset((*self.elsewhere, *self.lost))


def hit(told: Told, events: Events) -> Hit:
    """Which placements the events end: the student's going before the place's, the place's before the PE's."""
    students, places, educators = list[str](), list[str](), list[str]()
    for request, match in told.matches.items():
        if told.students[request] in events.students:
            students.append(request)
        elif match.offer in events.offers:
            places.append(request)
        elif match.pe in events.educators:
            educators.append(request)
    return Hit(tuple(students), tuple(places), tuple(educators))


def outcome(told: Told, events: Events, plan: Plan) -> Outcome:
    """What became of the placements told in a repaired plan."""
    now = {m.request: m for m in plan.matches}
    same, elsewhere, lost, to_find = list[str](), list[str](), list[str](), list[str]()
    for request, match in told.matches.items():
        if told.students[request] in events.students:
            continue
        if request not in now:
            lost.append(request)
        elif now[request].offer != match.offer:
            elsewhere.append(request)
        else:
            same.append(request)
            if now[request].pe == PE_NEEDED != match.pe:
                to_find.append(request)
    added = sorted(now.keys() - told.matches.keys(), key=natural_key)
    return Outcome(tuple(same), tuple(elsewhere), tuple(lost), tuple(added), tuple(to_find))
