"""A plan with fewer breaks that places the same requests and is as good through ``firm``; found by forbidding."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from allocator.solving import Question
from models.base import natural_key
from models.plan import Plan, TierResult
from models.run import Limits, StopSignal
from scenarios.breaking.draws import Told, hit
from scenarios.breaking.events import Events
from scenarios.running import Bench

LAST = "firm"
"""The last tier in which such a plan is equal; those after it may be worse."""
TRIES = 8
"""Matches that are forbidden at most, one after the other."""


class Found(NamedTuple):
    """What a search gave: the plan with the fewest placements hit, or None; how many were tried, and how many equal.

    ``forbidden``: the matches without which it is the best plan. ``hits``: placements whose place or PE goes, over all
    draws, before and now.
    """

    plan: Plan | None
    forbidden: tuple[tuple[str, str], ...]
    tried: int
    equal: int
    hits: tuple[int, int]


def tiers_through(tiers: Sequence[TierResult], last: str = LAST) -> tuple[TierResult, ...] | None:
    """The tiers up to one; None where it is not among them, so that nothing says how far plans have to be equal."""
    names = [tier.tier for tier in tiers]
    return tuple(tiers[: names.index(last) + 1]) if last in names else None


def search(
    bench: Bench, draws: Sequence[Events], tries: int, limits: Limits, stop: StopSignal,
    told: Callable[[str, int, int], None] = lambda *_: None,
) -> Found | None:  # fmt: skip
    """Look for such a plan; None where the order has no tier ``firm``.

    Parameters
    ----------
    bench
        The base, whose plan is the one to be bettered.
    draws
        The events, in which placements are counted whose place or PE goes.
    tries
        So many matches are forbidden at most: the one that is hit most often, then the next.
    limits, stop
        Of each plan.
    told
        Told of each one.
    """
    dataset, solver = bench.reading.dataset, bench.solver
    wanted = tiers_through(bench.plan.tiers)
    if wanted is None:
        return None
    best, best_hits = bench.plan, _hits(Told.of(bench.plan, dataset), draws)
    before, asked, equal = sum(best_hits.values()), set[tuple[str, str]](), 0
    forbidden: tuple[tuple[str, str], ...] = ()
    kept = bench.facts.horizon.kept
    for number in range(tries):
        open_ones = [m for m in best.matches if best_hits[m.request] and (m.request, m.offer) not in asked]
        open_ones = [m for m in open_ones if m.request not in kept]
        if not open_ones or stop.is_set():
            break
        worst = min(open_ones, key=lambda m: (-best_hits[m.request], natural_key(m.request)))
        asked.add((worst.request, worst.offer))
        told("looking for a plan with fewer breaks", number, tries)
        now = (*forbidden, (worst.request, worst.offer))
        answer = solver.answer(Question(forbidden=now), limits, stop)
        if not answer.possible or not _equal(wanted, answer.plan.tiers):
            continue
        if {m.request for m in answer.plan.matches} != {m.request for m in bench.plan.matches}:
            continue  # others would pay with their place
        equal += 1
        hits = _hits(Told.of(answer.plan, dataset), draws)
        if sum(hits.values()) < sum(best_hits.values()):
            best, best_hits, forbidden = answer.plan, hits, now
    plan = best if forbidden else None
    return Found(plan, forbidden, len(asked), equal, (before, sum(best_hits.values())))


def differing(before: Plan, after: Plan) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    """Requests that two plans treat otherwise: offer and PE in one, offer and PE in the other (None: no place)."""
    old, new = ({m.request: (m.offer, m.pe) for m in plan.matches} for plan in (before, after))
    nothing = (None, None)
    both = sorted(old.keys() | new.keys(), key=natural_key)
    return [(r, *old.get(r, nothing), *new.get(r, nothing)) for r in both if old.get(r) != new.get(r)]


def _equal(wanted: Sequence[TierResult], tiers: Sequence[TierResult]) -> bool:
    found = tiers_through(tiers)
    return (
        found is not None and all(tier.proved for tier in (*wanted, *found))
        and [(t.tier, t.value) for t in wanted] == [(t.tier, t.value) for t in found]
    )  # fmt: skip


def _hits(told: Told, draws: Sequence[Events]) -> Counter[str]:
    """In how many draws the place or the PE of each placement goes while its student is there."""
    found: Counter[str] = Counter()
    for events in draws:
        ended = hit(told, events)
        found.update((*ended.place, *ended.educator))
    return found
