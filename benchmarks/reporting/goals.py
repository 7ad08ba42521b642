"""The goals of the core beside what a study measured: reached, or by how much not."""

import math
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from benchmarks.reporting.analysis import (
    Line,
    by_method,
    exponent,
    first_plan,
    growth,
    most_memory,
    own_memory,
    placed_gap,
    seconds_to_placed,
    seconds_to_proved_placed,
    worst_tier,
)
from benchmarks.reporting.families import families
from benchmarks.reporting.tables import number, table

ENGINE = "engine"


class Goal(NamedTuple):
    """One goal: at most ``goal`` of ``unit``; ``target`` is what would be better still."""

    size: str
    what: str
    goal: float
    measured: float | None
    unit: str
    target: float | None = None
    places: int = 1


def goals(lines: Sequence[Line]) -> list[str]:
    """The table of goals."""
    rows = [
        [
            g.size,
            g.what,
            f"{g.goal:g} {g.unit}",
            "-" if g.target is None else f"{g.target:g} {g.unit}",
            _measured(g),
            _word(g),
        ]
        for g in (
            *_tp(lines),
            *_repairs(lines),
            *_large(lines),
            *_growth(lines),
            *_batches(lines),
            *_others(lines),
            *_families(lines),
        )
    ]
    return ["### Goals", "", *table(("size", "what", "at most", "target", "measured", "reached"), rows)]


def _measured(goal: Goal) -> str:
    if goal.measured == math.inf:
        return "not proved"
    return "not measured" if goal.measured is None else number(goal.measured, goal.places, f" {goal.unit}")


def _word(goal: Goal) -> str:
    if goal.measured is None:
        return "-"
    if goal.measured == math.inf:
        return "no"
    if goal.measured > goal.goal:
        return f"no: {goal.measured / goal.goal:.1f} times" if goal.goal else "no"
    return (
        "yes"
        if goal.target is None
        else "yes, and the target"
        if goal.measured <= goal.target
        else "yes, not the target"
    )


def _engine(lines: Sequence[Line], size: str) -> Line | None:
    """The engine's only or middle run of a size."""
    runs = by_method(lines, size).get(ENGINE)
    return None if runs is None else runs.middle


def _tp(lines: Sequence[Line]) -> list[Goal]:
    runs = by_method(lines, "tp").get(ENGINE)
    proved = runs is not None and all(
        line.get("tiers") and all(tier["proved"] for tier in line["tiers"]) for line in runs.lines
    )
    seconds = runs.seconds("total") if runs and proved else []
    return [Goal("tp", "process start to checked plan, every tier proved", 15, _median(seconds), "s", 5)]


def _repairs(lines: Sequence[Line]) -> list[Goal]:
    found: dict[str, list[Line]] = {"0": [], "none": []}
    for line in lines:
        figures = line.get("figures") or {}
        # A repair that was not proved is not one in the sense of the goal; a clash is an answer.
        if line["size"] == "tp-decisions" and figures.get("proved", -1) + figures.get("clashes", 0) == figures.get(
            "count"
        ):
            found[figures["max_changes"]].append(line)
    medians = {key: [line["figures"]["median"] for line in of] for key, of in found.items()}
    worst = [line["figures"]["worst"] for line in found["0"]]
    return [
        Goal("tp", "one decision, max_changes 0: median of proved repairs", 1, _median(medians["0"]), "s", places=2),
        Goal("tp", "one decision, max_changes 0: worst", 3, max(worst, default=None), "s", places=2),
        Goal("tp", "one decision, max_changes none: median", 5, _median(medians["none"]), "s", places=2),
    ]


def _large(lines: Sequence[Line]) -> list[Goal]:
    region, england = _engine(lines, "region"), _engine(lines, "england")
    worst = worst_tier(region) if region else None
    name = f"tiers 2 to 13: greatest gap ({worst[0]})" if worst else "tiers 2 to 13: greatest gap"
    return [
        Goal("region", "first checked plan, after reading", 10, _of(first_plan, region), "s", 5),
        Goal("region", "placed within 0.5%", 60, _within(region, 0.5), "s", 30),
        Goal("region", "placed proved", 300, _of(seconds_to_proved_placed, region), "s", 150),
        Goal("region", f"{name}, of requests x largest coefficient", 1, worst[1] if worst else None, "%", 0.5, 2),
        Goal("england", "first checked plan, after reading", 60, _of(first_plan, england), "s"),
        Goal("england", "placed within 0.5%", 600, _within(england, 0.5), "s"),
        Goal("england", "gap on placed at the end", 0.5, _of(placed_gap, england), "%", 0.1, 3),
        Goal("england", "memory", 6, _gib(england), "GiB", places=2),
    ]


