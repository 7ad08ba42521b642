"""Charts of the summary page as inline SVG; words and hatching beside colour."""

from collections.abc import Sequence

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
from allocator.views.summary import AgencyBar, Bar, Dots

_EDGES = {"|": (INK, 1.6), "o": (PAST, 1.0)}
"""Colour and width of a marker's edge, where it is not that of the plan."""


def programme_chart(rows: Sequence[Bar]) -> str:
    """Stacked bars: firm, provisional, not placed, by programme and stage."""
    with drawing_style():
        drawing, axes = new_drawing(4.6, len(rows))
        labels = [r.label for r in rows]
        left = [0] * len(rows)
        parts = (
            ("firm", [r.firm for r in rows], FIRM, ""),
            ("provisional", [r.provisional for r in rows], PROVISIONAL, "////"),
            ("not placed", [r.none for r in rows], NONE, "xxxx"),
        )
        for name, values, colour, hatch in parts:
            axes.barh(labels, values, left=left, color=colour, hatch=hatch, edgecolor="white", label=name, height=0.7)
            left = [a + b for a, b in zip(left, values, strict=True)]
        for number, row in enumerate(rows):
            text = f"{row.firm} + {row.provisional}" + (f", {row.none} not placed" if row.none else "")
            beside(axes, left[number], number, text)
        axes.set_xlim(0, max([*left, 1]) * 1.42)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.set_xlabel("requests: firm + provisional")
        legend(axes, 3)
        return svg_of(drawing, "programmes")


def figures_chart(rows: Sequence[Dots]) -> str:
    """Dots on a percent scale: past years small, this plan large, the target a line."""
    with drawing_style():
        drawing, axes = new_drawing(4.6, len(rows))
        shown: set[str] = set()

        def dot(x: float, y: int, label: str, marker: str, size: float, face: str) -> None:
            name = label if label not in shown else "_"
            shown.add(label)
            edge, width = _EDGES.get(marker, (FIRM, 1.0))
            axes.plot(
                [x], [y], marker=marker, markersize=size, markerfacecolor=face, linestyle="none", label=name,
                markeredgecolor=edge, markeredgewidth=width,
            )  # fmt: skip

        for y, row in enumerate(rows):
            axes.hlines(y, 0, 100, color=QUIET, linewidth=0.6)
            for value in row.past:
                dot(value, y, "years before", "o", 4, PAST)
            if row.target is not None:
                dot(row.target, y, "target", "|", 11, INK)
            if row.all is not None:
                dot(row.all, y, "with provisional", "D", 6.5, "white")
            if row.firm is not None:
                dot(row.firm, y, "firm", "D", 4.5, FIRM)
            if row.all is not None:
                axes.text(104, y, f"{row.all:.0f}%", va="center", ha="left", fontsize=7.5)
        axes.set_yticks(range(len(rows)), [r.label for r in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-3, 116)
        axes.set_xticks(range(0, 101, 25))
        axes.set_xlabel("percent; the number is with provisional")
        legend(axes, 4)
        return svg_of(drawing, "figures")


def agencies_chart(rows: Sequence[AgencyBar]) -> str:
    """Bars of places offered and used by agency, with the fair-share range as a bracket."""
    with drawing_style():
        drawing, axes = new_drawing(4.6, len(rows), row=0.2)
        labels = [r.label for r in rows]
        axes.barh(labels, [r.offered for r in rows], color="white", edgecolor=FIRM, height=0.68, label="offered")
        axes.barh(labels, [r.used for r in rows], color=PROVISIONAL, edgecolor=FIRM, height=0.68, label="used")
        ranged = [(n, r.floor, r.ceiling) for n, r in enumerate(rows) if r.floor is not None and r.ceiling is not None]
        for number, (y, floor, ceiling) in enumerate(ranged):
            label = "fair-share range" if number == 0 else "_"
            axes.plot([floor, ceiling], [y, y], color=NONE, linewidth=2, marker="|", markersize=9, label=label)
        widest = max([1, *(max(r.offered, r.used, r.ceiling or 0) for r in rows)])
        for y, r in enumerate(rows):
            beside(axes, max(r.offered, r.used, r.ceiling or 0), y, f"{r.used} of {r.offered} used")
        axes.set_xlim(0, widest * 1.22)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.set_xlabel("places")
        legend(axes, 3)
        return svg_of(drawing, "agencies")
