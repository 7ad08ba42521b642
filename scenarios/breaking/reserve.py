"""What to keep in reserve: a place, a PE, a place with its PE; chosen by what the unplaced could have had."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from allocator.terms.calendar import Window
from allocator.views.counts import has_room
from allocator.views.facts import Facts
from models.base import natural_key
from models.entities import Offer
from scenarios.breaking.draws import Draw, Moves
from scenarios.model import Edit, Scale, Set
from scenarios.running import Bench

OF_A_KIND = 2
"""Candidates of each kind that are confirmed."""
MORE = 200.0
"""Percent of a PE's row: one more like it."""


class Reserve(NamedTuple):
    """Something kept in reserve: in words, where (team, or agency and stage), in edits, by what it was chosen.

    ``wanted``: in how many cases (a draw and a request without a place) it could have been had.
    """

    what: str
    where: str
    edits: tuple[Edit, ...]
    wanted: int


def candidates(bench: Bench, draws: Sequence[Draw], moves: Moves) -> list[Reserve]:
    """What may buy most, by a count of who could have had it; two of each kind.

    Counted is each request without a place after the repair of a draw, at each offer that it may have and that has not
    gone: where its places are taken and a PE is free, a place is short; where a place is free and its PEs are taken or
    gone, a PE; where both are, a place with its PE.

    Parameters
    ----------
    bench
        The base.
    draws
        With repaired plans.
    moves
        Of the plans that are looked at.
    """
    places, pes, both = _Short(), _Short(), _Short()
    for draw in draws:
        _count(bench, draw, moves, places, pes, both)
    offers = bench.reading.dataset.offer_by_id
    made = []
    for (agency, team), case in places.best():
        offer = offers[case.name]
        made.append(Reserve(f"a place at {offer.offer}", f"{agency}, {team}", (_more_places(offer),), case.wanted))
    for (agency, stage), case in pes.best():
        made.append(Reserve(f"a PE like {case.name}", f"{agency}, {stage}s", (_more_pes(case.name),), case.wanted))
    for (agency, team), case in both.best():
        name, _, pe = case.name.partition("\0")
        edits = (_more_places(offers[name]), _more_pes(pe))
        made.append(Reserve(f"a place at {name} with a PE like {pe}", f"{agency}, {team}", edits, case.wanted))
    return made


class _Best(NamedTuple):
    name: str
    wanted: int


class _Short:
    """Who could have had what, by group: cases (draw, request) of the group, and of each name in it."""

    def __init__(self) -> None:
        self._cases: dict[tuple[str, str], set[tuple[int, str]]] = defaultdict(set)
        self._names: dict[tuple[str, str], dict[str, set[tuple[int, str]]]] = defaultdict(lambda: defaultdict(set))

    def add(self, group: tuple[str, str], name: str, case: tuple[int, str]) -> None:
        self._cases[group].add(case)
        self._names[group][name].add(case)

    def best(self) -> list[tuple[tuple[str, str], _Best]]:
        """The groups that are wanted most, each with the name that is in it."""
        found = []
        for group, names in self._names.items():
            name = min(names, key=lambda n: (-len(names[n]), natural_key(n)))
            found.append((group, _Best(name, len(names[name]))))
        found.sort(key=lambda item: (-item[1].wanted, natural_key("/".join(item[0]))))
        return found[:OF_A_KIND]


def _count(bench: Bench, draw: Draw, moves: Moves, places: _Short, pes: _Short, both: _Short) -> None:
    events, dataset = draw.events, bench.reading.dataset
    facts = Facts(dataset, bench.solver.policy, draw.plans[moves])
    pairs, holds, at = bench.facts.eligibility.pairs, facts.terms.holds, facts.matches_of_offer
    committed = {c.pe for c in dataset.commitments}

    @cache
    def is_free(pe: str, window: Window) -> bool:
        educator = dataset.educator_by_id.get(pe)
        return educator is None or (pe not in events.educators and has_room(facts, educator, window))

    for request in bench.facts.horizon.live:
        if request.request in facts.match_of or request.student in events.students:
            continue
        case = (draw.number, request.request)
        for pair in pairs.get(request.request, ()):
            offer, known = pair.offer, [c.pe for c in pair.educators]
            if offer.offer in events.offers:
                continue
            there = [m.request for m in at.get(offer.offer, ())]
            held = sum(h.places for h in holds.empty(offer.offer, [*there, request.request]))
            has_place = len(there) + held < offer.capacity
            has_pe = any(is_free(pe, pair.window) for pe in known)
            if has_pe and not has_place:
                places.add((offer.agency, offer.team), offer.offer, case)
            for pe in () if has_pe else known:
                if pe not in dataset.educator_by_id or pe in committed:  # one more like it would be committed, too
                    continue
                if has_place:
                    pes.add((dataset.educator_by_id[pe].employed_by, request.stage), pe, case)
                else:
                    both.add((offer.agency, offer.team), f"{offer.offer}\0{pe}", case)


def _more_places(offer: Offer) -> Edit:
    return Set(edit="set", sheet="Offers", where={"offer": offer.offer}, values={"capacity": offer.capacity + 1})


def _more_pes(pe: str) -> Edit:
    return Scale(edit="scale", sheet="Educators", where={"pe": pe}, percent=MORE)
