"""Where the parts of a picture are: nothing of a figure is worked out here, only how it lies on the page."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from allocator.views.about import Span

WIDTH = 560
"""Of a picture without its labels."""
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
