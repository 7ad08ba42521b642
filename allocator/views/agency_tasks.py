"""What a plan asks of an agency, in sentences: of its own places and students alone."""

from collections.abc import Iterator, Sequence
from datetime import date

from allocator.views.agency_forms import dates_of
from allocator.views.facts import Facts
from allocator.views.spokes import visits
from allocator.views.unused import Unused
from allocator.views.words import ANSWERS_BY, MEETINGS_BY, NAMED_BY, counted, is_to_be_named
from models.plan import Match


def agency_tasks(facts: Facts, agency: str, unused: Unused) -> tuple[str, ...]:
    """What an agency is asked for.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    agency
        Whose tasks they are.
    unused
        Free places, worked out once for all agencies.
    """
    return tuple(_tasks(facts, agency, unused))


def _tasks(facts: Facts, agency: str, unused: Unused) -> Iterator[str]:
    matches = sorted((m for m in facts.matches if facts.offer(m).agency == agency), key=lambda m: m.start or date.max)
    if matches:
        yield f"Say yes or no to {counted(len(matches), 'student')}{_by(facts, matches, ANSWERS_BY)}."
    if unnamed := [m for m in matches if is_to_be_named(m)]:
        yield f"Name a PE for {_of(unnamed, matches)}{_by(facts, unnamed, NAMED_BY)}."
    if unsupervised := [m for m in matches if _asks_supervisor(facts, m)]:
        yield f"Name an on-site supervisor for {_of(unsupervised, matches)}{_by(facts, unsupervised, NAMED_BY)}."
    if matches and dates_of(facts, matches, MEETINGS_BY):
        yield f"Hold the pre-placement meetings{_by(facts, matches, MEETINGS_BY)}."
    if visiting := visits(facts, facts.matches, agency):
        yield f"Say yes or no to {counted(len(visiting), 'student')} who would come to your teams for some days."
    free = sum(unused.free(offer) for offer in facts.horizon_offers if offer.agency == agency)
    if free:
        yield f"Say whether {counted(free, 'place')} that this version does not use {_stay(free)} open."


def _asks_supervisor(facts: Facts, match: Match) -> bool:
    return match.basis not in (None, "in_team") and facts.offer(match).on_site_supervisor != "yes"


def _by(facts: Facts, matches: Sequence[Match], step: str) -> str:
    until = dates_of(facts, matches, step)
    return f" by {until}" if until else ""


def _of(some: Sequence[Match], matches: Sequence[Match]) -> str:
    return (
        f"{len(some)} of them" if len(some) < len(matches) else "each of them" if len(matches) > 1 else "this student"
    )


def _stay(free: int) -> str:
    return "stays" if free == 1 else "stay"
