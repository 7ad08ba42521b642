"""The tables of a study, as Markdown."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

from benchmarks.compare import THROUGH, decides
from benchmarks.reporting.analysis import (
    Line,
    Runs,
    by_method,
    own_memory,
    placed_gap,
    placed_value,
    quality,
    seconds_to_placed,
    seconds_to_same,
    series,
)

ENGINE = "engine"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table, with an empty line after it."""
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows), ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def number(value: float | None, places: int = 1, unit: str = "") -> str:
    """A number, or a dash where there is none."""
    if value is None:
        return "-"
    return f"{value:,.{places}f}{unit}"


def spread(values: Sequence[float]) -> str:
    """Median, and least to greatest where there are several; small ones with a digit more."""
    if not values:
        return "-"
    places = 1 if median(values) >= 10 else 2
    middle = number(median(values), places)
    return middle if len(values) == 1 else f"{middle} ({number(min(values), places)}-{number(max(values), places)})"


def surroundings(lines: Sequence[Line]) -> list[str]:
    """On what the runs were made."""
    machines = {str(line["machine"]): line["machine"] for line in lines}
    text = []
    for found in machines.values():
        memory = number(found["memory_gib"], 0)
        text.append(f"{found['system']}, {found['processor']}, {found['cores']} cores, {memory} GiB")
    commits = sorted({str(line["commit"])[:12] + ("+" if str(line["commit"]).endswith("+") else "") for line in lines})
    versions: dict[str, set[str]] = {}
    for line in lines:
        for package, version in (line.get("versions") or {}).items():
            versions.setdefault(package, set()).add(version)
    days = sorted({line["started"][:10] for line in lines})
    listed = ", ".join(f"{package} {'/'.join(sorted(found))}" for package, found in sorted(versions.items()))
    busy = [line["busy_elsewhere"] for line in lines if line["busy_elsewhere"] is not None]
    return [
        f"{len(lines)} runs, {days[0]} to {days[-1]}, on {'; '.join(text)}. Commit {', '.join(commits)} "
        f"(+: with changes not committed). {listed}. Cores busy with other things during a run: {spread(busy)}.",
        "",
    ]


def side_by_side(lines: Sequence[Line], size: str) -> list[str]:
    """All methods of a size, beside the engine."""
    methods = by_method(lines, size)
    if not methods:
        return []
    engine = methods.get(ENGINE)
    head = (
        "method", "placed (finals + firsts + later)", "gap", "statutory finals", "worst band", "tiers proved",
        "first tier that differs", f"same tiers through {THROUGH}", "solving, s", "x engine", "memory, MiB", "ending",
    )  # fmt: skip
    rows = [_beside(runs, engine) for runs in methods.values()]
    first = engine.middle if engine else next(iter(methods.values())).lines[0]
    counts = first.get("counts") or {}
    listed = ", ".join(f"{number(counts[name], 0)} {name}" for name in counts)
    pairs = f", {number(first['pairs'], 0)} eligible pairs" if first.get("pairs") else ""
    rounds = max(len(runs.lines) for runs in methods.values())
    seen = f"{rounds} rounds, medians (least-greatest)" if rounds > 1 else "one round"
    return [f"### {size}", "", f"{listed}{pairs}; {seen}.", "", *table(head, rows)]


def _beside(runs: Runs, engine: Runs | None) -> list[str]:
    line = runs.middle
    tiers = line.get("tiers") or []
    if line["status"] == "not here":
        return [runs.method, *["-"] * 10, str(line.get("problem"))]
    gap = (line.get("figures") or {}).get("gap_percent")
    shown_gap = f"{number(gap, 2)} % of the sum" if gap is not None else number(placed_gap(line), 2, " %")
    solving = runs.seconds("solving")
    return [
        runs.method,
        _placed(line),
        shown_gap,
        number(line.get("statutory_finals"), 0),
        number(line.get("worst_band"), 0),
        f"{_proved(line)} of {len(tiers)}" if tiers else "-",
        _difference(line, engine),
        _same(runs, engine),
        spread(solving),
        _ratio(runs, engine),
        number(runs.memory(), 0),
        _ending(runs),
    ]


def _placed(line: Line) -> str:
    values = {t["tier"]: t["value"] for t in line.get("tiers") or () if t["tier"].startswith("placed.")}
    if not values:
        return "-"
    parts = f" ({' + '.join(str(value) for value in values.values())})" if len(values) > 1 else ""
    return f"{placed_value(line)}{parts}"


def _difference(line: Line, engine: Runs | None) -> str:
    if engine is None or not line.get("tiers") or not engine.middle.get("tiers"):
        return "-"
    if line["method"] == ENGINE:
        return ""
    found = decides(line, engine.middle)
    if found is None or found.difference is None:
        return "none"
    return f"{found.tier}: {abs(found.difference)} {found.verdict}"


