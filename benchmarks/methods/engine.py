"""The engine itself, through the ordinary pipeline, with the report that a team would get."""

import tempfile
import time
from pathlib import Path

from allocator.intake import Reading
from allocator.pipeline import allocate
from benchmarks.registry import Found, method
from models.run import Limits, Progress
from scenarios.batch.watch import Watch

LARGEST_REPORT = 500
"""Students up to which the report is written too; its time counts apart."""


@method("engine", kind="partnership")
def run(reading: Reading, watch: Watch) -> Found:
    """Allocate; phases and tiers are those that the run itself reports."""

    def told(progress: Progress) -> None:
        watch.sample(progress.placed, progress.tier, progress.value, progress.bound)

    began = time.process_time()
    with watch.solving():
        outcome = allocate(reading.dataset, reading.policy, limits=Limits(seconds=watch.limit), progress=told)
    processor = round(time.process_time() - began, 3)
    seconds, plan = outcome.run.seconds, outcome.plan
    for phase in ("pairs", "build", "name", "explain"):
        if phase in seconds:
            watch.took(phase, seconds[phase])
    for tier in outcome.run.tiers:
        watch.took(f"tier {tier.tier}", tier.seconds)

    def report() -> None:
        from allocator.report.writing import write_report  # noqa: PLC0415 - its charts would count in the memory of solving

        with tempfile.TemporaryDirectory() as folder, watch.phase("report"):
            write_report(Path(folder), reading.dataset, reading.policy, outcome)

    figures = {
        "work": outcome.run.work, "columns": outcome.run.columns, "rows": outcome.run.rows, "run_seconds": seconds,
        "processor": processor,
    }  # fmt: skip
    after = report if len(reading.dataset.students) <= LARGEST_REPORT else None
    return Found(plan, plan.tiers, plan.stopped is None and plan.clash is None, figures, after)