def _growth(lines: Sequence[Line]) -> list[Goal]:
    seconds = exponent(growth(lines, lambda line: seconds_to_placed(line, 1)))
    memory = exponent(growth(lines, own_memory))
    return [
        Goal("growth", "exponent in pairs: solving seconds to 1% on placed", 1.3, seconds, "", places=2),
        Goal("growth", "exponent in pairs: memory less that after import", 1.1, memory, "", places=2),
    ]


def _batches(lines: Sequence[Line]) -> list[Goal]:
    runs = by_method(lines, "tp-scenarios")

    def times(method: str, of: str) -> float | None:
        """How long a method took, of another one's time in the same round."""
        first, second = (
            {line["round"]: line["seconds"]["solving"] for line in runs[name].lines if line["status"] == "complete"}
            if name in runs
            else {}
            for name in (f"scenarios_{method}", f"scenarios_{of}")
        )
        return _median([first[n] / second[n] for n in first.keys() & second.keys()])

    asked = by_method(lines, "questions").get("questions_two")
    draws = by_method(lines, "tiny-scenarios").get("scenarios_draws")
    found = []
    if runs:
        found = [
            Goal("tp-scenarios", "time of two workers, of that of one", 1 / 1.8, times("two", "one"), "", places=2),
            Goal("tp-scenarios", "time of Dask, of that of processes", 1.15, times("dask", "two"), "", places=2),
        ]
    if asked:
        figures = asked.lines[-1]["figures"]
        unproved = figures["plans"] - figures["proved"]
        found += [
            Goal("questions", "sixteen questions on both demonstrations", 600, _median(asked.seconds("total")), "s"),
            Goal("questions", "plans that are not proved", 0, unproved, ""),
        ]
    if draws:
        memory = draws.lines[-1]["figures"]["memory"]
        grown = None if memory["tenth"] is None else memory["end"] / memory["tenth"]
        found.append(Goal("tiny-scenarios", "memory after 1,000 draws, of that after 100", 1.1, grown, "", places=2))
    return found


def _others(lines: Sequence[Line]) -> list[Goal]:
    instances = by_method(lines, "instances").get("instances_engine")
    found = [
        Goal("instances", "all four orders, checked, one process", 120,
             _median(instances.seconds("total")) if instances else None, "s")
    ]  # fmt: skip
    for size in dict.fromkeys(line["size"] for line in lines if line["kind"] == "sheet"):
        runs = by_method(lines, size)["read"]
        memory = runs.memory()
        found.append(Goal(size, "reading", 20, _median(runs.seconds("solving")), "s"))
        found.append(Goal(size, "memory", 1, None if memory is None else memory / 1024, "GiB", places=2))
    return found


def _families(lines: Sequence[Line]) -> list[Goal]:
    """Of every family the median of its seeds, and the worst run of all; a run that is not proved counts as endless."""
    found: list[Goal] = []
    for sizes, only, middle, worst in (
        ((150, 200), None, 5, 10), ((300,), None, 15, 30), ((400,), ("rural", "windows"), 45, None)
    ):  # fmt: skip
        group = [f for f in families(lines) if f.students in sizes and (only is None or f.family in only)]
        if not group:
            continue
        name = f"{' and '.join(only) if only else 'families'}, {'-'.join(map(str, sizes))} students"
        unproved = any(f.proved < len(f.lines) for f in group)
        slow = max(group, key=lambda f: median(f.proof))
        measured = math.inf if unproved else median(slow.proof)
        found.append(Goal(name, f"every tier proved: median of the slowest ({slow.family})", middle, measured, "s"))
        if worst is not None:
            measured = math.inf if unproved else max(f.proof[-1] for f in group)
            found.append(Goal(name, "every tier proved: the slowest run", worst, measured, "s"))
    return found


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _of(measure: object, line: Line | None) -> float | None:
    return measure(line) if line is not None and callable(measure) else None


def _within(line: Line | None, percent: float) -> float | None:
    return None if line is None else seconds_to_placed(line, percent)


def _gib(line: Line | None) -> float | None:
    most = None if line is None else most_memory(line)
    return None if most is None else most / 1024
