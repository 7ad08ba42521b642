"""How charts are drawn as inline SVG: one style, no clock, no outside reference; same input, same bytes."""

import io
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing

FIRM, PROVISIONAL, NONE, INK, QUIET = "#17405c", "#8fb8d0", "#c2554a", "#1f2933", "#c9d1d9"
PAST = "#8a949d"
STYLE: dict[str, object] = {
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

_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def drawing_style() -> Iterator[None]:
    """The style of all charts, for as long as one is drawn; others wait, since the whole process has one style."""
    with _ONE_AT_A_TIME, rc_context(STYLE):  # type: ignore[arg-type]
        yield


def new_drawing(width: float, rows: float, row: float = 0.27) -> tuple[Drawing, Axes]:
    """A drawing with its axes, the first row on top.

    Parameters
    ----------
    width
        In inches.
    rows, row
        How many rows it has, and how many inches each takes.
    """
    drawing = Drawing(figsize=(width, 0.85 + row * max(rows, 1)), layout="constrained")
    FigureCanvasSVG(drawing)
    axes = drawing.add_subplot()
    axes.invert_yaxis()
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    return drawing, axes


def beside(axes: Axes, x: float, y: float, text: str) -> None:
    """Words just right of a point."""
    axes.annotate(text, (x, y), (5, 0), textcoords="offset points", va="center", ha="left", fontsize=7)


def legend(axes: Axes, columns: int) -> None:
    """A legend above the axes, where anything has a name."""
    if axes.get_legend_handles_labels()[0]:
        axes.figure.legend(loc="outside upper left", ncols=columns, frameon=False, fontsize=7, borderpad=0.1)


def svg_of(drawing: Drawing, name: str) -> str:
    """The drawing as an SVG element for a page: no clock, no outside reference, ids of its own."""
    text = io.StringIO()
    with rc_context({"svg.hashsalt": name}), warnings.catch_warnings():
        # Text stays text, so that the reader's fonts draw what the one that measures here has not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        drawing.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = svg.replace("url(#", f"url(#{name}-").replace('href="#', f'href="#{name}-')
    return re.sub(r'<svg ([^>]*?)width="[\d.]+pt" height="[\d.]+pt"', r"<svg \1", svg).replace(
        "<svg ", '<svg aria-hidden="true" ', 1
    )
