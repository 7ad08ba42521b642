"""Whether the engine has become slower on a family: its time in times of the baseline's, beside what is kept."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

from allocator.eligibility import Eligibility
from allocator.pipeline import allocate
from benchmarks.families import reading
from benchmarks.families.baseline import Baseline
from models.run import Limits

KEPT = Path(__file__).with_name("kept.json")
"""By family: its ratio, and on how many students it was measured."""
ALLOWED = 1.5
"""A ratio that is so many times the kept one is a regression."""
STUDENTS = 60
SEEDS = (1, 2, 3)
LIMIT = 300.0
"""Seconds by the clock for one run of the engine; a tier that is not proved by then is a regression too."""


class Measured(NamedTuple):
    """Medians over seeds, in seconds of the processor. ``ratio``: the engine's over the baseline's of the same run."""

    family: str
    students: int
    ratio: float
    engine: float
    baseline: float
    proved: bool


def measure(family: str, students: int = STUDENTS, seeds: Iterable[int] = SEEDS) -> Measured:
    """Solve a family with the engine, and the baseline before and after it.

    Parameters
    ----------
    family
        One of :data:`benchmarks.families.FAMILIES`.
    students
        How many.
    seeds
        One run each.

    Returns
    -------
    Measured
        Medians; ``proved`` where every tier of every run is.
    """
    runs = [_run(family, students, seed) for seed in seeds]
    engines, baselines, proved = zip(*runs, strict=True)
    ratios = [engine / baseline for engine, baseline, _ in runs]
    return Measured(
        family, students, round(median(ratios), 2), round(median(engines), 2), round(median(baselines), 4), all(proved)
    )


def _run(family: str, students: int, seed: int) -> tuple[float, float, bool]:
    """Seconds of engine and baseline, and whether all tiers are proved."""
    read = reading(family, students, seed)
    baseline = Baseline(Eligibility(read.dataset, read.policy))
    before = baseline.seconds()
    start = time.process_time()
    plan = allocate(read.dataset, read.policy, limits=Limits(seconds=LIMIT)).plan
    engine = time.process_time() - start
    return engine, (before + baseline.seconds()) / 2, all(tier.proved for tier in plan.tiers)


def kept(file: Path = KEPT) -> dict[str, Measured]:
    """What is kept, by family."""
    return {row["family"]: Measured(**row) for row in json.loads(file.read_text(encoding="utf-8"))}


def keep(found: Iterable[Measured], file: Path = KEPT) -> None:
    """Keep what was measured; families that were not measured stay as they are."""
    rows = (kept(file) if file.exists() else {}) | {one.family: one for one in found}
    lines = ",\n".join(json.dumps(rows[family]._asdict()) for family in sorted(rows))
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def compared(
    families: Iterable[str], before: Mapping[str, Measured], measuring: Callable[[str, int], Measured] = measure
) -> Iterator[tuple[str, bool]]:
    """Measure families again, beside what is kept.

    Parameters
    ----------
    families
        Names.
    before
        What is kept.
    measuring
        Takes a family and how many students, and measures.

    Yields
    ------
    tuple of str and bool
        A line for the terminal, and whether it tells of a regression: a ratio over 1.5 times the kept one, tiers that
        are no longer proved, or a family of which nothing is kept.
    """
    for family in families:
        if family not in before:
            yield f"{family:<20} nothing is kept of it: python -m benchmarks.families --keep {family}", True
            continue
        old = before[family]
        new = measuring(family, old.students)
        times = new.ratio / old.ratio
        worse = times > ALLOWED or (old.proved and not new.proved)
        said = "SLOWER" if times > ALLOWED else "not all tiers proved" if worse else "ok"
        if times < 1 / ALLOWED:
            said = "faster: keep it anew"
        yield (
            f"{family:<20} ratio {new.ratio:9.2f}, kept {old.ratio:9.2f}: {times:5.2f} times; "
            f"engine {new.engine:7.2f} s, baseline {new.baseline:.4f} s (processor, {old.students} students)  {said}",
            worse,
        )