def _same(runs: Runs, engine: Runs | None) -> str:
    if engine is None or runs.method == ENGINE or not engine.middle.get("tiers"):
        return ""
    target = engine.middle
    found = [seconds for line in runs.lines if (seconds := seconds_to_same(line, target)) is not None]
    if len(found) * 2 > len(runs.lines):
        return f"after {spread(sorted(found))} s"
    rule = runs.lines[0]["rule"]
    given = {"given": "not in its time", "1x": "not in the same time", "10x": "not in ten times"}
    return given.get(rule, f"not in {rule}")


def _ratio(runs: Runs, engine: Runs | None) -> str:
    """Median over rounds of the ratio to the engine of the same round: what shakes the machine shakes both."""
    if engine is None or runs.method == ENGINE:
        return ""
    beside = {line["round"]: line["seconds"]["solving"] for line in engine.lines}
    ratios = [
        line["seconds"]["solving"] / beside[line["round"]]
        for line in runs.lines
        if line["seconds"]["solving"] is not None and beside.get(line["round"])
    ]
    return spread(sorted(ratios))


def _ending(runs: Runs) -> str:
    endings = {str(line["status"]): line.get("problem") for line in runs.lines}
    return "; ".join(status + (f" ({problem})" if problem else "") for status, problem in endings.items())


def phases(lines: Sequence[Line], size: str) -> list[str]:
    """Where the engine's time goes: phases, and its slowest tiers."""
    engine = by_method(lines, size).get(ENGINE)
    if engine is None:
        return []
    names = dict.fromkeys(name for line in engine.lines for name in line["phases"])
    found = {name: sorted(line["phases"][name] for line in engine.lines if name in line["phases"]) for name in names}
    tiers = {name: values for name, values in found.items() if name.startswith("tier ")}
    rows = [[name, spread(values)] for name, values in found.items() if name not in tiers]
    rows.append(["all tiers", spread(sorted(_tier_sums(engine)))])
    slowest = sorted(tiers, key=lambda name: -median(tiers[name]))[:5]
    rows += [[name, spread(tiers[name])] for name in slowest]
    rows.append(["process start to checked plan", spread(engine.seconds("total"))])
    return [f"Phases of the engine at {size}, in seconds:", "", *table(("phase", "seconds"), rows)]


def _tier_sums(engine: Runs) -> list[float]:
    return [sum(s for name, s in line["phases"].items() if name.startswith("tier ")) for line in engine.lines]


def tiers(lines: Sequence[Line], size: str) -> list[str]:
    """Value and bound of every tier, and the seconds that the engine took for it."""
    engine = by_method(lines, size).get(ENGINE)
    if engine is None or not engine.middle.get("tiers"):
        return []
    line = engine.middle
    rows = [
        [t["tier"], t["sense"], number(t["value"], 0), number(t["bound"], 0), "yes" if t["proved"] else "no",
         number(line["phases"].get(f"tier {t['tier']}"), 2)]
        for t in line["tiers"]
    ]  # fmt: skip
    return [
        f"Tiers of the engine at {size}:", "", *table(("tier", "sense", "value", "bound", "proved", "seconds"), rows),
    ]  # fmt: skip


def decisions(lines: Sequence[Line]) -> list[str]:
    """Repairs after one decision."""
    rows = []
    for line in lines:
        figures: dict[str, Any] = line.get("figures") or {}
        if line["kind"] == "decisions" and "median" in figures:
            rows.append([
                line["size"], figures["max_changes"], str(line["round"]), str(figures["count"]),
                number(figures["median"], 2), number(figures["worst"], 2), str(figures["proved"]),
                str(figures["clashes"]), str(figures["illegal"]),
            ])  # fmt: skip
    head = ("size", "max_changes", "round", "decisions", "median, s", "worst, s", "proved", "clashes", "illegal")
    return ["### One decision after publication", "", *table(head, rows)] if rows else []


def instances(lines: Sequence[Line]) -> list[str]:
    """The public instances."""
    rows = []
    for method, runs in by_method(lines, "instances").items():
        figures = runs.lines[0].get("figures") or {}
        if not figures:
            rows.append([method, *["-"] * 7, _ending(runs)])
            continue
        rows.append([
            method, number(figures["instances"], 0), number(figures["runs"], 0), number(figures["legal"], 0),
            number(figures["agree"], 0), number(figures["differ"], 0), spread(_instance_seconds(runs)),
            number(runs.memory(), 0), _ending(runs),
        ])  # fmt: skip
    head = (
        "method", "instances", "runs", "legal", "known optima met", "known optima missed", "solving, s", "memory, MiB",
        "how it ended",
    )  # fmt: skip
    return ["### Public instances", "", *table(head, rows)] if rows else []


