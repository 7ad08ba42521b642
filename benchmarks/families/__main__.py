"""``python -m benchmarks.families [FAMILY ...] [students=200] [seed=1] [limit=60]``: solve, and say what took how long.

``--against`` measures families again beside what is kept, and exits with 1 where one has become slower; ``--keep``
keeps what is measured now. Without a name: all families.
"""

import sys
import time
from collections.abc import Iterator

from allocator.pipeline import allocate
from benchmarks.families import FAMILIES, reading
from benchmarks.families.against import STUDENTS, compared, keep, kept, measure
from models.errors import AllocationError, UsageError
from models.run import Limits, Outcome

AGAINST, KEEP = "--against", "--keep"


def solved(family: str, students: int, seed: int, limit: float | None = None) -> Iterator[str]:
    """Solve a partnership with the engine.

    Parameters
    ----------
    family, students, seed
        As for :func:`benchmarks.families.generate`.
    limit
        Seconds; none: until every tier is proved.

    Yields
    ------
    str
        Lines for the terminal.
    """
    start = time.monotonic(), time.process_time()
    read = reading(family, students, seed)
    dataset = read.dataset
    found = {issue.level: sum(other.level == issue.level for other in read.issues) for issue in read.issues}
    yield (
        f"{family}, {students} students, seed {seed}: {len(dataset.requests)} requests, {len(dataset.offers)} offers "
        f"({sum(offer.capacity for offer in dataset.offers)} places), {len(dataset.educators)} educators; "
        f"issues {found or 'none'}"
    )
    yield f"read: {time.monotonic() - start[0]:.2f} s, processor {time.process_time() - start[1]:.2f} s"
    start = time.monotonic(), time.process_time()
    outcome = allocate(dataset, read.policy, limits=Limits(seconds=limit))
    yield from _told(outcome)
    yield f"solved: {time.monotonic() - start[0]:.2f} s, processor {time.process_time() - start[1]:.2f} s"


def _told(outcome: Outcome) -> Iterator[str]:
    plan, run = outcome.plan, outcome.run
    costs = {tier.tier: tier for tier in run.tiers}
    for phase, seconds in run.seconds.items():
        yield f"  {phase:<24} {seconds:8.2f} s"
    for tier in plan.tiers:
        cost = costs.get(tier.tier)
        how = f"{cost.seconds:8.2f} s  work {cost.work:>8}  {cost.method}" if cost else ""
        proved = "proved" if tier.proved else f"not proved, bound {tier.bound}"
        yield f"  {tier.tier:<24} {tier.sense} {tier.value:>8}  {proved:<12} {how}"
    count = sum(tier.proved for tier in plan.tiers)
    whole = len(plan.matches) + len(plan.unplaced)
    yield f"placed {len(plan.matches)} of {whole} ({100 * len(plan.unplaced) / max(1, whole):.1f}% not placed)"
    yield f"tiers proved {count} of {len(plan.tiers)}; check passed: {outcome.check.passed}"


def main(words: list[str]) -> int:
    """Families and settings as the command line has them; a setting counts for all families."""
    options = dict(word.split("=", 1) for word in words if "=" in word)
    flags = {word for word in words if word.startswith("--")}
    named = [word for word in words if "=" not in word and word not in flags] or list(FAMILIES)
    unknown = [*(flags - {AGAINST, KEEP}), *(options.keys() - {"students", "seed", "limit"})]
    try:
        if unknown:
            raise UsageError(f"unknown: {', '.join(sorted(unknown))}; {__doc__}")
        if others := [family for family in named if family not in FAMILIES]:
            raise UsageError(f"no family {', '.join(others)}; allowed: {', '.join(FAMILIES)}")
        if KEEP in flags:
            return _keep(named, int(options.get("students", STUDENTS)))
        if AGAINST in flags:
            return _against(named)
        limit = float(options["limit"]) if "limit" in options else None
        for family in named:
            for line in solved(family, int(options.get("students", 200)), int(options.get("seed", 1)), limit):
                print(line, flush=True)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except AllocationError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _keep(families: list[str], students: int) -> int:
    for family in families:
        found = measure(family, students)
        keep([found])
        print(f"{family}: {found.ratio} (engine {found.engine} s, baseline {found.baseline} s)", flush=True)
    return 0


def _against(families: list[str]) -> int:
    worse = 0
    for line, regression in compared(families, kept()):
        print(line, flush=True)
        worse += regression
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
