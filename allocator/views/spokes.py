"""Hubs with spokes, for showing: where a student is besides the lead team, and for how many days."""

from collections.abc import Iterable

from allocator.views.facts import Facts
from allocator.views.words import counted
from models.entities import Offer, Spoke
from models.plan import Match


def spoke_words(facts: Facts, offer: Offer) -> str:
    """The spokes of an offer, a line each: ``North Trust, Ward 4 (CR0): 20 days``; blank where it has none."""
    return "\n".join(
        f"{facts.agency_name(s.agency)}, {s.team}{f' ({s.place})' if s.place else ''}: {counted(s.days, 'day')}"
        for s in offer.spokes
    )


def have_spokes(facts: Facts, matches: Iterable[Match]) -> bool:
    """Whether a student of these matches is in several teams."""
    return any(facts.offer(m).spokes for m in matches)


def visits(facts: Facts, matches: Iterable[Match], agency: str) -> list[tuple[Match, Spoke]]:
    """Of some matches those that another agency leads and that have days in a team of this one, with the spoke.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    matches
        At known offers.
    agency
        Whose teams.
    """
    return [
        (match, spoke)
        for match in matches
        if facts.offer(match).agency != agency
        for spoke in facts.offer(match).spokes
        if spoke.agency == agency
    ]
