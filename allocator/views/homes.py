"""Where students live and where places are: districts, sites, and the journeys of the plan between them."""

from collections import Counter, defaultdict
from typing import NamedTuple

from allocator.views.facts import Facts
from allocator.views.table import CellValue, Column, Table
from models.base import natural_key
from models.entities import Offer, Request


class Wanted(NamedTuple):
    """Which requests and offers are looked at; a blank is all. ``agency`` is an id."""

    agency: str = ""
    tranche: str = ""
    programme: str = ""


ALL = Wanted()
"""Every request and every offer."""


class Home(NamedTuple):
    """A district where students live: how many of their requests are placed and how many are not."""

    district: str
    placed: int
    not_placed: int


class Site(NamedTuple):
    """A place: how many students it has places for, and how many are there."""

    place: str
    offered: int
    used: int


class Journey(NamedTuple):
    """A line of the plan: students of a district who go to a place; the most minutes one way of them.

    ``over``: how many travel more than the policy marks.
    """

    district: str
    place: str
    students: int
    minutes: int | None
    over: int


class Homes(NamedTuple):
    """Districts, places and journeys, each in the order in which people look: the most first."""

    homes: tuple[Home, ...]
    sites: tuple[Site, ...]
    journeys: tuple[Journey, ...]


def homes_of(facts: Facts, wanted: Wanted = ALL) -> Homes:
    """Districts, places and journeys of a plan.

    Parameters
    ----------
    facts
        Dataset, policy and plan.
    wanted
        Which requests and offers are looked at. Of one agency, those who are not placed are not its own: only who goes
        there is counted.

    Returns
    -------
    Homes
        Requests without a home, and places without a base, stand in none of them.
    """
    placed: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    travel: defaultdict[tuple[str, str], list[int | None]] = defaultdict(list)
    used: Counter[str] = Counter()
    for request in facts.shown:
        home, match = facts.student(request).home, facts.match_of.get(request.request)
        if request.request not in facts.live_ids or not _is_wanted(facts, wanted, request):
            continue
        offer = facts.offers.get(match.offer) if match else None
        if wanted.agency and (offer is None or offer.agency != wanted.agency):
            continue
        if home:
            (placed if offer else waiting)[home] += 1
        if offer is not None and offer.place:
            used[offer.place] += 1
            if home:
                travel[home, offer.place].append(facts.minutes(request, offer).minutes)
    offered: Counter[str] = Counter()
    for offer in facts.horizon_offers:
        if offer.place and not offer.withdrawn and _is_offered(wanted, offer):
            offered[offer.place] += offer.capacity
    amber = facts.policy.travel_amber
    journeys = [
        Journey(home, place, len(found), max((m for m in found if m is not None), default=None),
                sum(m is not None and m > amber for m in found))
        for (home, place), found in travel.items()
    ]  # fmt: skip
    return Homes(
        tuple(sorted((Home(d, placed[d], waiting[d]) for d in placed | waiting), key=by_number)),
        tuple(sorted((Site(p, offered[p], used[p]) for p in offered | used), key=by_number)),
        tuple(sorted(journeys, key=lambda j: (-(j.minutes or 0), natural_key(j.district), natural_key(j.place)))),
    )


def journeys_table(facts: Facts, found: Homes) -> Table:
    """Journeys as a table: those of the most minutes first.

    Parameters
    ----------
    facts
        Of the plan.
    found
        Of :func:`homes_of`.
    """
    amber = facts.policy.travel_amber
    rows: list[list[CellValue]] = [[j.district, j.place, j.students, j.minutes, j.over or None] for j in found.journeys]
    return Table(
        title="Journeys",
        note="Of the plan, the longest first.",
        columns=(
            Column("Home", 10), Column("Place", 10), Column("Students", 9, "whole"),
            Column("Minutes one way, at most", 12, "whole"), Column(f"More than {amber} minutes", 12, "whole"),
        ),
        rows=rows,
        above=(("Minutes one way, at most", amber),),
        empty="Nobody of these is placed.",
    )  # fmt: skip


def by_number(one: Home | Site) -> tuple[int, object]:
    """The order in which people look: the most first.

    Parameters
    ----------
    one
        With its numbers.
    """
    return -sum(number for number in one if isinstance(number, int)), natural_key(str(one[0]))


def _is_wanted(facts: Facts, wanted: Wanted, request: Request) -> bool:
    programme = facts.student(request).programme
    return wanted.tranche in ("", request.tranche) and wanted.programme in ("", programme)


def _is_offered(wanted: Wanted, offer: Offer) -> bool:
    return wanted.agency in ("", offer.agency) and wanted.tranche in ("", offer.tranche)