def reading(lines: Sequence[Line]) -> list[str]:
    """Long sheets."""
    sizes = dict.fromkeys(line["size"] for line in lines if line["kind"] == "sheet")
    rows = [
        [size, spread(runs.seconds("solving")), number(runs.memory(), 0), _ending(runs)]
        for size in sizes
        for runs in by_method(lines, size).values()
    ]
    return ["### Reading", "", *table(("sheet", "seconds", "memory, MiB", "how it ended"), rows)] if rows else []


def growth(lines: Sequence[Line]) -> list[str]:
    """The growth series: the engine on larger and larger partnerships of one kind."""
    rows = [
        [
            line["size"], number(line["pairs"], 0), number(placed_gap(line), 3, " %"),
            number(seconds_to_placed(line, 1), 1), number(line["seconds"]["solving"], 1),
            number(line["memory"]["after_import"], 0), number(own_memory(line), 0), str(line["status"]),
        ]
        for line in sorted(series(lines), key=lambda line: line["pairs"])
    ]  # fmt: skip
    head = (
        "size", "eligible pairs", "gap on placed", "seconds to 1% on placed", "solving, s", "memory after import, MiB",
        "memory less that, MiB", "ending",
    )  # fmt: skip
    return ["### Growth", "", *table(head, rows)] if rows else []


def losses(lines: Sequence[Line]) -> list[str]:
    """Where a peer is as good as the engine or better, measure by measure."""
    rows = []
    for size in dict.fromkeys(line["size"] for line in lines if line["kind"] in ("partnership", "instances")):
        methods = by_method(lines, size)
        engine = methods.pop(ENGINE, None) or methods.pop("instances_engine", None)
        for runs in methods.values():
            better, equal = _compared(runs, engine) if engine else ([], [])
            if better or equal:
                rows.append([size, runs.method, "; ".join(better) or "-", "; ".join(equal) or "-"])
    text = ["### Where a peer is as good or better", ""]
    if not rows:
        return [*text, "Nowhere in these runs.", ""]
    return [*text, *table(("size", "peer", "better in (peer, engine)", "as good in"), rows)]


def _compared(runs: Runs, engine: Runs) -> tuple[list[str], list[str]]:
    """Measures in which a peer is better, and those in which it is as good; medians of seconds and of memory."""
    better: list[str] = []
    equal: list[str] = []
    for name, theirs, mine in _measures(runs, engine):
        if theirs is not None and mine is not None and theirs >= mine:
            if theirs == mine:
                equal.append(name)
            else:
                better.append(f"{name} ({number(abs(theirs), 2)}, {number(abs(mine), 2)})".replace(".00", ""))
    peer, own = runs.middle, engine.middle
    if peer.get("tiers") and own.get("tiers") and quality(peer) >= quality(own):
        (equal if quality(peer) == quality(own) else better).insert(0, f"all tiers through {THROUGH}")
    return better, equal


def _measures(runs: Runs, engine: Runs) -> Iterable[tuple[str, float | None, float | None]]:
    """Name, and of peer and engine a number that is the greater the better."""

    def both(of: Callable[[Runs], float | None]) -> tuple[float | None, float | None]:
        return of(runs), of(engine)

    def least(value: float | None) -> float | None:
        return None if value is None else -value

    def middle(values: Sequence[float]) -> float | None:
        return -median(values) if values else None

    def figure(name: str) -> Callable[[Runs], float | None]:
        return lambda of: (of.lines[0].get("figures") or {}).get(name)

    yield "placed", *both(lambda of: placed_value(of.middle))
    yield "statutory finals", *both(lambda of: of.middle.get("statutory_finals"))
    yield "worst band", *both(lambda of: least(of.middle.get("worst_band")))
    yield "tiers proved", *both(lambda of: _proved(of.middle))
    yield "known optima met", *both(figure("agree"))
    yield "legal plans", *both(figure("legal"))
    yield "seconds of all instances", *both(lambda of: middle(_instance_seconds(of)))
    if runs.size != "instances":
        yield "solving seconds", *both(lambda of: middle(of.seconds("solving")))
        yield "seconds from process start to checked plan", *both(lambda of: middle(of.seconds("total")))
    yield "MiB of memory", *both(lambda of: least(of.memory()))


def _proved(line: Line) -> int | None:
    return sum(tier["proved"] for tier in line["tiers"]) if line.get("tiers") else None


def _instance_seconds(runs: Runs) -> list[float]:
    return sorted(s for line in runs.lines if (s := (line.get("figures") or {}).get("seconds")) is not None)
