"""Names on a map: beside what they name, where the fewest lines go, and none over another or over a spot."""

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

GAP = 5
"""Between a spot and its name."""
WIDE, HIGH = 0.64, 1.0
"""Of a letter, and of a line, for each unit of the size of letters."""
_SIDES = ((1, 0, "start"), (-1, 0, "end"), (0, 1, "middle"), (0, -1, "middle"))
"""Right, left, below, above: which way from the spot, and which end of the name is there."""


class Label(NamedTuple):
    """A name on the map: where its end or middle is, and which of them (``anchor``)."""

    name: str
    x: float
    y: float
    anchor: str


class Named(NamedTuple):
    """A spot that wants a name: where it is, how far it reaches, and what its name says on the map."""

    name: str
    x: float
    y: float
    radius: float
    says: str


class Box(NamedTuple):
    """What is covered: from left to right, from top to bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two have room in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )  # fmt: skip


def labels_of(
    spots: Sequence[Named], ends: Sequence[tuple[str, str]], size: float, width: float, height: float
) -> tuple[Label, ...]:  # fmt: skip
    """Names of spots, the largest spot first; those for which there is no room are left out.

    Parameters
    ----------
    spots
        One for each name.
    ends
        Lines, by the names at their ends.
    size
        Of letters.
    width
        Of the picture; what lies outside gets no name.
    height
        Of the picture.
    """
    away = _away(spots, ends)
    covered = [_around(spot) for spot in spots]
    result: list[Label] = []
    for spot in sorted(spots, key=lambda one: -one.radius):
        if not (0 <= spot.x <= width and 0 <= spot.y <= height):
            continue
        x, y = away.get(spot.name, (0.0, 0.0))
        for right, down, anchor in sorted(_SIDES, key=lambda side: -round(side[0] * x + side[1] * y, 3)):
            label, box = _label(spot, right, down, anchor, size, width)
            inside = box.left >= 0 and box.right <= width and box.top >= 0 and box.bottom <= height
            if inside and not any(box.meets(other) for other in covered):
                covered.append(box)
                result.append(label)
                break
    return tuple(result)


def _away(spots: Sequence[Named], ends: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """For each name the direction in which the fewest lines go."""
    at = {spot.name: spot for spot in spots}
    sums: dict[str, tuple[float, float]] = {}
    for pair in ends:
        for one, other in (pair, pair[::-1]):
            if one == other or one not in at or other not in at:
                continue
            x, y = at[other].x - at[one].x, at[other].y - at[one].y
            long = hypot(x, y) or 1.0
            before = sums.get(one, (0.0, 0.0))
            sums[one] = before[0] - x / long, before[1] - y / long
    return sums


def _around(spot: Named) -> Box:
    return Box(spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius)


def _label(spot: Named, right: int, down: int, anchor: str, size: float, width: float) -> tuple[Label, Box]:
    """A name on one side of its spot, and what it covers there; below and above it keeps inside the picture."""
    wide, high = WIDE * size * len(spot.says), HIGH * size
    x = spot.x + right * (spot.radius + GAP)
    if not right:
        x = max(min(x, width - wide / 2), wide / 2)
    y = spot.y + down * (spot.radius + GAP + high / 2)
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
    return Label(spot.says, round(x, 1), round(y, 1), anchor), Box(left, y - high / 2, left + wide, y + high / 2)
