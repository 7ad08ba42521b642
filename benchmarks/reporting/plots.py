"""The plots of a study: quality over time, growth over size."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.reporting.analysis import Line, by_method, exponent, growth, own_memory, placed_bound, seconds_to_placed

QUALITY, GROWTH = "quality.svg", "growth.svg"
SIZES = ("tp", "region", "england")
COLOURS = ("#0b6e4f", "#888888", "#c46a00", "#1f3a5f", "#7a3b69", "#b3261e", "#2a7ab0", "#6b8e23")
"""One for each method, the engine's first."""


def quality(lines: Sequence[Line], folder: Path) -> Path | None:
    """Requests placed over solving time, a panel for each size; None where no run says."""
    sizes = [size for size in SIZES if any(_placed(line) for line in lines if line["size"] == size)]
    if not sizes:
        return None
    figure = Figure(figsize=(6.5 * len(sizes), 4.5), layout="constrained")
    for panel, size in zip(figure.subplots(1, len(sizes), squeeze=False)[0], sizes, strict=True):
        methods = by_method(lines, size)
        for colour, (method, runs) in zip(COLOURS, methods.items(), strict=False):
            points = _placed(runs.middle)
            if points:
                _steps(panel, method, points, runs.middle["seconds"]["solving"], colour)
        bound = placed_bound(methods["engine"].middle) if "engine" in methods else None
        if bound is not None:
            panel.axhline(bound, color="black", linewidth=0.8, linestyle=":", label="bound of the engine")
        panel.set(xscale="log", xlabel="solving time, s", ylabel="requests placed", title=size)
        panel.legend(fontsize=8)
    return save(figure, folder / QUALITY)


def _placed(line: Line) -> list[tuple[float, int]]:
    """When how many were placed, best so far."""
    points: list[tuple[float, int]] = []
    for sample in line["quality"]:
        placed = sample.get("placed") or 0
        if placed and (not points or placed > points[-1][1]):
            points.append((max(0.01, sample["seconds"]), placed))
    return points


def _steps(panel: Axes, method: str, points: list[tuple[float, int]], end: float | None, colour: str) -> None:
    """A staircase; it goes on to the end of the run."""
    last = max(end or 0.0, points[-1][0])
    times, placed = zip(*points, (last, points[-1][1]), strict=True)
    panel.step(times, placed, where="post", label=f"{method}: {points[-1][1]}", color=colour, linewidth=1.4)
    panel.plot(times[:1], placed[:1], marker="o", markersize=3, color=colour)


def growth_over_size(lines: Sequence[Line], folder: Path) -> Path | None:
    """Seconds to 1% on placed and memory over pairs, with the fitted powers; None for fewer than two sizes."""
    panels = {
        "solving seconds to 1% on placed": growth(lines, lambda line: seconds_to_placed(line, 1)),
        "memory less that after import, MiB": growth(lines, own_memory),
    }
    if all(exponent(points) is None for points in panels.values()):
        return None
    figure = Figure(figsize=(6.5 * len(panels), 4.5), layout="constrained")
    for panel, (title, points) in zip(figure.subplots(1, len(panels)), panels.items(), strict=True):
        power = exponent(points)
        if power is None:
            continue
        pairs, values = np.array(points).T
        line = np.exp(np.mean(np.log(values)) + power * (np.log(pairs) - np.mean(np.log(pairs))))
        panel.loglog(pairs, values, "o", color=COLOURS[0])
        panel.loglog(pairs, line, color=COLOURS[1], linewidth=1, label=f"power {power:.2f}")
        panel.set(xlabel="eligible pairs", ylabel=title)
        panel.legend(fontsize=9)
    return save(figure, folder / GROWTH)


def save(figure: Figure, path: Path) -> Path:
    """As SVG without dates, so that equal studies give equal files."""
    with mpl.rc_context({"svg.hashsalt": "benchmarks"}):
        figure.savefig(path, metadata={"Date": None, "Creator": None})
    return path
