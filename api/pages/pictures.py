"""Where the parts of a picture are: nothing of a figure is worked out here, only how it lies on the page."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import cos, radians, sqrt
from typing import NamedTuple

from allocator.views.about import Span
from allocator.views.homes import Homes
from models.entities import Place

WIDTH = 560
"""Of a picture without its labels."""
MAP_WIDTH, EDGE = 900, 30
"""Of a map, and of the empty edge around it."""
LABEL_WIDTH, LABEL_HEIGHT = 44, 14
"""Of a name on the map, with room around it."""
_MONTHS = 12


class Part(NamedTuple):
    """A bar: its words, where it begins, how wide it is, and what it is."""

    title: str
    x: float
    width: float
    kind: str


class Tick(NamedTuple):
    """A place on the axis, and its words (blank: a line alone)."""

    x: float
    words: str


class Timeline(NamedTuple):
    """Bars one below the other over an axis of months; ``today``: where that is, None outside the picture."""

    parts: tuple[Part, ...]
    ticks: tuple[Tick, ...]
    today: float | None


def timeline(spans: Sequence[Span], today: date | None) -> Timeline:
    """Spans over an axis of months.

    Parameters
    ----------
    spans
        At least one.
    today
        Where a line is drawn.
    """
    first = min(span.first for span in spans).replace(day=1)
    last = _next_month(max(span.last for span in spans))
    scale = WIDTH / (last - first).days

    def x(at: date) -> float:
        return round((at - first).days * scale, 1)

    months = [first]
    while (following := _next_month(months[-1])) < last:
        months.append(following)
    step = len(months) // 9 + 1
    ticks = tuple(Tick(x(m), f"{m:%b %y}" if n % step == 0 else "") for n, m in enumerate(months))
    parts = tuple(Part(s.title, x(s.first), max(2.0, x(s.last) - x(s.first)), s.kind) for s in spans)
    return Timeline(parts, ticks, x(today) if today and first <= today <= last else None)


def _next_month(day: date) -> date:
    return date(day.year + day.month // _MONTHS, day.month % _MONTHS + 1, 1)


class Spot(NamedTuple):
    """A circle of the map: its name, where it is, how large, and what it says."""

    name: str
    x: float
    y: float
    radius: float
    words: str


class Stroke(NamedTuple):
    """A line of the map, how thick it is, and whether somebody on it travels for long."""

    x: float
    y: float
    to_x: float
    to_y: float
    width: float
    over: bool


class MapPicture(NamedTuple):
    """Homes, places, and the lines between them; ``labels``: names with room around them; ``left_out``: places that
    have no coordinates in the data.
    """

    width: int
    height: int
    homes: tuple[Spot, ...]
    sites: tuple[Spot, ...]
    lines: tuple[Stroke, ...]
    labels: tuple[Spot, ...]
    left_out: tuple[str, ...]


def map_picture(
    found: Homes, places: Mapping[str, Place], inside: frozenset[str] = frozenset(), *, numbered: bool = False
) -> MapPicture | None:  # fmt: skip
    """Where districts and places lie, north at the top; None where none of them has coordinates.

    Parameters
    ----------
    found
        What is drawn.
    places
        With their coordinates, by name.
    inside
        Names that the picture is wide enough for; others lie beyond its edge where they do. None: all of them.
    numbered
        Whether names are followed by how many requests come from there.
    """
    named = {name for name, *_ in (*found.homes, *found.sites)}
    known = {name: places[name] for name in named if name in places}
    if not known:
        return None
    seen = [place for name, place in known.items() if name in inside] or list(known.values())
    north = max(p.latitude for p in seen)
    west = min(p.longitude for p in seen)
    narrowed = cos(radians(north))
    across = max((max(p.longitude for p in seen) - west) * narrowed, 0.01)
    down = max(north - min(p.latitude for p in seen), 0.01)
    scale = min((MAP_WIDTH - 2 * EDGE) / across, (MAP_WIDTH - 2 * EDGE) / down)
    at = {
        name: (round(EDGE + (p.longitude - west) * narrowed * scale, 1), round(EDGE + (north - p.latitude) * scale, 1))
        for name, p in known.items()
    }

    def spot(name: str, number: int, words: str) -> Spot:
        return Spot(name, *at[name], round(3 + 2.2 * sqrt(number), 1), words)

    homes = [
        spot(d, placed + not_placed, f"{d}: {placed} placed, {not_placed} not placed live here")
        for d, placed, not_placed in found.homes
        if d in at
    ]
    sites = [spot(p, offered, f"{p}: {used} of {offered} places used") for p, offered, used in found.sites if p in at]
    lines = tuple(
        Stroke(*at[j.district], *at[j.place], min(1 + j.students / 2, 6), j.over > 0)
        for j in found.journeys
        if j.district in at and j.place in at and j.district != j.place
    )
    height = round(2 * EDGE + down * scale)
    width = round(2 * EDGE + across * scale)
    labels = _labels([*homes, *sites])
    if numbered:
        numbers = {d: placed + waiting for d, placed, waiting in found.homes}
        labels = tuple(spot._replace(name=f"{spot.name} {numbers.get(spot.name, 0)}") for spot in labels)
    return MapPicture(width, height, tuple(homes), tuple(sites), lines, labels, tuple(sorted(named - set(at))))


def _labels(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """The greatest spots whose names do not lie on another's."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda one: -one.radius):
        if all(abs(spot.x - k.x) > LABEL_WIDTH or abs(spot.y - k.y) > LABEL_HEIGHT for k in kept):
            kept.append(spot)
    return tuple(kept)
