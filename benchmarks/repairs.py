"""The measurement of repairs: publish, keep the process warm, solve again after each of a number of decisions.

What is carried over from one run to the next is the published plan, which a run begins with: that halves its time.
"""

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from allocator.intake import Reading, read_sheets
from allocator.pipeline import allocate
from benchmarks.decisions import Drawn, MaxChanges, after, draw
from benchmarks.registry import Found
from models.run import Limits, Outcome
from scenarios.batch.watch import Watch

COUNT = 20
"""Decisions of a run; each may take a twentieth of its limit."""


def solve_again(reading: Reading, seconds: float) -> Outcome:
    """Solve what is read after a decision: the one place to exchange how a repair is made."""
    return allocate(reading.dataset, reading.policy, limits=Limits(seconds=seconds))


def measure(path: Path, watch: Watch, max_changes: MaxChanges) -> Found:
    """Publish the engine's plan; draw decisions; solve after each of them, reading not timed.

    Parameters
    ----------
    path
        The input, JSON.
    watch
        Its limit is shared by the decisions; the plan that is published is made before its clock starts.
    max_changes
        ``0`` or ``none``.

    Returns
    -------
    Found
        ``figures``: every decision, and the summary of :func:`summary`.
    """
    sheets = json.loads(path.read_text(encoding="utf-8"))
    with watch.phase("read"):
        reading = read_sheets(sheets)
    with watch.phase("plan to publish"):
        before = allocate(reading.dataset, reading.policy, limits=Limits(seconds=watch.limit))
    drawn = draw(reading.dataset, before.plan, COUNT)
    changed = [after(sheets, before.plan, decision, max_changes) for decision in drawn]
    rows: list[dict[str, Any]] = []
    with watch.solving():
        for decision, new in zip(drawn, changed, strict=True):
            start = time.monotonic()
            outcome = solve_again(new, watch.limit / COUNT)
            seconds = time.monotonic() - start
            rows.append(_row(decision, outcome, seconds))
            watch.sample(len(outcome.plan.matches))
    figures = {"max_changes": max_changes, "published": len(before.plan.matches), **summary(rows), "decisions": rows}
    return Found(complete=all(row["proved"] or row["clash"] for row in rows), figures=figures)


def _row(decision: Drawn, outcome: Outcome, seconds: float) -> dict[str, Any]:
    plan = outcome.plan
    values = {tier.tier: tier.value for tier in outcome.check.tiers}
    clash = plan.clash is not None
    return {
        "kind": decision.kind,
        "seconds": round(seconds, 3),
        "proved": not clash and plan.stopped is None and all(tier.proved for tier in plan.tiers),
        "clash": clash,
        "legal": outcome.check.passed,
        "placed": len(plan.matches),
        "forced": plan.forced_changes.fewest if plan.forced_changes else 0,
        "changed_offers": values.get("changes.offers"),
        "changed_educators": values.get("changes.educators"),
    }


def summary(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Median and worst seconds over the decisions; how many were proved, clashed, or broke a rule."""
    found = list(rows)
    seconds = [row["seconds"] for row in found]
    return {
        "count": len(found),
        "median": round(median(seconds), 3),
        "worst": max(seconds),
        "proved": sum(row["proved"] for row in found),
        "clashes": sum(row["clash"] for row in found),
        "illegal": sum(not row["legal"] and not row["clash"] for row in found),
    }
