"""Districts together by area, so that a map of a large partnership can be read; one area at a time in full."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from allocator.views.homes import Home, Homes, Journey, Site, by_number
from models.base import natural_key
from models.entities import Place

READABLE = 24
"""Districts and places that a map can show one by one."""
_LETTERS = re.compile(r"([A-Za-z]{1,3})\d")


def area_of(name: str) -> str:
    """The area of a district: the letters of a postcode (``KT`` of ``KT12``); what is no postcode is its own area.

    Parameters
    ----------
    name
        Of a district or a base.
    """
    found = _LETTERS.match(name)
    return found[1].upper() if found else name


def areas_of(found: Homes) -> dict[str, int]:
    """Areas, each with how many requests and places are there; none where districts are few, or none share one.

    Parameters
    ----------
    found
        Of a plan.
    """
    counts: Counter[str] = Counter()
    for home in found.homes:
        counts[area_of(home.district)] += home.placed + home.not_placed
    for site in found.sites:
        counts[area_of(site.place)] += site.offered
    names = _names(found)
    if len(names) <= READABLE or len(counts) == len(names):
        return {}
    return {area: counts[area] for area in sorted(counts, key=natural_key)}


def together(found: Homes, area: str) -> Homes:
    """Districts of an area one by one, all others by their areas.

    Parameters
    ----------
    found
        Districts, places and journeys.
    area
        Blank: all of them by their areas.
    """
    homes, offered = defaultdict[str, list[int]](lambda: [0, 0]), defaultdict[str, list[int]](lambda: [0, 0])
    for home in found.homes:
        homes[_label(home.district, area)][0] += home.placed
        homes[_label(home.district, area)][1] += home.not_placed
    for site in found.sites:
        offered[_label(site.place, area)][0] += site.offered
        offered[_label(site.place, area)][1] += site.used
    lines = defaultdict[tuple[str, str], list[Journey]](list)
    for journey in found.journeys:
        lines[_label(journey.district, area), _label(journey.place, area)].append(journey)
    journeys = [
        Journey(start, end, sum(j.students for j in those), max((j.minutes for j in those if j.minutes), default=None),
                sum(j.over for j in those))
        for (start, end), those in lines.items()
    ]  # fmt: skip
    return Homes(
        tuple(sorted((Home(name, *numbers) for name, numbers in homes.items()), key=by_number)),
        tuple(sorted((Site(name, *numbers) for name, numbers in offered.items()), key=by_number)),
        tuple(journeys),
    )


def centres(found: Homes, places: Mapping[str, Place], area: str) -> dict[str, Place]:
    """Where districts of an area are, and the middle of each other area.

    Parameters
    ----------
    found
        Districts, places and journeys, one by one.
    places
        With their coordinates, by name.
    area
        As for :func:`together`.
    """
    members = defaultdict[str, list[Place]](list)
    for name in sorted(_names(found)):
        if name in places:
            members[_label(name, area)].append(places[name])
    return {
        label: Place(
            place=label, latitude=sum(p.latitude for p in those) / len(those),
            longitude=sum(p.longitude for p in those) / len(those),
        )
        for label, those in members.items()
    }  # fmt: skip


def within(found: Homes, area: str) -> Homes:
    """What is in an area, and the journeys that begin or end there.

    Parameters
    ----------
    found
        Districts, places and journeys.
    area
        Of a district.
    """
    return Homes(
        tuple(home for home in found.homes if area_of(home.district) == area),
        tuple(site for site in found.sites if area_of(site.place) == area),
        tuple(j for j in found.journeys if area in (area_of(j.district), area_of(j.place))),
    )


def _names(found: Homes) -> set[str]:
    names: Iterable[str] = (*(h.district for h in found.homes), *(s.place for s in found.sites))
    return set(names)


def _label(name: str, area: str) -> str:
    return name if area and area_of(name) == area else area_of(name)
