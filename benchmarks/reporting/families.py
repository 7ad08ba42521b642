"""The families in a study: seconds of the engine by family and number of students, as a table, a plot and goals."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from matplotlib.figure import Figure

from benchmarks.families import FAMILIES, family_of
from benchmarks.reporting.analysis import Line
from benchmarks.reporting.plots import COLOURS, save
from benchmarks.reporting.tables import number, spread, table

PICTURE = "families.svg"


class Family(NamedTuple):
    """All seeds of a family at a number of students, each run by the engine once."""

    family: str
    students: int
    lines: tuple[Line, ...]

    @property
    def seconds(self) -> list[float]:
        """Solving seconds by the clock, in ascending order; a run that came to no end counts with its limit."""
        return sorted(float(line["seconds"]["solving"] or line["limit"]) for line in self.lines)

    @property
    def proof(self) -> list[float]:
        """The same without the check and the reasons, which come once every tier is proved."""
        return sorted(
            float(line["seconds"]["solving"] or line["limit"]) - _after_the_proof(line) for line in self.lines
        )

    @property
    def processor(self) -> list[float]:
        """Solving seconds of the processor, where the run says."""
        return sorted(s for line in self.lines if (s := (line.get("figures") or {}).get("processor")) is not None)

    @property
    def proved(self) -> int:
        """Runs of which every tier is proved."""
        return sum(bool(line.get("tiers")) and all(t["proved"] for t in line["tiers"]) for line in self.lines)

    @property
    def not_placed(self) -> list[float]:
        """Percent of the requests to be matched that are not placed, where there is a plan."""
        return sorted(
            100 * (line["live"] - line["placed"]["matches"]) / line["live"]
            for line in self.lines
            if line.get("live") and line.get("placed")
        )


def _after_the_proof(line: Line) -> float:
    """Seconds of check and reasons, where the run says."""
    phases = (line.get("figures") or {}).get("run_seconds") or {}
    return sum(float(phases.get(name, 0.0)) for name in ("check", "explain"))


def families(lines: Sequence[Line]) -> list[Family]:
    """By number of students, in the order of the families."""
    found: dict[tuple[int, str], list[Line]] = {}
    for line in lines:
        named = family_of(line["size"]) if line["method"] == "engine" else None
        if named:
            found.setdefault((named[1], named[0]), []).append(line)
    order = list(FAMILIES)
    return [
        Family(family, students, tuple(found[students, family]))
        for students, family in sorted(found, key=lambda key: (key[0], order.index(key[1])))
    ]


def families_table(lines: Sequence[Line], pictures: Sequence[str]) -> list[str]:
    """Families, a row for each and its number of students; nothing where the study has none."""
    rows = [
        [
            one.family, str(one.students), spread(one.proof), spread(one.seconds), spread(one.processor), slowest(one),
            f"{one.proved} of {len(one.lines)}", spread(one.not_placed),
        ]
        for one in families(lines)
    ]  # fmt: skip
    if not rows:
        return []
    head = (
        "family", "students", "every tier proved, s", "with check and reasons, s", "of the processor, s",
        "slowest part", "all tiers proved", "not placed, %",
    )  # fmt: skip
    shown = [f"![Seconds until every tier is proved, by family]({PICTURE})", ""] if PICTURE in pictures else []
    return [
        "### Families",
        "",
        "The engine, a run for each seed: medians (least-greatest).",
        "",
        *table(head, rows),
        *shown,
    ]


def slowest(one: Family) -> str:
    """The phase or tier with the greatest median, and that."""
    names = dict.fromkeys(name for line in one.lines for name in line["phases"])
    solving = [name for name in names if name.startswith("tier ") or name in ("pairs", "build", "name", "explain")]
    medians = {name: median([line["phases"].get(name, 0.0) for line in one.lines]) for name in solving}
    worst = max(medians, key=lambda name: medians[name], default=None)
    return "-" if worst is None else f"{worst}, {number(medians[worst], 1)}"


def families_plot(lines: Sequence[Line], folder: Path) -> Path | None:
    """Median, least and greatest seconds of each family, a colour for each number of students; None without any."""
    found = families(lines)
    if not found:
        return None
    names = [name for name in FAMILIES if any(one.family == name for one in found)]
    sizes = sorted({one.students for one in found})
    figure = Figure(figsize=(8, 0.5 + 0.45 * len(names)), layout="constrained")
    panel = figure.subplots()
    for position, (students, colour) in enumerate(zip(sizes, COLOURS, strict=False)):
        of_size = [one for one in found if one.students == students]
        at = [names.index(one.family) + 0.18 * (position - (len(sizes) - 1) / 2) for one in of_size]
        panel.hlines(at, [one.proof[0] for one in of_size], [one.proof[-1] for one in of_size], color=colour)
        middle = [median(one.proof) for one in of_size]
        panel.plot(middle, at, "o", markersize=4, color=colour, label=f"{students} students")
    panel.set(xscale="log", xlabel="every tier proved, s (median, least to greatest of the seeds)")
    panel.set_yticks(range(len(names)), names)
    panel.invert_yaxis()
    panel.legend(fontsize=8)
    return save(figure, folder / PICTURE)
