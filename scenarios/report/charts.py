"""The charts of answers as inline SVG. Every number is in the table beside; words and shapes stand beside colour."""

from collections.abc import Callable, Mapping
from statistics import median
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from allocator.report.drawing import (
    FIRM,
    INK,
    NONE,
    PAST,
    PROVISIONAL,
    QUIET,
    beside,
    drawing_style,
    legend,
    new_drawing,
    svg_of,
)
from scenarios.answers import Chart, Series

WIDTH = 6.4
"""Inches."""
COLOURS = (FIRM, PROVISIONAL, NONE, PAST, "#b7860b", "#2e7d4f")
MARKERS = ("o", "s", "D", "^", "v", "P")
HATCHES = ("", "////", "xxxx", "....", "\\\\\\\\", "++++")
LINE_HEIGHT = 2.6
"""Inches of a chart whose labels are along the bottom."""
LABEL_LETTERS = 34
SEEN = 0.04
"""A step of so small a part of the axis is not seen."""
LEAST_ROOM = 4.0
"""So much of the axis dots have at least."""
ROOM = 1.3
"""So much wider than its longest bar is the axis, for the number beside it."""


def _label(text: str) -> str:
    """The name of a row, cut where it would run over the next one's; the table beside has it whole."""
    return fill(text, LABEL_LETTERS, max_lines=2, placeholder=" ...")


def chart_svg(chart: Chart, name: str) -> str:
    """A chart as an SVG element; blank where there is nothing to draw.

    Parameters
    ----------
    chart
        What is drawn.
    name
        Tells the ids of this chart from those of others on the page.
    """
    if chart.kind == "none" or not chart.labels or not chart.series:
        return ""
    with drawing_style():
        if chart.kind in _ALONG:
            drawing, axes = new_drawing(WIDTH, 1, LINE_HEIGHT)
            axes.invert_yaxis()
            _ALONG[chart.kind](axes, chart)
        else:
            rows = len(chart.labels) * (1 if chart.kind in _ONE_ROW else max(1, len(chart.series) * 0.62))
            drawing, axes = new_drawing(WIDTH, rows)
            _DOWN[chart.kind](axes, chart)
            axes.set_yticks(range(len(chart.labels)), [_label(label) for label in chart.labels])
            axes.set_ylim(len(chart.labels) - 0.45, -0.55)
            axes.set_xlabel(chart.unit)
        legend(axes, 3)
        return svg_of(drawing, name)


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def _signed(value: float) -> str:
    return f"+{_number(value)}" if value > 0 else f"\u2212{_number(-value)}" if value < 0 else "0"


def _target(axes: Axes, chart: Chart) -> None:
    if chart.target is not None:
        axes.axvline(chart.target, color=INK, linewidth=1, linestyle=(0, (4, 3)), label=f"due: {_number(chart.target)}")


def _waterfall(axes: Axes, chart: Chart) -> None:
    """The first label as it is, a step from there for each other; each is a case by itself, so steps do not add up."""
    values = [v or 0.0 for v in chart.series[0].values]
    start = values[0]
    axes.barh(0, start, color=FIRM, height=0.62)
    beside(axes, max(start, chart.target or 0.0), 0, _number(start))
    axes.axvline(start, color=QUIET, linewidth=1)
    for y, value in enumerate(values[1:], 1):
        more = value >= start
        axes.barh(
            y, value - start, left=start, color=PROVISIONAL if more else NONE, hatch="" if more else "xxxx",
            edgecolor="white", height=0.62,
        )  # fmt: skip
        beside(axes, max(value, start, chart.target or 0.0), y, f"{_signed(value - start)}, so {_number(value)}")
    most, steps = max([*values, chart.target or 0.0]), [abs(v - start) for v in values if v != start]
    # Steps that nobody would see on a whole axis are shown on the end of one, which is said.
    floor = min(values) - 2.5 * (most - min(values) + 1) if steps and max(steps) < SEEN * most else 0.0
    axes.set_xlim(max(0.0, floor), max(0.0, floor) + (most - max(0.0, floor)) * ROOM)
    if floor > 0:
        words = f"axis begins at {axes.get_xlim()[0]:.0f}"
        axes.annotate(words, (1, 0), xycoords="axes fraction", ha="right", va="bottom", fontsize=7)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _target(axes, chart)


