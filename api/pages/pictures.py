"""Where the parts of a picture are: nothing of a figure is worked out here, only how it lies on the page."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import cos, radians, sqrt
from typing import NamedTuple

from allocator.views.about import Span
from allocator.views.homes import Homes
from api.pages.labels import Label, Named, labels_of
from models.base import natural_key
from models.entities import Place

WIDTH = 560
"""Of a picture without its labels."""
MAP_WIDTH, EDGE = 900, 30
"""Of a map, and of the empty edge around it."""
LETTERS, LARGE_LETTERS = 13, 34
"""Of names on a map; of areas as large as they are on a telephone, where the whole map is as wide as the screen."""
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
    """Homes, places, and the lines between them; ``labels``: names for which there is room; ``unnamed``: those for
    which there is none; ``left_out``: places that have no coordinates in the data.
    """

    width: int
    height: int
    homes: tuple[Spot, ...]
    sites: tuple[Spot, ...]
    lines: tuple[Stroke, ...]
    labels: tuple[Label, ...]
    unnamed: tuple[str, ...]
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
    numbers = {d: placed + waiting for d, placed, waiting in found.homes} if numbered else {}
    wanted = [
        Named(name, *at[name], max(radii), f"{name} {numbers.get(name, 0)}" if numbered else name)
        for name, radii in _radii([*homes, *sites]).items()
    ]
    ends = [(j.district, j.place) for j in found.journeys]
    labels = labels_of(wanted, ends, LARGE_LETTERS if numbered else LETTERS, width, height)
    said = {label.name for label in labels}
    unnamed = [spot.name for spot in wanted if spot.says not in said and 0 <= spot.x <= width and 0 <= spot.y <= height]
    return MapPicture(
        width, height, tuple(homes), tuple(sites), lines, labels, tuple(sorted(unnamed, key=natural_key)),
        tuple(sorted(named - set(at))),
    )  # fmt: skip


def _radii(spots: Sequence[Spot]) -> dict[str, list[float]]:
    """How far the spots of each name reach."""
    found: dict[str, list[float]] = {}
    for spot in spots:
        found.setdefault(spot.name, []).append(spot.radius)
    return found
