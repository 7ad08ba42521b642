"""What the lines of a study say: medians over rounds, gaps, when a value was reached, exponents of growth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from allocator.comparison.tiers import worth
from benchmarks.compare import compared, order

Line = Mapping[str, Any]
LARGEST_COEFFICIENT: Mapping[str, int] = {"complete": 2, "priority": 5, "own_educators": 4}
"""The most that one request can add to a tier, for those of tiers 2 to 13 where it is not 1."""
TIERS_2_TO_13 = (
    "complete", "priority", "changes.offers", "changes.educators", "statutory_final", "two_statutory", "firm",
    "partner_share", "own_educators", "trainee_finals", "trainees", "fair_share", "overload",
)  # fmt: skip


class Runs(NamedTuple):
    """All rounds of a method on a size."""

    size: str
    method: str
    lines: tuple[Line, ...]

    @property
    def middle(self) -> Line:
        """The round of middle quality: of the plans that the checker passed, the median by the order of the tiers."""
        judged = sorted((line for line in self.lines if line.get("tiers")), key=quality)
        return judged[len(judged) // 2] if judged else self.lines[0]

    def seconds(self, which: str) -> list[float]:
        """Seconds of the rounds that came to an end, ``total`` or ``solving``, in ascending order."""
        return sorted(s for line in self.lines if (s := line["seconds"][which]) is not None)

    def memory(self) -> float | None:
        """Median of the most memory that process and children held (MiB)."""
        found = [m for line in self.lines if (m := most_memory(line)) is not None]
        return round(median(found), 1) if found else None


def by_method(lines: Iterable[Line], size: str) -> dict[str, Runs]:
    """All methods of a size, in the order of the lines."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line["size"] == size:
            found.setdefault(line["method"], []).append(line)
    return {method: Runs(size, method, tuple(of)) for method, of in found.items()}


def most_memory(line: Line) -> float | None:
    """The most memory of a run (MiB): what its own process says, or process and children as they were seen."""
    memory = line["memory"]
    return max((m for m in (memory["peak"], memory["with_children"]) if m is not None), default=None)


def quality(line: Line) -> tuple[int, ...]:
    """The tiers of a plan, through travel, so that the greater is the better."""
    tiers = compared(line["tiers"])
    return worth(tiers)


def seconds_to_same(line: Line, engine: Line) -> float | None:
    """Solving seconds until a run had tiers as good as the engine's, through travel; None where it never had.

    Only a run whose plan passed the check counts.
    """
    if not (line.get("check") or {}).get("passed"):
        return None
    tiers = compared(engine["tiers"])
    target = quality(engine)
    for sample in line["quality"]:
        found = order(tiers, sample.get("values") or {})
        if found is not None and found >= target:
            return float(sample["seconds"])
    return None


def placed_bound(line: Line) -> int | None:
    """The bound on all that can be placed: the sum of the bounds of the tiers of ``placed``."""
    bounds = [tier["bound"] for tier in line.get("tiers") or () if tier["tier"].startswith("placed.")]
    return sum(bounds) if bounds and None not in bounds else None


def placed_value(line: Line) -> int | None:
    """All that is placed, as the tiers count it."""
    values = [tier["value"] for tier in line.get("tiers") or () if tier["tier"].startswith("placed.")]
    return sum(values) if values else None


def placed_gap(line: Line) -> float | None:
    """By how many percent of the bound fewer are placed than the bound allows."""
    bound, value = placed_bound(line), placed_value(line)
    return None if not bound or value is None else round(100 * (bound - value) / bound, 4)


def seconds_to_placed(line: Line, percent: float) -> float | None:
    """Solving seconds until so many were placed that the bound found at last is within some percent."""
    bound = placed_bound(line)
    if bound is None:
        return None
    wanted = bound * (1 - percent / 100)
    return next((float(s["seconds"]) for s in line["quality"] if (s.get("placed") or 0) >= wanted), None)


def seconds_to_proved_placed(line: Line) -> float | None:
    """Solving seconds until all tiers of ``placed`` were proved; None where one is not."""
    placed = [tier for tier in line.get("tiers") or () if tier["tier"].startswith("placed.")]
    if not placed or not all(tier["proved"] for tier in placed):
        return None
    later = (s for s in line["quality"] if s.get("tier") and not s["tier"].startswith("placed."))
    return next((float(s["seconds"]) for s in later), line["seconds"]["solving"])


def worst_tier(line: Line) -> tuple[str, float] | None:
    """Of tiers 2 to 13 the one with the greatest gap, in percent of live requests x its largest coefficient.

    A tier that was not reached has no bound, and a gap of 100.
    """
    requests = int(line.get("live") or 0)
    tiers = [tier for tier in line.get("tiers") or () if tier["tier"] in TIERS_2_TO_13]
    if not requests or not tiers:
        return None

    def gap(tier: Mapping[str, Any]) -> float:
        if tier["bound"] is None:
            return 100.0
        whole = requests * LARGEST_COEFFICIENT.get(tier["tier"], 1)
        return round(100 * abs(int(tier["value"]) - int(tier["bound"])) / whole, 3)

    return max(((tier["tier"], gap(tier)) for tier in tiers), key=lambda found: found[1])


def first_plan(line: Line) -> float | None:
    """Solving seconds to the first checked plan: pairs, building, that plan, and a check as long as that at the end.

    For a method without these phases the first plan that it told of.
    """
    said = (line.get("figures") or {}).get("run_seconds") or {}
    if "first_plan" in said:
        return round(sum(float(said[phase]) for phase in ("pairs", "build", "first_plan", "check")), 3)
    return next((float(s["seconds"]) for s in line["quality"] if s.get("placed")), None)


def own_memory(line: Line) -> float | None:
    """Memory of a run less what it held after its imports (MiB)."""
    most, before = most_memory(line), line["memory"]["after_import"]
    return None if most is None or before is None else round(most - before, 1)


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of the line through points in logarithms, by least squares: y grows with x to this power.

    None for fewer than two different x, or where a value is not positive.
    """
    if len({x for x, _ in points}) < 2 or any(x <= 0 or y <= 0 for x, y in points):
        return None
    x, y = np.log(np.array(points, dtype=np.float64)).T
    return float(np.polyfit(x, y, 1)[0])


def growth(lines: Iterable[Line], measure: Callable[[Line], float | None]) -> list[tuple[float, float]]:
    """Points (pairs, measure) of the growth series."""
    return sorted((float(line["pairs"]), value) for line in series(lines) if (value := measure(line)) is not None)


def series(lines: Iterable[Line]) -> list[Line]:
    """The engine's runs on the sizes of the growth series."""
    sizes = (line for line in lines if line["size"].startswith("students-") or line["size"] == "england")
    return [line for line in sizes if line["method"] == "engine" and line.get("pairs")]
