"""Charts of the summary page as inline SVG: same input, same bytes; words and hatching beside colour."""

import io
import re
from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator

from allocator.views.summary import AgencyBar, Bar, Dots

FIRM, PROVISIONAL, NONE, INK, QUIET = "#17405c", "#8fb8d0", "#c2554a", "#1f2933", "#c9d1d9"
PAST = "#8a949d"
_EDGES = {"|": (INK, 1.6), "o": (PAST, 1.0)}
"""Colour and width of a marker's edge, where it is not that of the plan."""
_STYLE: dict[str, object] = {
    "svg.fonttype": "none",  # text stays text: it can be searched and read aloud
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that every machine measures alike
    "font.size": 8,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.8,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.6,
}


def programme_chart(rows: Sequence[Bar]) -> str:
    """Stacked bars: firm, provisional, not placed, by programme and stage."""
    with rc_context(_STYLE):  # type: ignore[arg-type]
        drawing, axes = _new(4.6, len(rows))
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
            _beside(axes, left[number], number, text)
        axes.set_xlim(0, max([*left, 1]) * 1.42)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.set_xlabel("requests: firm + provisional")
        _legend(axes, 3)
        return _svg(drawing, "programmes")


def figures_chart(rows: Sequence[Dots]) -> str:
    """Dots on a percent scale: past years small, this plan large, the target a line."""
    with rc_context(_STYLE):  # type: ignore[arg-type]
        drawing, axes = _new(4.6, len(rows))
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
        _legend(axes, 4)
        return _svg(drawing, "figures")


def agencies_chart(rows: Sequence[AgencyBar]) -> str:
    """Bars of places offered and used by agency, with the fair-share range as a bracket."""
    with rc_context(_STYLE):  # type: ignore[arg-type]
        drawing, axes = _new(4.6, len(rows), row=0.2)
        labels = [r.label for r in rows]
        axes.barh(labels, [r.offered for r in rows], color="white", edgecolor=FIRM, height=0.68, label="offered")
        axes.barh(labels, [r.used for r in rows], color=PROVISIONAL, edgecolor=FIRM, height=0.68, label="used")
        ranged = [(n, r.floor, r.ceiling) for n, r in enumerate(rows) if r.floor is not None and r.ceiling is not None]
        for number, (y, floor, ceiling) in enumerate(ranged):
            label = "fair-share range" if number == 0 else "_"
            axes.plot([floor, ceiling], [y, y], color=NONE, linewidth=2, marker="|", markersize=9, label=label)
        widest = max([1, *(max(r.offered, r.used, r.ceiling or 0) for r in rows)])
        for y, r in enumerate(rows):
            _beside(axes, max(r.offered, r.used, r.ceiling or 0), y, f"{r.used} of {r.offered} used")
        axes.set_xlim(0, widest * 1.22)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.set_xlabel("places")
        _legend(axes, 3)
        return _svg(drawing, "agencies")


def _new(width: float, rows: int, row: float = 0.27) -> tuple[Drawing, Axes]:
    drawing = Drawing(figsize=(width, 0.85 + row * max(rows, 1)), layout="constrained")
    FigureCanvasSVG(drawing)
    axes = drawing.add_subplot()
    axes.invert_yaxis()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    return drawing, axes


def _beside(axes: Axes, x: float, y: float, text: str) -> None:
    """Words just right of a point."""
    axes.annotate(text, (x, y), (5, 0), textcoords="offset points", va="center", ha="left", fontsize=7)


def _legend(axes: Axes, columns: int) -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.figure.legend(loc="outside upper left", ncols=columns, frameon=False, fontsize=7, borderpad=0.1)


def _svg(drawing: Drawing, name: str) -> str:
    """The drawing as an SVG element for a page: no clock, no outside reference, ids of its own."""
    text = io.StringIO()
    with rc_context({"svg.hashsalt": name}):
        drawing.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = svg.replace("url(#", f"url(#{name}-").replace('href="#', f'href="#{name}-')
    return re.sub(r'<svg ([^>]*?)width="[\d.]+pt" height="[\d.]+pt"', r"<svg \1", svg).replace(
        "<svg ", '<svg aria-hidden="true" ', 1
    )