def _bars(axes: Axes, chart: Chart) -> None:
    count = len(chart.series)
    height = 0.76 / count
    ends = [chart.target or 0.0]
    for number, series in enumerate(chart.series):
        for y, value in enumerate(series.values):
            if value is None:
                continue
            at = y - 0.38 + height * (number + 0.5)
            axes.barh(
                at, value, height=height * 0.92, color=COLOURS[number % len(COLOURS)], edgecolor="white",
                hatch=HATCHES[number % len(HATCHES)], label=series.name if y == 0 and count > 1 else "_",
            )  # fmt: skip
            beside(axes, value, at, _number(value))
            ends.append(value)
    axes.set_xlim(min(0.0, *ends), max(1.0, *ends) * ROOM)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _target(axes, chart)


def _stacked(axes: Axes, chart: Chart) -> None:
    left = [0.0] * len(chart.labels)
    for number, series in enumerate(chart.series):
        values = [v or 0.0 for v in series.values]
        axes.barh(
            range(len(values)), values, left=left, height=0.66, color=COLOURS[number % len(COLOURS)],
            hatch=HATCHES[number % len(HATCHES)], edgecolor="white", label=series.name,
        )  # fmt: skip
        left = [a + b for a, b in zip(left, values, strict=True)]
    for y, total in enumerate(left):
        parts = " + ".join(_number(s.values[y] or 0.0) for s in chart.series if s.values[y]) or "0"
        beside(axes, total, y, parts)
    axes.set_xlim(0, max([1.0, *left]) * ROOM)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _target(axes, chart)


