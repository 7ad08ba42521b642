"""Who and what is fragile: students who lose their place through others, offers and PEs whose going costs most."""

from collections.abc import Sequence
from math import sqrt
from statistics import mean, pstdev
from typing import NamedTuple

from models.base import natural_key
from scenarios.breaking.draws import Draw, Moves, Told, hit, outcome

SEEN_WITH = 2
"""Draws with a row and without it that there must be before anything is said of it."""
BEYOND_CHANCE = 4
"""Standard errors: of some hundred rows that cost nothing hardly one has so great a difference."""


class FragileStudent(NamedTuple):
    """A placement told: in how many draws its student is there, and what others' going does to it.

    ``hit``: draws in which its place or its PE goes; ``lost`` and ``elsewhere``: by the moves that were allowed.
    """

    request: str
    there: int
    hit: int
    lost: dict[Moves, int]
    elsewhere: dict[Moves, int]


class FragileRow(NamedTuple):
    """An offer or a PE: mean of placements broken in draws without it, and in draws with it.

    ``own``: mean of its own placements that are broken where it goes; ``error``: the standard error of the difference,
    from the spread of all draws.
    """

    kind: str
    row: str
    gone: int
    without: float
    there: int
    with_it: float
    own: float
    error: float

    @property
    def difference(self) -> float:
        """By how many more placements break where it goes."""
        return self.without - self.with_it

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the difference is greater than other events of the draws make it, for one of many rows."""
        return 0 < self.error * BEYOND_CHANCE <= self.difference


def fragile_students(told: Told, draws: Sequence[Draw], moves: Sequence[Moves]) -> list[FragileStudent]:
    """Every placement that breaks in a draw, the one that is lost most often first.

    Parameters
    ----------
    told
        The published plan.
    draws
        With a plan for each of the moves.
    moves
        In ascending order; the first one decides the order.
    """
    outcomes = [{m: outcome(told, draw.events, draw.plans[m]) for m in moves} for draw in draws]
    hits = [hit(told, draw.events) for draw in draws]
    found = []
    for request, student in told.students.items():
        one = FragileStudent(
            request,
            sum(student not in draw.events.students for draw in draws),
            sum(request in (*h.place, *h.educator) for h in hits),
            {m: sum(request in o[m].lost for o in outcomes) for m in moves},
            {m: sum(request in o[m].elsewhere for o in outcomes) for m in moves},
        )
        if any((*one.lost.values(), *one.elsewhere.values())):
            found.append(one)
    first = moves[0]
    return sorted(found, key=lambda s: (-s.lost[first], -s.elsewhere[first], -s.hit, natural_key(s.request)))


def fragile_rows(told: Told, draws: Sequence[Draw], moves: Moves) -> list[FragileRow]:
    """Offers and PEs that go in two draws or more and stay in two or more; first those whose own placements break."""
    broken = [outcome(told, draw.events, draw.plans[moves]).broken for draw in draws]
    deviation = pstdev(len(one) for one in broken)
    rows = []
    for kind, names in (("offer", _all("offers", draws)), ("PE", _all("educators", draws))):
        for name in names:
            gone = [n for n, draw in enumerate(draws) if name in _of(kind, draw)]
            there = [n for n in range(len(draws)) if n not in set(gone)]
            if len(gone) < SEEN_WITH or len(there) < SEEN_WITH:
                continue
            mine = {r for r, m in told.matches.items() if name == (m.offer if kind == "offer" else m.pe)}
            rows.append(
                FragileRow(
                    kind, name, len(gone), mean(len(broken[n]) for n in gone), len(there),
                    mean(len(broken[n]) for n in there), mean(len(broken[n] & mine) for n in gone),
                    deviation * sqrt(1 / len(gone) + 1 / len(there)),
                )
            )  # fmt: skip
    return sorted(rows, key=lambda r: (-r.own, -r.difference, r.kind, natural_key(r.row)))


def _of(kind: str, draw: Draw) -> frozenset[str]:
    return draw.events.offers if kind == "offer" else draw.events.educators


def _all(kind: str, draws: Sequence[Draw]) -> list[str]:
    names: set[str] = set()
    for draw in draws:
        names |= draw.events.offers if kind == "offers" else draw.events.educators
    return sorted(names, key=natural_key)
