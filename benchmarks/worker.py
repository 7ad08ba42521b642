"""One run in a process of its own: ``python -m benchmarks.worker SIZE SEED METHOD LIMIT EVENTS BEGAN``.

Started by :mod:`benchmarks.runs`, which stops it where it exceeds its limit; what it has said until then is in the
file of events. ``python -m benchmarks.worker SIZE SEED`` only makes the input, so that no run is timed making it.
"""

import os
import platform
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.registry import Found, Kind, Method, find
from benchmarks.subjects import Subject, prepare
from models.errors import UsageError
from models.plan import CheckReport, Plan
from scenarios.batch.watch import Watch, into, memory

PACKAGES = ("highspy", "numpy", "openpyxl", "ortools", "pandas", "placement-allocation", "pulp", "pydantic", "scipy")


def measure(subject: Subject, method: Method, watch: Watch) -> None:
    """Do one run; everything is said through the watch.

    Parameters
    ----------
    subject
        What is measured.
    method
        How.
    watch
        Takes phases, plans and facts.

    Raises
    ------
    UsageError
        The method is not for this kind of subject.
    """
    if method.kind != subject.kind:
        raise UsageError(f"{method.name} takes {method.kind}, {subject.size} is {subject.kind}")
    missing = method.missing()
    if missing:
        watch.facts(status="not here", problem=missing)
        return
    RUNS[subject.kind](subject, method, watch)


def _partnership(subject: Subject, method: Method, watch: Watch) -> None:
    """Read, let the method solve, check its plan: the checker's word counts, not the method's."""
    from allocator.checker import check  # noqa: PLC0415 - the other kinds need none of it
    from allocator.intake import read  # noqa: PLC0415

    watch.facts(memory_after_import=memory())
    with watch.phase("read"):
        reading = read(subject.path)
    dataset, policy = reading.dataset, reading.policy
    counts = {name: len(getattr(dataset, name)) for name in ("students", "requests", "offers", "educators", "agencies")}
    watch.facts(counts=counts, memory_after_reading=memory(), policy_digest=policy.digest)
    found = method.run(reading, watch)
    watch.facts(status="complete" if found.complete else "limit", figures=dict(found.figures))
    if found.plan is None:
        watch.facts(status="not in time", problem="no plan")
    else:
        with watch.phase("check"):
            report = check(dataset, policy, found.plan)
        watch.facts(**judged(found, found.plan, report))
        watch.sample(len(found.plan.matches), values={tier.tier: tier.value for tier in report.tiers})
        if not report.passed:
            rules = ", ".join(sorted({v.rule for v in report.violations}))
            watch.facts(status="failed", problem=f"the plan breaks {rules}")
    watch.tell({"finished": True})
    # What follows is not part of the run: digests, counts, and how much of the reading was only opening the file.
    watch.facts(peak=memory())
    if found.after is not None:
        found.after()
    watch.facts(dataset_digest=dataset.digest, opening=_opening(subject.path), **_extent(reading))


def judged(found: Found, plan: Plan, report: CheckReport) -> dict[str, Any]:
    """What the checker says of a plan, beside the bounds that the method claims.

    Parameters
    ----------
    found
        The method's tiers, for their bounds.
    plan
        Its plan.
    report
        The check of it.

    Returns
    -------
    dict
        ``check``, ``tiers``, ``placed`` (by tier, and in total), ``worst_band``, ``statutory_finals``, and
        ``claims_differ``: tiers that the method calls proved at another value than the checker's.
    """
    claimed = {tier.tier: tier for tier in found.tiers}
    tiers = []
    for tier in report.tiers:
        claim = claimed.get(tier.tier)
        bound = claim.bound if claim is not None else None
        proved = claim is not None and claim.proved and claim.value == tier.value
        tiers.append({"tier": tier.tier, "sense": tier.sense, "value": tier.value, "bound": bound, "proved": proved})
    values = {tier.tier: tier.value for tier in report.tiers}
    bands = [int(name.removeprefix("preferences.band")) for name in values if name.startswith("preferences.band")]
    used = [band for band in bands if values[f"preferences.band{band}"]]
    return {
        "claims_differ": [
            name for name, claim in claimed.items() if claim.proved and claim.value != values.get(name, claim.value)
        ],
        "check": {"passed": report.passed, "violations": len(report.violations)},
        "tiers": tiers,
        "placed": {
            **{n.removeprefix("placed."): v for n, v in values.items() if n.startswith("placed.")},
            "matches": len(plan.matches),
        },
        # Generous orders have no tier for band 1: whoever is in no other band is in it.
        "worst_band": max(used, default=1) if bands and plan.matches else None,
        "statutory_finals": values.get("statutory_final"),
    }


def _files(subject: Subject, method: Method, watch: Watch) -> None:
    watch.facts(memory_after_import=memory())
    _report(method.run(subject.path, watch), watch)


def _report(found: Found, watch: Watch) -> None:
    watch.facts(status="complete" if found.complete else "limit", figures=dict(found.figures), peak=memory())
    watch.tell({"finished": True})


RUNS: Mapping[Kind, Callable[[Subject, Method, Watch], None]] = {
    "partnership": _partnership,
    "decisions": _files,
    "instances": _files,
    "sheet": _files,
    "scenarios": _files,
    "questions": _files,
}


def _extent(reading: Any) -> dict[str, int]:
    """Requests to be matched, and eligible pairs of request and offer: what growth is measured against."""
    from allocator.eligibility import Eligibility  # noqa: PLC0415 - only after the run

    eligibility = Eligibility(reading.dataset, reading.policy)
    pairs = sum(len(found) for found in eligibility.pairs.values())
    return {"live": len(eligibility.horizon.live), "pairs": pairs}


def _opening(path: Path) -> float:
    """Seconds to read the file's cells alone, measured again after the run; the rest of reading is validation."""
    from allocator.reading.collecting import Collector  # noqa: PLC0415
    from allocator.reading.sources import read_file  # noqa: PLC0415

    start = time.monotonic()
    read_file(path, Collector())
    return round(time.monotonic() - start, 3)


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that take part."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _end_with(parent: int) -> None:
    """End this process and its children when a study is killed: nothing that it started goes on."""
    while os.getppid() == parent:
        time.sleep(1)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Make the input; where a method is named, do the run and write its events."""
    size, seed = arguments[0], int(arguments[1])
    subject = prepare(size, seed)
    if len(arguments) == 2:
        print(subject.path)
        return
    name, limit, file, began = arguments[2], float(arguments[3]), Path(arguments[4]), float(arguments[5])
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    with into(file) as write:
        watch = Watch(limit, write, began)
        try:
            method = find(name)
            watch.took("start", time.monotonic() - began)
            watch.facts(versions=versions())
            measure(subject, method, watch)
        except Exception as error:  # whatever a peer meets is a result of the run, not the end of the study
            watch.facts(status="failed", problem=f"{type(error).__name__}: {error}".splitlines()[0][:300])
            traceback.print_exc()


if __name__ == "__main__":
    main(sys.argv[1:])