def _dumbbell(axes: Axes, chart: Chart) -> None:
    before, after = chart.series[0], chart.series[1]
    ends = [1.0]
    for y, (old, new) in enumerate(zip(before.values, after.values, strict=True)):
        if old is None or new is None:
            continue
        low, high = (after.low[y], after.high[y]) if after.low and after.high else (None, None)
        if low is not None and high is not None:
            axes.plot(
                [low, high], [y + 0.28, y + 0.28], color=NONE, linewidth=1.6, marker="|",
                label="range" if y == 0 else "_",
            )  # fmt: skip
            ends.append(high)
        axes.plot([old, new], [y, y], color=QUIET, linewidth=3, zorder=1)
        axes.plot(
            [old], [y], "o", color="white", markeredgecolor=INK, markersize=6, label=before.name if y == 0 else "_"
        )
        axes.plot([new], [y], "D", color=FIRM, markersize=6, label=after.name if y == 0 else "_")
        beside(axes, max(old, new), y, _number(new) if new == old else f"{_number(old)} \u2192 {_number(new)}")
        ends += [old, new]
    axes.set_xlim(min(0.0, *ends), max(ends) * ROOM)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _tornado(axes: Axes, chart: Chart) -> None:
    """Differences from nothing changed, as they come: who sorts them is who answers."""
    values = [v or 0.0 for v in chart.series[0].values]
    for y, value in enumerate(values):
        axes.barh(
            y,
            value,
            color=FIRM if value >= 0 else NONE,
            hatch="" if value >= 0 else "xxxx",
            edgecolor="white",
            height=0.66,
        )
        beside(axes, max(value, 0.0), y, _signed(value))
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_xlim(min([0.0, *values]) * 1.15, max([0.5, *values]) * 1.15 + 0.12 * (max([1.0, *map(abs, values)])))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _strip(axes: Axes, chart: Chart) -> None:
    """A dot for each draw, series by series; the median as a bar across."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    for y, series in enumerate(chart.series):
        values = [v for v in series.values if v is not None]
        seen: dict[float, int] = {}
        for value in values:
            seen[value] = seen.get(value, 0) + 1
            step = (seen[value] // 2) * (0.07 if seen[value] % 2 else -0.07)
            axes.plot(
                [value], [y + max(-0.4, min(0.4, step))], "o", color=PROVISIONAL, markeredgecolor=FIRM, markersize=4
            )
        if values:
            axes.plot(
                [median(values)] * 2, [y - 0.42, y + 0.42], color=NONE, linewidth=2, label="median" if y == 0 else "_"
            )
            beside(axes, max(values), y, f"median {_number(median(values))}")
    every = [v for s in chart.series for v in s.values if v is not None]
    room = max(LEAST_ROOM, max(every) - min(every))
    axes.set_xlim(min(every) - 0.08 * room, max(every) + 0.3 * room)


def _positions(chart: Chart) -> list[float]:
    """Where labels stand along the bottom: numbers at their value, words one after the other."""
    try:
        return [float(label.rstrip("%")) for label in chart.labels]
    except ValueError:
        return [float(n) for n in range(len(chart.labels))]


def _lines_of(axes: Axes, chart: Chart, style: str) -> None:
    at = _positions(chart)
    by_number = at != list(range(len(at))) or all(label.rstrip("%").isdigit() for label in chart.labels)
    for number, series in enumerate(chart.series):
        known = [(x, v) for x, v in zip(at, series.values, strict=True) if v is not None]
        if not known:
            continue
        colour = COLOURS[number % len(COLOURS)]
        axes.plot(
            *zip(*known, strict=True), color=colour, marker=MARKERS[number % len(MARKERS)], markersize=4.5,
            linewidth=1.5, drawstyle=style, label=series.name,
        )  # fmt: skip
        _band(axes, at, series, colour)
        _ends(axes, known)
    if not by_number:
        axes.set_xticks(at, [fill(label, 16) for label in chart.labels])
    if chart.target is not None:
        axes.axhline(
            chart.target, color=INK, linewidth=1, linestyle=(0, (4, 3)), label=f"limit or due: {_number(chart.target)}"
        )
    axes.set_xlabel(chart.along)
    axes.set_ylabel(chart.unit)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines["left"].set_visible(True)
    axes.margins(x=0.08, y=0.18)


def _band(axes: Axes, at: list[float], series: Series, colour: str) -> None:
    """The range of a line, where it has one."""
    known = [
        (x, low, high)
        for x, low, high in zip(at, series.low, series.high, strict=False)
        if low is not None and high is not None
    ]
    if known:
        x, low, high = (list(column) for column in zip(*known, strict=True))
        axes.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)


def _ends(axes: Axes, known: list[tuple[float, float]]) -> None:
    """The numbers of a line, where they are not the same as the one before."""
    last: float | None = None
    for x, value in known:
        if value != last:
            axes.annotate(_number(value), (x, value), (0, 5), textcoords="offset points", ha="center", fontsize=7)
        last = value


def _lines(axes: Axes, chart: Chart) -> None:
    _lines_of(axes, chart, "default")


def _step(axes: Axes, chart: Chart) -> None:
    _lines_of(axes, chart, "steps-post")


def _frontier(axes: Axes, chart: Chart) -> None:
    """Points: the first series along, the second up, each with its label."""
    along, up = chart.series[0], chart.series[1]
    known = [
        (x, y, label)
        for x, y, label in zip(along.values, up.values, chart.labels, strict=True)
        if x is not None and y is not None
    ]
    axes.plot([x for x, _, _ in known], [y for _, y, _ in known], "D", color=FIRM, markersize=6)
    at: dict[tuple[float, float], list[str]] = {}
    for x, y, label in known:
        at.setdefault((x, y), []).append(label)
    for (x, y), labels in at.items():
        axes.annotate(fill("; ".join(labels), LABEL_LETTERS), (x, y), (6, 4), textcoords="offset points", fontsize=7)
    axes.set_xlabel(along.name)
    axes.set_ylabel(up.name)
    axes.spines["left"].set_visible(True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.3, y=0.2)


_ALONG: Mapping[str, Callable[[Axes, Chart], None]] = {"lines": _lines, "step": _step, "frontier": _frontier}
_DOWN: Mapping[str, Callable[[Axes, Chart], None]] = {
    "waterfall": _waterfall, "bars": _bars, "stacked": _stacked, "dumbbell": _dumbbell, "tornado": _tornado,
    "strip": _strip,
}  # fmt: skip
_ONE_ROW = frozenset(("waterfall", "stacked", "dumbbell", "tornado", "strip"))
