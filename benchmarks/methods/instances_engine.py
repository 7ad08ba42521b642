"""The engine on the public instances: four orders each, all in one process."""

import time
from pathlib import Path

from allocator.pipeline import allocate
from benchmarks.instances import ORDERS, Judged, measures, summary
from benchmarks.registry import Found, method
from benchmarks.spa import as_dataset, instance_files, ranks
from benchmarks.spa_reader import parse_instance
from scenarios.batch.watch import Watch


@method("instances_engine", kind="instances")
def run(folder: Path, watch: Watch) -> Found:
    """Every instance under every order, clashing ones included; timed is ``allocate`` with its check."""
    judged: list[Judged] = []
    with watch.solving():
        for file in instance_files(folder):
            instance = parse_instance(file.read_text(encoding="utf-8"))
            dataset = as_dataset(instance)
            for order in ("generous", "greedy_at_maximum", "least_cost", "greedy"):
                if not watch.left:
                    return Found(complete=False, figures=summary(judged))
                start = time.monotonic()
                outcome = allocate(dataset, ORDERS[order])
                seconds = time.monotonic() - start
                breaks = tuple(sorted({v.rule for v in outcome.check.violations}))
                clash = outcome.plan.clash is not None
                found = {"status": "INFEASIBLE"} if clash else measures(order, ranks(instance, outcome.plan))
                judged.append(Judged(file, order, seconds, breaks, found))
    return Found(figures=summary(judged))
